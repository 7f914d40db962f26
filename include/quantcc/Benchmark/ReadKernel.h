//===- ReadKernel.h - The limit of memory -----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Measures how long it takes to read as many bytes as a network's constants
// are, one after the other, and nothing else: what bounds code that uses each
// of them once, wherever in the caches they lie.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_READKERNEL_H
#define QUANTCC_BENCHMARK_READKERNEL_H

#include "quantcc/Codegen/CompileObject.h"

#include <optional>

namespace quantcc {

/// Code that reads its input once, in the widest vectors of the target.
struct ReadKernel {
  CompiledObject object;
  /// What one call reads: as many bytes as were asked for, rounded down to
  /// whole turns of its loop.
  int64_t bytes = 0;
};

/// The kernel that reads `bytes` bytes. Nothing if they are too few for a loop.
std::optional<ReadKernel> buildReadKernel(const TargetInfo &target,
                                          int64_t bytes);

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_READKERNEL_H
