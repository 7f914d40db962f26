//===- Recurrent.cpp - Layers with a state --------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules N33 and N34 of docs/Numerics.md: LSTM and SVDF.
//
//===----------------------------------------------------------------------===//

#include "GateFunctions.h"
#include "Kernel.h"
#include "Parameters.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

static int64_t clamp16(int64_t value) {
  return std::clamp<int64_t>(value, INT16_MIN, INT16_MAX);
}

/// The multiplier for `real`, where it serves accumulators of magnitude up to
/// `bound`.
static FailureOr<Multiplier> multiplierFor(Operation *op, double real,
                                           int64_t bound, Rounding rounding) {
  FailureOr<Multiplier> multiplier = normalizeFor(op, real);
  if (failed(multiplier))
    return failure();
  if (!isRequantizable(bound, *multiplier, rounding))
    return op->emitOpError()
           << "has accumulators of up to " << bound
           << ", too many for a multiplier of " << real << " (N4 to N6)";
  return *multiplier;
}

/// A bound of |bias| + reach * sum |w - z_w| over the rows of `weights`.
static int64_t boundOf(Value weights, const Tensor *values, bool hasBias,
                       const Tensor *bias, int64_t reach) {
  auto shape = cast<RankedTensorType>(weights.getType()).getShape();
  Parameters parameters = parametersOf(weights);
  int64_t largest = 0;
  for (int64_t row = 0; row < shape[0]; ++row) {
    int64_t magnitude = shape[1] * parameters.reach();
    if (values) {
      magnitude = 0;
      for (int64_t i = row * shape[1]; i < (row + 1) * shape[1]; ++i)
        magnitude += std::abs(values->stored[i] - parameters.zeroPoint);
    }
    int64_t bound = reach * magnitude;
    if (bias)
      bound += std::abs(bias->stored[row]);
    else if (hasBias)
      bound += int64_t(1) << 31;
    largest = std::max(largest, bound);
  }
  return largest;
}

/// sum over k of (vector[k] - zeroPoint) * row[k]; weights have zero point 0.
static int64_t dot(const int64_t *vector, int64_t zeroPoint, const int64_t *row,
                   int64_t count) {
  int64_t sum = 0;
  for (int64_t k = 0; k < count; ++k)
    sum += (vector[k] - zeroPoint) * row[k];
  return sum;
}

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

namespace {

/// What is known of an LSTM before it runs.
struct Lstm {
  int64_t batch, steps, inputSize, size;
  bool timeMajor, hasBias;
  Rounding rounding;
  Parameters input, hidden;
  /// By gate.
  Multiplier fromInput[LstmOp::kGates], fromHidden[LstmOp::kGates];
  Multiplier forgetting, learning, showing;
  int cellFractionBits;
  int64_t cellLimit;
  GateFunctions functions;

  int64_t scale(int64_t accumulator, Multiplier multiplier) const {
    return requantize(accumulator, multiplier, rounding);
  }
};

/// The operands and the running state of one execution.
struct LstmRun {
  ArrayRef<const Tensor *> operands;
  std::vector<int64_t> hidden, cell;

  const int64_t *input() const { return operands[0]->stored.data(); }
  const int64_t *inputWeights(unsigned gate) const {
    return operands[3 + gate]->stored.data();
  }
  const int64_t *recurrentWeights(unsigned gate) const {
    return operands[3 + LstmOp::kGates + gate]->stored.data();
  }
  const int64_t *bias(unsigned gate) const {
    return operands[3 + 2 * LstmOp::kGates + gate]->stored.data();
  }
};

} // namespace

/// The value of `gate` for `unit`, before its function, in Q3.12.
static int64_t gateInput(const Lstm &lstm, const LstmRun &run, unsigned gate,
                         int64_t unit, const int64_t *x, const int64_t *h) {
  int64_t fromInput =
      dot(x, lstm.input.zeroPoint,
          run.inputWeights(gate) + unit * lstm.inputSize, lstm.inputSize);
  if (lstm.hasBias)
    fromInput += run.bias(gate)[unit];
  int64_t fromHidden =
      dot(h, lstm.hidden.zeroPoint,
          run.recurrentWeights(gate) + unit * lstm.size, lstm.size);
  return clamp16(clamp16(lstm.scale(fromInput, lstm.fromInput[gate])) +
                 clamp16(lstm.scale(fromHidden, lstm.fromHidden[gate])));
}

/// One step of one batch: updates its rows `h` and `c` of the state.
static void stepLstm(const Lstm &lstm, const LstmRun &run, const int64_t *x,
                     int64_t *h, int64_t *c) {
  std::vector<int64_t> next(lstm.size);
  const GateFunctions &functions = lstm.functions;
  for (int64_t unit = 0; unit < lstm.size; ++unit) {
    auto position = [&](unsigned gate) {
      return GateFunctions::position(gateInput(lstm, run, gate, unit, x, h),
                                     12);
    };
    int64_t input = functions.sigmoid(position(LstmOp::InputGate));
    int64_t forget = functions.sigmoid(position(LstmOp::ForgetGate));
    int64_t candidate = functions.tanh(position(LstmOp::CellGate));
    int64_t output = functions.sigmoid(position(LstmOp::OutputGate));
    int64_t cell =
        clamp16(clamp16(lstm.scale(forget * c[unit], lstm.forgetting)) +
                clamp16(lstm.scale(input * candidate, lstm.learning)));
    cell = std::clamp(cell, -lstm.cellLimit, lstm.cellLimit);
    c[unit] = cell;
    int64_t shown =
        output *
        functions.tanh(GateFunctions::position(cell, lstm.cellFractionBits));
    next[unit] =
        std::clamp(lstm.scale(shown, lstm.showing) + lstm.hidden.zeroPoint,
                   lstm.hidden.lo, lstm.hidden.hi);
  }
  std::copy(next.begin(), next.end(), h);
}

static void runLstm(const Lstm &lstm, ArrayRef<const Tensor *> operands,
                    MutableArrayRef<Tensor> results) {
  LstmRun run{operands, operands[1]->stored, operands[2]->stored};
  for (int64_t t = 0; t < lstm.steps; ++t)
    for (int64_t b = 0; b < lstm.batch; ++b) {
      int64_t row = lstm.timeMajor ? t * lstm.batch + b : b * lstm.steps + t;
      int64_t *h = run.hidden.data() + b * lstm.size;
      stepLstm(lstm, run, run.input() + row * lstm.inputSize, h,
               run.cell.data() + b * lstm.size);
      std::copy(h, h + lstm.size, results[0].stored.data() + row * lstm.size);
    }
  results[1].stored = std::move(run.hidden);
  results[2].stored = std::move(run.cell);
}

/// Fills in the multipliers of the gates.
static LogicalResult prepareGates(LstmOp op, ConstantLookup constants,
                                  Lstm &lstm) {
  constexpr double gateScale = 0x1p-12;
  auto prepare = [&](Value weights, Value bias, const Parameters &from,
                     Multiplier &multiplier) -> LogicalResult {
    int64_t bound = boundOf(weights, constants(weights), bias != nullptr,
                            bias ? constants(bias) : nullptr, from.reach());
    if (bound >= int64_t(1) << 31)
      return op.emitOpError() << "has accumulators of up to " << bound
                              << ", which is not below 2^31 (N33)";
    if (bound == 0) {
      // N37: whatever the scales.
      multiplier = Multiplier();
      return success();
    }
    float product = static_cast<float>(from.scale) *
                    static_cast<float>(parametersOf(weights).scale);
    FailureOr<Multiplier> found = multiplierFor(
        op, static_cast<double>(product) / gateScale, bound, lstm.rounding);
    if (succeeded(found))
      multiplier = *found;
    return found;
  };
  for (unsigned gate = 0; gate < LstmOp::kGates; ++gate)
    if (failed(prepare(op.getInputWeights()[gate], op.getGateBias(gate),
                       lstm.input, lstm.fromInput[gate])) ||
        failed(prepare(op.getRecurrentWeights()[gate], Value(), lstm.hidden,
                       lstm.fromHidden[gate])))
      return failure();
  return success();
}

static FailureOr<SeveralKernel> prepareLstm(LstmOp op,
                                            ConstantLookup constants) {
  if (failed(refuseHalfEven(op)))
    return failure();
  Lstm lstm;
  lstm.batch = op.getBatch();
  lstm.steps = op.getSteps();
  lstm.inputSize =
      cast<RankedTensorType>(op.getInput().getType()).getShape().back();
  lstm.size = op.getHiddenSize();
  lstm.timeMajor = op.getTimeMajor();
  lstm.hasBias = !op.getBias().empty();
  lstm.rounding = roundingOf(op);
  lstm.input = parametersOf(op.getInput());
  lstm.hidden = parametersOf(op.getInitialHidden());
  double cellScale = parametersOf(op.getInitialCell()).scale;
  lstm.cellFractionBits = -std::ilogb(cellScale);
  lstm.cellLimit = 1 << 15;
  if (std::optional<APFloat> clip = op.getCellClip())
    lstm.cellLimit = static_cast<int64_t>(
        std::min(double(clip->convertToFloat()) / cellScale, 32767.0));
  constexpr int64_t product = int64_t(1) << 30;
  FailureOr<Multiplier> forgetting =
      multiplierFor(op, 0x1p-15, product, lstm.rounding);
  FailureOr<Multiplier> learning =
      multiplierFor(op, 0x1p-30 / cellScale, product, lstm.rounding);
  FailureOr<Multiplier> showing =
      multiplierFor(op, 0x1p-30 / lstm.hidden.scale, product, lstm.rounding);
  if (failed(forgetting) || failed(learning) || failed(showing) ||
      failed(prepareGates(op, constants, lstm)))
    return failure();
  lstm.forgetting = *forgetting;
  lstm.learning = *learning;
  lstm.showing = *showing;
  return SeveralKernel([lstm](ArrayRef<const Tensor *> operands,
                              MutableArrayRef<Tensor> results) {
    runLstm(lstm, operands, results);
  });
}

//===----------------------------------------------------------------------===//
// SVDF
//===----------------------------------------------------------------------===//

/// A bound of a unit's sum over the state.
static int64_t sumBound(SvdfOp op, ConstantLookup constants) {
  Parameters weights = parametersOf(op.getTimeWeights());
  const Tensor *values = constants(op.getTimeWeights());
  const Tensor *bias = op.getBias() ? constants(op.getBias()) : nullptr;
  auto shape = cast<RankedTensorType>(op.getTimeWeights().getType()).getShape();
  int64_t perUnit = op.getRank() * shape[1], largest = 0;
  for (int64_t unit = 0; unit < shape[0] / int64_t(op.getRank()); ++unit) {
    int64_t magnitude = perUnit * weights.reach();
    if (values) {
      magnitude = 0;
      for (int64_t i = unit * perUnit; i < (unit + 1) * perUnit; ++i)
        magnitude += std::abs(values->stored[i]);
    }
    int64_t bound = parametersOf(op.getInitialState()).reach() * magnitude;
    if (bias)
      bound += std::abs(bias->stored[unit]);
    else if (op.getBias())
      bound += int64_t(1) << 31;
    largest = std::max(largest, bound);
  }
  return largest;
}

static FailureOr<SeveralKernel> prepareSvdf(SvdfOp op,
                                            ConstantLookup constants) {
  if (failed(refuseHalfEven(op)))
    return failure();
  Parameters input = parametersOf(op.getInput()),
             state = parametersOf(op.getInitialState()),
             result = parametersOf(op.getResult());
  Rounding rounding = roundingOf(op);
  auto shapeOf = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  };
  int64_t batch = shapeOf(op.getInput())[0], depth = shapeOf(op.getInput())[1],
          filters = shapeOf(op.getTimeWeights())[0],
          memory = shapeOf(op.getTimeWeights())[1], rank = op.getRank();
  auto scale = [](double a, Value b, double c) {
    float product =
        static_cast<float>(a) * static_cast<float>(parametersOf(b).scale);
    return product / static_cast<float>(c);
  };
  int64_t bound = boundOf(op.getFeatureWeights(),
                          constants(op.getFeatureWeights()), /*hasBias=*/false,
                          /*bias=*/nullptr, input.reach());
  if (bound >= int64_t(1) << 31)
    return op.emitOpError() << "has accumulators of up to " << bound
                            << ", which is not below 2^31 (N34)";
  FailureOr<Multiplier> feature =
      multiplierFor(op, scale(input.scale, op.getFeatureWeights(), state.scale),
                    bound, rounding);
  // What leaves i32 saturates before it is requantized.
  FailureOr<Multiplier> output = multiplierFor(
      op, scale(state.scale, op.getTimeWeights(), result.scale),
      std::min<int64_t>(sumBound(op, constants), INT32_MAX), rounding);
  if (failed(feature) || failed(output))
    return failure();
  std::pair<int64_t, int64_t> clamp = clampBoundsOf(op);
  return SeveralKernel([=, feature = *feature,
                        output = *output](ArrayRef<const Tensor *> operands,
                                          MutableArrayRef<Tensor> results) {
    const int64_t *x = operands[0]->stored.data();
    const int64_t *old = operands[1]->stored.data();
    const int64_t *featureWeights = operands[2]->stored.data();
    const int64_t *timeWeights = operands[3]->stored.data();
    int64_t *next = results[1].stored.data();
    int64_t units = filters / rank;
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t u = 0; u < units; ++u) {
        int64_t sum = operands.size() > 4 ? operands[4]->stored[u] : 0;
        for (int64_t f = u * rank; f < (u + 1) * rank; ++f) {
          int64_t start = (b * filters + f) * memory;
          std::copy(old + start + 1, old + start + memory, next + start);
          int64_t newest = requantize(dot(x + b * depth, input.zeroPoint,
                                          featureWeights + f * depth, depth),
                                      feature, rounding);
          next[start + memory - 1] =
              std::clamp(newest + state.zeroPoint, state.lo, state.hi);
          sum += dot(next + start, state.zeroPoint, timeWeights + f * memory,
                     memory);
        }
        sum = std::clamp<int64_t>(sum, INT32_MIN, INT32_MAX);
        results[0].stored[b * units + u] =
            std::clamp(requantize(sum, output, rounding) + result.zeroPoint,
                       clamp.first, clamp.second);
      }
  });
}

FailureOr<SeveralKernel>
interpreter::prepareRecurrent(Operation *op, ConstantLookup constants) {
  if (auto lstm = dyn_cast<LstmOp>(op))
    return prepareLstm(lstm, constants);
  return prepareSvdf(cast<SvdfOp>(op), constants);
}
