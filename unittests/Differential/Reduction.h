//===- Reduction.h - The smallest part that differs -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts a graph down to the op that differs.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_REDUCTION_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_REDUCTION_H

#include "TargetProgram.h"

namespace quantcc::differential {

/// A graph and inputs on which the two sides differ.
struct Reproducer {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<std::vector<Bytes>> inputs;
  /// How they differ.
  std::string text;
};

/// Compares the two sides on one graph and target, on these inputs, with
/// `mutant`, or null, in the lowering; empty if they agree. Errors: the linker
/// or an emulator fails.
llvm::Expected<std::string>
compareOn(const TargetProgram &target, mlir::ModuleOp module,
          const std::vector<std::vector<Bytes>> &inputs, const Mutant *mutant);

/// The part of `graph` up to the first op whose result differs on `target`, its
/// operands made inputs where it differs then too, and one sample. Null if
/// nothing differs.
llvm::Expected<std::optional<Reproducer>>
reduceGraph(const TargetProgram &target, mlir::ModuleOp graph,
            std::vector<std::vector<Bytes>> inputs, const Mutant *mutant);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_REDUCTION_H
