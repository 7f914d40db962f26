//===- StripObservers.cpp - Take observers away ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces each observer by its operand.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_STRIPOBSERVERS
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct StripObservers
    : public quantcc::impl::StripObserversBase<StripObservers> {
  using StripObserversBase::StripObserversBase;

  void runOnOperation() override {
    getOperation().walk([](ObserveOp observe) {
      observe.getResult().replaceAllUsesWith(observe.getInput());
      observe.erase();
    });
  }
};
} // namespace
