//===- BenchmarkReport.h - The results of a benchmark, written --*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes what a benchmark measured, for people and for programs.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_BENCHMARKREPORT_H
#define QUANTCC_BENCHMARK_BENCHMARKREPORT_H

#include "quantcc/Benchmark/Benchmark.h"

#include <llvm/Support/raw_ostream.h>

namespace quantcc {

/// Writes a table of lines of text.
void writeBenchmarkText(const BenchmarkResult &result,
                        llvm::raw_ostream &stream);

/// Writes one JSON object with everything. Times are in microseconds of one
/// inference, sizes in bytes.
void writeBenchmarkJson(const BenchmarkResult &result,
                        llvm::raw_ostream &stream);

/// Writes a page of HTML with plots, which needs nothing beside itself.
void writeBenchmarkPage(const BenchmarkResult &result,
                        llvm::raw_ostream &stream);

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_BENCHMARKREPORT_H
