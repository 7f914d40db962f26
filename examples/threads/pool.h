//===- pool.h - A pool of POSIX threads --------------------------*- C -*--===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Threads that wait for tasks, for models that are compiled with --threads.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_EXAMPLES_THREADS_POOL_H
#define QUANTCC_EXAMPLES_THREADS_POOL_H

#include <stdint.h>

typedef struct Pool Pool;

// A pool of `threads` threads, of which the calling one is the first; null if
// there is no memory, or no thread can be started.
Pool *pool_create(int threads);

// Ends the threads. No tasks may be running.
void pool_destroy(Pool *pool);

// The parallel-for of all compiled models: `pool` is a Pool. Calls
// task(context, i) for each i from 0 to count - 1, and returns when all have
// returned. The mutex makes what one thread wrote visible to the others.
void pool_parallel_for(void *pool, int32_t count,
                       void (*task)(void *context, int32_t index),
                       void *context);

#endif // QUANTCC_EXAMPLES_THREADS_POOL_H
