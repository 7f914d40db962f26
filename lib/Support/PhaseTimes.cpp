//===- PhaseTimes.cpp - What each part of a job takes ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Measures phases, and prints what they took.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/PhaseTimes.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/Process.h>
#if defined(__unix__) || defined(__APPLE__)
#include <sys/resource.h>
#endif

using namespace quantcc;

/// Of all threads, since the process began.
static double processorSeconds() {
  llvm::sys::TimePoint<> now;
  std::chrono::nanoseconds user, system;
  llvm::sys::Process::GetTimeUsage(now, user, system);
  return std::chrono::duration<double>(user + system).count();
}

static int64_t peakBytes() {
#if defined(__unix__) || defined(__APPLE__)
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
#ifdef __APPLE__
    return usage.ru_maxrss;
#else
    return int64_t(usage.ru_maxrss) * 1024;
#endif
  }
#endif
  return 0;
}

void PhaseTimes::add(const PhaseTime &time) {
  auto entry = llvm::find_if(
      entries, [&](const PhaseTime &each) { return each.name == time.name; });
  if (entry == entries.end()) {
    entries.push_back(time);
    return;
  }
  entry->wallSeconds += time.wallSeconds;
  entry->processorSeconds += time.processorSeconds;
  entry->peakBytes = std::max(entry->peakBytes, time.peakBytes);
}

PhaseTime PhaseTimes::total() const {
  PhaseTime total;
  total.name = "total";
  for (const PhaseTime &phase : entries) {
    total.wallSeconds += phase.wallSeconds;
    total.processorSeconds += phase.processorSeconds;
    total.peakBytes = std::max(total.peakBytes, phase.peakBytes);
  }
  return total;
}

void PhaseTimes::print(llvm::raw_ostream &stream) const {
  PhaseTime sum = total();
  stream << "phase                 wall s   cpu s  of cpu  peak MiB\n";
  auto printRow = [&](const PhaseTime &row) {
    double part = sum.processorSeconds > 0
                      ? 100 * row.processorSeconds / sum.processorSeconds
                      : 0;
    stream << llvm::left_justify(row.name, 20)
           << llvm::format("%8.3f%8.3f%6.1f %%%10.1f\n", row.wallSeconds,
                           row.processorSeconds, part,
                           double(row.peakBytes) / (1 << 20));
  };
  llvm::for_each(entries, printRow);
  printRow(sum);
}

void PhaseTimes::printJson(llvm::raw_ostream &stream) const {
  auto describe = [](const PhaseTime &phase) {
    return llvm::json::Object{{"name", phase.name},
                              {"wall_seconds", phase.wallSeconds},
                              {"processor_seconds", phase.processorSeconds},
                              {"peak_bytes", phase.peakBytes}};
  };
  llvm::json::Array rows;
  for (const PhaseTime &phase : entries)
    rows.push_back(describe(phase));
  stream << llvm::formatv("{0:2}\n", llvm::json::Value(llvm::json::Object{
                                         {"phases", std::move(rows)},
                                         {"total", describe(total())}}));
}

PhaseScope::PhaseScope(PhaseTimes *times, llvm::StringRef name)
    : times(times), name(name) {
  if (!times)
    return;
  wallBegin = std::chrono::steady_clock::now();
  processorBegin = processorSeconds();
}

PhaseScope::~PhaseScope() {
  if (!times)
    return;
  std::chrono::duration<double> wall =
      std::chrono::steady_clock::now() - wallBegin;
  times->add(
      {name, wall.count(), processorSeconds() - processorBegin, peakBytes()});
}
