//===- BitVectorBuilder.h - Terms over bit vectors ------------ -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds terms of the smt dialect over bit vectors, and translates bodies of
// arith ops into them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_REQUANTIZETOSMT_BITVECTORBUILDER_H
#define QUANTCC_CONVERSION_REQUANTIZETOSMT_BITVECTORBUILDER_H

#include <llvm/ADT/APInt.h>
#include <llvm/ADT/DenseMap.h>
#include <mlir/Dialect/SMT/IR/SMTOps.h>
#include <mlir/IR/Builders.h>

namespace quantcc {

/// The integers from `low` to `high`.
struct IntegerRange {
  llvm::APInt low, high;
};

/// A builder of terms at one place. Bit vectors are two's complement.
class BitVectorBuilder {
public:
  BitVectorBuilder(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  static unsigned width(mlir::Value value);

  mlir::Value symbol(llvm::StringRef name, unsigned width);
  mlir::Value constant(const llvm::APInt &value);
  mlir::Value constant(unsigned width, int64_t value);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value negate(mlir::Value value);
  mlir::Value shiftLeft(mlir::Value value, unsigned count);
  mlir::Value extend(mlir::Value value, unsigned width, bool isSigned);
  mlir::Value truncate(mlir::Value value, unsigned width);

  /// Propositions.
  mlir::Value compare(mlir::smt::BVCmpPredicate predicate, mlir::Value lhs,
                      mlir::Value rhs);
  mlir::Value equal(mlir::Value lhs, mlir::Value rhs);
  mlir::Value both(mlir::Value lhs, mlir::Value rhs);
  mlir::Value either(mlir::Value lhs, mlir::Value rhs);
  mlir::Value negation(mlir::Value proposition);
  mlir::Value select(mlir::Value proposition, mlir::Value yes, mlir::Value no);
  /// low <= value <= high, signed.
  mlir::Value within(mlir::Value value, mlir::Value low, mlir::Value high);
  void assume(mlir::Value proposition);

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

/// Translates the arith ops of a block, one after another. Products are kept
/// apart: what multiplies two 31-bit symbols no solver decides, while their
/// rounding is linear. So a product becomes a symbol of its own, which may be
/// any number between the products of its operands' ends, unless
/// `exactProducts`.
class BodyTranslation {
public:
  BodyTranslation(BitVectorBuilder &terms, bool exactProducts)
      : terms(terms), exactProducts(exactProducts) {}

  /// Lets `value`, an argument of the block, be `term`, within `range`.
  void bind(mlir::Value value, mlir::Value term, IntegerRange range);

  /// Translates `op`. Emits an error if it is no op of arith on integers that
  /// is known here, or a product that is not the only one, or may wrap.
  mlir::LogicalResult translate(mlir::Operation *op);

  mlir::Value lookup(mlir::Value value) const { return values.lookup(value); }

  /// The term of the only product, and the ranges of its operands.
  mlir::Value product;
  std::optional<std::pair<IntegerRange, IntegerRange>> factors;
  /// Holds where no shift reaches the width of what it shifts.
  mlir::Value shiftsAreDefined;

private:
  mlir::FailureOr<mlir::Value> multiply(mlir::Operation *op);
  mlir::Value shift(mlir::Operation *op);
  mlir::FailureOr<mlir::Value> compute(mlir::Operation *op);

  BitVectorBuilder &terms;
  bool exactProducts;
  llvm::DenseMap<mlir::Value, mlir::Value> values;
  llvm::DenseMap<mlir::Value, IntegerRange> ranges;
};

/// The range of `lhs * rhs`, in as many bits as it takes.
IntegerRange multiplyRanges(const IntegerRange &lhs, const IntegerRange &rhs);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_REQUANTIZETOSMT_BITVECTORBUILDER_H
