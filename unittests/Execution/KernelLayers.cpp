//===- KernelLayers.cpp - Layers that are hard on kernels -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layers, their models, and what these compute.
//
//===----------------------------------------------------------------------===//

#include "KernelLayers.h"

#include "quantcc/Codegen/LLVMBackend.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/StringExtras.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <random>

using namespace mlir;
using namespace quantcc;

bool quantcc::takesBiasedBytes(KernelSet set) {
  return set == KernelSet::AvxVnni || set == KernelSet::Avx512Vnni;
}

/// Whether the kernel for `layer` keeps weights of 4 bits two to a byte.
static bool keepsNibbles(const KernelLayer &layer, KernelSet kernels) {
  if (layer.isDepthwise)
    return false;
  if (kernels == KernelSet::Avx512Vnni)
    return layer.results > 8 || 16 % layer.results != 0;
  switch (kernels) {
  case KernelSet::Neon:
  case KernelSet::NeonDotprod:
  case KernelSet::NeonI8mm:
  case KernelSet::ArmNeon:
  case KernelSet::Scalar:
  case KernelSet::RiscvVector:
  case KernelSet::RiscvVectorDot:
  case KernelSet::Sse41:
  case KernelSet::Avx2:
  case KernelSet::AvxVnni:
  case KernelSet::Avx512:
    return true;
  case KernelSet::ArmDsp:
  case KernelSet::ArmMve:
    return layer.results > 1;
  default:
    return false;
  }
}

/// Whether there is a kernel for `layer` with activations of 16 bits.
static bool takesWide(const KernelLayer &layer, KernelSet kernels) {
  switch (kernels) {
  case KernelSet::Portable:
    return false;
  case KernelSet::ArmMve:
    return !layer.isDepthwise;
  default:
    return true;
  }
}

std::vector<KernelLayer> quantcc::kernelLayers(KernelSet kernels) {
  std::vector<KernelLayer> layers = {
      // Runs of fewer than four bytes, of four, and with a rest.
      KernelLayer{1, 1, 1, 1, {1, 1}}, KernelLayer{5, 5, 1, 7, {3, 3}},
      KernelLayer{1, 3, 3, 16, {1, 1}},
      KernelLayer{9, 10, 3, 8, {3, 3}, {2, 2}},
      KernelLayer{6, 6, 4, 17, {1, 1}}, KernelLayer{4, 4, 5, 33, {2, 2}},
      // Panels of one, two and four vectors, whole and in part.
      KernelLayer{3, 17, 8, 16, {1, 1}}, KernelLayer{3, 13, 8, 32, {1, 1}},
      KernelLayer{3, 7, 8, 64, {1, 1}}, KernelLayer{2, 5, 12, 130, {1, 1}},
      KernelLayer{4, 3, 16, 100, {1, 1}}, KernelLayer{3, 3, 64, 128, {1, 1}},
      // One pixel has panels of eight.
      KernelLayer{1, 1, 64, 128, {1, 1}}, KernelLayer{1, 1, 63, 250, {1, 1}},
      // Several pixels in a vector: strides, rests, one channel, dilations,
      // and steps from two rows.
      KernelLayer{9, 65, 3, 8, {3, 3}, {2, 2}},
      KernelLayer{5, 45, 2, 4, {2, 3}}, KernelLayer{3, 130, 1, 1, {1, 1}},
      KernelLayer{4, 70, 1, 2, {3, 2}},
      KernelLayer{7, 50, 2, 8, {3, 2}, {1, 1}, {2, 3}},
      KernelLayer{4, 24, 16, 8, {1, 1}},
      // One column, whose strides say nothing of the rows.
      KernelLayer{13, 1, 5, 9, {1, 1}, {1, 3}},
      // Dilated windows, whose columns are apart.
      KernelLayer{9, 9, 6, 20, {3, 3}, {1, 1}, {2, 2}},
      KernelLayer{7, 20, 3, 40, {2, 3}, {2, 3}, {3, 2}},

      // Vectors along a row, of one phase and of many.
      KernelLayer{6, 9, 8, 8, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{5, 20, 3, 3, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{4, 70, 1, 1, {2, 2}, {1, 1}, {1, 1}, true},
      KernelLayer{5, 7, 24, 24, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{4, 6, 96, 96, {3, 3}, {1, 1}, {1, 1}, true},
      // Every other pixel, of vectors that are whole, in part, or both.
      KernelLayer{9, 17, 16, 16, {3, 3}, {2, 2}, {1, 1}, true},
      KernelLayer{7, 16, 8, 8, {2, 2}, {2, 2}, {1, 1}, true},
      KernelLayer{5, 41, 32, 32, {3, 3}, {2, 2}, {1, 1}, true},
      KernelLayer{9, 150, 1, 1, {5, 5}, {1, 2}, {1, 1}, true},
      KernelLayer{7, 29, 4, 4, {3, 3}, {2, 2}, {2, 2}, true},
      // Neighbouring pixels together, and an odd one that is alone.
      KernelLayer{6, 6, 64, 64, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{6, 7, 64, 64, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{4, 5, 128, 128, {1, 3}, {1, 1}, {1, 1}, true},
      // Tiles of two or three rows that divide the image.
      KernelLayer{6, 8, 64, 64, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{5, 7, 128, 128, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{13, 5, 64, 64, {3, 3}, {2, 2}, {1, 1}, true},
      // Down the columns of an image: pixels of 8 and 16 channels, whose last
      // columns overlap those before, and of several panels.
      KernelLayer{7, 21, 8, 8, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{6, 9, 16, 16, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{8, 5, 32, 32, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{11, 9, 64, 64, {3, 3}, {2, 2}, {1, 1}, true},
      KernelLayer{3, 4, 128, 128, {3, 3}, {1, 1}, {1, 1}, true},
      KernelLayer{9, 23, 8, 8, {3, 3}, {2, 2}, {1, 1}, true},
      KernelLayer{3, 5, 192, 192, {3, 3}, {2, 2}, {1, 1}, true},
      // By pairs of rows: one pair, and several with columns that overlap.
      KernelLayer{3, 5, 32, 32, {3, 3}, {2, 2}, {1, 1}, true},
      KernelLayer{9, 11, 32, 32, {3, 3}, {2, 2}, {1, 1}, true},
      // Pixel by pixel: strides, wide windows, dilations.
      KernelLayer{7, 7, 64, 64, {3, 3}, {2, 2}, {1, 1}, true},
      KernelLayer{9, 9, 16, 16, {3, 3}, {2, 2}, {1, 1}, true},
      KernelLayer{9, 9, 70, 70, {5, 5}, {1, 1}, {1, 1}, true},
      KernelLayer{9, 12, 10, 10, {2, 7}, {1, 2}, {2, 1}, true},
      KernelLayer{9, 9, 64, 64, {3, 3}, {1, 1}, {2, 2}, true}};
  size_t numShapes = layers.size();
  for (KernelLayer layer : std::vector<KernelLayer>(layers)) {
    layer.hasNibbles = true;
    if (keepsNibbles(layer, kernels))
      layers.push_back(layer);
  }
  for (KernelLayer &layer : layers)
    layer.isBiased = takesBiasedBytes(kernels);
  // Where integers requantize: multipliers of a half and more.
  if (!requantizesInFloat(kernels))
    for (KernelLayer layer :
         {KernelLayer{3, 5, 7, 20, {1, 1}}, KernelLayer{5, 6, 8, 17, {2, 2}},
          KernelLayer{1, 1, 9, 3, {1, 1}},
          KernelLayer{5, 6, 24, 24, {3, 3}, {1, 1}, {1, 1}, true}})
      for (Rounding rounding :
           {Rounding::Single, Rounding::Double, Rounding::HalfEven}) {
        layer.isSteep = true;
        layer.rounding = rounding;
        layers.push_back(layer);
      }
  // Ties to even, which scales of 1/256 have. Floating point has them only
  // where zero points are even.
  if (!requantizesInFloat(kernels))
    for (KernelLayer layer :
         {KernelLayer{3, 7, 8, 64, {1, 1}}, KernelLayer{1, 1, 63, 250, {1, 1}},
          KernelLayer{9, 10, 3, 8, {3, 3}, {2, 2}},
          KernelLayer{5, 7, 24, 24, {3, 3}, {1, 1}, {1, 1}, true}}) {
      layer.rounding = Rounding::HalfEven;
      layers.push_back(layer);
    }
  // Sums of two bytes and of three: every third layer, as the code differs in
  // its loops alone.
  for (size_t i = 0; i < numShapes; i += 3) {
    KernelLayer layer = layers[i];
    layer.largestWeight = i % 2 == 0 ? 254 : 255;
    layers.push_back(layer);
  }
  for (size_t i = 1; i < numShapes; i += 3) {
    KernelLayer layer = layers[i];
    layer.givesAccumulators = true;
    if (!layer.isDepthwise)
      layers.push_back(layer);
    layer.hasNibbles = true;
    if (keepsNibbles(layer, kernels) && !takesBiasedBytes(kernels))
      layers.push_back(layer);
  }
  constexpr Rounding roundings[] = {Rounding::Single, Rounding::Double,
                                    Rounding::HalfEven};
  for (KernelLayer layer : std::vector<KernelLayer>(layers)) {
    bool isShape = !layer.givesAccumulators && !layer.hasNibbles &&
                   layer.largestWeight == 0 &&
                   (layer.isSteep || layer.rounding == Rounding::Single);
    if (!isShape || !takesWide(layer, kernels))
      continue;
    // RISC-V's instructions round all channels once, or all twice.
    if (layer.isSteep && hasRiscvVectors(kernels) &&
        layer.rounding == Rounding::Double)
      continue;
    layer.isBiased = false;
    layer.isWide = true;
    if (!layer.isSteep)
      layer.rounding = roundings[layers.size() % 3];
    layers.push_back(layer);
  }
  return layers;
}

std::string quantcc::nameOf(const KernelLayer &layer) {
  std::string name = layer.isDepthwise ? "depthwise" : "conv";
  for (int64_t value :
       {layer.height, layer.width, layer.channels, layer.results,
        layer.kernel[0], layer.kernel[1], layer.strides[0], layer.strides[1],
        layer.dilations[0], layer.dilations[1]})
    name += "_" + std::to_string(value);
  if (layer.largestWeight != 0)
    name += "_weights_" + std::to_string(layer.largestWeight);
  return name + (layer.givesAccumulators ? "_accumulators" : "") +
         (layer.hasNibbles ? "_nibbles" : "") + (layer.isWide ? "_wide" : "") +
         (layer.isSteep ? "_steep_" : "_") +
         stringifyRounding(layer.rounding).str();
}

static constexpr int32_t kZeroPoint = -3, kMultiplier = 1 << 30;

/// With the multiplier, 2^(30 - shift).
static int32_t shiftOf(const KernelLayer &layer, int64_t channel) {
  constexpr int32_t kSteep[] = {29, 31, 33};
  return layer.isSteep ? kSteep[channel % 3] : 38;
}

static int32_t lowOf(const KernelLayer &layer) {
  return layer.isWide ? -30000 : -100;
}

static int32_t highOf(const KernelLayer &layer) {
  return layer.isWide ? 29000 : 90;
}

/// One layer as a model, with `weights` and `bias` in the order of the op.
static std::string makeSource(const KernelLayer &layer,
                              llvm::ArrayRef<int16_t> weights,
                              llvm::ArrayRef<int32_t> bias) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  auto tensor = [](llvm::ArrayRef<int64_t> shape, const char *element) {
    std::string type = "tensor<";
    for (int64_t extent : shape)
      type += std::to_string(extent) + "x";
    return type + element + ">";
  };
  const char *element = layer.isWide ? "i16" : "i8";
  std::string x =
      tensor({1, layer.height, layer.width, layer.channels}, element);
  std::string y =
      tensor({1, layer.outHeight(), layer.outWidth(), layer.results},
             layer.givesAccumulators ? "i32" : element);
  const char *weight = layer.largestWeight != 0 ? "i16"
                       : layer.hasNibbles       ? "i4"
                                                : "i8";
  std::string w =
      layer.isDepthwise
          ? tensor({layer.kernel[0], layer.kernel[1], layer.results}, weight)
          : tensor({layer.results, layer.kernel[0], layer.kernel[1],
                    layer.channels},
                   weight);
  std::string b = tensor({layer.results}, "i32");
  auto hex = [](const void *data, size_t size) {
    return llvm::toHex(llvm::StringRef(static_cast<const char *>(data), size));
  };
  auto listOf = [&](auto numberOf) {
    std::string list = std::to_string(numberOf(0));
    for (int64_t channel = 1; layer.isSteep && channel != layer.results;
         ++channel)
      list += ", " + std::to_string(numberOf(channel));
    return list;
  };
  std::string weightBytes;
  for (int16_t value : weights) {
    weightBytes += static_cast<char>(value);
    if (layer.largestWeight != 0)
      weightBytes += static_cast<char>(value >> 8);
  }
  stream << "func.func @model(%x: " << x << " {quantcc.name = \"x\"}) -> (" << y
         << " {quantcc.name = \"y\"}) {\n"
         << "  %w = arith.constant dense<\"0x" << llvm::toHex(weightBytes)
         << "\"> : " << w << "\n"
         << "  %b = arith.constant dense<\"0x"
         << hex(bias.data(), 4 * bias.size()) << "\"> : " << b << "\n"
         << "  %init = tensor.empty() : " << y << "\n"
         << "  %y = quantcc.fused_conv2d ins(%x, %w, %b : " << x << ", " << w
         << ", " << b << ") outs(%init : " << y << ") {"
         << (layer.isDepthwise ? "depthwise, " : "")
         << (layer.isBiased ? "biased_input, " : "")
         << (layer.isBiased && !layer.givesAccumulators ? "biased_result, "
                                                        : "")
         << "strides = array<i64: " << layer.strides[0] << ", "
         << layer.strides[1]
         << ">, dilations = array<i64: " << layer.dilations[0] << ", "
         << layer.dilations[1] << ">, ";
  if (layer.givesAccumulators)
    stream << "multipliers = array<i32>, shifts = array<i32>, "
              "output_zero_point = 0 : i32, clamp_min = -2147483648 : i32, "
              "clamp_max = 2147483647 : i32";
  else
    stream << "multipliers = array<i32: "
           << listOf([](int64_t) { return kMultiplier; })
           << ">, shifts = array<i32: "
           << listOf([&](int64_t channel) { return shiftOf(layer, channel); })
           << ">, output_zero_point = " << kZeroPoint
           << " : i32, clamp_min = " << lowOf(layer)
           << " : i32, clamp_max = " << highOf(layer) << " : i32";
  stream << ", rounding = #quantcc.rounding<"
         << stringifyRounding(layer.rounding).str() << ">} -> " << y << "\n"
         << "  return %y : " << y << "\n}\n";
  return text;
}

/// `sum` times the scale of `channel`. Halves go up, those of double in its
/// second step away from zero, and those of half_even to even.
static int64_t roundSum(const KernelLayer &layer, int64_t channel,
                        int64_t sum) {
  int32_t bits = shiftOf(layer, channel) - 30;
  if (bits < 0)
    return sum * (int64_t(1) << -bits);
  if (layer.rounding == Rounding::HalfEven) {
    int64_t below = sum >> bits, rest = sum - below * (int64_t(1) << bits);
    int64_t half = int64_t(1) << (bits - 1);
    return below + (rest > half || (rest == half && below % 2 != 0));
  }
  if (layer.rounding == Rounding::Single || bits == 1)
    return (sum + (int64_t(1) << (bits - 1))) >> bits;
  int64_t half = (sum + 1) >> 1, rest = bits - 1;
  int64_t last = int64_t(1) << (rest - 1);
  return half < 0 ? -((-half + last) >> rest) : (half + last) >> rest;
}

/// The value at `index` of `input`.
static int64_t readInput(const KernelLayer &layer,
                         llvm::ArrayRef<uint8_t> input, int64_t index) {
  if (layer.isWide)
    return static_cast<int16_t>(input[2 * index] | input[2 * index + 1] << 8);
  return layer.isBiased ? int64_t(input[index]) - 128
                        : static_cast<int8_t>(input[index]);
}

/// The result's bytes by the definition.
static std::vector<uint8_t> computeLayer(const KernelLayer &layer,
                                         llvm::ArrayRef<uint8_t> input,
                                         llvm::ArrayRef<int16_t> weights,
                                         llvm::ArrayRef<int32_t> bias) {
  std::vector<uint8_t> result;
  for (int64_t y = 0; y != layer.outHeight(); ++y)
    for (int64_t x = 0; x != layer.outWidth(); ++x)
      for (int64_t o = 0; o != layer.results; ++o) {
        int64_t sum = bias[o];
        for (int64_t i = 0; i != layer.kernel[0]; ++i)
          for (int64_t j = 0; j != layer.kernel[1]; ++j)
            for (int64_t c = 0; c != layer.channels; ++c) {
              if (layer.isDepthwise && c != o)
                continue;
              int64_t row = y * layer.strides[0] + i * layer.dilations[0];
              int64_t column = x * layer.strides[1] + j * layer.dilations[1];
              int64_t tap = i * layer.kernel[1] + j;
              int64_t stored =
                  readInput(layer, input,
                            (row * layer.width + column) * layer.channels + c);
              sum +=
                  stored *
                  (layer.isDepthwise
                       ? weights[tap * layer.results + o]
                       : weights[(o * layer.kernel[0] * layer.kernel[1] + tap) *
                                     layer.channels +
                                 c]);
            }
        if (layer.givesAccumulators) {
          for (int shift = 0; shift != 32; shift += 8)
            result.push_back(static_cast<uint8_t>(sum >> shift));
          continue;
        }
        int64_t value = std::clamp<int64_t>(
            roundSum(layer, o, sum) + kZeroPoint, lowOf(layer), highOf(layer));
        result.push_back(
            static_cast<uint8_t>(value + (layer.isBiased ? 128 : 0)));
        if (layer.isWide)
          result.push_back(static_cast<uint8_t>(value >> 8));
      }
  return result;
}

KernelCase quantcc::makeKernelCase(const KernelLayer &layer) {
  std::mt19937 random(layer.channels * 1000 + layer.width);
  std::vector<int16_t> weights(layer.numWeights());
  for (int16_t &weight : weights) {
    if (layer.largestWeight != 0)
      weight = static_cast<int16_t>(
          int64_t(random() % (2 * layer.largestWeight + 1)) -
          layer.largestWeight);
    else
      weight = layer.hasNibbles ? static_cast<int8_t>(random() % 16 - 8)
               : layer.isSteep  ? static_cast<int8_t>(random() % 3 - 1)
                                : static_cast<int8_t>(random());
  }
  // The ends, whatever the others are.
  if (layer.largestWeight != 0)
    weights.front() = static_cast<int16_t>(
        weights.size() % 2 ? -layer.largestWeight : layer.largestWeight);
  std::vector<int32_t> bias(layer.results);
  for (int32_t &value : bias)
    value = layer.isSteep ? static_cast<int32_t>(random() % 200) - 100
                          : static_cast<int32_t>(random() % 20000) - 10000;
  KernelCase result;
  result.input.resize(layer.height * layer.width * layer.channels *
                      (layer.isWide ? 2 : 1));
  for (uint8_t &byte : result.input)
    byte = static_cast<uint8_t>(random());
  result.source = makeSource(layer, weights, bias);
  result.expected = computeLayer(layer, result.input, weights, bias);
  return result;
}

KernelCase quantcc::makeLookupCase(int64_t count) {
  std::mt19937 random(count);
  std::vector<uint8_t> table(256);
  for (uint8_t &entry : table)
    entry = static_cast<uint8_t>(random());
  KernelCase result;
  llvm::raw_string_ostream stream(result.source);
  std::string type = "tensor<" + std::to_string(count) + "xi8>";
  stream << "#same = affine_map<(d0) -> (d0)>\n"
         << "func.func @model(%x: " << type << " {quantcc.name = \"x\"}) -> ("
         << type << " {quantcc.name = \"y\"}) {\n"
         << "  %table = arith.constant dense<\"0x" << llvm::toHex(table)
         << "\"> : tensor<256xi8>\n"
         << "  %init = tensor.empty() : " << type << "\n"
         << "  %y = linalg.generic {indexing_maps = [#same, #same], "
         << "iterator_types = [\"parallel\"]} ins(%x : " << type
         << ") outs(%init : " << type << ") {\n"
         << "  ^bb0(%in: i8, %out: i8):\n"
         << "    %place = arith.index_castui %in : i8 to index\n"
         << "    %entry = tensor.extract %table[%place] : tensor<256xi8>\n"
         << "    linalg.yield %entry : i8\n  } -> " << type
         << "\n  return %y : " << type << "\n}\n";
  for (int64_t i = 0; i != count; ++i) {
    result.input.push_back(static_cast<uint8_t>(random()));
    result.expected.push_back(table[result.input.back()]);
  }
  return result;
}

std::unique_ptr<MLIRContext> quantcc::createKernelContext() {
  DialectRegistry registry;
  registry.insert<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                  quant::QuantDialect, QuantCCDialect, scf::SCFDialect,
                  tensor::TensorDialect>();
  registerCodegenModels(registry);
  auto context = std::make_unique<MLIRContext>(registry);
  context->loadAllAvailableDialects();
  return context;
}
