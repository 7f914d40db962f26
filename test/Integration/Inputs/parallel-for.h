//===- parallel-for.h - Ways to run the tasks of a threaded model ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In order, from the last to the first, shuffled, in threads, and one that
// checks that tasks are independent of each other.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TEST_INTEGRATION_INPUTS_PARALLEL_FOR_H
#define QUANTCC_TEST_INTEGRATION_INPUTS_PARALLEL_FOR_H

#include "model.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Memory that tasks may write to.
typedef struct {
  unsigned char *begin;
  size_t bytes;
} Range;

// What every parallel-for gets as its pool.
typedef struct {
  Range ranges[2];
  unsigned long calls;
} Pool;

static void fail_task(const char *reason) {
  fprintf(stderr, "error: %s\n", reason);
  exit(1);
}

static void check_count(Pool *pool, int32_t count) {
  ++pool->calls;
  if (count < 2 || count > MODEL_THREADS)
    fail_task("a layer has fewer or more tasks than promised");
}

static void in_order(void *pool, int32_t count, model_task task,
                     void *context) {
  check_count(pool, count);
  for (int32_t i = 0; i < count; ++i)
    task(context, i);
}

static void reversed(void *pool, int32_t count, model_task task,
                     void *context) {
  check_count(pool, count);
  for (int32_t i = count; i-- > 0;)
    task(context, i);
}

static void shuffled(void *pool, int32_t count, model_task task,
                     void *context) {
  static uint32_t state = 1;
  int32_t order[MODEL_THREADS];
  check_count(pool, count);
  for (int32_t i = 0; i < count; ++i)
    order[i] = i;
  for (int32_t i = count; i > 1; --i) {
    state = state * 1664525u + 1013904223u;
    int32_t j = (int32_t)((state >> 16) % (uint32_t)i);
    int32_t last = order[i - 1];
    order[i - 1] = order[j];
    order[j] = last;
  }
  for (int32_t i = 0; i < count; ++i)
    task(context, order[i]);
}

typedef struct {
  model_task task;
  void *context;
  int32_t index;
} Job;

static void *run_job(void *argument) {
  Job *job = argument;
  job->task(job->context, job->index);
  return NULL;
}

static void in_threads(void *pool, int32_t count, model_task task,
                       void *context) {
  pthread_t threads[MODEL_THREADS];
  Job jobs[MODEL_THREADS];
  check_count(pool, count);
  for (int32_t i = 0; i < count; ++i) {
    jobs[i] = (Job){task, context, i};
    if (pthread_create(&threads[i], NULL, run_job, &jobs[i]) != 0)
      fail_task("cannot start a thread");
  }
  for (int32_t i = 0; i < count; ++i)
    pthread_join(threads[i], NULL);
}

static void copy_in(Pool *pool, const unsigned char *from) {
  for (int r = 0; r < 2; ++r) {
    memcpy(pool->ranges[r].begin, from, pool->ranges[r].bytes);
    from += pool->ranges[r].bytes;
  }
}

static void copy_out(const Pool *pool, unsigned char *to) {
  for (int r = 0; r < 2; ++r) {
    memcpy(to, pool->ranges[r].begin, pool->ranges[r].bytes);
    to += pool->ranges[r].bytes;
  }
}

// Runs each task alone, on what the layer begins with and on its complement, to
// see which bytes it writes: no byte belongs to two tasks. Then runs it after
// the bytes of all others were overwritten: it gives the same.
static void independent(void *argument, int32_t count, model_task task,
                        void *context) {
  Pool *pool = argument;
  check_count(pool, count);
  size_t bytes = pool->ranges[0].bytes + pool->ranges[1].bytes;
  unsigned char *before = malloc(bytes), *after = malloc(bytes);
  unsigned char *result = malloc(bytes);
  // The number of the task that writes a byte, counted from 1; or 0.
  unsigned char *owner = calloc(bytes, 1);
  if (!before || !after || !result || !owner)
    fail_task("out of memory");
  copy_out(pool, before);
  memcpy(result, before, bytes);
  for (int32_t i = 0; i < count; ++i)
    for (int flip = 1; flip >= 0; --flip) {
      for (size_t b = 0; flip && b < bytes; ++b)
        before[b] ^= 0xFF;
      copy_in(pool, before);
      task(context, i);
      copy_out(pool, after);
      for (size_t b = 0; b < bytes; ++b) {
        if (after[b] == before[b])
          continue;
        if (owner[b] != 0 && owner[b] != i + 1)
          fail_task("two tasks write the same byte");
        owner[b] = (unsigned char)(i + 1);
      }
      for (size_t b = 0; flip && b < bytes; ++b)
        before[b] ^= 0xFF;
    }
  for (int32_t i = 0; i < count; ++i) {
    memcpy(after, before, bytes);
    for (size_t b = 0; b < bytes; ++b)
      if (owner[b] != 0 && owner[b] != i + 1)
        after[b] ^= 0x5A;
    copy_in(pool, after);
    task(context, i);
    copy_out(pool, after);
    for (size_t b = 0; b < bytes; ++b)
      if (owner[b] == i + 1)
        result[b] = after[b];
  }
  // The same in order, from where the layer began.
  copy_in(pool, before);
  for (int32_t i = 0; i < count; ++i)
    task(context, i);
  copy_out(pool, after);
  if (memcmp(after, result, bytes) != 0)
    fail_task("a task depends on what another one writes");
  free(before);
  free(after);
  free(result);
  free(owner);
}

// The way that `name` says.
static model_parallel_for find_parallel_for(const char *name) {
  if (strcmp(name, "in-order") == 0)
    return in_order;
  if (strcmp(name, "reversed") == 0)
    return reversed;
  if (strcmp(name, "shuffled") == 0)
    return shuffled;
  if (strcmp(name, "threads") == 0)
    return in_threads;
  if (strcmp(name, "independent") == 0)
    return independent;
  fail_task("unknown way to run tasks");
  return NULL;
}

#endif // QUANTCC_TEST_INTEGRATION_INPUTS_PARALLEL_FOR_H
