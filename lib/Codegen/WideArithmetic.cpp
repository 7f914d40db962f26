//===- WideArithmetic.cpp - Arithmetic that a target lacks ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expands divisions and long products on targets without instructions for them.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/WideArithmetic.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Utils/IntegerDivision.h>

using namespace quantcc;
using llvm::BinaryOperator;
using llvm::IRBuilder;
using llvm::Value;

static bool isDivision(unsigned opcode) {
  return opcode == llvm::Instruction::SDiv || opcode == llvm::Instruction::UDiv;
}

static bool isRemainder(unsigned opcode) {
  return opcode == llvm::Instruction::SRem || opcode == llvm::Instruction::URem;
}

/// Whether `op` would become a call of a library on `target`.
static bool needsExpansion(const BinaryOperator &op, const TargetInfo &target) {
  auto *type = llvm::dyn_cast<llvm::IntegerType>(op.getType()->getScalarType());
  if (!type)
    return false;
  unsigned opcode = op.getOpcode();
  if (isDivision(opcode) || isRemainder(opcode)) {
    // The code generator turns a division by a constant of at most 32 bits
    // into a product.
    bool byConstant = llvm::isa<llvm::Constant>(op.getOperand(1));
    if (type->getBitWidth() > 64)
      return false;
    return type->getBitWidth() > 32 ||
           (!target.hasDivide && !(byConstant && target.hasWideArithmetic));
  }
  if (type->getBitWidth() != 64 || target.hasWideArithmetic)
    return false;
  return opcode == llvm::Instruction::Mul ||
         (op.isShift() && !llvm::isa<llvm::Constant>(op.getOperand(1)));
}

/// Replaces the vector operation `op` by one a lane; appends those to `lanes`.
static void splitIntoLanes(BinaryOperator &op,
                           llvm::SmallVectorImpl<BinaryOperator *> &lanes) {
  IRBuilder<> builder(&op);
  auto *type = llvm::cast<llvm::FixedVectorType>(op.getType());
  Value *result = llvm::PoisonValue::get(type);
  for (unsigned i = 0, e = type->getNumElements(); i != e; ++i) {
    // Not through the builder, which would fold constants.
    auto *lane = BinaryOperator::Create(
        op.getOpcode(), builder.CreateExtractElement(op.getOperand(0), i),
        builder.CreateExtractElement(op.getOperand(1), i));
    builder.Insert(lane);
    lanes.push_back(lane);
    result = builder.CreateInsertElement(result, lane, i);
  }
  op.replaceAllUsesWith(result);
  op.eraseFromParent();
}

/// Creates the internal function `name` whose result and `numArguments`
/// arguments are of `type`; `builder` is set to its only block.
static llvm::Function *createHelper(llvm::Module &module, llvm::StringRef name,
                                    llvm::Type *type, unsigned numArguments,
                                    IRBuilder<> &builder) {
  llvm::SmallVector<llvm::Type *> types(numArguments, type);
  auto *function =
      llvm::Function::Create(llvm::FunctionType::get(type, types, false),
                             llvm::GlobalValue::InternalLinkage, name, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  function->setDoesNotAccessMemory();
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "entry", function));
  return function;
}

static Value *lowWord(IRBuilder<> &builder, Value *wide) {
  return builder.CreateTrunc(wide, builder.getInt32Ty());
}

static Value *highWord(IRBuilder<> &builder, Value *wide) {
  return builder.CreateTrunc(builder.CreateLShr(wide, 32),
                             builder.getInt32Ty());
}

static void returnWords(IRBuilder<> &builder, Value *low, Value *high) {
  auto *wide = builder.getInt64Ty();
  builder.CreateRet(
      builder.CreateOr(builder.CreateShl(builder.CreateZExt(high, wide), 32),
                       builder.CreateZExt(low, wide)));
}

/// The product, modulo 2^64, of two 64-bit integers from 16-bit products.
static llvm::Function *getMultiply(llvm::Module &module) {
  constexpr llvm::StringLiteral name = "quantcc_multiply_wide";
  if (llvm::Function *function = module.getFunction(name))
    return function;
  IRBuilder<> builder(module.getContext());
  llvm::Function *function =
      createHelper(module, name, builder.getInt64Ty(), 2, builder);

  auto lowHalf = [&](Value *v) { return builder.CreateAnd(v, 0xffff); };
  auto highHalf = [&](Value *v) { return builder.CreateLShr(v, 16); };
  Value *a = lowWord(builder, function->getArg(0));
  Value *b = lowWord(builder, function->getArg(1));
  Value *p00 = builder.CreateMul(lowHalf(a), lowHalf(b));
  Value *p01 = builder.CreateMul(lowHalf(a), highHalf(b));
  Value *p10 = builder.CreateMul(highHalf(a), lowHalf(b));
  Value *p11 = builder.CreateMul(highHalf(a), highHalf(b));
  // At most 3 * 0xffff: no carry is lost.
  Value *middle = builder.CreateAdd(
      highHalf(p00), builder.CreateAdd(lowHalf(p01), lowHalf(p10)));
  Value *low = builder.CreateOr(builder.CreateShl(middle, 16), lowHalf(p00));
  Value *high =
      builder.CreateAdd(builder.CreateAdd(p11, highHalf(middle)),
                        builder.CreateAdd(highHalf(p01), highHalf(p10)));
  Value *cross = builder.CreateAdd(
      builder.CreateMul(a, highWord(builder, function->getArg(1))),
      builder.CreateMul(b, highWord(builder, function->getArg(0))));
  returnWords(builder, low, builder.CreateAdd(high, cross));
  return function;
}

/// A 64-bit shift by 0 to 63 from 32-bit shifts by 0 to 31.
static llvm::Function *getShift(llvm::Module &module,
                                llvm::Instruction::BinaryOps opcode) {
  bool isLeft = opcode == llvm::Instruction::Shl;
  bool isArithmetic = opcode == llvm::Instruction::AShr;
  llvm::StringRef name = isLeft         ? "quantcc_shift_left_wide"
                         : isArithmetic ? "quantcc_shift_right_wide"
                                        : "quantcc_shift_right_wide_unsigned";
  if (llvm::Function *function = module.getFunction(name))
    return function;
  IRBuilder<> builder(module.getContext());
  llvm::Function *function =
      createHelper(module, name, builder.getInt64Ty(), 2, builder);

  Value *amount = lowWord(builder, function->getArg(1));
  Value *small = builder.CreateAnd(amount, 31);
  Value *isBig =
      builder.CreateICmpNE(builder.CreateAnd(amount, 32), builder.getInt32(0));
  Value *low = lowWord(builder, function->getArg(0));
  Value *high = highWord(builder, function->getArg(0));
  // Bits leave the `outer` word at its inner end for the `inner` word; shifting
  // those by 1 and then 31 - small keeps every amount below 32.
  Value *outer = isLeft ? low : high;
  Value *inner = isLeft ? high : low;
  Value *rest = builder.CreateSub(builder.getInt32(31), small);
  Value *moved = isLeft ? builder.CreateLShr(builder.CreateLShr(outer, 1), rest)
                        : builder.CreateShl(builder.CreateShl(outer, 1), rest);
  Value *kept = isLeft ? builder.CreateShl(inner, small)
                       : builder.CreateLShr(inner, small);
  Value *shifted = builder.CreateBinOp(opcode, outer, small);
  Value *filled = isArithmetic ? builder.CreateAShr(outer, 31)
                               : static_cast<Value *>(builder.getInt32(0));
  inner = builder.CreateSelect(isBig, shifted, builder.CreateOr(kept, moved));
  outer = builder.CreateSelect(isBig, filled, shifted);
  returnWords(builder, isLeft ? outer : inner, isLeft ? inner : outer);
  return function;
}

static void expand(BinaryOperator *op) {
  if (isDivision(op->getOpcode())) {
    op->getType()->getIntegerBitWidth() <= 32
        ? llvm::expandDivisionUpTo32Bits(op)
        : llvm::expandDivisionUpTo64Bits(op);
    return;
  }
  if (isRemainder(op->getOpcode())) {
    op->getType()->getIntegerBitWidth() <= 32
        ? llvm::expandRemainderUpTo32Bits(op)
        : llvm::expandRemainderUpTo64Bits(op);
    return;
  }
  IRBuilder<> builder(op);
  llvm::Function *helper = op->isShift()
                               ? getShift(*op->getModule(), op->getOpcode())
                               : getMultiply(*op->getModule());
  op->replaceAllUsesWith(
      builder.CreateCall(helper, {op->getOperand(0), op->getOperand(1)}));
  op->eraseFromParent();
}

/// The number of leading zeros of a 32-bit integer, by bisection.
static llvm::Function *getCountLeadingZeros(llvm::Module &module) {
  constexpr llvm::StringLiteral name = "quantcc_count_leading_zeros";
  if (llvm::Function *function = module.getFunction(name))
    return function;
  IRBuilder<> builder(module.getContext());
  llvm::Function *function =
      createHelper(module, name, builder.getInt32Ty(), 1, builder);
  Value *rest = function->getArg(0);
  Value *zeros = builder.getInt32(32);
  for (unsigned step : {16, 8, 4, 2, 1}) {
    Value *upper = builder.CreateLShr(rest, step);
    Value *isSet = builder.CreateICmpNE(upper, builder.getInt32(0));
    zeros = builder.CreateSelect(
        isSet, builder.CreateSub(zeros, builder.getInt32(step)), zeros);
    rest = builder.CreateSelect(isSet, upper, rest);
  }
  // What is left is 0 or 1.
  builder.CreateRet(builder.CreateSub(zeros, rest));
  return function;
}

/// Replaces the counts of leading zeros, which the expanded divisions have.
static void expandCountLeadingZeros(llvm::Module &module) {
  llvm::SmallVector<llvm::IntrinsicInst *> counts;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction))
        if (call->getIntrinsicID() == llvm::Intrinsic::ctlz &&
            (call->getType()->isIntegerTy(32) ||
             call->getType()->isIntegerTy(64)))
          counts.push_back(call);
  for (llvm::IntrinsicInst *call : counts) {
    IRBuilder<> builder(call);
    llvm::Function *count = getCountLeadingZeros(module);
    Value *argument = call->getArgOperand(0);
    Value *result;
    if (call->getType()->isIntegerTy(32)) {
      result = builder.CreateCall(count, {argument});
    } else {
      Value *high = highWord(builder, argument);
      Value *isLow = builder.CreateICmpEQ(high, builder.getInt32(0));
      Value *word =
          builder.CreateSelect(isLow, lowWord(builder, argument), high);
      Value *zeros = builder.CreateCall(count, {word});
      zeros = builder.CreateAdd(
          zeros, builder.CreateSelect(isLow, builder.getInt32(32),
                                      builder.getInt32(0)));
      result = builder.CreateZExt(zeros, call->getType());
    }
    call->replaceAllUsesWith(result);
    call->eraseFromParent();
  }
}

/// Expands what `module` has now; returns whether there was anything. Expanded
/// divisions hold shifts that may need expansion themselves.
static bool expandOnce(llvm::Module &module, const TargetInfo &target) {
  llvm::SmallVector<BinaryOperator *> vectors;
  llvm::SmallVector<BinaryOperator *> scalars;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *op = llvm::dyn_cast<BinaryOperator>(&instruction))
        if (needsExpansion(*op, target))
          (op->getType()->isVectorTy() ? vectors : scalars).push_back(op);
  for (BinaryOperator *op : vectors)
    splitIntoLanes(*op, scalars);
  for (BinaryOperator *op : scalars)
    expand(op);
  return !scalars.empty();
}

void quantcc::expandWideArithmetic(llvm::Module &module,
                                   const TargetInfo &target) {
  if (target.indexBits == 64)
    return;
  while (expandOnce(module, target)) {
  }
  if (!target.hasWideArithmetic)
    expandCountLeadingZeros(module);
}
