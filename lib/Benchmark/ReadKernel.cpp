//===- ReadKernel.cpp - The limit of memory -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a loop of loads as LLVM IR.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/ReadKernel.h"

#include "LoopFunction.h"
#include "quantcc/Benchmark/HostSupport.h"

#include <llvm/TargetParser/Triple.h>

using namespace quantcc;

static constexpr llvm::StringLiteral kSymbol = "quantcc_read";
/// Loads in flight, each into a sum of its own.
static constexpr unsigned kLoads = 8;

/// Bytes of the widest vector that code for `target` uses.
static int64_t vectorBytes(const TargetInfo &target) {
  if (llvm::Triple(target.triple).getArch() != llvm::Triple::x86_64)
    return 16;
  llvm::StringSet<> features = x86FeaturesOf(target);
  return features.contains("avx512f") ? 64
         : features.contains("avx2")  ? 32
                                      : 16;
}

/// Adds up `turns` times kLoads vectors from the input and stores the sums to
/// the output, so that no load is in vain.
static void buildLoop(llvm::Module &module, int64_t vector, int64_t turns) {
  LoopFunction frame(module, kSymbol);
  llvm::IRBuilder<> builder(frame.before);
  llvm::Type *byte = builder.getInt8Ty();
  auto *type = llvm::FixedVectorType::get(builder.getInt32Ty(), vector / 4);
  builder.CreateBr(frame.loop);

  builder.SetInsertPoint(frame.loop);
  llvm::PHINode *offset = builder.CreatePHI(builder.getInt64Ty(), 2);
  offset->addIncoming(builder.getInt64(0), frame.before);
  llvm::Value *place = builder.CreateGEP(byte, frame.input(), offset);
  llvm::SmallVector<llvm::PHINode *> sums;
  for (unsigned i = 0; i != kLoads; ++i) {
    sums.push_back(builder.CreatePHI(type, 2));
    sums.back()->addIncoming(llvm::Constant::getNullValue(type), frame.before);
  }
  llvm::SmallVector<llvm::Value *> next;
  for (auto [index, sum] : llvm::enumerate(sums)) {
    llvm::Value *loaded = builder.CreateAlignedLoad(
        type, builder.CreateConstGEP1_64(byte, place, index * vector),
        llvm::Align(1));
    next.push_back(builder.CreateAdd(sum, loaded));
    sum->addIncoming(next.back(), frame.loop);
  }
  llvm::Value *further =
      builder.CreateAdd(offset, builder.getInt64(kLoads * vector));
  offset->addIncoming(further, frame.loop);
  builder.CreateCondBr(
      builder.CreateICmpNE(further, builder.getInt64(turns * kLoads * vector)),
      frame.loop, frame.after);

  builder.SetInsertPoint(frame.after);
  for (auto [index, value] : llvm::enumerate(next))
    builder.CreateAlignedStore(
        value, builder.CreateConstGEP1_64(byte, frame.output(), index * vector),
        llvm::Align(1));
  builder.CreateRetVoid();
}

std::optional<ReadKernel> quantcc::buildReadKernel(const TargetInfo &target,
                                                   int64_t bytes) {
  int64_t vector = vectorBytes(target);
  int64_t turns = bytes / (kLoads * vector);
  if (turns == 0)
    return std::nullopt;
  bytes = turns * kLoads * vector;
  auto object = compileLoop(
      target, kSymbol, bytes, kLoads * vector,
      [&](llvm::Module &module) { buildLoop(module, vector, turns); });
  if (!object)
    return std::nullopt;
  return ReadKernel{std::move(*object), bytes};
}
