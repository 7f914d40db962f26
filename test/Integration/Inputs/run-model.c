//===- run-model.c - Run a compiled model on raw bytes --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls a model of one input and one output for each sample of a raw file and
// writes the raw outputs. The model's symbol is `model`; a stateful one goes
// through the samples with one state.
//
//===----------------------------------------------------------------------===//

#include "model.h"

#include <stdint.h>
#include <stdio.h>

enum { Guard = 64 };

static MODEL_INPUT_TYPE input[MODEL_INPUT_SIZE];
static MODEL_OUTPUT_TYPE output[MODEL_OUTPUT_SIZE];
static unsigned char storage[MODEL_ARENA_BYTES + MODEL_ARENA_ALIGNMENT + Guard];

#ifdef MODEL_STATE_BYTES
static unsigned char memory[MODEL_STATE_BYTES + MODEL_STATE_ALIGNMENT + Guard];
#endif

static int fail(const char *reason) {
  fprintf(stderr, "error: %s\n", reason);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 3)
    return fail("expected an input and an output file");
  FILE *from = fopen(argv[1], "rb");
  FILE *to = fopen(argv[2], "wb");
  if (!from || !to)
    return fail("cannot open a file");
  unsigned char *arena = storage + (MODEL_ARENA_ALIGNMENT -
                                    (uintptr_t)storage % MODEL_ARENA_ALIGNMENT);
#ifdef MODEL_STATE_BYTES
  unsigned char *state = memory + (MODEL_STATE_ALIGNMENT -
                                   (uintptr_t)memory % MODEL_STATE_ALIGNMENT);
  for (int i = 0; i < MODEL_STATE_BYTES + Guard; ++i)
    state[i] = 0xA5;
  model_reset(state);
#endif
  size_t got;
  while ((got = fread(input, 1, MODEL_INPUT_BYTES, from)) ==
         MODEL_INPUT_BYTES) {
    // What the arena holds before a call must not matter, and what lies behind
    // it must stay.
    for (int i = 0; i < MODEL_ARENA_BYTES + Guard; ++i)
      arena[i] = 0xA5;
#ifdef MODEL_STATE_BYTES
    model(input, output, arena, state);
    for (int i = MODEL_STATE_BYTES; i < MODEL_STATE_BYTES + Guard; ++i)
      if (state[i] != 0xA5)
        return fail("the model wrote behind its state");
#else
    model(input, output, arena);
#endif
    for (int i = MODEL_ARENA_BYTES; i < MODEL_ARENA_BYTES + Guard; ++i)
      if (arena[i] != 0xA5)
        return fail("the model wrote behind its arena");
    if (fwrite(output, 1, MODEL_OUTPUT_BYTES, to) != MODEL_OUTPUT_BYTES)
      return fail("cannot write an output");
  }
  if (got != 0)
    return fail("expected a whole number of samples");
  return fclose(to) == 0 ? 0 : fail("cannot write an output");
}
