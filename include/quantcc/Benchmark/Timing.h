//===- Timing.h - Timing code against other code ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Times several pieces of code side by side, such that what disturbs the
// machine for a while disturbs all of them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_TIMING_H
#define QUANTCC_BENCHMARK_TIMING_H

#include <functional>
#include <llvm/ADT/ArrayRef.h>
#include <vector>

namespace quantcc {

/// The values below which a quarter, half and three quarters of a sample lie.
struct Quartiles {
  double lower = 0;
  double median = 0;
  double upper = 0;
};

/// The quartiles of `values`, interpolated between neighbours. Expects at least
/// one value.
Quartiles quartilesOf(std::vector<double> values);

/// One of the pieces of code that are timed: a call does the work once.
using TimedCode = std::function<void()>;

/// What time is taken of.
enum class Clock {
  /// Processor time of the calling thread.
  Thread,
  /// The clock on the wall.
  Wall
};

struct TimingOptions {
  Clock clock = Clock::Thread;
  /// How many samples are taken of each piece of code.
  unsigned rounds = 101;
  /// How long one sample is at least, in microseconds of that clock: as
  /// many calls as that takes.
  double sampleMicroseconds = 400;
  /// How long each piece runs before the first sample, in microseconds.
  double warmUpMicroseconds = 20000;
};

/// The time of one call in each round, in microseconds.
struct Timing {
  std::vector<double> microseconds;

  Quartiles quartiles() const { return quartilesOf(microseconds); }
};

/// Runs all of `codes` in turn, round after round, each time beginning with
/// another of them. Of the processor time of the calling thread, what other
/// processes take is not counted, what they do to the caches is; the clock on
/// the wall counts both.
std::vector<Timing> timeInterleaved(llvm::ArrayRef<TimedCode> codes,
                                    const TimingOptions &options = {});

/// The quartiles of how many times longer `slow` took than `fast`, round by
/// round. Expects timings of one call of timeInterleaved.
Quartiles ratioQuartiles(const Timing &slow, const Timing &fast);

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_TIMING_H
