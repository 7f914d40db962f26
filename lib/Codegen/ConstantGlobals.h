//===- ConstantGlobals.h - Constants that are buffers -----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What bufferization makes of constants.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_CONSTANTGLOBALS_H
#define QUANTCC_LIB_CODEGEN_CONSTANTGLOBALS_H

#include <mlir/Dialect/MemRef/IR/MemRef.h>

namespace quantcc {

/// The elements of the constant global that `buffer` is; null if it is none, or
/// if its elements are no integers.
inline mlir::DenseIntElementsAttr readConstantGlobal(mlir::Value buffer) {
  auto get = buffer.getDefiningOp<mlir::memref::GetGlobalOp>();
  if (!get)
    return {};
  auto global =
      mlir::SymbolTable::lookupNearestSymbolFrom<mlir::memref::GlobalOp>(
          get, get.getNameAttr());
  if (!global || !global.getConstant() || !global.getInitialValue())
    return {};
  return mlir::dyn_cast<mlir::DenseIntElementsAttr>(*global.getInitialValue());
}

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_CONSTANTGLOBALS_H
