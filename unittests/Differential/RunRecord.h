//===- RunRecord.h - What a long run has done so far ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file to which a run adds each batch of graphs that showed no difference, so
// that a run that was cut short goes on where it was.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_RUNRECORD_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_RUNRECORD_H

#include "DifferentialRun.h"

#include <map>

namespace quantcc::differential {

class RunRecord {
public:
  /// Opens or begins the record `path`. Its first line is `key`, which tells
  /// what was run and how. Errors: the file cannot be read or written, or is
  /// the record of another run.
  static llvm::Expected<RunRecord> open(llvm::StringRef path,
                                        llvm::StringRef key);

  /// The report of the batch of `count` seeds from `first`, if there is one.
  const RunReport *find(uint64_t first, unsigned count) const;

  /// Adds a batch without differences to the file. Errors: it cannot be
  /// written.
  llvm::Error add(uint64_t first, unsigned count, const RunReport &report);

private:
  explicit RunRecord(llvm::StringRef path) : path(path) {}

  void readLine(llvm::StringRef line);

  std::string path;
  std::map<std::pair<uint64_t, unsigned>, RunReport> batches;
};

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_RUNRECORD_H
