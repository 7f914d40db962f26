//===- FloatFreeVectors.cpp - Integer vectors without floats --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shifts by each bit of the amount in turn, and counts of zeros by bisection.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/FloatFreeVectors.h"

#include <llvm/Analysis/VectorUtils.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/MC/MCSubtargetInfo.h>

using namespace quantcc;
using llvm::IRBuilder;
using llvm::Value;

/// Whether x86 before AVX2 shifts by floats.
static bool isShiftByFloats(const llvm::Instruction &instruction) {
  if (instruction.getOpcode() != llvm::Instruction::Shl)
    return false;
  auto *type = llvm::dyn_cast<llvm::FixedVectorType>(instruction.getType());
  if (!type ||
      (type->getScalarSizeInBits() != 16 && type->getScalarSizeInBits() != 32))
    return false;
  // Constant amounts are multiplications by constants.
  const Value *amount = instruction.getOperand(1);
  return !llvm::isa<llvm::Constant>(amount) && !llvm::getSplatValue(amount);
}

static Value *expandShift(IRBuilder<> &builder, llvm::Instruction &shift) {
  llvm::Type *type = shift.getType();
  Value *value = shift.getOperand(0);
  Value *amount = shift.getOperand(1);
  Value *zero = llvm::Constant::getNullValue(type);
  for (unsigned bit = 1; bit < type->getScalarSizeInBits(); bit *= 2) {
    Value *isSet = builder.CreateICmpNE(builder.CreateAnd(amount, bit), zero);
    value = builder.CreateSelect(isSet, builder.CreateShl(value, bit), value);
  }
  return value;
}

/// Whether RISC-V's vectors count by floats: leading or trailing zeros.
static bool isCountByFloats(const llvm::Instruction &instruction) {
  auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
  return call && call->getType()->isVectorTy() &&
         (call->getIntrinsicID() == llvm::Intrinsic::ctlz ||
          call->getIntrinsicID() == llvm::Intrinsic::cttz);
}

static Value *expandCount(IRBuilder<> &builder, llvm::Instruction &count) {
  llvm::Type *type = count.getType();
  unsigned bits = type->getScalarSizeInBits();
  auto number = [&](uint64_t value) {
    return llvm::ConstantInt::get(type, value);
  };
  bool isTrailing = llvm::cast<llvm::IntrinsicInst>(count).getIntrinsicID() ==
                    llvm::Intrinsic::cttz;
  Value *rest = count.getOperand(0);
  // The ones below the lowest one, which are as many as there are zeros.
  if (isTrailing)
    rest = builder.CreateAnd(builder.CreateNot(rest),
                             builder.CreateSub(rest, number(1)));
  Value *zeros = number(bits);
  for (unsigned step = bits / 2; step != 0; step /= 2) {
    Value *upper = builder.CreateLShr(rest, number(step));
    Value *isSet = builder.CreateICmpNE(upper, number(0));
    zeros = builder.CreateSelect(isSet, builder.CreateSub(zeros, number(step)),
                                 zeros);
    rest = builder.CreateSelect(isSet, upper, rest);
  }
  // What is left is 0 or 1.
  zeros = builder.CreateSub(zeros, rest);
  return isTrailing ? builder.CreateSub(number(bits), zeros) : zeros;
}

void quantcc::rewriteFloatFree(llvm::Module &module,
                               const llvm::TargetMachine &machine) {
  const llvm::MCSubtargetInfo &subtarget = *machine.getMCSubtargetInfo();
  bool shifts =
      machine.getTargetTriple().isX86() && !subtarget.checkFeatures("+avx2");
  bool counts =
      machine.getTargetTriple().isRISCV() && !subtarget.checkFeatures("+zvbb");
  llvm::SmallVector<llvm::Instruction *> found;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if ((shifts && isShiftByFloats(instruction)) ||
          (counts && isCountByFloats(instruction)))
        found.push_back(&instruction);
  for (llvm::Instruction *instruction : found) {
    IRBuilder<> builder(instruction);
    instruction->replaceAllUsesWith(instruction->isShift()
                                        ? expandShift(builder, *instruction)
                                        : expandCount(builder, *instruction));
    instruction->eraseFromParent();
  }
}
