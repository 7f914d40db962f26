//===- LayerFunctions.h - Each layer as a model of its own ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts a network at the quantized stage into its layers, so that each can be
// compiled and timed alone.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_LAYERFUNCTIONS_H
#define QUANTCC_BENCHMARK_LAYERFUNCTIONS_H

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/OwningOpRef.h>
#include <string>
#include <vector>

namespace quantcc {

/// A layer, cut out.
struct LayerFunction {
  /// In the source model.
  std::string name;
  /// As in NetworkLayer.
  std::string kind;
  std::string shapes;
  /// A module at the quantized stage whose entry takes the values the layer
  /// takes and gives what it gives. Constants are the network's own.
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Every op of `entry` that takes time: all but constants and changes of shape,
/// in their order. Ops on the network's state are not layers.
std::vector<LayerFunction> cutIntoLayers(mlir::func::FuncOp entry);

/// The one kernel of `layer`, a module at the laid-out stage, without what
/// converts, pads and reshapes its operands: its entry takes and gives values
/// as the buffers of a network hold them, in the kernel's encoding and with
/// their padding. Null where there is none, or several.
mlir::OwningOpRef<mlir::ModuleOp> cutOutKernel(mlir::ModuleOp layer);

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_LAYERFUNCTIONS_H
