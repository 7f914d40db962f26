//===- PhaseTimes.h - What each part of a job takes -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Time and memory of the phases of a compilation.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_PHASETIMES_H
#define QUANTCC_SUPPORT_PHASETIMES_H

#include <chrono>
#include <cstdint>
#include <llvm/Support/raw_ostream.h>
#include <string>
#include <vector>

namespace quantcc {

/// What one phase took.
struct PhaseTime {
  std::string name;
  double wallSeconds = 0;
  /// Of all threads of the process, in user and system mode.
  double processorSeconds = 0;
  /// The most memory that the process has had resident until the phase's end,
  /// in bytes; 0 where the system doesn't tell.
  int64_t peakBytes = 0;
};

/// The phases of one job, in the order in which they were first entered. A
/// phase that is entered again adds to its times.
class PhaseTimes {
public:
  const std::vector<PhaseTime> &phases() const { return entries; }
  void add(const PhaseTime &time);

  /// The sum of the phases' times, and the last's memory.
  PhaseTime total() const;

  /// A table with a line a phase: seconds of the clock and of processors, their
  /// part of the whole, memory in MiB.
  void print(llvm::raw_ostream &stream) const;

  /// `{"phases": [...], "total": {...}}`, in the units of PhaseTime.
  void printJson(llvm::raw_ostream &stream) const;

private:
  std::vector<PhaseTime> entries;
};

/// Adds the time until it is destroyed to the phase `name` of `times`, if there
/// are any. Phases do not contain each other.
class PhaseScope {
public:
  PhaseScope(PhaseTimes *times, llvm::StringRef name);
  ~PhaseScope();
  PhaseScope(const PhaseScope &) = delete;
  PhaseScope &operator=(const PhaseScope &) = delete;

private:
  PhaseTimes *times;
  std::string name;
  std::chrono::steady_clock::time_point wallBegin;
  double processorBegin = 0;
};

} // namespace quantcc

#endif // QUANTCC_SUPPORT_PHASETIMES_H
