//===- main.c - Run a compiled model on samples, on a bare machine --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls the model that `quantcc compile --symbol model` wrote for each sample
// of samples.h, and prints the class and the bytes of its output. Then tells
// how much of the arena and of the stack the model touched, which is found by
// painting both beforehand, and whether that is what model.h promises.
//
//===----------------------------------------------------------------------===//

#include "model.h"
#include "samples.h"

#include <stdint.h>
#include <stdio.h>

#if SAMPLE_SIZE != MODEL_INPUT_SIZE
#error "the samples are not of the model's input size"
#endif

enum {
  Paint = 0xa5,
  // Painted beyond the arena's end, where the model must not write.
  GuardBytes = 64,
  // Painted below the caller's frame: more than is promised, so that a model
  // that takes more shows.
  StackPaintBytes = MODEL_STACK_BYTES + 1024
};

// C99 cannot align an array, so the arena gets room to be aligned by hand.
static unsigned char
    storage[MODEL_ARENA_BYTES + MODEL_ARENA_ALIGNMENT + GuardBytes];
static MODEL_INPUT_TYPE input[MODEL_INPUT_SIZE];
static MODEL_OUTPUT_TYPE output[MODEL_OUTPUT_SIZE];

static unsigned char *alignedArena(void) {
  uintptr_t address = (uintptr_t)storage + MODEL_ARENA_ALIGNMENT - 1;
  return (unsigned char *)(address - address % MODEL_ARENA_ALIGNMENT);
}

static void setInput(int sample) {
  for (int i = 0; i < MODEL_INPUT_SIZE; ++i)
#if SAMPLES_ARE_REAL
    input[i] = model_quantize_input(samples[sample][i]);
#else
    input[i] = samples[sample][i];
#endif
}

static int findClass(void) {
  int best = 0;
  for (int i = 1; i < MODEL_OUTPUT_SIZE; ++i)
    if (output[i] > output[best])
      best = i;
  return best;
}

// How many bytes from the arena's start, guard included, were ever written.
static int arenaMark(const unsigned char *arena) {
  int end = MODEL_ARENA_BYTES + GuardBytes;
  while (end > 0 && arena[end - 1] == Paint)
    --end;
  return end;
}

// Runs the model once and returns how deep its stack went, in bytes. The
// stack below this function's frame is painted here, not in a function of its
// own, whose frame would lie there.
__attribute__((noinline)) static int runOnPaintedStack(unsigned char *arena) {
  unsigned char *top;
#if defined(__riscv)
  __asm__ volatile("mv %0, sp" : "=r"(top));
#elif defined(__arm__) || defined(__aarch64__)
  __asm__ volatile("mov %0, sp" : "=r"(top));
#else
#error "the stack pointer's name is not known for this target"
#endif
  volatile unsigned char *bottom = top - StackPaintBytes;
  for (int i = 0; i < StackPaintBytes; ++i)
    bottom[i] = Paint;
  model(input, output, arena);
  int clean = 0;
  while (clean < StackPaintBytes && bottom[clean] == Paint)
    ++clean;
  return StackPaintBytes - clean;
}

int main(void) {
  unsigned char *arena = alignedArena();
  for (int i = 0; i < MODEL_ARENA_BYTES + GuardBytes; ++i)
    arena[i] = Paint;
  int stackBytes = 0;
  for (int sample = 0; sample < SAMPLE_COUNT; ++sample) {
    setInput(sample);
    int depth = runOnPaintedStack(arena);
    stackBytes = depth > stackBytes ? depth : stackBytes;
    printf("sample %d: class %d, output", sample, findClass());
    for (int i = 0; i < MODEL_OUTPUT_SIZE; ++i)
      printf(" %d", (int)output[i]);
    printf("\n");
  }
  int arenaBytes = arenaMark(arena);
  printf("arena: %d bytes used, %d promised\n", arenaBytes, MODEL_ARENA_BYTES);
  printf("stack: %d bytes used, at most %d promised\n", stackBytes,
         MODEL_STACK_BYTES);
  int kept = arenaBytes <= MODEL_ARENA_BYTES && stackBytes <= MODEL_STACK_BYTES;
  printf("%s\n", kept ? "promises kept" : "promises broken");
  return !kept;
}
