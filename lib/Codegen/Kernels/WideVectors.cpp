//===- WideVectors.cpp - Vectors for values of 16 bits --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all instruction sets have in common.
//
//===----------------------------------------------------------------------===//

#include "WideVectors.h"
#include "WidePanel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

WideVectors::~WideVectors() = default;

std::vector<WidePanel> quantcc::divideIntoPanels(int64_t channels,
                                                 const WideVectors &vectors) {
  std::vector<WidePanel> panels;
  int64_t lanes = vectors.lanes();
  for (int64_t begin = 0; begin != channels;) {
    int64_t left = channels - begin;
    int64_t count =
        std::min<int64_t>(llvm::divideCeil(left, lanes), vectors.mostVectors());
    panels.push_back({begin, std::min(left, count * lanes), count, lanes});
    begin += panels.back().channels;
  }
  return panels;
}

void WideVectors::multiplyAddLoad(KernelBuilder &b, const TapLoads &loads,
                                  const StepWeights &weights,
                                  MutableArrayRef<Value> sums) const {
  SmallVector<Value> pixels;
  for (Value place : loads.places)
    pixels.push_back(loadTaps(b, loads.row, place, loads.count));
  int64_t steps = loads.count == 1 ? 1 : loads.count / tapsOfStep();
  for (int64_t step = 0; step != steps; ++step)
    for (int64_t v = 0; v != weights.vectors; ++v) {
      int64_t offset = (step * weights.vectors + v) * lanes() * tapsOfStep();
      Value vector = loadWeights(b, weights.row, b.add(weights.place, offset));
      for (auto [pixel, taps] : llvm::enumerate(pixels)) {
        Value &sum = sums[pixel * weights.vectors + v];
        sum = multiplyAdd(b, sum, taps, step, vector);
      }
    }
}

Value WideVectors::multiplyAddLanes(KernelBuilder &b, Value sums, Value values,
                                    Value weights) const {
  auto widen = [&](Value value) -> Value {
    return arith::ExtSIOp::create(b.builder, b.loc, sums.getType(), value);
  };
  Value products =
      arith::MulIOp::create(b.builder, b.loc, widen(values), widen(weights));
  return arith::AddIOp::create(b.builder, b.loc, sums, products);
}

void WideVectors::store(KernelBuilder &b, Value row, Value position,
                        Value values, int64_t count) const {
  b.storeElements(row, position, values, count);
}
