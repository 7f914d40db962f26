//===- RvvKernel.h - Kernels for RISC-V's vectors ---------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What they share: channels in strips of as many as the machine's vectors have
// elements, so that the code fits machines of any vector length, and the way to
// bytes in integers, which is exact for all channels alike.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_RISCV_RVVKERNEL_H
#define QUANTCC_LIB_CODEGEN_RISCV_RVVKERNEL_H

#include "Kernels/WindowKernel.h"
#include "RvvRequantization.h"

#include <vector>

namespace quantcc {

class RvvKernel : public WindowKernel {
public:
  void describe(llvm::raw_ostream &stream) const override;
  llvm::SmallVector<mlir::Value>
  createConstants(KernelBuilder &builder) const override;
  void emit(const KernelBuilder &builder, mlir::ValueRange inputs,
            mlir::Value output, mlir::ValueRange constants) override;

protected:
  /// One strip of channels in the making.
  struct Emission {
    RvvBuilder &b;
    /// Bytes.
    mlir::Value input, output;
    /// As packWeights has them.
    mlir::Value weights;
    /// One a channel.
    mlir::Value bias;
    /// The same, for requantization.
    mlir::ValueRange numbers;
    /// The strip's first channel.
    mlir::Value channel;
  };

  /// With `scalesNibbles` products take 16 times the weights of 4 bits.
  RvvKernel(FusedConv2DOp op, const KernelConstants &constants,
            bool scalesNibbles = false);

  /// By tap, then channel.
  virtual std::vector<int8_t> packWeights() const;
  /// One strip of channels for all pixels. Kernels have this or emit.
  virtual void emitStrip(const Emission &e);

  /// Emits `body` for each strip, with its first channel, and sets the length
  /// of vectors to that of the strip.
  void forEachStrip(RvvBuilder &b,
                    llvm::function_ref<void(mlir::Value)> body) const;

  /// The sums of `tile` before the first product.
  llvm::SmallVector<mlir::Value> loadBias(const Emission &e, TileShape tile);
  /// Requantizes the sums of `tile`, unless they are the result, and stores
  /// them from `output` on, where the elements of its first pixel begin.
  void storeSums(const Emission &e, TileShape tile, mlir::Value output,
                 llvm::ArrayRef<mlir::Value> sums);

  int64_t channels() const { return constants.channels(); }
  /// Whether weights have 4 bits in memory.
  const bool hasNibbles;
  /// Pixels whose sums, of four registers each, leave some for the numbers that
  /// requantization takes, and what it makes of one sum.
  int64_t pixels() const {
    return requantization && requantization->isWide() ? 4 : 5;
  }

private:
  /// Whether sums are kNibbleScale times as large until they are stored.
  const bool hasScaledSums;
  /// None where the accumulators are the result.
  std::optional<RvvRequantization> requantization;
};

/// All kernels for RISC-V's vectors with the instructions of `set`: RiscvVector
/// or RiscvVectorDot.
const KernelFamily &getRvvKernels(KernelSet set);

std::unique_ptr<Kernel> createRvvConvolution(FusedConv2DOp op,
                                             const KernelConstants &constants);
std::unique_ptr<Kernel> createRvvDepthwise(FusedConv2DOp op,
                                           const KernelConstants &constants);
std::unique_ptr<Kernel>
createRvvDotConvolution(FusedConv2DOp op, const KernelConstants &constants);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_RISCV_RVVKERNEL_H
