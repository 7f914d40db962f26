//===- InterpolatedTable.h - Tables of 16-bit functions ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds tables that are read with linear interpolation by 16-bit values.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_INTERPOLATEDTABLE_H
#define QUANTCC_SUPPORT_INTERPOLATEDTABLE_H

#include <cstdint>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>

namespace quantcc {

/// A closed interval of f32 values.
struct RealInterval {
  float min;
  float max;
};

/// The 513 entries for `function` at the ends of 512 equal segments of `input`,
/// in units of 1/65536 of `output`, without its offset. An entry is moved by
/// half the error that interpolation would have in the middle of the segment
/// behind it. All arithmetic is f32, ties away from zero. (docs/Numerics.md,
/// N25) Source: TFLite's LUTPopulate.
llvm::SmallVector<int16_t, 0>
buildInterpolatedTable(llvm::function_ref<float(float)> function,
                       RealInterval input, RealInterval output);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_INTERPOLATEDTABLE_H
