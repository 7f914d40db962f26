//===- FloatConstants.h - The values of float constants ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the elements of f32 constants, however they are held.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ANALYSIS_FLOATCONSTANTS_H
#define QUANTCC_ANALYSIS_FLOATCONSTANTS_H

#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/Value.h>
#include <optional>
#include <vector>

namespace quantcc {

/// The elements of the f32 tensor constant `value`, in row-major order, or none
/// if it is not one. A splat is repeated.
std::optional<std::vector<float>> getFloatConstant(mlir::Value value);

/// Whether getFloatConstant has an answer, which costs less than asking it.
bool isFloatConstant(mlir::Value value);

} // namespace quantcc

#endif // QUANTCC_ANALYSIS_FLOATCONSTANTS_H
