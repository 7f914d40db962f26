//===- RvvRequantization.h - Stored values of accumulators ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In which of the ways that RISC-V's vectors have (N51, N54) the channels of a
// layer are requantized, the numbers that it takes, and the instructions.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_RISCV_RVVREQUANTIZATION_H
#define QUANTCC_LIB_CODEGEN_RISCV_RVVREQUANTIZATION_H

#include "Kernels/HighProductForm.h"
#include "Rvv.h"

namespace quantcc {

class RvvRequantization {
public:
  /// The cheapest way that is exact for all channels; nothing if none is.
  static std::optional<RvvRequantization>
  find(FusedConv2DOp op, const KernelConstants &constants);

  /// For remarks.
  std::string describe() const;

  /// Prints all that the instructions depend on besides the layer's clamp and
  /// zero point.
  void print(llvm::raw_ostream &stream) const;

  /// What is to be added to the bias of `channel`.
  int32_t biasOffset(int64_t channel) const;

  /// The numbers of all channels in memory, by what they are.
  llvm::SmallVector<mlir::Value> createConstants(KernelBuilder &builder) const;

  /// Stored values of `accumulators`, as the layer has them, from the channels'
  /// own numbers.
  mlir::Value emit(RvvBuilder &b, mlir::Value accumulators,
                   llvm::ArrayRef<mlir::Value> numbers) const;

  /// Whether it takes vectors of twice the size of the accumulators.
  bool isWide() const { return form.channels.empty(); }

private:
  enum class Way {
    /// The upper half of a product, shifted: N51, line.
    Line,
    /// The same, negative accumulators rounded apart: N51, split.
    Split,
    /// One shift of the product of twice the size, ties upwards: N5, and N4
    /// where it rounds once.
    Once,
    /// The same with ties to even: N6.
    OnceEven,
    /// Two shifts of the product of twice the size, for results of 16 bits: N4
    /// where it rounds twice.
    Twice,
  };

  RvvRequantization(FusedConv2DOp op, const KernelConstants &constants,
                    Way way);

  mlir::Value emitHighProduct(RvvBuilder &b, mlir::Value accumulators,
                              llvm::ArrayRef<mlir::Value> numbers) const;
  /// As i32, without the zero point.
  mlir::Value emitWideProduct(RvvBuilder &b, mlir::Value accumulators,
                              llvm::ArrayRef<mlir::Value> numbers) const;

  /// A handle, whose accessors are not const.
  mutable FusedConv2DOp op;
  int64_t channels;
  Way way;
  /// For lines and what is split.
  HighProductForm form;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_RISCV_RVVREQUANTIZATION_H
