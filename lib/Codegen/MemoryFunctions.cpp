//===- MemoryFunctions.cpp - Code without memcpy and memset ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the functions that copy, move and fill memory, and calls them.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/MemoryFunctions.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/Analysis/TargetTransformInfo.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/IntrinsicsRISCV.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

using namespace quantcc;
using llvm::IRBuilder;
using llvm::Value;

/// Up to this length instructions take less room than a call.
static constexpr uint64_t kInlineBytes = 16;

namespace {

enum class Job { Copy, Move, Fill };

/// Builds the functions of one module, each when it is first asked for. Their
/// arguments are (to, from, length in bytes); a fill has a byte for `from`.
class MemoryFunctionBuilder {
public:
  MemoryFunctionBuilder(llvm::Module &module,
                        const llvm::TargetTransformInfo &costs,
                        bool hasScalableVectors);

  /// The function for `job` on memory aligned to `alignment` on both sides.
  llvm::Function *get(Job job, llvm::Align alignment);

  llvm::IntegerType *lengthType() const { return wordType; }

private:
  /// Emits `for (i = begin; i < end; i += body(i));` before `before`.
  void loop(Value *begin, Value *end, llvm::Instruction *before,
            llvm::function_ref<Value *(IRBuilder<> &, Value *)> body);
  /// The same with the constant `step`.
  void loop(Value *begin, Value *end, uint64_t step, llvm::Instruction *before,
            llvm::function_ref<void(IRBuilder<> &, Value *)> body);
  void buildScalable(Job job, llvm::Function &function,
                     llvm::Instruction *before);
  void buildForward(Job job, llvm::Function &function,
                    llvm::Instruction *before, bool byWords);
  void buildMove(llvm::Function &function, llvm::Instruction *before,
                 llvm::Align alignment);

  llvm::Module &module;
  llvm::IntegerType *byteType;
  /// As wide as a pointer.
  llvm::IntegerType *wordType;
  uint64_t wordBytes;
  /// What words must be aligned to.
  llvm::Align wordAlignment;
  /// Whether there are RISC-V's vectors.
  bool hasScalableVectors;
};

} // namespace

MemoryFunctionBuilder::MemoryFunctionBuilder(
    llvm::Module &module, const llvm::TargetTransformInfo &costs,
    bool hasScalableVectors)
    : module(module), byteType(llvm::Type::getInt8Ty(module.getContext())),
      wordType(module.getDataLayout().getIntPtrType(module.getContext())),
      wordBytes(wordType->getBitWidth() / 8), wordAlignment(wordBytes),
      hasScalableVectors(hasScalableVectors) {
  unsigned isFast = 0;
  if (costs.allowsMisalignedMemoryAccesses(
          module.getContext(), wordType->getBitWidth(),
          /*AddressSpace=*/0, llvm::Align(1), &isFast) &&
      isFast)
    wordAlignment = llvm::Align(1);
}

void MemoryFunctionBuilder::loop(
    Value *begin, Value *end, llvm::Instruction *before,
    llvm::function_ref<Value *(IRBuilder<> &, Value *)> body) {
  llvm::BasicBlock *entry = before->getParent();
  llvm::BasicBlock *after = entry->splitBasicBlock(before->getIterator());
  llvm::BasicBlock *block = llvm::BasicBlock::Create(module.getContext(), "",
                                                     entry->getParent(), after);
  entry->getTerminator()->eraseFromParent();
  IRBuilder<> builder(entry);
  builder.CreateCondBr(builder.CreateICmpULT(begin, end), block, after);
  builder.SetInsertPoint(block);
  llvm::PHINode *position = builder.CreatePHI(wordType, 2);
  Value *next = builder.CreateAdd(position, body(builder, position));
  builder.CreateCondBr(builder.CreateICmpULT(next, end), block, after);
  position->addIncoming(begin, entry);
  position->addIncoming(next, block);
}

void MemoryFunctionBuilder::loop(
    Value *begin, Value *end, uint64_t step, llvm::Instruction *before,
    llvm::function_ref<void(IRBuilder<> &, Value *)> body) {
  loop(begin, end, before, [&](IRBuilder<> &builder, Value *position) {
    body(builder, position);
    return llvm::ConstantInt::get(wordType, step);
  });
}

/// As many bytes at once as eight registers hold, of any size.
void MemoryFunctionBuilder::buildScalable(Job job, llvm::Function &function,
                                          llvm::Instruction *before) {
  constexpr uint64_t kBytes = 0, kEightRegisters = 3;
  auto *vectorType = llvm::ScalableVectorType::get(byteType, 64);
  auto *pointerType = llvm::PointerType::get(module.getContext(), 0);
  auto *nothing = llvm::PoisonValue::get(vectorType);
  Value *length = function.getArg(2);
  auto word = [&](uint64_t value) {
    return llvm::ConstantInt::get(wordType, value);
  };
  Value *bytes = nullptr;
  if (job == Job::Fill)
    bytes = IRBuilder<>(before).CreateVectorSplat(vectorType->getElementCount(),
                                                  function.getArg(1));
  loop(word(0), length, before, [&](IRBuilder<> &builder, Value *position) {
    Value *count =
        builder.CreateIntrinsic(llvm::Intrinsic::riscv_vsetvli, {wordType},
                                {builder.CreateSub(length, position),
                                 word(kBytes), word(kEightRegisters)});
    Value *stored = bytes;
    if (job == Job::Copy)
      stored = builder.CreateIntrinsic(
          llvm::Intrinsic::riscv_vle, {vectorType, pointerType, wordType},
          {nothing, builder.CreateGEP(byteType, function.getArg(1), position),
           count});
    builder.CreateIntrinsic(
        llvm::Intrinsic::riscv_vse, {vectorType, pointerType, wordType},
        {stored, builder.CreateGEP(byteType, function.getArg(0), position),
         count});
    return count;
  });
}

/// Words first, if there are any, then bytes.
void MemoryFunctionBuilder::buildForward(Job job, llvm::Function &function,
                                         llvm::Instruction *before,
                                         bool byWords) {
  Value *length = function.getArg(2);
  Value *begin = llvm::ConstantInt::get(wordType, 0);
  auto store = [&](IRBuilder<> &builder, Value *position, Value *value,
                   llvm::Align alignment) {
    builder.CreateAlignedStore(
        value, builder.CreateGEP(byteType, function.getArg(0), position),
        alignment);
  };
  auto load = [&](IRBuilder<> &builder, Value *position, llvm::Type *type,
                  llvm::Align alignment) {
    return builder.CreateAlignedLoad(
        type, builder.CreateGEP(byteType, function.getArg(1), position),
        alignment);
  };
  IRBuilder<> builder(before);
  if (byWords) {
    Value *end = builder.CreateAnd(
        length, llvm::ConstantInt::get(wordType, ~(wordBytes - 1)));
    Value *word = nullptr;
    if (job == Job::Fill)
      word = builder.CreateMul(
          builder.CreateZExt(function.getArg(1), wordType),
          llvm::ConstantInt::get(wordType, ~uint64_t(0) / 255));
    loop(begin, end, wordBytes, before, [&](IRBuilder<> &at, Value *position) {
      store(at, position,
            word ? word : load(at, position, wordType, wordAlignment),
            wordAlignment);
    });
    begin = end;
  }
  loop(begin, length, 1, before, [&](IRBuilder<> &at, Value *position) {
    store(at, position,
          job == Job::Fill ? static_cast<Value *>(function.getArg(1))
                           : load(at, position, byteType, llvm::Align(1)),
          llvm::Align(1));
  });
}

/// Forward, if nothing is overwritten before it is read; else from the end.
void MemoryFunctionBuilder::buildMove(llvm::Function &function,
                                      llvm::Instruction *before,
                                      llvm::Align alignment) {
  IRBuilder<> builder(before);
  Value *to = function.getArg(0), *from = function.getArg(1),
        *length = function.getArg(2);
  // Modulo 2^n: large if `to` comes first.
  Value *distance = builder.CreateSub(builder.CreatePtrToInt(to, wordType),
                                      builder.CreatePtrToInt(from, wordType));
  llvm::Instruction *forward, *backward;
  llvm::SplitBlockAndInsertIfThenElse(builder.CreateICmpUGE(distance, length),
                                      before, &forward, &backward);
  IRBuilder<>(forward).CreateCall(get(Job::Copy, alignment),
                                  {to, from, length});
  loop(llvm::ConstantInt::get(wordType, 0), length, 1, backward,
       [&](IRBuilder<> &at, Value *position) {
         Value *last = at.CreateSub(at.CreateSub(length, position),
                                    llvm::ConstantInt::get(wordType, 1));
         at.CreateStore(
             at.CreateLoad(byteType, at.CreateGEP(byteType, from, last)),
             at.CreateGEP(byteType, to, last));
       });
}

llvm::Function *MemoryFunctionBuilder::get(Job job, llvm::Align alignment) {
  bool byWords = hasScalableVectors || alignment >= wordAlignment;
  std::string name = job == Job::Copy   ? "quantcc_copy"
                     : job == Job::Move ? "quantcc_move"
                                        : "quantcc_fill";
  if (!byWords)
    name += "_bytes";
  if (llvm::Function *function = module.getFunction(name))
    return function;
  auto *pointer = llvm::PointerType::get(module.getContext(), 0);
  llvm::Type *second =
      job == Job::Fill ? static_cast<llvm::Type *>(byteType) : pointer;
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(llvm::Type::getVoidTy(module.getContext()),
                              {pointer, second, wordType}, false),
      llvm::GlobalValue::InternalLinkage, name, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  IRBuilder<> builder(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  llvm::Instruction *end = builder.CreateRetVoid();
  if (job == Job::Move)
    buildMove(*function, end, alignment);
  else if (hasScalableVectors)
    buildScalable(job, *function, end);
  else
    buildForward(job, *function, end, byWords);
  return function;
}

/// Replaces `copy`, a memcpy or memmove.
static void replaceCopy(llvm::MemTransferInst &copy,
                        MemoryFunctionBuilder &functions) {
  IRBuilder<> builder(&copy);
  auto *length = llvm::dyn_cast<llvm::ConstantInt>(copy.getLength());
  if (llvm::isa<llvm::MemCpyInst>(copy) && length &&
      length->getZExtValue() <= kInlineBytes) {
    builder.CreateMemCpyInline(copy.getRawDest(), copy.getDestAlign(),
                               copy.getRawSource(), copy.getSourceAlign(),
                               length, copy.isVolatile());
    return;
  }
  llvm::Align alignment = std::min(copy.getDestAlign().valueOrOne(),
                                   copy.getSourceAlign().valueOrOne());
  Job job = llvm::isa<llvm::MemCpyInst>(copy) ? Job::Copy : Job::Move;
  builder.CreateCall(
      functions.get(job, alignment),
      {copy.getRawDest(), copy.getRawSource(),
       builder.CreateZExtOrTrunc(copy.getLength(), functions.lengthType())});
}

static void replaceFill(llvm::MemSetInst &fill,
                        MemoryFunctionBuilder &functions) {
  IRBuilder<> builder(&fill);
  auto *length = llvm::dyn_cast<llvm::ConstantInt>(fill.getLength());
  if (length && length->getZExtValue() <= kInlineBytes) {
    builder.CreateMemSetInline(fill.getRawDest(), fill.getDestAlign(),
                               fill.getValue(), length, fill.isVolatile());
    return;
  }
  builder.CreateCall(
      functions.get(Job::Fill, fill.getDestAlign().valueOrOne()),
      {fill.getRawDest(), fill.getValue(),
       builder.CreateZExtOrTrunc(fill.getLength(), functions.lengthType())});
}

void quantcc::replaceMemoryFunctions(llvm::Module &module,
                                     llvm::TargetMachine &machine,
                                     bool hasScalableVectors) {
  llvm::SmallVector<llvm::MemIntrinsic *> calls;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *call = llvm::dyn_cast<llvm::MemIntrinsic>(&instruction))
        calls.push_back(call);
  if (calls.empty())
    return;
  MemoryFunctionBuilder functions(
      module, machine.getTargetTransformInfo(*calls.front()->getFunction()),
      hasScalableVectors);
  for (llvm::MemIntrinsic *call : calls) {
    if (auto *copy = llvm::dyn_cast<llvm::MemTransferInst>(call))
      replaceCopy(*copy, functions);
    else
      replaceFill(llvm::cast<llvm::MemSetInst>(*call), functions);
    call->eraseFromParent();
  }
}
