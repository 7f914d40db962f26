//===- NeonWideVectors.cpp - Values of 16 bits with NEON ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// smlal, or vmlal, takes one tap, any element of a vector, times four channels;
// eight taps of a pixel are loaded at once.
//
//===----------------------------------------------------------------------===//

#include "NeonKernel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kSums = 8, kTaps = 8;

/// Two registers of sums, whose eight weights are one load.
class NeonWideVectors : public WideVectors {
public:
  explicit NeonWideVectors(NeonVersion version) : version(version) {}

  int64_t lanes() const override { return kSums; }
  int64_t tapsOfStep() const override { return 1; }
  int64_t tapsOfLoad() const override { return kTaps; }
  int64_t mostVectors() const override { return isArmv7() ? 1 : 2; }
  int64_t pixelsFor(int64_t vectors) const override {
    return isArmv7() ? 4 : vectors == 2 ? 5 : 8;
  }

  Value loadTaps(KernelBuilder &b, Value row, Value position,
                 int64_t count) const override {
    return vector::LoadOp::create(b.builder, b.loc, halvesType(b, count), row,
                                  position);
  }
  Value loadWeights(KernelBuilder &b, Value weights,
                    Value position) const override {
    Value bytes = vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(kSums, b.builder.getI8Type()),
        weights, position);
    return arith::ExtSIOp::create(b.builder, b.loc, halvesType(b, kSums),
                                  bytes);
  }
  Value multiplyAdd(KernelBuilder &b, Value sums, Value taps, int64_t step,
                    Value weights) const override {
    return multiplyAddHalves(
        b, sums, shuffle(b, taps, SmallVector<int64_t>(kSums, step)), weights);
  }
  Value multiplyAddLanes(KernelBuilder &b, Value sums, Value values,
                         Value weights) const override {
    int64_t count = cast<VectorType>(sums.getType()).getNumElements();
    if (count != kSums)
      return WideVectors::multiplyAddLanes(b, sums, values, weights);
    return multiplyAddHalves(b, sums, values,
                             arith::ExtSIOp::create(b.builder, b.loc,
                                                    halvesType(b, kSums),
                                                    weights));
  }

private:
  bool isArmv7() const { return version == NeonVersion::Armv7; }
  static VectorType halvesType(KernelBuilder &b, int64_t count) {
    return VectorType::get(count, b.builder.getI16Type());
  }
  static Value shuffle(KernelBuilder &b, Value vector,
                       ArrayRef<int64_t> order) {
    return vector::ShuffleOp::create(b.builder, b.loc, vector, vector, order);
  }

  /// Each half of the products is one instruction with its sums.
  Value multiplyAddHalves(KernelBuilder &b, Value sums, Value lhs,
                          Value rhs) const {
    constexpr int64_t half = kSums / 2;
    auto type = VectorType::get(half, b.builder.getI32Type());
    SmallVector<Value> products;
    for (int64_t first : {int64_t(0), half}) {
      SmallVector<int64_t> order =
          llvm::to_vector(llvm::seq<int64_t>(first, first + half));
      products.push_back(
          LLVM::CallIntrinsicOp::create(
              b.builder, b.loc, type,
              b.builder.getStringAttr(isArmv7()
                                          ? "llvm.arm.neon.vmulls.v4i32"
                                          : "llvm.aarch64.neon.smull.v4i32"),
              ValueRange{shuffle(b, lhs, order), shuffle(b, rhs, order)})
              .getResult(0));
    }
    Value both = vector::ShuffleOp::create(
        b.builder, b.loc, products[0], products[1],
        llvm::to_vector(llvm::seq<int64_t>(0, kSums)));
    return arith::AddIOp::create(b.builder, b.loc, sums, both);
  }

  NeonVersion version;
};

} // namespace

const WideVectors &quantcc::getNeonWideVectors(NeonVersion version) {
  static const NeonWideVectors armv7(NeonVersion::Armv7),
      aarch64(NeonVersion::AArch64);
  return version == NeonVersion::Armv7 ? armv7 : aarch64;
}
