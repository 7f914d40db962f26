//===- pool.c - A pool of POSIX threads -----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One mutex guards all. A layer's tasks are few and take microseconds, so that
// taking one at a time costs little. Threads that sleep take some microseconds
// to wake up; a pool that looks for work for a while before it sleeps loses
// less between layers.
//
//===----------------------------------------------------------------------===//

#define _POSIX_C_SOURCE 200112L

#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

struct Pool {
  pthread_mutex_t mutex;
  pthread_cond_t work, done;
  // Of the tasks that are running now.
  void (*task)(void *context, int32_t index);
  void *context;
  int32_t count, next, finished;
  int stops, workers;
  pthread_t threads[];
};

// Runs tasks until all are taken. Expects the mutex, and keeps it.
static void run_tasks(Pool *pool) {
  while (pool->next < pool->count) {
    int32_t index = pool->next++;
    pthread_mutex_unlock(&pool->mutex);
    pool->task(pool->context, index);
    pthread_mutex_lock(&pool->mutex);
    if (++pool->finished == pool->count)
      pthread_cond_signal(&pool->done);
  }
}

static void *work(void *argument) {
  Pool *pool = argument;
  pthread_mutex_lock(&pool->mutex);
  while (!pool->stops) {
    run_tasks(pool);
    if (!pool->stops)
      pthread_cond_wait(&pool->work, &pool->mutex);
  }
  pthread_mutex_unlock(&pool->mutex);
  return NULL;
}

Pool *pool_create(int threads) {
  int workers = threads > 1 ? threads - 1 : 0;
  Pool *pool = calloc(1, sizeof(Pool) + (size_t)workers * sizeof(pthread_t));
  if (!pool)
    return NULL;
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->work, NULL);
  pthread_cond_init(&pool->done, NULL);
  for (int i = 0; i < workers; ++i) {
    if (pthread_create(&pool->threads[i], NULL, work, pool) != 0) {
      pool_destroy(pool);
      return NULL;
    }
    ++pool->workers;
  }
  return pool;
}

void pool_destroy(Pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  pool->stops = 1;
  pthread_cond_broadcast(&pool->work);
  pthread_mutex_unlock(&pool->mutex);
  for (int i = 0; i < pool->workers; ++i)
    pthread_join(pool->threads[i], NULL);
  pthread_cond_destroy(&pool->done);
  pthread_cond_destroy(&pool->work);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

void pool_parallel_for(void *argument, int32_t count,
                       void (*task)(void *context, int32_t index),
                       void *context) {
  Pool *pool = argument;
  pthread_mutex_lock(&pool->mutex);
  pool->task = task;
  pool->context = context;
  pool->finished = 0;
  pool->next = 0;
  pool->count = count;
  pthread_cond_broadcast(&pool->work);
  run_tasks(pool);
  while (pool->finished < pool->count)
    pthread_cond_wait(&pool->done, &pool->mutex);
  pthread_mutex_unlock(&pool->mutex);
}
