//===- ScalarProgram.h - Bodies of integer arithmetic --------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The body of a structured op, one block of arith ops on integers, as a list of
// instructions over numbered registers. A register holds an integer of up to
// 64 bits, with its sign extended; what an op leaves undefined is reported.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_INTERPRETER_SCALARPROGRAM_H
#define QUANTCC_LIB_INTERPRETER_SCALARPROGRAM_H

#include "quantcc/Interpreter/Interpreter.h"

#include <llvm/ADT/DenseMap.h>
#include <mlir/IR/Block.h>

namespace quantcc::interpreter {

/// Reports that the step being executed does what is defined nowhere; the first
/// report of a step counts. (docs/Numerics.md, N38)
void reportUndefined(const char *what);

/// The bits of `value` as a signed integer of `width` bits.
int64_t signExtend(int64_t value, unsigned width);

/// The bits of `value` as an unsigned integer of `width` bits.
uint64_t zeroExtend(int64_t value, unsigned width);

class ScalarProgram {
public:
  /// Translates `block`. Values from outside are those of `captured`: the body
  /// may use scalars, and tensors to extract from. Emits an error that names
  /// the op and fails if one is not known.
  static mlir::FailureOr<ScalarProgram>
  create(mlir::Block &block, llvm::ArrayRef<mlir::Value> captured);

  /// How many registers a run needs; the first are the block's arguments.
  size_t registers() const { return count; }

  /// Executes the body. `index` holds the loops' positions, `captured` the
  /// values from outside. Returns the one value that it yields.
  int64_t run(llvm::MutableArrayRef<int64_t> registers,
              llvm::ArrayRef<int64_t> index,
              llvm::ArrayRef<const Tensor *> captured) const;

  /// What an instruction does. Public for its table.
  enum class Code {
    Constant,
    Copy,
    Add,
    Sub,
    Mul,
    DivSigned,
    RemSigned,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
    ShiftRightLogical,
    MaxSigned,
    MinSigned,
    MaxUnsigned,
    MinUnsigned,
    Select,
    Compare,
    ZeroExtend,
    CountLeadingZeros,
    LoopIndex,
    CapturedScalar,
    Extract
  };

private:
  struct Instruction {
    Code code;
    /// Of the result, and of the operands where they differ.
    unsigned width, operandWidth;
    unsigned result;
    llvm::SmallVector<unsigned, 3> operands;
    /// A constant, a predicate, a loop, or a captured value.
    int64_t immediate;
    /// Of the tensor that is read.
    llvm::SmallVector<int64_t, 4> shape;
  };

  mlir::LogicalResult translate(mlir::Operation &op,
                                llvm::ArrayRef<mlir::Value> captured);
  unsigned number(mlir::Value value, llvm::ArrayRef<mlir::Value> captured);
  int64_t evaluate(const Instruction &instruction,
                   llvm::ArrayRef<int64_t> registers,
                   llvm::ArrayRef<int64_t> index,
                   llvm::ArrayRef<const Tensor *> captured) const;

  std::vector<Instruction> instructions;
  llvm::DenseMap<mlir::Value, unsigned> numbers;
  size_t count = 0;
  unsigned yielded = 0;
};

} // namespace quantcc::interpreter

#endif // QUANTCC_LIB_INTERPRETER_SCALARPROGRAM_H
