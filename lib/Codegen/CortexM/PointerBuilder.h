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

#ifndef QUANTCC_LIB_CODEGEN_CORTEXM_POINTERBUILDER_H
#define QUANTCC_LIB_CODEGEN_CORTEXM_POINTERBUILDER_H

#include "Kernels/KernelBuilder.h"

namespace quantcc {

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

  mlir::Type wordType();

protected:
  mlir::Type pointerType();
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result,
                        mlir::ValueRange operands);
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_CORTEXM_POINTERBUILDER_H
