//===- FloatLayers.h - Layers that stay in float ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which ops keep computing in floating point, and why.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_TRANSFORMS_FLOATLAYERS_H
#define QUANTCC_LIB_TRANSFORMS_FLOATLAYERS_H

#include <mlir/IR/Operation.h>
#include <optional>
#include <string>

namespace quantcc {

/// Whether `op` computes f32 tensors: it is no constant, no return, and neither
/// marks nor simulates nor casts.
bool isFloatLayer(mlir::Operation *op);

/// Why the layer `op` cannot be quantized whatever is known of its values: it
/// was excluded, or has no quantized form. None if it can.
std::optional<std::string> getKeepFloatReason(mlir::Operation *op);

} // namespace quantcc

#endif // QUANTCC_LIB_TRANSFORMS_FLOATLAYERS_H
