//===- FusedOps.cpp - Layers that targets have kernels for ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// quantcc.fused_conv2d, quantcc.fused_add and quantcc.fused_matmul on tensors,
// by what docs/Dialect.md says they compute, with N4 to N9.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "Parameters.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

/// What the byte `value` stands for, or the byte for it: adding 128 modulo 2^8
/// undoes itself.
static int64_t flip(int64_t value, bool isBiased) {
  if (!isBiased)
    return value;
  return value < 0 ? value + 128 : value - 128;
}

/// What becomes of a rounded value.
struct Ending {
  int64_t zeroPoint, lo, hi;
  bool isBiased;

  int64_t operator()(int64_t value) const {
    return flip(std::clamp(value + zeroPoint, lo, hi), isBiased);
  }
};

template <typename OpTy> static Ending endingOf(OpTy op) {
  return {static_cast<int32_t>(op.getOutputZeroPoint()),
          static_cast<int32_t>(op.getClampMin()),
          static_cast<int32_t>(op.getClampMax()), op.getBiasedResult()};
}

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

namespace {

/// Sizes and steps of one convolution.
struct Geometry {
  explicit Geometry(FusedConv2DOp op)
      : in(shapeOf(op.getInput())), out(shapeOf(op.getInit())),
        strides(op.getStrides()), dilations(op.getDilations()),
        height(op.getKernelHeight()), width(op.getKernelWidth()),
        isDepthwise(op.getDepthwise()) {}

  /// Of the input's element at row `y` and column `x`, channel 0.
  int64_t inputIndex(int64_t image, int64_t y, int64_t x) const {
    return ((image * in[1] + y) * in[2] + x) * in[3];
  }

  SmallVector<int64_t> in, out, strides, dilations;
  int64_t height, width;
  bool isDepthwise;
};

/// One accumulator, without its bias.
struct Window {
  const Geometry &g;
  ArrayRef<int64_t> input, weights;
  bool isBiased;

  int64_t sum(int64_t image, int64_t row, int64_t column,
              int64_t channel) const {
    int64_t total = 0;
    for (int64_t i = 0; i < g.height; ++i)
      for (int64_t j = 0; j < g.width; ++j) {
        int64_t pixel =
            g.inputIndex(image, row * g.strides[0] + i * g.dilations[0],
                         column * g.strides[1] + j * g.dilations[1]);
        int64_t tap = i * g.width + j, taps = g.height * g.width;
        if (g.isDepthwise) {
          total += flip(input[pixel + channel], isBiased) *
                   weights[tap * g.out[3] + channel];
          continue;
        }
        for (int64_t c = 0; c < g.in[3]; ++c)
          total += flip(input[pixel + c], isBiased) *
                   weights[(channel * taps + tap) * g.in[3] + c];
      }
    return total;
  }
};

} // namespace

static Kernel prepareFusedConv2D(FusedConv2DOp op) {
  SmallVector<Multiplier> multipliers;
  for (auto [m, s] : llvm::zip_equal(op.getMultipliers(), op.getShifts()))
    multipliers.push_back({m, s});
  return [multipliers, geometry = Geometry(op), ending = endingOf(op),
          rounding = op.getRounding(), isBiased = op.getBiasedInput()](
             ArrayRef<const Tensor *> operands, Tensor &result) {
    const Geometry &g = geometry;
    Window window{g, operands[0]->stored, operands[1]->stored, isBiased};
    size_t next = 0;
    for (int64_t image = 0; image < g.out[0]; ++image)
      for (int64_t row = 0; row < g.out[1]; ++row)
        for (int64_t column = 0; column < g.out[2]; ++column)
          for (int64_t channel = 0; channel < g.out[3]; ++channel) {
            auto acc =
                static_cast<int32_t>(operands[2]->stored[channel] +
                                     window.sum(image, row, column, channel));
            if (multipliers.empty()) {
              result.stored[next++] = acc;
              continue;
            }
            const Multiplier &own =
                multipliers[multipliers.size() == 1 ? 0 : channel];
            result.stored[next++] = ending(requantize(acc, own, rounding));
          }
  };
}

static Kernel prepareFusedAdd(FusedAddOp op) {
  Multiplier lhs{static_cast<int32_t>(op.getLhsMultiplier()),
                 static_cast<int32_t>(op.getLhsShift())};
  Multiplier rhs{static_cast<int32_t>(op.getRhsMultiplier()),
                 static_cast<int32_t>(op.getRhsShift())};
  Multiplier output{static_cast<int32_t>(op.getOutputMultiplier()),
                    static_cast<int32_t>(op.getOutputShift())};
  int64_t lhsZeroPoint = static_cast<int32_t>(op.getLhsZeroPoint());
  int64_t rhsZeroPoint = static_cast<int32_t>(op.getRhsZeroPoint());
  int64_t one = int64_t(1) << op.getLeftShift();
  return [=, ending = endingOf(op), rounding = op.getRounding(),
          subtract = op.getSubtract(), isBiased = op.getBiasedOperands()](
             ArrayRef<const Tensor *> operands, Tensor &result) {
    for (size_t i = 0; i < result.stored.size(); ++i) {
      int64_t x = flip(operands[0]->stored[i], isBiased) - lhsZeroPoint;
      int64_t y = flip(operands[1]->stored[i], isBiased) - rhsZeroPoint;
      int64_t a = requantize(x * one, lhs, rounding);
      int64_t b = requantize(y * one, rhs, rounding);
      int64_t sum = requantize(subtract ? a - b : a + b, output, rounding);
      result.stored[i] = ending(sum);
    }
  };
}

static Kernel prepareFusedMatMul(FusedMatMulOp op) {
  Multiplier multiplier{static_cast<int32_t>(op.getMultiplier()),
                        static_cast<int32_t>(op.getShift())};
  Ending ending{static_cast<int32_t>(op.getOutputZeroPoint()),
                static_cast<int32_t>(op.getClampMin()),
                static_cast<int32_t>(op.getClampMax()), /*isBiased=*/false};
  int64_t lhsZero = static_cast<int32_t>(op.getLhsZeroPoint());
  int64_t rhsZero = static_cast<int32_t>(op.getRhsZeroPoint());
  return [=, batches = op.getNumBatches(), rows = op.getNumRows(),
          columns = op.getNumColumns(), depth = op.getDepth(),
          isTransposed = op.getTransposeRhs(), rounding = op.getRounding()](
             ArrayRef<const Tensor *> operands, Tensor &result) {
    size_t next = 0;
    for (int64_t batch = 0; batch < batches; ++batch)
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t column = 0; column < columns; ++column) {
          int64_t sum = 0;
          for (int64_t k = 0; k < depth; ++k) {
            int64_t place =
                isTransposed ? column * depth + k : k * columns + column;
            sum += (operands[0]->stored[(batch * rows + row) * depth + k] -
                    lhsZero) *
                   (operands[1]->stored[batch * depth * columns + place] -
                    rhsZero);
          }
          result.stored[next++] = ending(requantize(sum, multiplier, rounding));
        }
  };
}

FailureOr<Kernel> interpreter::prepareFusedOp(Operation *op) {
  if (auto conv = dyn_cast<FusedConv2DOp>(op))
    return prepareFusedConv2D(conv);
  if (auto add = dyn_cast<FusedAddOp>(op))
    return prepareFusedAdd(add);
  if (auto product = dyn_cast<FusedMatMulOp>(op))
    return prepareFusedMatMul(product);
  return Kernel();
}
