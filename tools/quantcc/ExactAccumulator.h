//===- ExactAccumulator.h - Exact sums of a layer ---------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exact value that one element of a convolution or product stands for.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_EXACTACCUMULATOR_H
#define QUANTCC_TOOLS_QUANTCC_EXACTACCUMULATOR_H

#include <llvm/ADT/ArrayRef.h>
#include <mlir/IR/Operation.h>
#include <optional>

namespace quantcc {

/// The stored value that element `index` (row-major) of the result of `layer`,
/// a conv2d or linear in quantized form, has when its integer sum, bias
/// included, is scaled in f64 and rounded to nearest, ties away from zero, then
/// clamped. `input` are the stored values of the layer's activation. None for
/// other ops.
std::optional<int64_t> idealStoredValue(mlir::Operation *layer, size_t index,
                                        llvm::ArrayRef<int64_t> input);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_EXACTACCUMULATOR_H
