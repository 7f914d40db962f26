//===- FunctionResults.h - Further results of a function --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Appends named results to a function, through which intermediate values are
// read from outside.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_TRANSFORMS_FUNCTIONRESULTS_H
#define QUANTCC_LIB_TRANSFORMS_FUNCTIONRESULTS_H

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <string>

namespace quantcc {

/// A value of a function and the name under which it is returned.
struct NamedValue {
  mlir::Value value;
  std::string name;
};

/// Appends `values` to the results of `function`, which has one block, each
/// with its name in the result attribute `quantcc.name`. Fails with a
/// diagnostic where the body does not end in a return.
mlir::LogicalResult appendResults(mlir::func::FuncOp function,
                                  llvm::ArrayRef<NamedValue> values);

} // namespace quantcc

#endif // QUANTCC_LIB_TRANSFORMS_FUNCTIONRESULTS_H
