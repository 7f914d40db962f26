//===- WorkerPool.h - Threads for the tasks of a model ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Threads that run the tasks of a threaded model, as an application would have
// them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_EXECUTION_WORKERPOOL_H
#define QUANTCC_EXECUTION_WORKERPOOL_H

#include "quantcc/Execution/CompiledModel.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace quantcc {

/// The calling thread and others beside it. One call of the function that
/// parallelFor gives at a time.
class WorkerPool {
public:
  /// A pool of `threads` threads, at least 1, with the calling one.
  explicit WorkerPool(unsigned threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool &) = delete;
  WorkerPool &operator=(const WorkerPool &) = delete;

  /// What CompiledModel::run takes. The pool must outlive the run.
  ParallelFor parallelFor() { return {runTasks, this}; }

private:
  static void runTasks(void *pool, int32_t count, ParallelTask task,
                       void *context);
  void help();
  bool runNext();
  void sleepUntil(uint64_t seen);

  /// Which layer it is, counted anew after 2^32; how many tasks it has; and the
  /// next one that nobody has taken: 32, 16 and 16 bits. One word, so that a
  /// thread that comes late cannot take a task of one layer for another's.
  std::atomic<uint64_t> progress{0};
  std::atomic<int32_t> finished{0};
  /// Of the layer in `progress`, from before it is there until all its tasks
  /// have finished.
  ParallelTask task = nullptr;
  void *context = nullptr;

  std::atomic<unsigned> sleepers{0};
  std::atomic<bool> stops{false};
  std::mutex mutex;
  std::condition_variable wakeUp;
  std::vector<std::thread> workers;
};

} // namespace quantcc

#endif // QUANTCC_EXECUTION_WORKERPOOL_H
