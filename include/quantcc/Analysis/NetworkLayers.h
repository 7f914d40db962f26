//===- NetworkLayers.h - The layers of a network ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a network at the quantized stage consists of, described for people and
// programs that do not read IR.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ANALYSIS_NETWORKLAYERS_H
#define QUANTCC_ANALYSIS_NETWORKLAYERS_H

#include <cstdint>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <optional>
#include <string>
#include <vector>

namespace quantcc {

/// How a tensor, or the constants of a layer together, are stored.
struct StorageFacts {
  /// The storage type, such as "i8" or "f32".
  std::string type;
  /// How many pairs of scale and zero point there are: 0 if the values are not
  /// quantized, 1 if all share one, more if each channel has its own.
  int64_t parameters = 0;
  double smallestScale = 0;
  double largestScale = 0;
  int64_t smallestZeroPoint = 0;
  int64_t largestZeroPoint = 0;
  /// The stored values that may occur, both included.
  int64_t storedMin = 0;
  int64_t storedMax = 0;
};

/// One layer.
struct NetworkLayer {
  /// Of its result, in the source model.
  std::string name;
  /// What it does: the op's name without the dialect's, with the kernel and the
  /// stride where it has one, such as "depthwise 3x3/2". Of a part that stays
  /// in float, what is in it, such as "conv2d 1x1 + add".
  std::string kind;
  /// The shapes of its input and result, such as "1x25x5x64 -> 1x25x5x64".
  std::string shapes;
  /// Multiply-accumulates of one run (countMultiplies).
  int64_t macs = 0;
  StorageFacts result;
  /// The quantized constants it computes with.
  std::optional<StorageFacts> weights;
  /// Why the layer stays in float; empty for one that does not.
  std::string floatReason;
  /// The names of what is in a part that stays in float.
  std::vector<std::string> members;

  bool isFloat() const { return !floatReason.empty(); }
};

/// Whether `op` is a constant, or the form in which a constant is quantized.
bool isNetworkConstant(mlir::Operation *op);

/// Whether `op` is a layer that takes time: no constant, no change of shape
/// alone, and no access to the network's state.
bool takesTime(mlir::Operation *op);

/// NetworkLayer::kind of `op`.
std::string spellLayerKind(mlir::Operation *op);

/// NetworkLayer::shapes of `op`, which has a result.
std::string spellLayerShapes(mlir::Operation *op);

/// Every layer of `entry`, at the quantized stage, that takes time, in order.
std::vector<NetworkLayer> describeLayers(mlir::func::FuncOp entry);

} // namespace quantcc

#endif // QUANTCC_ANALYSIS_NETWORKLAYERS_H
