//===- Contraction.cpp - Convolution and products -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N9 of docs/Numerics.md: conv2d, transpose_conv2d, linear and matmul.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "Parameters.h"

#include <numeric>
#include <optional>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

namespace {

/// Where one tap of a convolution's window reads, less the group's offset.
struct Tap {
  int64_t input;
  int64_t weight;
};

/// Shapes and window of a convolution; see C10 and C11.
struct ConvGeometry {
  int64_t images, height, width, channels;
  int64_t outHeight, outWidth, outChannels;
  int64_t kernelHeight, kernelWidth, groupChannels;
  int64_t strideY, strideX, dilationY, dilationX, top, left;
  /// Whether strides move the input's positions and not the window's.
  bool transposed = false;

  int64_t groups() const { return channels / groupChannels; }
  int64_t weightsPerChannel() const {
    return kernelHeight * kernelWidth * groupChannels;
  }

  /// The input position that a tap reads for the output position `out` of one
  /// direction, or none outside the `size` positions of the input.
  std::optional<int64_t> source(int64_t out, int64_t tap, int64_t stride,
                                int64_t dilation, int64_t before,
                                int64_t size) const {
    int64_t position = out * stride + tap * dilation - before;
    if (transposed) {
      position = out + before - tap;
      if (position % stride != 0)
        return std::nullopt;
      position /= stride;
    }
    if (position < 0 || position >= size)
      return std::nullopt;
    return position;
  }

  /// The taps of the window at output row `y` and column `x` that lie inside
  /// the input.
  void collectTaps(int64_t y, int64_t x, SmallVectorImpl<Tap> &taps) const {
    taps.clear();
    for (int64_t ky = 0; ky < kernelHeight; ++ky) {
      auto row = source(y, ky, strideY, dilationY, top, height);
      if (!row)
        continue;
      for (int64_t kx = 0; kx < kernelWidth; ++kx) {
        auto column = source(x, kx, strideX, dilationX, left, width);
        if (column)
          taps.push_back({(*row * width + *column) * channels,
                          (ky * kernelWidth + kx) * groupChannels});
      }
    }
  }
};

} // namespace

/// Stored values less their zero point; `channelSize` values in a row share
/// one of several zero points.
template <typename Element>
static std::vector<Element> centre(const std::vector<int64_t> &stored,
                                   ArrayRef<int64_t> zeroPoints,
                                   size_t channelSize) {
  std::vector<Element> centred(stored.size());
  for (size_t start = 0; start < stored.size(); start += channelSize) {
    int64_t zeroPoint =
        zeroPoints[zeroPoints.size() == 1 ? 0 : start / channelSize];
    for (size_t i = start; i < start + channelSize; ++i)
      centred[i] = static_cast<Element>(stored[i] - zeroPoint);
  }
  return centred;
}

template <typename Element, typename Sum>
static Sum dot(const Element *a, const Element *b, int64_t count) {
  Sum sum = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += static_cast<Sum>(a[i]) * static_cast<Sum>(b[i]);
  return sum;
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

namespace {

/// What the types say of an op's weights.
struct Weights {
  /// One, or one a channel.
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  int64_t lo, hi;
};

} // namespace

static Weights weightsOf(Value value) {
  quant::QuantizedType type = getQuantizedElementType(value.getType());
  Weights weights;
  weights.lo = type.getStorageTypeMin();
  weights.hi = type.getStorageTypeMax();
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    weights.scales.assign(perAxis.getScales().begin(),
                          perAxis.getScales().end());
    weights.zeroPoints.assign(perAxis.getZeroPoints().begin(),
                              perAxis.getZeroPoints().end());
    return weights;
  }
  auto perTensor = cast<quant::UniformQuantizedType>(type);
  weights.scales = {perTensor.getScale()};
  weights.zeroPoints = {perTensor.getZeroPoint()};
  return weights;
}

/// Adds N9's ends of `count` products of `x` and a weight within [lo, hi].
static void addProducts(Interval &sum, Interval x, int64_t lo, int64_t hi,
                        int64_t count) {
  int64_t least = 0, most = 0;
  for (int64_t product : {x.lo * lo, x.lo * hi, x.hi * lo, x.hi * hi}) {
    least = std::min(least, product);
    most = std::max(most, product);
  }
  sum.lo += least * count;
  sum.hi += most * count;
}

/// N37: the stored values of `value` less its zero point.
static Interval centredRange(Value value, ConstantLookup constants) {
  Interval stored = storedRangeOf(value, constants);
  int64_t zeroPoint = parametersOf(value).zeroPoint;
  return {stored.lo - zeroPoint, stored.hi - zeroPoint};
}

static int64_t magnitude(Interval sum) { return std::max(sum.hi, -sum.lo); }

/// The bound B of N9 for each of `channels` output channels.
static SmallVector<int64_t>
accumulatorBounds(const Weights &weights, const Tensor *weightValues,
                  Value bias, const Tensor *biasValues, Interval input,
                  int64_t channels, int64_t depth) {
  SmallVector<int64_t> bounds(channels);
  for (int64_t channel = 0; channel < channels; ++channel) {
    int64_t zeroPoint =
        weights.zeroPoints[weights.zeroPoints.size() == 1 ? 0 : channel];
    Interval sum{0, 0};
    if (weightValues) {
      for (int64_t i = channel * depth; i < (channel + 1) * depth; ++i) {
        int64_t weight = weightValues->stored[i] - zeroPoint;
        addProducts(sum, input, weight, weight, 1);
      }
    } else {
      addProducts(sum, input, weights.lo - zeroPoint, weights.hi - zeroPoint,
                  depth);
    }
    // Beyond 2^47 all is refused: limited, the sum cannot overflow.
    constexpr int64_t limit = int64_t(1) << 48;
    if (biasValues) {
      int64_t value = std::clamp(biasValues->stored[channel], -limit, limit);
      sum.lo += std::min<int64_t>(value, 0);
      sum.hi += std::max<int64_t>(value, 0);
    } else if (bias) {
      int64_t reach = int64_t(1)
                      << std::min(storageOf(bias.getType()).width - 1, 48u);
      sum.lo -= reach;
      sum.hi += reach;
    }
    bounds[channel] = magnitude(sum);
  }
  return bounds;
}

/// The multiplier M of each scale of the weights; `productInF32` is N3's
/// special case of per-tensor linear weights.
static SmallVector<double> contractionMultipliers(double inputScale,
                                                  ArrayRef<double> scales,
                                                  double outputScale,
                                                  bool productInF32,
                                                  Rounding rounding) {
  SmallVector<double> real;
  for (double scale : scales) {
    float product = static_cast<float>(inputScale) * static_cast<float>(scale);
    if (rounding == Rounding::HalfEven)
      real.push_back(product / static_cast<float>(outputScale));
    else if (productInF32)
      real.push_back(static_cast<double>(product) / outputScale);
    else
      real.push_back(inputScale * scale / outputScale);
  }
  return real;
}

/// Refuses accumulators that N9 refuses, and tells whether i32 holds the rest.
static FailureOr<bool> fitsI32(Operation *op, ArrayRef<int64_t> bounds) {
  int64_t largest = *std::max_element(bounds.begin(), bounds.end());
  if (largest >= int64_t(1) << 47)
    return op->emitOpError() << "has accumulators of up to " << largest
                             << ", which is not below 2^47 (N9)";
  return largest < int64_t(1) << 31;
}

/// What makes the results of `op` from accumulators: N9's requantization, or
/// nothing in accumulator form (N36).
static FailureOr<Requantizer> requantizerOf(Operation *op, double inputScale,
                                            ArrayRef<double> scales,
                                            bool productInF32,
                                            ArrayRef<int64_t> bounds) {
  auto plain =
      dyn_cast<IntegerType>(getElementTypeOrSelf(op->getResult(0).getType()));
  if (!plain) {
    SmallVector<double> real = contractionMultipliers(
        inputScale, scales, parametersOf(op->getResult(0)).scale, productInF32,
        roundingOf(op));
    // What is always 0 needs no multiplier: one below the least, which is 0.
    real.resize(bounds.size(), real.front());
    for (auto [factor, bound] : llvm::zip_equal(real, bounds))
      if (bound == 0)
        factor = 0x1p-100;
    return Requantizer::create(op, real, bounds, roundingOf(op), /*wide=*/true);
  }
  int64_t largest = *std::max_element(bounds.begin(), bounds.end());
  if (plain.getWidth() < 64 && largest >= int64_t(1) << 31)
    return op->emitOpError() << "has accumulators of up to " << largest
                             << ", which i32 does not hold (N36)";
  return Requantizer::none();
}

/// Whether stored values of `type` less a zero point fit 16 bits.
static bool isNarrow(Type type) { return storageOf(type).width <= 8; }

//===----------------------------------------------------------------------===//
// conv2d
//===----------------------------------------------------------------------===//

/// Of a conv2d, or of a transpose_conv2d, whose dilations are 1.
template <typename OpTy>
static ConvGeometry makeGeometry(OpTy op, ArrayRef<int64_t> dilations) {
  auto shape = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  };
  ArrayRef<int64_t> in = shape(op.getInput()), w = shape(op.getWeights()),
                    out = shape(op.getResult());
  return {in[0],
          in[1],
          in[2],
          in[3],
          out[1],
          out[2],
          out[3],
          w[1],
          w[2],
          w[3],
          op.getStrides()[0],
          op.getStrides()[1],
          dilations[0],
          dilations[1],
          op.getPadding()[0],
          op.getPadding()[2]};
}

static ConvGeometry geometryOf(Conv2DOp op) {
  return makeGeometry(op, op.getDilations());
}

static ConvGeometry geometryOf(TransposeConv2DOp op) {
  ConvGeometry geometry = makeGeometry(op, {1, 1});
  geometry.transposed = true;
  return geometry;
}

template <typename Element, typename Sum>
static void convolve(const ConvGeometry &g, const std::vector<Element> &input,
                     const std::vector<Element> &weights, const Tensor *bias,
                     const Requantizer &requantizer, Tensor &result) {
  int64_t channelsPerGroup = g.outChannels / g.groups();
  int64_t *out = result.stored.data();
  SmallVector<Tap> taps;
  for (int64_t image = 0; image < g.images; ++image) {
    const Element *imageData =
        input.data() + image * g.height * g.width * g.channels;
    for (int64_t y = 0; y < g.outHeight; ++y)
      for (int64_t x = 0; x < g.outWidth; ++x) {
        g.collectTaps(y, x, taps);
        for (int64_t o = 0; o < g.outChannels; ++o) {
          const Element *in =
              imageData + o / channelsPerGroup * g.groupChannels;
          const Element *w = weights.data() + o * g.weightsPerChannel();
          Sum sum = bias ? bias->stored[o] : 0;
          for (const Tap &tap : taps)
            sum += dot<Element, Sum>(in + tap.input, w + tap.weight,
                                     g.groupChannels);
          *out++ = requantizer(sum, o);
        }
      }
  }
}

template <typename Element, typename Sum>
static Kernel convolutionKernel(ConvGeometry geometry, int64_t inputZeroPoint,
                                SmallVector<int64_t> weightZeroPoints,
                                Requantizer requantizer) {
  return [=](ArrayRef<const Tensor *> operands, Tensor &result) {
    std::vector<Element> input = centre<Element>(
        operands[0]->stored, inputZeroPoint, operands[0]->stored.size());
    std::vector<Element> weights = centre<Element>(
        operands[1]->stored, weightZeroPoints, geometry.weightsPerChannel());
    convolve<Element, Sum>(geometry, input, weights,
                           operands.size() > 2 ? operands[2] : nullptr,
                           requantizer, result);
  };
}

/// Either conv2d or transpose_conv2d.
template <typename OpTy>
static FailureOr<Kernel> prepareConvolution(OpTy op, ConstantLookup constants) {
  ConvGeometry geometry = geometryOf(op);
  Parameters input = parametersOf(op.getInput());
  Weights weights = weightsOf(op.getWeights());
  SmallVector<int64_t> bounds =
      accumulatorBounds(weights, constants(op.getWeights()), op.getBias(),
                        op.getBias() ? constants(op.getBias()) : nullptr,
                        centredRange(op.getInput(), constants),
                        geometry.outChannels, geometry.weightsPerChannel());
  FailureOr<bool> narrowSum = fitsI32(op, bounds);
  if (failed(narrowSum))
    return failure();
  FailureOr<Requantizer> requantizer = requantizerOf(
      op, input.scale, weights.scales, /*productInF32=*/false, bounds);
  if (failed(requantizer))
    return failure();
  bool narrow = *narrowSum && isNarrow(op.getInput().getType()) &&
                isNarrow(op.getWeights().getType());
  auto make = narrow ? convolutionKernel<int16_t, int32_t>
                     : convolutionKernel<int32_t, int64_t>;
  return make(geometry, input.zeroPoint, weights.zeroPoints, *requantizer);
}

//===----------------------------------------------------------------------===//
// linear
//===----------------------------------------------------------------------===//

template <typename Element, typename Sum>
static Kernel
linearKernel(int64_t channels, int64_t depth, int64_t inputZeroPoint,
             SmallVector<int64_t> weightZeroPoints, Requantizer requantizer) {
  return [=](ArrayRef<const Tensor *> operands, Tensor &result) {
    std::vector<Element> input = centre<Element>(
        operands[0]->stored, inputZeroPoint, operands[0]->stored.size());
    std::vector<Element> weights =
        centre<Element>(operands[1]->stored, weightZeroPoints, depth);
    const Tensor *bias = operands.size() > 2 ? operands[2] : nullptr;
    int64_t rows = static_cast<int64_t>(input.size()) / depth;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t n = 0; n < channels; ++n) {
        Sum sum = bias ? bias->stored[n] : 0;
        sum += dot<Element, Sum>(input.data() + row * depth,
                                 weights.data() + n * depth, depth);
        result.stored[row * channels + n] = requantizer(sum, n);
      }
  };
}

static FailureOr<Kernel> prepareLinear(LinearOp op, ConstantLookup constants) {
  ArrayRef<int64_t> shape =
      cast<RankedTensorType>(op.getWeights().getType()).getShape();
  Parameters input = parametersOf(op.getInput());
  Weights weights = weightsOf(op.getWeights());
  SmallVector<int64_t> bounds = accumulatorBounds(
      weights, constants(op.getWeights()), op.getBias(),
      op.getBias() ? constants(op.getBias()) : nullptr,
      centredRange(op.getInput(), constants), shape[0], shape[1]);
  FailureOr<bool> narrowSum = fitsI32(op, bounds);
  if (failed(narrowSum))
    return failure();
  bool perTensor = isa<quant::UniformQuantizedType>(
      getQuantizedElementType(op.getWeights().getType()));
  FailureOr<Requantizer> requantizer = requantizerOf(
      op, input.scale, weights.scales, /*productInF32=*/perTensor, bounds);
  if (failed(requantizer))
    return failure();
  bool narrow = *narrowSum && isNarrow(op.getInput().getType()) &&
                isNarrow(op.getWeights().getType());
  auto make =
      narrow ? linearKernel<int16_t, int32_t> : linearKernel<int32_t, int64_t>;
  return make(shape[0], shape[1], input.zeroPoint, weights.zeroPoints,
              *requantizer);
}

//===----------------------------------------------------------------------===//
// matmul
//===----------------------------------------------------------------------===//

namespace {

/// How a matmul operand is walked: element (row, column) of the matrix for the
/// result's batch b lies at starts[b] + row * rowStride + column *
/// columnStride.
struct MatrixWalk {
  std::vector<int64_t> starts;
  int64_t rowStride, columnStride;
};

} // namespace

static MatrixWalk walkMatrices(ArrayRef<int64_t> shape,
                               ArrayRef<int64_t> resultShape, bool transposed) {
  size_t rank = shape.size();
  int64_t size = shape[rank - 2] * shape[rank - 1];
  MatrixWalk walk{{0}, shape[rank - 1], 1};
  if (transposed)
    std::swap(walk.rowStride, walk.columnStride);
  // Batch dimensions from the outermost: a dimension of 1 is repeated.
  int64_t outer = 1;
  for (size_t i = 0; i + 2 < rank; ++i)
    outer *= shape[i];
  for (size_t i = 0; i + 2 < rank; ++i) {
    outer /= shape[i];
    std::vector<int64_t> starts;
    for (int64_t start : walk.starts)
      for (int64_t index = 0; index < resultShape[i]; ++index)
        starts.push_back(start + (shape[i] == 1 ? 0 : index) * outer * size);
    walk.starts = std::move(starts);
  }
  return walk;
}

static FailureOr<Kernel> prepareMatMul(MatMulOp op, ConstantLookup constants) {
  auto shape = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  };
  ArrayRef<int64_t> resultShape = shape(op.getResult());
  int64_t rows = resultShape[resultShape.size() - 2];
  int64_t columns = resultShape.back();
  ArrayRef<int64_t> lhsShape = shape(op.getLhs());
  int64_t depth = lhsShape[lhsShape.size() - (op.getTransposeLhs() ? 2 : 1)];
  MatrixWalk lhs = walkMatrices(lhsShape, resultShape, op.getTransposeLhs());
  MatrixWalk rhs =
      walkMatrices(shape(op.getRhs()), resultShape, op.getTransposeRhs());
  Parameters left = parametersOf(op.getLhs()),
             right = parametersOf(op.getRhs());
  Interval sum{0, 0}, rightRange = centredRange(op.getRhs(), constants);
  addProducts(sum, centredRange(op.getLhs(), constants), rightRange.lo,
              rightRange.hi, depth);
  int64_t bound = magnitude(sum);
  if (failed(fitsI32(op, bound)))
    return failure();
  FailureOr<Requantizer> requantizer =
      requantizerOf(op, left.scale, right.scale, /*productInF32=*/true, bound);
  if (failed(requantizer))
    return failure();
  return Kernel([=, requantizer = *requantizer](
                    ArrayRef<const Tensor *> operands, Tensor &result) {
    int64_t *out = result.stored.data();
    for (size_t batch = 0; batch < lhs.starts.size(); ++batch)
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t column = 0; column < columns; ++column) {
          const int64_t *a = operands[0]->stored.data() + lhs.starts[batch] +
                             row * lhs.rowStride;
          const int64_t *b = operands[1]->stored.data() + rhs.starts[batch] +
                             column * rhs.columnStride;
          int64_t sum = 0;
          for (int64_t k = 0; k < depth; ++k)
            sum += (a[k * lhs.columnStride] - left.zeroPoint) *
                   (b[k * rhs.rowStride] - right.zeroPoint);
          *out++ = requantizer(sum);
        }
  });
}

FailureOr<Kernel> interpreter::prepareContraction(Operation *op,
                                                  ConstantLookup constants) {
  if (auto conv = dyn_cast<Conv2DOp>(op))
    return prepareConvolution(conv, constants);
  if (auto conv = dyn_cast<TransposeConv2DOp>(op))
    return prepareConvolution(conv, constants);
  if (auto linear = dyn_cast<LinearOp>(op))
    return prepareLinear(linear, constants);
  if (auto matmul = dyn_cast<MatMulOp>(op))
    return prepareMatMul(matmul, constants);
  return Kernel();
}
