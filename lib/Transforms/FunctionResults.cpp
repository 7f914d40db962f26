//===- FunctionResults.cpp - Further results of a function ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Extends a function's type, its result attributes and its return.
//
//===----------------------------------------------------------------------===//

#include "FunctionResults.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

using namespace mlir;
using namespace quantcc;

LogicalResult quantcc::appendResults(func::FuncOp function,
                                     ArrayRef<NamedValue> values) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitOpError() << "expected a body of one block";
  auto terminator =
      dyn_cast<func::ReturnOp>(function.getBody().front().getTerminator());
  if (!terminator)
    return function.emitOpError() << "expected a body that ends in a return";
  Builder builder(function.getContext());
  for (const NamedValue &named : values) {
    NamedAttribute attribute(kNameAttrName, builder.getStringAttr(named.name));
    if (failed(function.insertResult(function.getNumResults(),
                                     named.value.getType(),
                                     builder.getDictionaryAttr(attribute))))
      return function.emitOpError() << "cannot take a further result";
    terminator.getOperandsMutable().append(named.value);
  }
  return success();
}
