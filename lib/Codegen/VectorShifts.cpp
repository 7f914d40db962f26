//===- VectorShifts.cpp - Left shifts of vectors by vectors ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shifts by each bit of the amount in turn.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/VectorShifts.h"

#include <llvm/Analysis/VectorUtils.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/MC/MCSubtargetInfo.h>

using namespace quantcc;

static bool shiftsByFloats(const llvm::Instruction &instruction) {
  if (instruction.getOpcode() != llvm::Instruction::Shl)
    return false;
  auto *type = llvm::dyn_cast<llvm::FixedVectorType>(instruction.getType());
  if (!type ||
      (type->getScalarSizeInBits() != 16 && type->getScalarSizeInBits() != 32))
    return false;
  // Constant amounts are multiplications by constants.
  const llvm::Value *amount = instruction.getOperand(1);
  return !llvm::isa<llvm::Constant>(amount) && !llvm::getSplatValue(amount);
}

void quantcc::expandVectorShifts(llvm::Module &module,
                                 const llvm::TargetMachine &machine) {
  if (!machine.getTargetTriple().isX86() ||
      machine.getMCSubtargetInfo()->checkFeatures("+avx2"))
    return;
  llvm::SmallVector<llvm::Instruction *> shifts;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (shiftsByFloats(instruction))
        shifts.push_back(&instruction);
  for (llvm::Instruction *shift : shifts) {
    llvm::IRBuilder<> builder(shift);
    llvm::Type *type = shift->getType();
    llvm::Value *value = shift->getOperand(0);
    llvm::Value *amount = shift->getOperand(1);
    llvm::Value *zero = llvm::Constant::getNullValue(type);
    for (unsigned bit = 1; bit < type->getScalarSizeInBits(); bit *= 2) {
      llvm::Value *isSet =
          builder.CreateICmpNE(builder.CreateAnd(amount, bit), zero);
      value = builder.CreateSelect(isSet, builder.CreateShl(value, bit), value);
    }
    shift->replaceAllUsesWith(value);
    shift->eraseFromParent();
  }
}
