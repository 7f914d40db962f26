//===- PeakKernel.h - The limit of an instruction set -----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Measures what the dot product instructions of a target can do at best: a loop
// of nothing else, on registers. Percentages of it are ratios within one run.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_PEAKKERNEL_H
#define QUANTCC_BENCHMARK_PEAKKERNEL_H

#include "quantcc/Codegen/CompileObject.h"

#include <optional>

namespace quantcc {

/// Code that multiplies and adds as fast as a target can.
struct PeakKernel {
  /// The instruction it consists of, such as "vpdpbusd zmm".
  std::string instruction;
  CompiledObject object;
  /// Multiply-accumulates of 8-bit values in one call.
  int64_t macs = 0;
};

/// The kernel for `target`: the widest vpdpbusd it has, or else vpmaddwd with
/// vpaddd on values widened to 16 bits, which is as exact. Nothing for targets
/// other than x86-64.
std::optional<PeakKernel> buildPeakKernel(const TargetInfo &target);

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_PEAKKERNEL_H
