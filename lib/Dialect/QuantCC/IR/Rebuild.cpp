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

#include "quantcc/Dialect/QuantCC/IR/CreateNetworkOp.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace quantcc;

/// Replaces the real-valued attributes of a float form by the stored values
/// that stand for them under `type`, and adds `rounding` where the op takes
/// one.
static void storeAttributes(OperationName name,
                            quant::UniformQuantizedType type, Rounding rounding,
                            NamedAttrList &attributes) {
  Builder builder(type.getContext());
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
  if (name.getStringRef() == PadOp::getOperationName()) {
    // Without a stored value the border holds real zero.
    if (auto value = dyn_cast_or_null<FloatAttr>(attributes.erase("value")))
      attributes.set(
          "stored_value",
          builder.getI32IntegerAttr(static_cast<int32_t>(quantizeReal(
              value.getValue().convertToFloat(), params, bounds))));
  }
  if (llvm::is_contained(name.getAttributeNames(), "rounding"))
    attributes.set("rounding", RoundingAttr::get(type.getContext(), rounding));
}

FailureOr<Operation *>
quantcc::createNetworkOp(OpBuilder &builder, Operation *source,
                         OperationName name, ValueRange operands,
                         TypeRange resultTypes, NamedAttrList attributes,
                         Rounding rounding) {
  if (isQuantized(resultTypes.front())) {
    auto type = dyn_cast<quant::UniformQuantizedType>(
        getQuantizedElementType(resultTypes.front()));
    if (!type)
      return source->emitOpError()
             << "cannot be quantized to " << resultTypes.front()
             << ", expected per-tensor parameters";
    storeAttributes(name, type, rounding, attributes);
  }
  OperationState state(source->getLoc(), name);
  state.addOperands(operands);
  state.addTypes(resultTypes);
  state.addAttributes(attributes);
  return builder.create(state);
}

FailureOr<Operation *> quantcc::detail::rebuildNetworkOp(Operation *op,
                                                         OpBuilder &builder,
                                                         ValueRange operands,
                                                         TypeRange resultTypes,
                                                         Rounding rounding) {
  return createNetworkOp(builder, op, op->getName(), operands, resultTypes,
                         NamedAttrList(op->getAttrDictionary()), rounding);
}
