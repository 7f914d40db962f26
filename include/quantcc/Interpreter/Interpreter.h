//===- Interpreter.h - Executes the integer arithmetic -------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reference for the integer arithmetic: executes a function of quantcc's
// quantized network ops, as docs/Numerics.md defines them and from nothing
// else. It executes the integer stage as well, by what its ops mean, so that a
// difference between the reference and compiled code can be put down to the
// lowering or to what comes after it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_INTERPRETER_INTERPRETER_H
#define QUANTCC_INTERPRETER_INTERPRETER_H

#include <cstdint>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/Error.h>
#include <memory>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Value.h>
#include <mlir/Support/LLVM.h>
#include <vector>

namespace quantcc {

/// The elements of one tensor, row-major. Tensors of quantized or integer type
/// have `stored` values, as many bits as the widest accumulators need; tensors
/// of f32 have `real` values; the other vector is empty.
struct Tensor {
  llvm::SmallVector<int64_t> shape;
  std::vector<int64_t> stored;
  std::vector<float> real;
};

/// The values of a model's variables, in the order of the module.
using InterpreterState = std::vector<Tensor>;

/// A function prepared for execution: multipliers computed, constants decoded.
class Interpreter {
public:
  /// Called with each value that an op other than a constant computed.
  using ValueCallback = llvm::function_ref<void(mlir::Value, const Tensor &)>;

  /// Prepares `function`, whose body is one block of network ops in quantized
  /// form or of the integer stage's ops, constants, and casts. Emits one
  /// diagnostic, which names the op, and fails if there is an op that the
  /// interpreter does not know, or one whose arithmetic docs/Numerics.md
  /// refuses. The function must outlive the result.
  static mlir::FailureOr<Interpreter> create(mlir::func::FuncOp function);

  /// The prepared function; its definition is the library's own.
  struct Program;

  Interpreter(Interpreter &&);
  Interpreter &operator=(Interpreter &&);
  ~Interpreter();

  /// Executes the function on `inputs`, in the order of its arguments, and
  /// returns its results in order. Reads and writes the variables of a stateful
  /// model in `state`. Fails if the inputs do not have the arguments' number
  /// and shapes, or stored values lie outside the storage range. May be called
  /// from several threads at once, each with a state of its own.
  llvm::Expected<std::vector<Tensor>> run(llvm::ArrayRef<Tensor> inputs,
                                          InterpreterState &state,
                                          ValueCallback onValue = {}) const;
  /// The same from the initial state, which is all that a stateless model has.
  llvm::Expected<std::vector<Tensor>> run(llvm::ArrayRef<Tensor> inputs,
                                          ValueCallback onValue = {}) const;

  /// The variables' values before the first run; empty for a stateless model.
  const InterpreterState &initialState() const;

private:
  explicit Interpreter(std::unique_ptr<Program> program);

  std::unique_ptr<Program> program;
};

} // namespace quantcc

#endif // QUANTCC_INTERPRETER_INTERPRETER_H
