//===- Rebuild.cpp - The same network op on other types
//--------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns a network op's float form into its quantized form, or into another
// float form: the shared body of `QuantizableOpInterface::rebuild`.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace quantcc;

FailureOr<Operation *> quantcc::detail::rebuildNetworkOp(Operation *op,
                                                         OpBuilder &builder,
                                                         ValueRange operands,
                                                         TypeRange resultTypes,
                                                         Rounding rounding) {
  OperationState state(op->getLoc(), op->getName(), operands, resultTypes,
                       op->getAttrs());
  return builder.create(state);
}

FailureOr<Operation *> FunctionOp::rebuild(OpBuilder &builder,
                                           ValueRange operands,
                                           TypeRange resultTypes, Rounding) {
  return emitOpError() << "cannot be quantized to " << resultTypes.front();
}
