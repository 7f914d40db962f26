//===- PointerBuilder.h - Kernels that walk by pointers ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory is reached through pointers, on machines with so few registers that
// the arithmetic of buffers would spill them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_POINTERBUILDER_H
#define QUANTCC_LIB_CODEGEN_KERNELS_POINTERBUILDER_H

#include "KernelBuilder.h"

#include "quantcc/Support/HighProductRequantization.h"

namespace quantcc {

/// Numbers of a high product, in registers; see HighProduct.
struct HighProductValues {
  mlir::Value multiplier, offset;
  /// Only where the shift is no constant.
  mlir::Value shift;
};

class PointerBuilder : public KernelBuilder {
public:
  explicit PointerBuilder(const KernelBuilder &builder)
      : KernelBuilder(builder) {}

  /// The address of the first element of `buffer`, of static offset.
  mlir::Value pointerTo(mlir::Value buffer);
  /// `pointer` and `bytes`, an index or a constant, more.
  mlir::Value advance(mlir::Value pointer, mlir::Value bytes);
  mlir::Value advance(mlir::Value pointer, int64_t bytes);
  /// The same address, of which LLVM does not know how it came about: pointers
  /// that loops carry stay what they are.
  mlir::Value opaque(mlir::Value pointer);
  /// Memory of the function's frame, of `words` words.
  mlir::Value allocate(int64_t words);

  mlir::Value word(int32_t value);
  /// An aligned word of the packed constants.
  mlir::Value loadConstant(mlir::Value pointer, int64_t offset);

  /// The byte at `pointer` + `offset`, with its sign, as a word.
  mlir::Value loadByte(mlir::Value pointer, int64_t offset);
  void storeWord(mlir::Value pointer, int64_t offset, mlir::Value word);
  void storeByte(mlir::Value pointer, int64_t offset, mlir::Value value);

  /// `sum` divided by 2^`bits`, rounded down.
  mlir::Value shiftDown(mlir::Value sum, int32_t bits);
  /// `sum` multiplied by 2^`bits`.
  mlir::Value shiftUp(mlir::Value sum, mlir::Value bits);

  /// The high product of `accumulator`, clamped; `shift` where all channels
  /// have one.
  mlir::Value requantize(mlir::Value accumulator,
                         const HighProductValues &values, HighProductKind kind,
                         std::optional<int32_t> shift, int32_t low,
                         int32_t high);

  /// The same word, computed before anything that follows is begun: LLVM would
  /// load and multiply ahead until registers do not suffice.
  mlir::Value settle(mlir::Value word);

  mlir::Type wordType();

protected:
  mlir::Type pointerType();
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result,
                        mlir::ValueRange operands);
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_POINTERBUILDER_H
