//===- SingleLaneStores.cpp - Masked stores of one lane -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stores the element of a masked store that has one.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/SingleLaneStores.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <optional>

using namespace quantcc;

/// The only lane that the constant `mask` sets, if there is one alone.
static std::optional<unsigned> onlyLane(const llvm::Value *mask) {
  auto *type = llvm::dyn_cast<llvm::FixedVectorType>(mask->getType());
  auto *constant = llvm::dyn_cast<llvm::Constant>(mask);
  if (!type || !constant)
    return std::nullopt;
  std::optional<unsigned> lane;
  for (unsigned i = 0; i < type->getNumElements(); ++i) {
    llvm::Constant *bit = constant->getAggregateElement(i);
    if (bit && bit->isNullValue())
      continue;
    if (!bit || !bit->isOneValue() || lane)
      return std::nullopt;
    lane = i;
  }
  return lane;
}

void quantcc::splitSingleLaneStores(llvm::Module &module) {
  llvm::SmallVector<std::pair<llvm::IntrinsicInst *, unsigned>> stores;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function)) {
      auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
      if (!call || call->getIntrinsicID() != llvm::Intrinsic::masked_store)
        continue;
      if (auto lane = onlyLane(call->getArgOperand(2)))
        stores.push_back({call, *lane});
    }
  for (auto [call, lane] : stores) {
    llvm::IRBuilder<> builder(call);
    llvm::Value *vector = call->getArgOperand(0);
    llvm::Value *element = builder.CreateExtractElement(vector, lane);
    llvm::Value *place = builder.CreateConstInBoundsGEP1_64(
        element->getType(), call->getArgOperand(1), lane);
    uint64_t bytes =
        module.getDataLayout().getTypeStoreSize(element->getType());
    llvm::Align alignment = llvm::commonAlignment(
        call->getParamAlign(1).valueOrOne(), lane * bytes);
    builder.CreateAlignedStore(element, place, alignment);
    call->eraseFromParent();
  }
}
