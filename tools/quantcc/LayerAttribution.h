//===- LayerAttribution.h - Why integers leave the prediction ---*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares each integer layer with what the fake-quantized stage predicts for
// the same inputs, and finds the reason of every difference.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_LAYERATTRIBUTION_H
#define QUANTCC_TOOLS_QUANTCC_LAYERATTRIBUTION_H

#include "Compilation.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/Support/JSON.h>
#include <memory>

namespace quantcc {

/// The stored values of one layer that differ from the prediction, by reason.
struct LayerAttribution {
  uint64_t values = 0;
  /// How far the farthest lies from its prediction, in stored steps.
  uint64_t largestSteps = 0;
  /// The prediction's f32 sum rounds to another value than the exact sum.
  uint64_t accumulation = 0;
  /// The bias, rounded to the accumulator's scale, moves the value.
  uint64_t bias = 0;
  /// The integer requantization rounds otherwise than the exact quotient.
  uint64_t requantization = 0;

  uint64_t differences() const { return accumulation + bias + requantization; }
  LayerAttribution &operator+=(const LayerAttribution &other);
};

llvm::json::Value toJson(const LayerAttribution &attribution);

/// Runs every layer of the fake-quantized model on its own, on given inputs.
class LayerPredictor {
public:
  static llvm::Expected<std::unique_ptr<LayerPredictor>>
  create(const Compilation &compilation);

  /// For one sample: `inputs` and `values` are what `quantized`, a runner of
  /// the quantized stage with exposed layers, took and gave. The result is
  /// keyed by the layers' names.
  llvm::Expected<llvm::StringMap<LayerAttribution>>
  attribute(const StageRunner &quantized, llvm::ArrayRef<TensorBytes> inputs,
            llvm::ArrayRef<TensorBytes> values) const;

private:
  LayerPredictor() = default;

  /// The quantized stage, for exact sums.
  mlir::OwningOpRef<mlir::ModuleOp> quantizedModule;
  llvm::StringMap<mlir::Operation *> quantizedLayers;
  /// The fake-quantized layers, each cut off from the ones before it; with the
  /// model's biases, and with the biases that integers can represent.
  std::unique_ptr<StageRunner> withBias;
  std::unique_ptr<StageRunner> withRoundedBias;
  /// For each input of these runners, the layer (or model input) it is; for
  /// each output behind `ownOutputs`, the layer.
  std::vector<std::string> inputLayers;
  std::vector<std::string> outputLayers;
};

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_LAYERATTRIBUTION_H
