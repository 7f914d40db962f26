//===- LookupTable.cpp - Tables of 8-bit functions ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tabulates a real function over the stored values of a quantized type.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/LookupTable.h"

#include <algorithm>
#include <cassert>
#include <cmath>

using namespace quantcc;

static int32_t quantizeEntry(double real, const QuantizationParameters &params,
                             StoredRange bounds) {
  if (std::isnan(real))
    return params.zeroPoint;
  double stored = std::round(real / params.scale) + params.zeroPoint;
  return static_cast<int32_t>(
      std::clamp(stored, double(bounds.min), double(bounds.max)));
}

llvm::SmallVector<int32_t, 256> quantcc::buildTable(
    llvm::function_ref<double(double)> function,
    const QuantizationParameters &input, StoredRange inputBounds,
    const QuantizationParameters &output, StoredRange outputBounds) {
  assert(inputBounds.max - inputBounds.min < 65536 && "table too large");
  llvm::SmallVector<int32_t, 256> table;
  for (int64_t stored = inputBounds.min; stored <= inputBounds.max; ++stored) {
    double real = double(input.scale) * double(stored - input.zeroPoint);
    table.push_back(quantizeEntry(function(real), output, outputBounds));
  }
  return table;
}
