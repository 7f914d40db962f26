//===- WorkerPoolTest.cpp - Tests of threads for tasks --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts which tasks run.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Execution/WorkerPool.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace quantcc;

namespace {

/// How often each task has run. Tasks write without atomics: the pool has to
/// make what they wrote visible.
struct Counts {
  explicit Counts(size_t tasks) : runs(tasks) {}

  static void count(void *context, int32_t index) {
    ++static_cast<Counts *>(context)->runs[index];
  }
  static void countSlowly(void *context, int32_t index) {
    std::this_thread::sleep_for(std::chrono::milliseconds(index % 3));
    count(context, index);
  }

  std::vector<int> runs;
};

void expectEachOnce(WorkerPool &pool, int32_t tasks, ParallelTask task) {
  Counts counts(tasks);
  ParallelFor parallelFor = pool.parallelFor();
  parallelFor.run(parallelFor.pool, tasks, task, &counts);
  for (int runs : counts.runs)
    EXPECT_EQ(runs, 1);
}

TEST(WorkerPoolTest, RunsEachTaskOnce) {
  for (unsigned threads : {1, 2, 3, 8}) {
    WorkerPool pool(threads);
    for (int layer = 0; layer < 2000; ++layer)
      expectEachOnce(pool, 1 + layer % 7, Counts::count);
  }
}

TEST(WorkerPoolTest, WaitsForSlowTasks) {
  WorkerPool pool(4);
  for (int layer = 0; layer < 10; ++layer)
    expectEachOnce(pool, 6, Counts::countSlowly);
}

TEST(WorkerPoolTest, WakesThreadsThatSleep) {
  WorkerPool pool(3);
  for (int layer = 0; layer < 5; ++layer) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    expectEachOnce(pool, 4, Counts::countSlowly);
  }
}

TEST(WorkerPoolTest, RunsInSeveralThreads) {
  // Two tasks that wait for each other end if both run at once.
  struct Meeting {
    std::atomic<int> arrived{0};
    static void meet(void *context, int32_t) {
      auto *self = static_cast<Meeting *>(context);
      ++self->arrived;
      auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
      while (self->arrived != 2 && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    }
  } meeting;
  WorkerPool pool(2);
  ParallelFor parallelFor = pool.parallelFor();
  parallelFor.run(parallelFor.pool, 2, Meeting::meet, &meeting);
  EXPECT_EQ(meeting.arrived, 2);
}

TEST(WorkerPoolTest, RunsNothing) {
  WorkerPool pool(2);
  expectEachOnce(pool, 0, Counts::count);
}

} // namespace
