//===- WorkerPool.cpp - Threads for the tasks of a model ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer takes some microseconds, so threads look for the next one for a while
// before they sleep.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Execution/WorkerPool.h"

#include <cassert>
#include <chrono>

using namespace quantcc;

/// Longer than what lies between two layers of a model: waking up takes longer
/// than a layer does.
static constexpr std::chrono::microseconds kPatience(2000);

static constexpr uint64_t layerOf(uint64_t progress) { return progress >> 32; }
static constexpr uint64_t countOf(uint64_t progress) {
  return progress >> 16 & 0xFFFF;
}
static constexpr uint64_t nextOf(uint64_t progress) {
  return progress & 0xFFFF;
}

/// Waits for as long as a processor likes to wait in a loop. Giving it away
/// instead would hand it to other processes for milliseconds.
static void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Returns when `isOver` holds; false if it does not for kPatience.
template <typename Condition> static bool waitAwake(Condition isOver) {
  auto end = std::chrono::steady_clock::now() + kPatience;
  constexpr int kLooksATime = 64;
  do {
    for (int i = 0; i != kLooksATime; ++i) {
      if (isOver())
        return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

WorkerPool::WorkerPool(unsigned threads) {
  for (unsigned i = 1; i < threads; ++i)
    workers.emplace_back([this] { help(); });
}

WorkerPool::~WorkerPool() {
  stops = true;
  {
    std::lock_guard<std::mutex> lock(mutex);
    wakeUp.notify_all();
  }
  for (std::thread &worker : workers)
    worker.join();
}

/// Runs a task that nobody has taken; false if there is none.
bool WorkerPool::runNext() {
  uint64_t seen = progress;
  do {
    if (nextOf(seen) == countOf(seen))
      return false;
  } while (!progress.compare_exchange_weak(seen, seen + 1));
  // The layer cannot end before this task has.
  task(context, static_cast<int32_t>(nextOf(seen)));
  ++finished;
  return true;
}

/// Returns when there is another layer than that of `seen`.
void WorkerPool::sleepUntil(uint64_t seen) {
  auto isOver = [&] { return stops || layerOf(progress) != layerOf(seen); };
  if (waitAwake(isOver))
    return;
  std::unique_lock<std::mutex> lock(mutex);
  ++sleepers;
  wakeUp.wait(lock, isOver);
  --sleepers;
}

void WorkerPool::help() {
  while (!stops) {
    uint64_t seen = progress;
    while (runNext())
      ;
    sleepUntil(seen);
  }
}

void WorkerPool::runTasks(void *argument, int32_t count, ParallelTask task,
                          void *context) {
  assert(count >= 0 && count <= 0xFFFF && "a number of 16 bits");
  auto *pool = static_cast<WorkerPool *>(argument);
  pool->task = task;
  pool->context = context;
  pool->finished = 0;
  uint64_t layer = (layerOf(pool->progress) + 1) & 0xFFFFFFFF;
  pool->progress = layer << 32 | static_cast<uint64_t>(count) << 16;
  if (pool->sleepers != 0) {
    std::lock_guard<std::mutex> lock(pool->mutex);
    pool->wakeUp.notify_all();
  }
  while (pool->runNext())
    ;
  // The last tasks may be those of a thread that does not run now.
  while (!waitAwake([&] { return pool->finished == count; }))
    std::this_thread::yield();
}
