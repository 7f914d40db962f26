//===- CompileOptions.h - Options of quantcc compile alone ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What says how the object is to be: the machine, its memories, their limits.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_COMPILEOPTIONS_H
#define QUANTCC_TOOLS_QUANTCC_COMPILEOPTIONS_H

#include "CommandLine.h"

#include <llvm/Support/CommandLine.h>

namespace quantcc {

/// Adds its options to `compile` and, but for the limits, to `report` while it
/// is constructed, which must be before the command line is parsed.
class CompileOptions {
public:
  CompileOptions(llvm::cl::SubCommand &compile, llvm::cl::SubCommand &report,
                 llvm::cl::OptionCategory &category);

  /// Sets what the options say in `line`. `hasTargetName` tells whether
  /// --target was given. Errors: options that exclude each other, a size that
  /// is none.
  llvm::Error read(CommandLine &line, bool hasTargetName) const;

private:
  llvm::Error readTarget(TargetChoice &choice, bool hasTargetName) const;
  llvm::Error readPlacement(PlacementChoice &choice) const;

  llvm::cl::opt<std::string> targetTriple;
  llvm::cl::opt<std::string> targetCPU;
  llvm::cl::opt<std::string> targetFeatures;
  llvm::cl::opt<std::string> targetABI;
  llvm::cl::opt<bool> freestanding;
  llvm::cl::opt<std::string> maxRAM;
  llvm::cl::opt<std::string> maxFlash;
  llvm::cl::list<std::string> regions;
  llvm::cl::list<std::string> sections;
  llvm::cl::opt<bool> timing;
  llvm::cl::opt<std::string> timingFile;
  llvm::cl::opt<bool> remarks;
};

/// The bytes that `text` says: a whole number, in units of 2^10 with K or KiB,
/// of 2^20 with M or MiB. Nothing if it is none, or beyond 2^40.
std::optional<int64_t> parseByteSize(llvm::StringRef text);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_COMPILEOPTIONS_H
