//===- ReadKernel.cpp - The limit of memory -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a loop of loads as LLVM IR and compiles it without the optimizer,
// which might see through it.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/ReadKernel.h"

#include "quantcc/Benchmark/HostSupport.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LLVMContext.h>
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

/// `void quantcc_read(ptr in, ptr out, ptr arena)`: adds up `turns` times
/// kLoads vectors from `in` and stores the sums to `out`, so that no load is in
/// vain.
static void buildLoop(llvm::Module &module, int64_t vector, int64_t turns) {
  llvm::LLVMContext &context = module.getContext();
  llvm::IRBuilder<> builder(context);
  llvm::Type *pointer = builder.getPtrTy(), *byte = builder.getInt8Ty();
  auto *type = llvm::FixedVectorType::get(builder.getInt32Ty(), vector / 4);
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(builder.getVoidTy(), {pointer, pointer, pointer},
                              false),
      llvm::GlobalValue::ExternalLinkage, kSymbol, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  auto *before = llvm::BasicBlock::Create(context, "before", function);
  auto *loop = llvm::BasicBlock::Create(context, "loop", function);
  auto *after = llvm::BasicBlock::Create(context, "after", function);
  builder.SetInsertPoint(before);
  builder.CreateBr(loop);

  builder.SetInsertPoint(loop);
  llvm::PHINode *offset = builder.CreatePHI(builder.getInt64Ty(), 2);
  offset->addIncoming(builder.getInt64(0), before);
  llvm::Value *place = builder.CreateGEP(byte, function->getArg(0), offset);
  llvm::SmallVector<llvm::PHINode *> sums;
  for (unsigned i = 0; i != kLoads; ++i) {
    sums.push_back(builder.CreatePHI(type, 2));
    sums.back()->addIncoming(llvm::Constant::getNullValue(type), before);
  }
  llvm::SmallVector<llvm::Value *> next;
  for (auto [index, sum] : llvm::enumerate(sums)) {
    llvm::Value *loaded = builder.CreateAlignedLoad(
        type, builder.CreateConstGEP1_64(byte, place, index * vector),
        llvm::Align(1));
    next.push_back(builder.CreateAdd(sum, loaded));
    sum->addIncoming(next.back(), loop);
  }
  llvm::Value *further =
      builder.CreateAdd(offset, builder.getInt64(kLoads * vector));
  offset->addIncoming(further, loop);
  builder.CreateCondBr(
      builder.CreateICmpNE(further, builder.getInt64(turns * kLoads * vector)),
      loop, after);

  builder.SetInsertPoint(after);
  for (auto [index, value] : llvm::enumerate(next))
    builder.CreateAlignedStore(
        value,
        builder.CreateConstGEP1_64(byte, function->getArg(1), index * vector),
        llvm::Align(1));
  builder.CreateRetVoid();
}

/// A tensor of `size` bytes.
static TensorInterface bytesOf(int64_t size) {
  TensorInterface tensor;
  tensor.shape = {size};
  return tensor;
}

std::optional<ReadKernel> quantcc::buildReadKernel(const TargetInfo &target,
                                                   int64_t bytes) {
  int64_t vector = vectorBytes(target);
  int64_t turns = bytes / (kLoads * vector);
  if (turns == 0)
    return std::nullopt;
  auto machine = createTargetMachine(target);
  if (!machine) {
    llvm::consumeError(machine.takeError());
    return std::nullopt;
  }
  llvm::LLVMContext context;
  llvm::Module module("read", context);
  module.setTargetTriple((*machine)->getTargetTriple());
  module.setDataLayout((*machine)->createDataLayout());
  buildLoop(module, vector, turns);
  auto object = emitObject(module, **machine);
  if (!object) {
    llvm::consumeError(object.takeError());
    return std::nullopt;
  }
  ReadKernel kernel;
  kernel.bytes = turns * kLoads * vector;
  kernel.object.interface.symbol = kSymbol.str();
  kernel.object.interface.inputs.push_back(bytesOf(kernel.bytes));
  kernel.object.interface.outputs.push_back(bytesOf(kLoads * vector));
  kernel.object.bytes = std::move(object->bytes);
  return kernel;
}
