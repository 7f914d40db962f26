//===- MutationRules.h - Pieces of mutation rules ---------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What rules have in common: to visit the ops of a kind, and to replace
// constants.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_MUTATIONRULES_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_MUTATIONRULES_H

#include "Mutants.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Matchers.h>

namespace quantcc::differential {

/// The mutation that applies `rule` to every `OpTy`; rules return whether they
/// changed something, and may erase their op.
template <typename OpTy, typename Rule> Mutation onEach(Rule rule) {
  return [rule](mlir::ModuleOp module) {
    llvm::SmallVector<OpTy> ops;
    module.walk([&](OpTy op) { ops.push_back(op); });
    bool changed = false;
    for (OpTy op : ops)
      changed |= rule(op);
    return changed;
  };
}

/// Sets the i32 attribute `name`; false if it has that value.
inline bool setNumber(mlir::Operation *op, llvm::StringRef name,
                      int32_t value) {
  auto attribute = mlir::IntegerAttr::get(
      mlir::IntegerType::get(op->getContext(), 32), value);
  if (op->getAttr(name) == attribute)
    return false;
  op->setAttr(name, attribute);
  return true;
}

/// The integer constant that `value` is.
inline std::optional<int64_t> constantOf(mlir::Value value) {
  llvm::APInt number;
  if (!mlir::matchPattern(value, mlir::m_ConstantInt(&number)))
    return std::nullopt;
  return number.getSExtValue();
}

/// The integer constant `number` of the type of `like`, before `user`.
inline mlir::Value createConstant(mlir::Operation *user, mlir::Value like,
                                  int64_t number) {
  mlir::OpBuilder builder(user);
  return mlir::arith::ConstantOp::create(
      builder, user->getLoc(), builder.getIntegerAttr(like.getType(), number));
}

inline bool replaceBy(mlir::Operation *op, mlir::Value value);

/// The mutation that replaces a constant scalar.
inline Mutation replaceNumber(int64_t from, int64_t to) {
  return onEach<mlir::arith::ConstantOp>([=](mlir::arith::ConstantOp op) {
    if (!op.getType().isIntOrIndex() || constantOf(op.getResult()) != from)
      return false;
    return replaceBy(op, createConstant(op, op.getResult(), to));
  });
}

/// Replaces the results of `op` by `value` and erases it.
inline bool replaceBy(mlir::Operation *op, mlir::Value value) {
  op->getResult(0).replaceAllUsesWith(value);
  op->erase();
  return true;
}

/// Replaces operand `index` of `op` by the constant tensor `attribute`.
inline void replaceConstant(mlir::Operation *op, unsigned index,
                            mlir::DenseElementsAttr attribute) {
  mlir::OpBuilder builder(op);
  op->setOperand(
      index, mlir::arith::ConstantOp::create(builder, op->getLoc(), attribute));
}

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_MUTATIONRULES_H
