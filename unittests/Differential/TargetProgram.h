//===- TargetProgram.h - Many graphs in one executable ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Links the objects of graphs with the harness into a program for their target,
// runs it, here or under emulation, and reads what it reports.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_TARGETPROGRAM_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_TARGETPROGRAM_H

#include "GraphCase.h"

#include "quantcc/Codegen/TargetInfo.h"

namespace quantcc::differential {

/// Harness.c.
extern const char kHarnessSource[];

/// A target and what builds and runs its programs.
struct ExecutionTarget {
  TargetInfo info;
  /// The options of clang that choose the target.
  std::vector<std::string> compilerOptions;
  /// The emulator and its options; empty where programs run as they are.
  std::vector<std::string> emulator;
  /// Where firmware lies; empty where an operating system loads programs.
  std::string linkerScript;
};

/// The named target of quantcc, if its programs run under Linux here or under
/// an emulator of qemu-user, or as firmware of a board that qemu emulates;
/// RISC-V's vectors have `vectorBits` there. Errors: an unknown target, no such
/// emulator or board.
llvm::Expected<ExecutionTarget>
lookupExecutionTarget(llvm::StringRef name, unsigned vectorBits = 256);

/// A graph compiled for one target.
struct CompiledCase {
  std::string symbol;
  CompiledObject object;
  llvm::ArrayRef<Sample> samples;
};

/// What one case did wrong; empty if nothing.
using Verdicts = std::vector<std::string>;

/// Builds programs for one target in one folder.
class TargetProgram {
public:
  /// Compiles the harness for `target` in `folder`, which exists.
  static llvm::Expected<TargetProgram> create(ExecutionTarget target,
                                              llvm::StringRef folder);

  /// Links and runs `cases` in the subfolder `name`, which is deleted again. A
  /// program that dies is run again case by case, to tell which it was. Errors:
  /// the linker fails, the emulator is missing.
  llvm::Expected<Verdicts> run(llvm::ArrayRef<CompiledCase> cases,
                               llvm::StringRef name) const;

  const ExecutionTarget &target() const { return machine; }

private:
  TargetProgram() = default;

  ExecutionTarget machine;
  std::string folder;
  std::string compiler;
  std::string harnessObject;
};

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_TARGETPROGRAM_H
