//===- run-threaded.c - Run a threaded model on raw bytes -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls a threaded model of one input and one output for each sample of a raw
// file, with its tasks run in one of several ways, and writes the raw outputs.
//
//===----------------------------------------------------------------------===//

#include "parallel-for.h"

enum { Guard = 64 };

static MODEL_INPUT_TYPE input[MODEL_INPUT_SIZE];
static MODEL_OUTPUT_TYPE output[MODEL_OUTPUT_SIZE];
static unsigned char storage[MODEL_ARENA_BYTES + MODEL_ARENA_ALIGNMENT + Guard];

int main(int argc, char **argv) {
  if (argc != 4)
    fail_task("expected an input and an output file, and how to run tasks");
  FILE *from = fopen(argv[1], "rb");
  FILE *to = fopen(argv[2], "wb");
  if (!from || !to)
    fail_task("cannot open a file");
  unsigned char *arena = storage + (MODEL_ARENA_ALIGNMENT -
                                    (uintptr_t)storage % MODEL_ARENA_ALIGNMENT);
  Pool pool = {{{arena, MODEL_ARENA_BYTES},
                {(unsigned char *)output, MODEL_OUTPUT_BYTES}},
               0};
  size_t got;
  while ((got = fread(input, 1, MODEL_INPUT_BYTES, from)) ==
         MODEL_INPUT_BYTES) {
    for (int i = 0; i < MODEL_ARENA_BYTES + Guard; ++i)
      arena[i] = 0xA5;
    model(input, output, arena, find_parallel_for(argv[3]), &pool);
    for (int i = MODEL_ARENA_BYTES; i < MODEL_ARENA_BYTES + Guard; ++i)
      if (arena[i] != 0xA5)
        fail_task("the model wrote behind its arena");
    if (fwrite(output, 1, MODEL_OUTPUT_BYTES, to) != MODEL_OUTPUT_BYTES)
      fail_task("cannot write an output");
  }
  if (got != 0)
    fail_task("expected a whole number of samples");
  printf("%lu layers in tasks\n", pool.calls);
  if (fclose(to) != 0)
    fail_task("cannot write an output");
  return 0;
}
