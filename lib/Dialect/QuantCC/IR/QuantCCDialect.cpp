//===- QuantCCDialect.cpp - The quantcc dialect ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration of the dialect's ops and attributes, and the attributes' text.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/DialectImplementation.h>

using namespace mlir;
using namespace quantcc;

#include "quantcc/Dialect/QuantCC/IR/QuantCCDialect.cpp.inc"
#include "quantcc/Dialect/QuantCC/IR/QuantCCEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "quantcc/Dialect/QuantCC/IR/QuantCCAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "quantcc/Dialect/QuantCC/IR/QuantCCOps.cpp.inc"

void QuantCCDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "quantcc/Dialect/QuantCC/IR/QuantCCAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "quantcc/Dialect/QuantCC/IR/QuantCCOps.cpp.inc"
      >();
}

Operation *QuantCCDialect::materializeConstant(OpBuilder &builder,
                                               Attribute value, Type type,
                                               Location location) {
  return arith::ConstantOp::materialize(builder, value, type, location);
}

bool quantcc::isQuantized(Type type) {
  return static_cast<bool>(getQuantizedElementType(type));
}

quant::QuantizedType quantcc::getQuantizedElementType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast<quant::QuantizedType>(tensor.getElementType())
                : quant::QuantizedType();
}

Attribute RangeAttr::parse(AsmParser &parser, Type) {
  double min = 0.0, max = 0.0;
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseFloat(min) || parser.parseComma() ||
      parser.parseFloat(max) || parser.parseGreater())
    return {};
  return parser.getChecked<RangeAttr>(location, parser.getContext(),
                                      APFloat(min), APFloat(max));
}

void RangeAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printFloat(getMin());
  printer << ", ";
  printer.printFloat(getMax());
  printer << '>';
}

LogicalResult RangeAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                APFloat min, APFloat max) {
  if (!min.isFinite() || !max.isFinite())
    return emitError() << "expected finite bounds of a range";
  if (min > max)
    return emitError() << "expected a range's minimum not above its maximum, "
                       << "found " << min.convertToDouble() << " and "
                       << max.convertToDouble();
  return success();
}
