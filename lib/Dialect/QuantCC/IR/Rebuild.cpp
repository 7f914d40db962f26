//===- Rebuild.cpp - The same network op on other types -------------------===//
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
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"
#include "quantcc/Support/LookupTable.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace quantcc;

/// Replaces the real-valued attributes of a float form by the stored values
/// that stand for them under `type`, and adds `rounding` where `op` takes one.
static void storeAttributes(Operation *op, quant::UniformQuantizedType type,
                            Rounding rounding, NamedAttrList &attributes) {
  Builder builder(op->getContext());
  QuantizationParameters params = getParameters(type);
  StoredRange bounds = getStoredRange(type);
  if (auto clamp =
          dyn_cast_or_null<DenseF32ArrayAttr>(attributes.erase("clamp"))) {
    StoredRange stored = storedClamp(clamp[0], clamp[1], params, bounds);
    if (stored != bounds)
      attributes.set("stored_clamp", builder.getDenseI32ArrayAttr(
                                         {static_cast<int32_t>(stored.min),
                                          static_cast<int32_t>(stored.max)}));
  }
  if (isa<PadOp>(op)) {
    // Without a stored value the border holds real zero.
    if (auto value = dyn_cast_or_null<FloatAttr>(attributes.erase("value")))
      attributes.set(
          "stored_value",
          builder.getI32IntegerAttr(static_cast<int32_t>(quantizeReal(
              value.getValue().convertToFloat(), params, bounds))));
  }
  if (llvm::is_contained(op->getName().getAttributeNames(), "rounding"))
    attributes.set("rounding", RoundingAttr::get(op->getContext(), rounding));
}

FailureOr<Operation *> quantcc::detail::rebuildNetworkOp(Operation *op,
                                                         OpBuilder &builder,
                                                         ValueRange operands,
                                                         TypeRange resultTypes,
                                                         Rounding rounding) {
  NamedAttrList attributes(op->getAttrDictionary());
  bool wasQuantized = isQuantized(op->getResult(0).getType());
  if (isQuantized(resultTypes.front()) && !wasQuantized) {
    auto type = dyn_cast<quant::UniformQuantizedType>(
        getQuantizedElementType(resultTypes.front()));
    if (!type)
      return op->emitOpError()
             << "cannot be quantized to " << resultTypes.front()
             << ", expected per-tensor parameters";
    storeAttributes(op, type, rounding, attributes);
  }
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(operands);
  state.addTypes(resultTypes);
  state.addAttributes(attributes);
  return builder.create(state);
}

//===----------------------------------------------------------------------===//
// FunctionOp
//===----------------------------------------------------------------------===//

/// The value of `op`'s function at `x`, in double arithmetic.
static double evaluate(FunctionOp op, double x) {
  switch (op.getFunction()) {
  case FloatFunction::Sigmoid:
    return 1.0 / (1.0 + std::exp(-x));
  case FloatFunction::Tanh:
    return std::tanh(x);
  case FloatFunction::HardSwish:
    return x * std::clamp(x + 3.0, 0.0, 6.0) / 6.0;
  case FloatFunction::LeakyRelu:
    return x >= 0.0 ? x : op.getAlpha()->convertToFloat() * x;
  case FloatFunction::Gelu:
    return x * (1.0 + std::erf(x / std::sqrt(2.0))) / 2.0;
  case FloatFunction::Elu:
    return x >= 0.0 ? x : std::expm1(x);
  case FloatFunction::Exp:
    return std::exp(x);
  case FloatFunction::Abs:
    return std::abs(x);
  case FloatFunction::Neg:
    return -x;
  case FloatFunction::Square:
    return x * x;
  case FloatFunction::Rsqrt:
    return 1.0 / std::sqrt(x);
  }
  llvm_unreachable("unknown function");
}

FailureOr<Operation *> FunctionOp::rebuild(OpBuilder &builder,
                                           ValueRange operands,
                                           TypeRange resultTypes, Rounding) {
  if (!isQuantized(resultTypes.front())) {
    OperationState state(getLoc(), getOperation()->getName());
    state.addOperands(operands);
    state.addTypes(resultTypes);
    state.addAttributes(getOperation()->getAttrDictionary().getValue());
    return builder.create(state);
  }
  auto from = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(operands.front().getType()));
  auto to = dyn_cast<quant::UniformQuantizedType>(
      getQuantizedElementType(resultTypes.front()));
  if (!from || !to || from.getStorageTypeIntegralWidth() != 8 ||
      to.getStorageTypeIntegralWidth() > 16)
    return emitOpError() << "cannot be quantized from "
                         << operands.front().getType() << " to "
                         << resultTypes.front()
                         << ", expected per-tensor parameters, 8-bit input and "
                         << "at most 16-bit output";
  // The table covers the whole storage type, whatever part of it the input's
  // type allows, so that the stored value alone decides the entry.
  SmallVector<int32_t, 256> entries = buildTable(
      [this](double x) { return evaluate(*this, x); }, getParameters(from),
      getFullStoredRange(from), getParameters(to), getStoredRange(to));
  unsigned width = to.getStorageTypeIntegralWidth();
  SmallVector<APInt> stored;
  for (int32_t entry : entries)
    stored.push_back(APInt(32, static_cast<uint32_t>(entry)).trunc(width));
  auto tableType = RankedTensorType::get({static_cast<int64_t>(stored.size())},
                                         builder.getIntegerType(width));
  Value table = arith::ConstantOp::create(
      builder, getLoc(), DenseElementsAttr::get(tableType, stored));
  return LookupOp::create(builder, getLoc(), resultTypes.front(),
                          operands.front(), table)
      .getOperation();
}
