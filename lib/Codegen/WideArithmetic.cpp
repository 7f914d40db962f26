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
    return type->getBitWidth() > 32 ||
           (!target.hasDivide && !(byConstant && target.hasLongMultiply));
  }
  return opcode == llvm::Instruction::Mul && type->getBitWidth() > 32 &&
         type->getBitWidth() <= 64 && !target.hasLongMultiply;
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

/// The product, modulo 2^64, of two 64-bit integers from 16-bit products.
static llvm::Function *getLongMultiply(llvm::Module &module) {
  constexpr llvm::StringLiteral name = "quantcc_multiply_long";
  if (llvm::Function *function = module.getFunction(name))
    return function;
  llvm::LLVMContext &context = module.getContext();
  auto *wide = llvm::Type::getInt64Ty(context);
  auto *word = llvm::Type::getInt32Ty(context);
  auto *function =
      llvm::Function::Create(llvm::FunctionType::get(wide, {wide, wide}, false),
                             llvm::GlobalValue::InternalLinkage, name, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  function->setDoesNotAccessMemory();
  IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", function));

  auto low = [&](Value *v) { return builder.CreateTrunc(v, word); };
  auto high = [&](Value *v) {
    return builder.CreateTrunc(builder.CreateLShr(v, 32), word);
  };
  auto lowHalf = [&](Value *v) { return builder.CreateAnd(v, 0xffff); };
  auto highHalf = [&](Value *v) { return builder.CreateLShr(v, 16); };
  Value *a = low(function->getArg(0)), *b = low(function->getArg(1));
  Value *p00 = builder.CreateMul(lowHalf(a), lowHalf(b));
  Value *p01 = builder.CreateMul(lowHalf(a), highHalf(b));
  Value *p10 = builder.CreateMul(highHalf(a), lowHalf(b));
  Value *p11 = builder.CreateMul(highHalf(a), highHalf(b));
  // At most 3 * 0xffff: no carry is lost.
  Value *middle = builder.CreateAdd(
      highHalf(p00), builder.CreateAdd(lowHalf(p01), lowHalf(p10)));
  Value *lowWord =
      builder.CreateOr(builder.CreateShl(middle, 16), lowHalf(p00));
  Value *highWord =
      builder.CreateAdd(builder.CreateAdd(p11, highHalf(middle)),
                        builder.CreateAdd(highHalf(p01), highHalf(p10)));
  Value *cross =
      builder.CreateAdd(builder.CreateMul(a, high(function->getArg(1))),
                        builder.CreateMul(b, high(function->getArg(0))));
  highWord = builder.CreateAdd(highWord, cross);
  builder.CreateRet(builder.CreateOr(
      builder.CreateShl(builder.CreateZExt(highWord, wide), 32),
      builder.CreateZExt(lowWord, wide)));
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
  auto *wide = builder.getInt64Ty();
  Value *product =
      builder.CreateCall(getLongMultiply(*op->getModule()),
                         {builder.CreateZExt(op->getOperand(0), wide),
                          builder.CreateZExt(op->getOperand(1), wide)});
  op->replaceAllUsesWith(builder.CreateTrunc(product, op->getType()));
  op->eraseFromParent();
}

void quantcc::expandWideArithmetic(llvm::Module &module,
                                   const TargetInfo &target) {
  if (target.indexBits == 64)
    return;
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
}
