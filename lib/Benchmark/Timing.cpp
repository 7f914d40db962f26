//===- Timing.cpp - Timing code against other code ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Samples of several pieces of code in turn, and their quartiles.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/Timing.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <ctime>

using namespace quantcc;

/// The value of sorted `values` at `fraction` of the way, 0 to 1.
static double interpolate(llvm::ArrayRef<double> values, double fraction) {
  double position = fraction * (values.size() - 1);
  size_t below = static_cast<size_t>(position);
  size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (position - below) * (values[above] - values[below]);
}

Quartiles quantcc::quartilesOf(std::vector<double> values) {
  assert(!values.empty() && "quartiles of nothing");
  llvm::sort(values);
  return {interpolate(values, 0.25), interpolate(values, 0.5),
          interpolate(values, 0.75)};
}

/// What `clock` shows, in microseconds.
static double microseconds(Clock clock) {
  timespec now;
  clock_gettime(
      clock == Clock::Thread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec * 1e-3;
}

/// The time of `calls` calls of `code`, in microseconds.
static double timeCalls(const TimedCode &code, size_t calls, Clock clock) {
  double begin = microseconds(clock);
  for (size_t call = 0; call != calls; ++call)
    code();
  return microseconds(clock) - begin;
}

/// Runs `code` for a while and says how many calls fill one sample.
static size_t warmUp(const TimedCode &code, const TimingOptions &options) {
  size_t calls = 1;
  double spent = 0;
  for (;;) {
    double elapsed = timeCalls(code, calls, options.clock);
    spent += elapsed;
    if (spent >= options.warmUpMicroseconds) {
      double once = std::max(elapsed / calls, 1e-3);
      return std::max<size_t>(std::ceil(options.sampleMicroseconds / once), 1);
    }
    calls *= 2;
  }
}

std::vector<Timing> quantcc::timeInterleaved(llvm::ArrayRef<TimedCode> codes,
                                             const TimingOptions &options) {
  std::vector<size_t> calls;
  for (const TimedCode &code : codes)
    calls.push_back(warmUp(code, options));
  std::vector<Timing> timings(codes.size());
  for (unsigned round = 0; round != options.rounds; ++round) {
    for (size_t turn = 0; turn != codes.size(); ++turn) {
      size_t index = (round + turn) % codes.size();
      // The caches are those of the code's own calls, not of its neighbour's.
      codes[index]();
      timings[index].microseconds.push_back(
          timeCalls(codes[index], calls[index], options.clock) / calls[index]);
    }
  }
  return timings;
}

Quartiles quantcc::ratioQuartiles(const Timing &slow, const Timing &fast) {
  assert(slow.microseconds.size() == fast.microseconds.size() &&
         "timings of the same rounds");
  std::vector<double> ratios;
  for (size_t round = 0; round != slow.microseconds.size(); ++round)
    ratios.push_back(slow.microseconds[round] / fast.microseconds[round]);
  return quartilesOf(std::move(ratios));
}
