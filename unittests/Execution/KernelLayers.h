//===- KernelLayers.h - Layers that are hard on kernels ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fused layers whose shapes divide unevenly into vectors, panels and tiles, and
// their results by the definition, in sums written down here.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_EXECUTION_KERNELLAYERS_H
#define QUANTCC_UNITTESTS_EXECUTION_KERNELLAYERS_H

#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Support/Rounding.h"

#include <mlir/IR/BuiltinOps.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace quantcc {

struct KernelLayer {
  int64_t height, width, channels, results;
  int64_t kernel[2];
  int64_t strides[2] = {1, 1};
  int64_t dilations[2] = {1, 1};
  bool isDepthwise = false;

  /// Whether bytes are stored values plus 128.
  bool isBiased = false;
  /// Whether weights are of 4 bits, two to a byte.
  bool hasNibbles = false;
  /// The largest weight, below 0 as well as above, if no byte holds it; 0 if
  /// bytes hold them all.
  int64_t largestWeight = 0;
  /// Whether the result is the accumulators.
  bool givesAccumulators = false;
  /// Whether activations have 16 bits.
  bool isWide = false;
  /// Not reduced.
  Rounding rounding = Rounding::Single;
  /// Whether channels have scales of 2, 1/2 and 1/8 in turn, not all 1/256.
  bool isSteep = false;

  int64_t outHeight() const {
    return (height - (kernel[0] - 1) * dilations[0] - 1) / strides[0] + 1;
  }
  int64_t outWidth() const {
    return (width - (kernel[1] - 1) * dilations[1] - 1) / strides[1] + 1;
  }
  int64_t numWeights() const {
    return kernel[0] * kernel[1] * results * (isDepthwise ? 1 : channels);
  }
};

/// Whether the kernels of `set` take stored values plus 128.
bool takesBiasedBytes(KernelSet set);

/// All that `kernels` takes.
std::vector<KernelLayer> kernelLayers(KernelSet kernels);

/// Letters, digits and underscores.
std::string nameOf(const KernelLayer &layer);

/// A layer with weights, biases and an input that follow from its shape.
struct KernelCase {
  /// A model of the integer stage, with one input and one output.
  std::string source;
  std::vector<uint8_t> input, expected;
};
KernelCase makeKernelCase(const KernelLayer &layer);

/// A table of bytes for `count` values: vectors of them, with a rest.
KernelCase makeLookupCase(int64_t count);
/// Numbers of values with vectors and rests of all sorts.
constexpr int64_t kLookupCounts[] = {1, 15, 16, 63, 64, 65, 200};

/// A context for such models, on their way to an object.
std::unique_ptr<mlir::MLIRContext> createKernelContext();

} // namespace quantcc

#endif // QUANTCC_UNITTESTS_EXECUTION_KERNELLAYERS_H
