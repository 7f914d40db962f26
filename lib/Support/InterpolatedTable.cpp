//===- InterpolatedTable.cpp - Tables of 16-bit functions -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Samples a real function at the ends of 512 segments.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/InterpolatedTable.h"

#include <algorithm>
#include <cmath>

using namespace quantcc;

static int16_t saturate(float value) {
  return static_cast<int16_t>(std::clamp(value, -32768.0f, 32767.0f));
}

llvm::SmallVector<int16_t, 0>
quantcc::buildInterpolatedTable(llvm::function_ref<float(float)> function,
                                RealInterval input, RealInterval output) {
  constexpr int segments = 512;
  float step = (input.max - input.min) / segments;
  float halfStep = step / 2;
  float scale = 65536.0f / (output.max - output.min);
  llvm::SmallVector<int16_t, 0> table;
  for (int i = 0; i < segments; ++i) {
    float start = input.min + static_cast<float>(i) * step;
    float sample = std::round(function(start) * scale);
    float end = function(input.min + static_cast<float>(i + 1) * step) * scale;
    float interpolated = std::round((end + sample) / 2);
    float middle = std::round(function(start + halfStep) * scale);
    table.push_back(saturate(sample - std::round((interpolated - middle) / 2)));
  }
  table.push_back(saturate(std::round(function(input.max) * scale)));
  return table;
}
