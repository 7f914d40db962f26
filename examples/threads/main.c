//===- main.c - Run a model in several threads ----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a model that was compiled with --threads first with a plain loop and
// then with a pool of threads, compares what they give, and prints the time of
// each. The model's symbol is `model`; it has one input and one output.
//
//===----------------------------------------------------------------------===//

#define _POSIX_C_SOURCE 199309L

#include "model.h"
#include "pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { Rounds = 200 };

static MODEL_INPUT_TYPE input[MODEL_INPUT_SIZE];
static MODEL_OUTPUT_TYPE expected[MODEL_OUTPUT_SIZE], output[MODEL_OUTPUT_SIZE];
static unsigned char storage[MODEL_ARENA_BYTES + MODEL_ARENA_ALIGNMENT];

// The smallest parallel-for that a model can do with.
static void plain_loop(void *pool, int32_t count, model_task task,
                       void *context) {
  (void)pool;
  for (int32_t i = 0; i < count; ++i)
    task(context, i);
}

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec * 1e-3;
}

// Runs the model many times and returns the shortest time of one, in
// microseconds.
static double measure(MODEL_OUTPUT_TYPE *result,
                      model_parallel_for parallel_for, void *pool) {
  void *arena = storage + (MODEL_ARENA_ALIGNMENT -
                           (uintptr_t)storage % MODEL_ARENA_ALIGNMENT);
  double best = 1e30;
  for (int round = 0; round < Rounds; ++round) {
    double begin = microseconds();
    model(input, result, arena, parallel_for, pool);
    double elapsed = microseconds() - begin;
    if (elapsed < best)
      best = elapsed;
  }
  return best;
}

int main(void) {
  for (int i = 0; i < MODEL_INPUT_SIZE; ++i)
    input[i] = (MODEL_INPUT_TYPE)rand();
  double alone = measure(expected, plain_loop, NULL);
  Pool *pool = pool_create(MODEL_THREADS);
  if (!pool) {
    fprintf(stderr, "error: cannot start threads\n");
    return 1;
  }
  double together = measure(output, pool_parallel_for, pool);
  pool_destroy(pool);
  printf("one thread %.0f us, %d threads %.0f us\n", alone, MODEL_THREADS,
         together);
  if (memcmp(output, expected, sizeof(output)) != 0) {
    fprintf(stderr, "error: the outputs differ\n");
    return 1;
  }
  printf("outputs agree\n");
  return 0;
}
