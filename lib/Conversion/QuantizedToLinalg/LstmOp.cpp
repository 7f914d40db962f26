//===- LstmOp.cpp - LSTM to integers --------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized lstm to a loop over the steps, whose body is integer
// products, requantizations and the gates' functions. (docs/Numerics.md, N33)
//
//===----------------------------------------------------------------------===//

#include "GateFunctions.h"
#include "IntegerContraction.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/LinalgBuilding/SequenceLoop.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// The product of one vector with the weights of all gates, one gate after the
/// other: the weights, and the bias that starts the accumulators, as values
/// outside the loop.
struct GatesProduct {
  Value weights, bias;
  /// One a unit of a gate: 0 where its weights and bias are.
  SmallVector<FixedPointMultiplier> multipliers;
};

/// What one step takes from outside the loop.
struct LstmParts {
  GatesProduct fromInput, fromHidden;
  FixedPointMultiplier forgetting, learning, showing;
  Value table;
};

/// Builds one step.
class LstmStepBuilder {
public:
  LstmStepBuilder(OpBuilder &builder, Location loc, LstmOp op,
                  const LstmParts &parts)
      : builder(builder), loc(loc), op(op), parts(parts),
        shape({op.getBatch(), op.getHiddenSize()}), hidden(op.getResult()),
        cell(op.getInitialCell()) {}

  SequenceStep build(Value input, Value oldHidden, Value oldCell);

private:
  Value createSums(Value vector, const GatesProduct &product);
  Value createTerm(unsigned gate, Value sums, const GatesProduct &product);
  Value createGate(unsigned gate, Value fromInput, Value fromHidden);
  Value createScaledProduct(Value lhs, Value rhs,
                            FixedPointMultiplier multiplier);
  Value createCell(Value forgotten, Value learned);
  Value createShown(Value output, Value newCell);

  Value scalar(OpBuilder &nested, Location bodyLoc, int32_t value) {
    return arith::ConstantOp::create(nested, bodyLoc,
                                     nested.getI32IntegerAttr(value));
  }
  RankedTensorType type(unsigned width) {
    return RankedTensorType::get(shape, builder.getIntegerType(width));
  }
  /// A value of the loop's inside: 16 bits, of whatever scale.
  Type quantized16() {
    return type(16).clone(makePerTensorType(builder.getContext(), {1.0f, 0},
                                            {INT16_MIN, INT16_MAX}, 16));
  }
  /// The i32 sum of two i16 scalars, limited to [-limit, limit] and to 16 bits,
  /// as i32.
  Value createLimitedSum(OpBuilder &nested, Location bodyLoc, Value a, Value b,
                         int32_t low, int32_t high) {
    Type i32 = nested.getI32Type();
    Value sum = arith::AddIOp::create(
        nested, bodyLoc, arith::ExtSIOp::create(nested, bodyLoc, i32, a),
        arith::ExtSIOp::create(nested, bodyLoc, i32, b));
    return createClamp(nested, bodyLoc, sum, nested.getI32IntegerAttr(low),
                       nested.getI32IntegerAttr(high), /*isUnsigned=*/false);
  }

  OpBuilder &builder;
  Location loc;
  LstmOp op;
  const LstmParts &parts;
  SmallVector<int64_t> shape;
  StoredTensor hidden, cell;
};

} // namespace

/// bias + vector . weights, of all gates.
Value LstmStepBuilder::createSums(Value vector, const GatesProduct &product) {
  auto sums = RankedTensorType::get({shape[0], LstmOp::kGates * shape[1]},
                                    builder.getI32Type());
  Value init = createBroadcastOfLast(builder, loc, product.bias, sums);
  return linalg::MatmulTransposeBOp::create(builder, loc, TypeRange{sums},
                                            ValueRange{vector, product.weights},
                                            ValueRange{init})
      .getResult(0);
}

/// clamp16(requantize(sums)) of one gate.
Value LstmStepBuilder::createTerm(unsigned gate, Value sums,
                                  const GatesProduct &product) {
  auto index = [&](int64_t value) -> OpFoldResult {
    return builder.getIndexAttr(value);
  };
  int64_t first = gate * shape[1];
  Value own = tensor::ExtractSliceOp::create(
      builder, loc, type(32), sums,
      ArrayRef<OpFoldResult>{index(0), index(first)},
      ArrayRef<OpFoldResult>{index(shape[0]), index(shape[1])},
      ArrayRef<OpFoldResult>{index(1), index(1)});
  return createRequantize(builder, loc, own, quantized16(),
                          /*clamp=*/std::nullopt,
                          ArrayRef(product.multipliers).slice(first, shape[1]),
                          /*axis=*/1, *op.getRounding());
}

/// The gate in Q0.15, as i16.
Value LstmStepBuilder::createGate(unsigned gate, Value inputSums,
                                  Value hiddenSums) {
  Value fromInput = createTerm(gate, inputSums, parts.fromInput);
  Value fromHidden = createTerm(gate, hiddenSums, parts.fromHidden);
  return createElementwise(
      builder, loc, type(16), {fromInput, fromHidden},
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Value sum = createLimitedSum(nested, bodyLoc, args[0], args[1],
                                     INT16_MIN, INT16_MAX);
        Value position = createGatePosition(nested, bodyLoc, sum, 12);
        Value value =
            gate == LstmOp::CellGate
                ? createGateTanh(nested, bodyLoc, position, parts.table)
                : createGateSigmoid(nested, bodyLoc, position, parts.table);
        return arith::TruncIOp::create(nested, bodyLoc, nested.getI16Type(),
                                       value);
      });
}

/// clamp16(requantize(lhs * rhs)) of i16 tensors.
Value LstmStepBuilder::createScaledProduct(Value lhs, Value rhs,
                                           FixedPointMultiplier multiplier) {
  Value product = createElementwise(
      builder, loc, type(32), {lhs, rhs},
      [](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Type i32 = nested.getI32Type();
        return arith::MulIOp::create(
            nested, bodyLoc,
            arith::ExtSIOp::create(nested, bodyLoc, i32, args[0]),
            arith::ExtSIOp::create(nested, bodyLoc, i32, args[1]));
      });
  return createRequantize(builder, loc, product, quantized16(),
                          /*clamp=*/std::nullopt, multiplier, std::nullopt,
                          *op.getRounding());
}

Value LstmStepBuilder::createCell(Value forgotten, Value learned) {
  int32_t low = INT16_MIN, high = INT16_MAX;
  if (std::optional<APFloat> clip = op.getCellClip()) {
    high = static_cast<int32_t>(
        std::min(double(clip->convertToFloat()) / cell.scale, 32767.0));
    low = -high;
  }
  return createElementwise(
      builder, loc, type(16), {forgotten, learned},
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Value sum =
            createLimitedSum(nested, bodyLoc, args[0], args[1], low, high);
        return arith::TruncIOp::create(nested, bodyLoc, nested.getI16Type(),
                                       sum);
      });
}

/// The next hidden state.
Value LstmStepBuilder::createShown(Value output, Value newCell) {
  int fractionBits = -std::ilogb(cell.scale);
  Value product = createElementwise(
      builder, loc, type(32), {output, newCell},
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Type i32 = nested.getI32Type();
        Value gate = arith::ExtSIOp::create(nested, bodyLoc, i32, args[0]);
        Value state = arith::ExtSIOp::create(nested, bodyLoc, i32, args[1]);
        Value position =
            createGatePosition(nested, bodyLoc, state, fractionBits);
        return arith::MulIOp::create(
            nested, bodyLoc, gate,
            createGateTanh(nested, bodyLoc, position, parts.table));
      });
  return createRequantize(
      builder, loc, product, op.getInitialHidden().getType(),
      /*clamp=*/std::nullopt, parts.showing, std::nullopt, *op.getRounding());
}

SequenceStep LstmStepBuilder::build(Value input, Value oldHidden,
                                    Value oldCell) {
  Value fromInput = createSums(input, parts.fromInput);
  Value fromHidden = createSums(oldHidden, parts.fromHidden);
  auto createOwn = [&](unsigned gate) {
    return createGate(gate, fromInput, fromHidden);
  };
  Value learned =
      createScaledProduct(createOwn(LstmOp::InputGate),
                          createOwn(LstmOp::CellGate), parts.learning);
  Value forgotten = createScaledProduct(createOwn(LstmOp::ForgetGate), oldCell,
                                        parts.forgetting);
  Value newCell = createCell(forgotten, learned);
  Value newHidden = createShown(createOwn(LstmOp::OutputGate), newCell);
  return {newHidden, {newHidden, newCell}};
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// The constants of one gate's product with `from`, quantized as `original` is.
static FailureOr<IntegerContraction>
prepareGate(LstmOp op, Value from, Value original, Value weights, Value bias) {
  constexpr float gateScale = 0x1p-12f;
  ContractionParts parts{StoredTensor(from),
                         getQuantizedElementType(original.getType()),
                         weights,
                         bias,
                         gateScale,
                         /*allowWide=*/false};
  return prepareContraction(op, parts, *op.getRounding(),
                            MultiplierRule::Linear);
}

/// The product of `from` with the weights of all gates, which `stored` are.
static FailureOr<GatesProduct> prepareGates(OpBuilder &builder, LstmOp op,
                                            Value from, OperandRange original,
                                            ValueRange stored,
                                            ValueRange biases) {
  SmallVector<int64_t> weights, bias;
  unsigned width = 0;
  GatesProduct product;
  for (unsigned gate = 0; gate < LstmOp::kGates; ++gate) {
    auto own = prepareGate(op, from, original[gate], stored[gate],
                           biases.empty() ? Value() : biases[gate]);
    if (failed(own))
      return failure();
    llvm::append_range(weights, own->weights);
    llvm::append_range(bias, own->foldedBias);
    width = std::max(width, own->weightWidth);
    llvm::append_range(product.multipliers, own->multipliers);
  }
  Location loc = op.getLoc();
  int64_t rows = LstmOp::kGates * op.getHiddenSize();
  product.weights = createIntegerConstant(
      builder, loc, weights, {rows, shapeOf(stored.front())[1]}, width);
  product.bias = createIntegerConstant(builder, loc, bias, rows, /*width=*/32);
  return product;
}

/// The multiplier of products of two 16-bit values.
static LogicalResult prepareMultiplier(LstmOp op, double real,
                                       FixedPointMultiplier &multiplier) {
  auto found =
      makeMultiplier(op, real, static_cast<float>(real), *op.getRounding());
  if (failed(found))
    return failure();
  multiplier = *found;
  return checkAccumulator(op, 0x1p30, multiplier, *op.getRounding());
}

namespace {

struct LstmPattern : OpConversionPattern<LstmOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LstmOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isQuantized(op.getResult().getType()))
      return rewriter.notifyMatchFailure(op, "float form");
    LstmParts parts;
    if (failed(prepare(op, adaptor, rewriter, parts)))
      return failure();
    Location loc = op.getLoc();
    auto resultType =
        cast<RankedTensorType>(typeConverter->convertType(op.getType(0)));
    rewriter.replaceOp(
        op, createSequenceLoop(
                rewriter, loc, adaptor.getInput(), op.getTimeAxis(), resultType,
                {adaptor.getInitialHidden(), adaptor.getInitialCell()},
                [&](OpBuilder &builder, Location bodyLoc, Value input,
                    ValueRange states) {
                  return LstmStepBuilder(builder, bodyLoc, op, parts)
                      .build(input, states[0], states[1]);
                }));
    return success();
  }

private:
  static LogicalResult prepare(LstmOp op, OpAdaptor adaptor, OpBuilder &builder,
                               LstmParts &parts) {
    if (failed(refuseHalfEven(op, *op.getRounding())))
      return failure();
    auto fromInput =
        prepareGates(builder, op, op.getInput(), op.getInputWeights(),
                     adaptor.getInputWeights(), adaptor.getBias());
    if (failed(fromInput))
      return failure();
    auto fromHidden = prepareGates(
        builder, op, op.getInitialHidden(), op.getRecurrentWeights(),
        adaptor.getRecurrentWeights(), /*biases=*/ValueRange());
    if (failed(fromHidden))
      return failure();
    parts.fromInput = *fromInput;
    parts.fromHidden = *fromHidden;
    double cellScale = StoredTensor(op.getInitialCell()).scale;
    double hiddenScale = StoredTensor(op.getInitialHidden()).scale;
    parts.table = createSigmoidTable(builder, op.getLoc());
    if (failed(prepareMultiplier(op, 0x1p-15, parts.forgetting)) ||
        failed(prepareMultiplier(op, 0x1p-30 / cellScale, parts.learning)))
      return failure();
    return prepareMultiplier(op, 0x1p-30 / hiddenScale, parts.showing);
  }
};

} // namespace

void quantcc::populateLstmPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<LstmPattern>(converter, patterns.getContext());
}
