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

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

WideVectors::~WideVectors() = default;

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
