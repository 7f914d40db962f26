//===- ConvertToQuantized.cpp - Into quantized types ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rebuilds fake quantized layers on quantized types, in one walk over the
// function in the order of computation.
//
//===----------------------------------------------------------------------===//

#include "ConstantQuantization.h"
#include "FloatIslands.h"
#include "FloatLayers.h"

#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Transforms/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

namespace quantcc {
#define GEN_PASS_DEF_CONVERTTOQUANTIZED
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

/// The per-tensor parameters of the first fake quantization of `value` in the
/// order of computation, or null.
static quant::UniformQuantizedType getFakeParameters(Value value) {
  FakeQuantizeOp first;
  for (Operation *user : value.getUsers())
    if (auto fake = dyn_cast<FakeQuantizeOp>(user))
      if (isa<quant::UniformQuantizedType>(fake.getParams()) &&
          (!first || fake->isBeforeInBlock(first)))
        first = fake;
  return first ? cast<quant::UniformQuantizedType>(first.getParams())
               : quant::UniformQuantizedType();
}

static Type withElementType(Type tensor, Type elementType) {
  return cast<RankedTensorType>(tensor).clone(elementType);
}

static quant::UniformQuantizedType getPerTensorType(Value value) {
  return cast<quant::UniformQuantizedType>(
      getQuantizedElementType(value.getType()));
}

/// The parameters of a result of fixed range, in the storage of `like`.
static quant::UniformQuantizedType
getFixedType(const ScaleConstraint &constraint, quant::QuantizedType like) {
  StoredRange bounds = getFullStoredRange(like);
  llvm::Expected<QuantizationParameters> params = chooseAsymmetricParameters(
      static_cast<float>(constraint.rangeMin),
      static_cast<float>(constraint.rangeMax), bounds);
  if (!params) {
    // Only an interface that answers with no interval comes here.
    llvm::consumeError(params.takeError());
    return {};
  }
  return makePerTensorType(like.getContext(), *params, bounds,
                           like.getStorageTypeIntegralWidth(), like.isSigned());
}

namespace {

/// The conversion of one function.
class FunctionConverter {
public:
  FunctionConverter(func::FuncOp function, Rounding rounding, bool integerOnly)
      : function(function), rounding(rounding), integerOnly(integerOnly),
        builder(function.getContext()), islands(floatReasons, quantized) {}

  LogicalResult convert();

private:
  void convertArguments();
  LogicalResult convertOp(Operation *op);
  LogicalResult convertFakeQuantize(FakeQuantizeOp op);
  LogicalResult convertReturn(Operation *op);
  LogicalResult convertLayer(QuantizableOpInterface op);
  std::optional<std::string> convertOperands(QuantizableOpInterface op,
                                             SmallVectorImpl<Value> &operands);
  std::optional<std::string> convertActivation(OpOperand &operand,
                                               Value &converted);
  std::optional<std::string> convertConstants(QuantizableOpInterface op,
                                              SmallVectorImpl<Value> &operands);
  std::optional<std::string> chooseResultTypes(QuantizableOpInterface op,
                                               SmallVectorImpl<Value> &operands,
                                               SmallVectorImpl<Type> &types);
  quant::UniformQuantizedType passOn(QuantizableOpInterface op,
                                     quant::UniformQuantizedType wanted,
                                     SmallVectorImpl<Value> &operands);
  FailureOr<Value> getQuantized(Value value, quant::UniformQuantizedType type);
  Value rescale(Value value, quant::UniformQuantizedType type, StringRef name);
  LogicalResult reportFloatLayers();
  LogicalResult checkResults();
  void eraseFloatForm();

  func::FuncOp function;
  Rounding rounding;
  bool integerOnly;
  OpBuilder builder;
  /// The quantized form of each float value that has one.
  DenseMap<Value, Value> quantized;
  FloatReasons floatReasons;
  FloatIslandBuilder islands;
};

struct ConvertToQuantized
    : public quantcc::impl::ConvertToQuantizedBase<ConvertToQuantized> {
  using ConvertToQuantizedBase::ConvertToQuantizedBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isDeclaration())
      return;
    FunctionConverter converter(function, rounding, integerOnly);
    if (failed(converter.convert()))
      return signalPassFailure();
  }
};

} // namespace

Value FunctionConverter::rescale(Value value, quant::UniformQuantizedType type,
                                 StringRef name) {
  if (getPerTensorType(value) == type)
    return value;
  Location location = NameLoc::get(builder.getStringAttr(name + ".rescale"));
  return RescaleOp::create(builder, location,
                           withElementType(value.getType(), type), value,
                           /*clamp=*/DenseF32ArrayAttr(),
                           /*stored_clamp=*/DenseI32ArrayAttr(),
                           RoundingAttr::get(builder.getContext(), rounding));
}

/// The quantized form of `value` under `type`: rescaled, or computed by an
/// island where a float layer makes it.
FailureOr<Value>
FunctionConverter::getQuantized(Value value, quant::UniformQuantizedType type) {
  if (Value form = quantized.lookup(value))
    return rescale(form, type,
                   value.getDefiningOp() ? getLayerName(value.getDefiningOp())
                                         : function.getName());
  if (std::optional<std::vector<float>> values = getFloatConstant(value))
    return createQuantizedConstant(
        builder, value.getLoc(), *values,
        cast<RankedTensorType>(value.getType()).getShape(), type);
  if (!value.getDefiningOp())
    return emitError(value.getLoc())
           << "expected parameters of the argument before its use";
  FailureOr<Value> island =
      islands.build(builder, value, withElementType(value.getType(), type));
  if (succeeded(island))
    quantized[value] = *island;
  return island;
}

//===----------------------------------------------------------------------===//
// Arguments, marks and returns
//===----------------------------------------------------------------------===//

void FunctionConverter::convertArguments() {
  for (BlockArgument argument : function.getArguments())
    if (quant::UniformQuantizedType type = getFakeParameters(argument)) {
      argument.setType(withElementType(argument.getType(), type));
      quantized[argument] = argument;
    }
}

LogicalResult FunctionConverter::convertFakeQuantize(FakeQuantizeOp op) {
  Value input = op.getInput();
  auto type = dyn_cast<quant::UniformQuantizedType>(op.getParams());
  // Constants are converted where they are used, by their role.
  if (isFloatConstant(input))
    return success();
  if (!type)
    return op.emitOpError() << "expected per-tensor parameters of an "
                            << "activation, found " << op.getParams();
  FailureOr<Value> form = getQuantized(input, type);
  if (failed(form))
    return failure();
  quantized[op.getResult()] = *form;
  return success();
}

LogicalResult FunctionConverter::convertReturn(Operation *op) {
  for (OpOperand &operand : op->getOpOperands()) {
    Value value = operand.get();
    if (Value form = quantized.lookup(value)) {
      operand.set(form);
    } else if (Operation *layer = value.getDefiningOp();
               layer && floatReasons.contains(layer)) {
      FailureOr<Value> island = islands.build(builder, value, value.getType());
      if (failed(island))
        return failure();
      operand.set(*island);
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Layers. A step that finds a layer not quantizable answers with the reason.
//===----------------------------------------------------------------------===//

std::optional<std::string>
FunctionConverter::convertActivation(OpOperand &operand, Value &converted) {
  Value value = operand.get();
  converted = quantized.lookup(value);
  if (converted)
    return std::nullopt;
  std::string position =
      ("operand #" + Twine(operand.getOperandNumber())).str();
  auto fake = value.getDefiningOp<FakeQuantizeOp>();
  if (!fake)
    return position + " has no parameters";
  auto type = dyn_cast<quant::UniformQuantizedType>(fake.getParams());
  if (!type)
    return position + " has parameters per axis";
  FailureOr<Value> form = getQuantized(fake.getInput(), type);
  if (failed(form))
    return position + " has no quantized form";
  converted = *form;
  return std::nullopt;
}

/// The weights' type, with scales as large as the layer's bias needs. Says so
/// where that costs the weights precision.
static quant::QuantizedType makeRoomForBias(Operation *layer,
                                            quant::QuantizedType weights,
                                            float inputScale,
                                            ArrayRef<float> bias) {
  quant::QuantizedType fitting = fitScalesToBias(weights, inputScale, bias);
  auto before = getAllParameters(weights), after = getAllParameters(fitting);
  size_t raised = 0;
  for (auto [old, now] : llvm::zip_equal(before, after))
    raised += old.scale != now.scale;
  if (raised > 0)
    layer->emitRemark()
        << "layer '" << getLayerName(layer) << "': raised " << raised << " of "
        << before.size()
        << " weight scales, as its bias needs more than 32 "
           "bits in units of the weights' and the input's scale";
  return fitting;
}

/// Weights and biases, after the activations in `operands`.
std::optional<std::string>
FunctionConverter::convertConstants(QuantizableOpInterface op,
                                    SmallVectorImpl<Value> &operands) {
  std::optional<std::vector<float>> bias;
  Value input, biasValue;
  unsigned biasIndex = 0;
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    OperandRole role = op.getOperandRole(index);
    if (role == OperandRole::Activation && !input)
      input = operands[index];
    if (role != OperandRole::Bias)
      continue;
    biasIndex = index;
    biasValue = operand.get();
    bias = getFloatConstant(biasValue);
    if (!bias || !llvm::all_of(*bias, [](float v) { return std::isfinite(v); }))
      return "its bias is no finite constant";
  }
  float inputScale =
      input ? getParameters(getPerTensorType(input)).scale : 1.0f;
  quant::QuantizedType weightType;
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    if (op.getOperandRole(index) != OperandRole::Weight)
      continue;
    auto fake = operand.get().getDefiningOp<FakeQuantizeOp>();
    if (!fake)
      return "its weights have no parameters";
    std::optional<std::vector<float>> values =
        getFloatConstant(fake.getInput());
    if (!values)
      return "its weights are no constant";
    weightType = cast<quant::QuantizedType>(fake.getParams());
    if (bias)
      weightType = makeRoomForBias(op, weightType, inputScale, *bias);
    operands[index] = createQuantizedConstant(
        builder, fake.getInput().getLoc(), *values,
        cast<RankedTensorType>(fake.getType()).getShape(), weightType);
  }
  if (!bias)
    return std::nullopt;
  if (!weightType)
    return "its bias has no weights to take the scale of";
  operands[biasIndex] = createQuantizedBias(builder, biasValue.getLoc(), *bias,
                                            inputScale, weightType);
  return std::nullopt;
}

std::optional<std::string>
FunctionConverter::convertOperands(QuantizableOpInterface op,
                                   SmallVectorImpl<Value> &operands) {
  for (OpOperand &operand : op->getOpOperands()) {
    Value converted = operand.get();
    if (op.getOperandRole(operand.getOperandNumber()) ==
        OperandRole::Activation)
      if (std::optional<std::string> reason =
              convertActivation(operand, converted))
        return reason;
    operands.push_back(converted);
  }
  return convertConstants(op, operands);
}

/// The parameters under which an op that passes stored values on works: those
/// of its operands where they agree; else those `wanted` for the result, or of
/// the operand that spans most, to which the other operands are rescaled.
quant::UniformQuantizedType
FunctionConverter::passOn(QuantizableOpInterface op,
                          quant::UniformQuantizedType wanted,
                          SmallVectorImpl<Value> &operands) {
  quant::UniformQuantizedType first, widest;
  bool agree = true;
  double span = 0.0;
  for (auto [index, operand] : llvm::enumerate(operands)) {
    if (op.getOperandRole(index) != OperandRole::Activation)
      continue;
    quant::UniformQuantizedType type = getPerTensorType(operand);
    FloatRange range = *getRealRange(type);
    if (!first)
      first = type;
    agree &= type == first;
    if (!widest || range.max - range.min > span) {
      widest = type;
      span = range.max - range.min;
    }
  }
  if (agree)
    return first;
  quant::UniformQuantizedType common = wanted ? wanted : widest;
  for (auto [index, operand] : llvm::enumerate(operands))
    if (op.getOperandRole(index) == OperandRole::Activation)
      operand = rescale(operand, common,
                        (getLayerName(op) + ".operand" + Twine(index)).str());
  return common;
}

std::optional<std::string>
FunctionConverter::chooseResultTypes(QuantizableOpInterface op,
                                     SmallVectorImpl<Value> &operands,
                                     SmallVectorImpl<Type> &types) {
  ScaleConstraint constraint = op.getScaleConstraint();
  for (Value result : op->getResults()) {
    quant::UniformQuantizedType type = getFakeParameters(result);
    if (constraint.kind == ScaleConstraint::Kind::SameAsOperands)
      type = passOn(op, type, operands);
    else if (type && constraint.kind == ScaleConstraint::Kind::FixedRange)
      type = getFixedType(constraint, type);
    if (!type)
      return "its result has no parameters";
    types.push_back(withElementType(result.getType(), type));
  }
  return std::nullopt;
}

LogicalResult FunctionConverter::convertLayer(QuantizableOpInterface op) {
  SmallVector<Value> operands;
  SmallVector<Type> types;
  std::optional<std::string> reason = getKeepFloatReason(op);
  if (!reason)
    reason = convertOperands(op, operands);
  if (!reason)
    reason = chooseResultTypes(op, operands, types);
  if (reason) {
    floatReasons[op] = *reason;
    return success();
  }
  FailureOr<Operation *> rebuilt =
      op.rebuild(builder, operands, types, rounding);
  if (failed(rebuilt))
    return failure();
  for (auto [from, to] :
       llvm::zip_equal(op->getResults(), (*rebuilt)->getResults()))
    quantized[from] = to;
  return success();
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

LogicalResult FunctionConverter::convertOp(Operation *op) {
  builder.setInsertionPoint(op);
  if (auto fake = dyn_cast<FakeQuantizeOp>(op))
    return convertFakeQuantize(fake);
  if (auto cast = dyn_cast<quant::DequantizeCastOp>(op)) {
    if (isQuantized(cast.getInput().getType()))
      quantized[cast.getResult()] = cast.getInput();
    return success();
  }
  if (auto cast = dyn_cast<quant::QuantizeCastOp>(op)) {
    auto type = dyn_cast_or_null<quant::UniformQuantizedType>(
        getQuantizedElementType(cast.getType()));
    if (!type || isFloatConstant(cast.getInput()))
      return success();
    FailureOr<Value> form = getQuantized(cast.getInput(), type);
    if (failed(form))
      return failure();
    cast.getResult().replaceAllUsesWith(*form);
    return success();
  }
  if (isa<ReadVariableOp, AssignVariableOp>(op))
    return op->emitOpError() << "keeps f32 values from run to run, which "
                             << "cannot be quantized yet";
  if (isa<func::ReturnOp>(op))
    return convertReturn(op);
  if (!isFloatLayer(op))
    return success();
  if (auto quantizable = dyn_cast<QuantizableOpInterface>(op))
    return convertLayer(quantizable);
  floatReasons[op] = *getKeepFloatReason(op);
  return success();
}

LogicalResult FunctionConverter::reportFloatLayers() {
  bool allowed = true;
  for (Operation *layer : islands.getLayers()) {
    InFlightDiagnostic report =
        integerOnly ? layer->emitError() : layer->emitRemark();
    report << "layer '" << getLayerName(layer)
           << "' stays in float: " << floatReasons[layer];
    allowed &= !integerOnly;
  }
  return success(allowed);
}

/// Refuses a result that is an argument itself and that nothing quantizes.
LogicalResult FunctionConverter::checkResults() {
  Operation *terminator = function.getBody().front().getTerminator();
  for (OpOperand &operand : terminator->getOpOperands()) {
    auto argument = dyn_cast<BlockArgument>(operand.get());
    if (!argument || !getElementTypeOrSelf(argument).isF32())
      continue;
    unsigned index = operand.getOperandNumber();
    auto name = function.getResultAttrOfType<StringAttr>(index, "quantcc.name");
    return emitError(argument.getLoc())
           << "output '" << (name ? name.getValue() : StringRef())
           << "' is an input as it is: there is no layer to compile";
  }
  return success();
}

void FunctionConverter::eraseFloatForm() {
  Block &body = function.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

LogicalResult FunctionConverter::convert() {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitOpError() << "expected a body of one block";
  Block &body = function.getBody().front();
  // Observers only mark values; none is left to mark.
  for (auto observe : llvm::make_early_inc_range(body.getOps<ObserveOp>())) {
    observe.getResult().replaceAllUsesWith(observe.getInput());
    observe.erase();
  }
  convertArguments();
  SmallVector<Operation *> ops;
  for (Operation &op : body)
    ops.push_back(&op);
  for (Operation *op : ops)
    if (failed(convertOp(op)))
      return failure();
  if (failed(reportFloatLayers()))
    return failure();
  if (failed(checkResults()))
    return failure();
  eraseFloatForm();
  function.setType(builder.getFunctionType(
      body.getArgumentTypes(), body.getTerminator()->getOperandTypes()));
  return success();
}
