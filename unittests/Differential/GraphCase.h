//===- GraphCase.h - A graph beside its expected outputs --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A random graph as the two sides see it: the reference's inputs and outputs in
// bytes, and the linalg form that is compiled for each target.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHCASE_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHCASE_H

#include "GraphGenerator.h"

#include "quantcc/Codegen/CompileObject.h"

#include <functional>
#include <memory>
#include <mlir/IR/MLIRContext.h>

namespace quantcc::differential {

using Bytes = std::vector<char>;

/// What one call reads and has to write, one entry a tensor.
struct Sample {
  /// Whether a stateful graph is reset before the call.
  bool startsOver = false;
  std::vector<Bytes> inputs;
  std::vector<Bytes> outputs;
};

/// Changes a module on its way, to plant a mistake; true if it found a place.
using Mutation = std::function<bool(mlir::ModuleOp)>;

/// A mistake that is planted in the lowering.
struct Mutant {
  std::string name;
  /// Applied to the integer stage; may be empty.
  Mutation inIntegerStage;
  /// Applied to linalg and arith, before code generation; may be empty.
  Mutation inArith;
  /// Applied to the layers that a target has kernels for; may be empty.
  Mutation inLayout = {};
  /// Applied to loops on the arena, and kernels; may be empty.
  Mutation inSchedule = {};
};

/// A context with all dialects and without threads of its own.
std::unique_ptr<mlir::MLIRContext> createContext();

/// A side's refusal: the op's name in the graph, and the reason.
struct Refusal {
  std::string op;
  std::string reason;
};

/// What the interpreter makes of `module`, whose only function is of the
/// quantized stage: `count` samples, or a refusal. The inputs follow from
/// `seed`: all lowest, all highest, zero points, corners, and uniform values. A
/// stateful graph goes from sample to sample, and starts over at every fourth.
/// A failure to run is a refusal without an op.
struct Interpretation {
  std::vector<Sample> samples;
  std::optional<Refusal> refusal;
};
Interpretation interpret(mlir::ModuleOp module, uint64_t seed, unsigned count);

/// As above, on the inputs given.
Interpretation interpret(mlir::ModuleOp module,
                         const std::vector<std::vector<Bytes>> &inputs);

/// The linalg form of `module`, or a refusal. A `mutant` changes it on its way;
/// `isChanged` tells whether it did. With `target`, for it and its kernels.
struct Lowering {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::optional<Refusal> refusal;
  bool isChanged = false;
};
Lowering lower(mlir::ModuleOp module, const Mutant *mutant = nullptr,
               const TargetInfo *target = nullptr);

/// Where `module` first gives other outputs than the interpreter for `inputs`:
/// what its passes make of it is interpreted as well.
std::string findStage(mlir::ModuleOp module,
                      const std::vector<std::vector<Bytes>> &inputs);

/// `lowered` as loops on its arena, and kernels, for `target`; null if that
/// fails.
mlir::OwningOpRef<mlir::ModuleOp> schedule(mlir::ModuleOp lowered,
                                           const TargetInfo &target);

/// The object of `lowered` for `target`. A `mutant` changes what is scheduled.
/// Errors: the code generator refuses, or the object needs a symbol that no
/// bare machine has.
llvm::Expected<CompiledObject> compileFor(mlir::ModuleOp lowered,
                                          const TargetInfo &target,
                                          const Mutant *mutant = nullptr);

/// Runs `object` in this process and says where it differs from `samples`;
/// nothing if it does not. Errors: it cannot be loaded.
llvm::Expected<std::optional<std::string>>
compareInProcess(const CompiledObject &object, llvm::ArrayRef<Sample> samples);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHCASE_H
