//===- DotProducts.cpp - Dot products that no emulator knows --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// vqdot.vx, as the extension's specification defines it: to each word of the
// destination the sum of the products of four signed bytes, those of a word of
// the vector with those of the scalar.
//
//===----------------------------------------------------------------------===//

#include "DotProducts.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

static constexpr llvm::StringLiteral kFeature = ",+experimental-zvqdotq";

bool quantcc::differential::hasUnknownDotProducts(const TargetInfo &target) {
  return target.kernels == KernelSet::RiscvVectorDot;
}

TargetInfo quantcc::differential::withoutDotProducts(TargetInfo target) {
  size_t place = target.features.find(kFeature);
  assert(place != std::string::npos && "a target with the extension");
  target.features.erase(place, kFeature.size());
  return target;
}

static void replaceDotProduct(LLVM::CallIntrinsicOp dot) {
  OpBuilder builder(dot);
  Location loc = dot.getLoc();
  Value sums = dot.getArgs()[0], bytes = dot.getArgs()[1],
        word = dot.getArgs()[2];
  auto type = cast<VectorType>(sums.getType());
  Value words = vector::BitCastOp::create(builder, loc, type, bytes);
  Value scalars = vector::BroadcastOp::create(builder, loc, type, word);
  auto splat = [&](int64_t bits) -> Value {
    Value scalar = arith::ConstantIntOp::create(builder, loc, bits, 32);
    return vector::BroadcastOp::create(builder, loc, type, scalar);
  };
  // Byte `index` of each word with its sign.
  auto extract = [&](Value from, int64_t index) -> Value {
    Value high =
        arith::ShLIOp::create(builder, loc, from, splat(24 - 8 * index));
    return arith::ShRSIOp::create(builder, loc, high, splat(24));
  };
  for (int64_t index = 0; index != 4; ++index) {
    Value product = arith::MulIOp::create(builder, loc, extract(words, index),
                                          extract(scalars, index));
    sums = arith::AddIOp::create(builder, loc, sums, product);
  }
  dot.getResult(0).replaceAllUsesWith(sums);
  dot.erase();
}

void quantcc::differential::replaceDotProducts(ModuleOp scheduled) {
  scheduled.walk([](LLVM::CallIntrinsicOp call) {
    if (call.getIntrin() == "llvm.riscv.vqdot")
      replaceDotProduct(call);
  });
}
