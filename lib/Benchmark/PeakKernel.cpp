//===- PeakKernel.cpp - The limit of an instruction set -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the loop as LLVM IR.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/PeakKernel.h"

#include "LoopFunction.h"
#include "quantcc/Benchmark/HostSupport.h"

#include <llvm/IR/IntrinsicsX86.h>
#include <llvm/TargetParser/Triple.h>

using namespace quantcc;

static constexpr llvm::StringLiteral kSymbol = "quantcc_peak";
/// Enough to hide a latency of 5 cycles at two instructions a cycle.
static constexpr unsigned kAccumulators = 12;
static constexpr unsigned kIterations = 2048;

namespace {

/// How a target multiplies and adds.
struct DotProduct {
  const char *instruction;
  /// Bits of a vector.
  unsigned width;
  llvm::Intrinsic::ID intrinsic;
  /// Whether the instruction adds its accumulator itself.
  bool accumulates;
  /// Multiply-accumulates of one instruction.
  unsigned macs;
};

} // namespace

static std::optional<DotProduct> dotProductOf(const TargetInfo &target) {
  if (llvm::Triple(target.triple).getArch() != llvm::Triple::x86_64)
    return std::nullopt;
  llvm::StringSet<> features = x86FeaturesOf(target);
  auto has = [&](llvm::StringRef name) { return features.contains(name); };
  if (has("avx512vnni"))
    return DotProduct{"vpdpbusd zmm", 512,
                      llvm::Intrinsic::x86_avx512_vpdpbusd_512, true, 64};
  if (has("avxvnni"))
    return DotProduct{"vpdpbusd ymm", 256,
                      llvm::Intrinsic::x86_avx512_vpdpbusd_256, true, 32};
  if (has("avx512bw"))
    return DotProduct{"vpmaddwd zmm, vpaddd", 512,
                      llvm::Intrinsic::x86_avx512_pmaddw_d_512, false, 32};
  if (has("avx2"))
    return DotProduct{"vpmaddwd ymm, vpaddd", 256,
                      llvm::Intrinsic::x86_avx2_pmadd_wd, false, 16};
  return DotProduct{"pmaddwd xmm, paddd", 128,
                    llvm::Intrinsic::x86_sse2_pmadd_wd, false, 8};
}

/// Loads accumulators and two operands from the input, iterates, and stores the
/// accumulators to the output, so that nothing is known and nothing is in vain.
static void buildLoop(llvm::Module &module, const DotProduct &product) {
  LoopFunction frame(module, kSymbol);
  llvm::IRBuilder<> builder(frame.before);
  auto *sums =
      llvm::FixedVectorType::get(builder.getInt32Ty(), product.width / 32);
  unsigned elementBits = product.accumulates ? 8 : 16;
  auto *operands = llvm::FixedVectorType::get(builder.getIntNTy(elementBits),
                                              product.width / elementBits);
  int64_t bytes = product.width / 8;
  auto load = [&](llvm::Type *type, unsigned index) {
    return builder.CreateAlignedLoad(
        type,
        builder.CreateConstGEP1_64(builder.getInt8Ty(), frame.input(),
                                   index * bytes),
        llvm::Align(1));
  };
  llvm::Value *lhs = load(operands, kAccumulators);
  llvm::Value *rhs = load(operands, kAccumulators + 1);
  llvm::SmallVector<llvm::Value *> initial, next;
  for (unsigned i = 0; i != kAccumulators; ++i)
    initial.push_back(load(sums, i));
  builder.CreateBr(frame.loop);

  builder.SetInsertPoint(frame.loop);
  llvm::PHINode *count = builder.CreatePHI(builder.getInt64Ty(), 2);
  count->addIncoming(builder.getInt64(kIterations), frame.before);
  llvm::SmallVector<llvm::PHINode *> accumulators;
  for (llvm::Value *value : initial) {
    accumulators.push_back(builder.CreatePHI(sums, 2));
    accumulators.back()->addIncoming(value, frame.before);
  }
  for (llvm::PHINode *accumulator : accumulators) {
    // The products must differ, or one would do for all.
    next.push_back(
        product.accumulates
            ? builder.CreateIntrinsic(product.intrinsic,
                                      {accumulator, lhs, rhs})
            : builder.CreateAdd(
                  accumulator,
                  builder.CreateIntrinsic(
                      product.intrinsic,
                      {builder.CreateBitCast(accumulator, operands), rhs})));
    accumulator->addIncoming(next.back(), frame.loop);
  }
  llvm::Value *left = builder.CreateSub(count, builder.getInt64(1));
  count->addIncoming(left, frame.loop);
  builder.CreateCondBr(builder.CreateICmpNE(left, builder.getInt64(0)),
                       frame.loop, frame.after);

  builder.SetInsertPoint(frame.after);
  for (auto [index, value] : llvm::enumerate(next))
    builder.CreateAlignedStore(value,
                               builder.CreateConstGEP1_64(builder.getInt8Ty(),
                                                          frame.output(),
                                                          index * bytes),
                               llvm::Align(1));
  builder.CreateRetVoid();
}

std::optional<PeakKernel> quantcc::buildPeakKernel(const TargetInfo &target) {
  std::optional<DotProduct> product = dotProductOf(target);
  if (!product)
    return std::nullopt;
  int64_t vector = product->width / 8;
  auto object = compileLoop(
      target, kSymbol, (kAccumulators + 2) * vector, kAccumulators * vector,
      [&](llvm::Module &module) { buildLoop(module, *product); });
  if (!object)
    return std::nullopt;
  int64_t macs = int64_t(product->macs) * kAccumulators * kIterations;
  return PeakKernel{product->instruction, std::move(*object), macs};
}
