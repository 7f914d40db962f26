//===- Program.h - A prepared function ------------------------ -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the interpreter turns a function, or the body of a loop, into.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_INTERPRETER_PROGRAM_H
#define QUANTCC_LIB_INTERPRETER_PROGRAM_H

#include "Kernel.h"

namespace quantcc {
namespace interpreter {

/// One op to execute: the numbers of its operands and results.
struct Step {
  enum class Kind { Compute, Read, Assign };
  Kind kind;
  /// Of a computation.
  SeveralKernel kernel;
  llvm::SmallVector<size_t> operands, results;
  mlir::Operation *op;
  /// The variable that is read or assigned.
  size_t variable = 0;
};

} // namespace interpreter

struct Interpreter::Program {
  /// Types of the values by their numbers, the arguments first.
  std::vector<mlir::RankedTensorType> types;
  size_t arguments = 0;
  /// Values known beforehand; null for the others.
  std::vector<std::unique_ptr<Tensor>> constants;
  std::vector<interpreter::Step> steps;
  llvm::SmallVector<size_t> results;
  InterpreterState initialState;
};

namespace interpreter {

/// A tensor of `type` with zeros for elements.
Tensor makeTensor(mlir::RankedTensorType type);

/// Numbers the values of `function` and prepares its ops. Emits one diagnostic
/// and fails if there is one that the interpreter does not know.
mlir::LogicalResult prepareProgram(mlir::func::FuncOp function,
                                   Interpreter::Program &program);

/// Executes all steps on `arguments`, with the variables in `state`. Returns
/// nothing if one did what is defined nowhere; `describeUndefined` then says
/// which, and what.
std::optional<std::vector<Tensor>>
execute(const Interpreter::Program &program,
        llvm::ArrayRef<const Tensor *> arguments, InterpreterState &state,
        Interpreter::ValueCallback onValue);
std::string describeUndefined();

} // namespace interpreter
} // namespace quantcc

#endif // QUANTCC_LIB_INTERPRETER_PROGRAM_H
