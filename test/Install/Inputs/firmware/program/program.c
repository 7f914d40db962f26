//===- program.c - Call a model that the build compiled -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the model on a blank image and prints the sum of its probabilities. What
// was compiled for threads gives the same.
//
//===----------------------------------------------------------------------===//

#include "digits.h"
#include "threaded.h"

#include <stdio.h>
#include <string.h>

_Alignas(DIGITS_ARENA_ALIGNMENT) static unsigned char arena[DIGITS_ARENA_BYTES];

_Alignas(
    THREADED_ARENA_ALIGNMENT) static unsigned char other[THREADED_ARENA_BYTES];

static void plain_loop(void *pool, int32_t count, threaded_task task,
                       void *context) {
  (void)pool;
  for (int32_t i = 0; i < count; ++i)
    task(context, i);
}

int main(void) {
  int8_t input[DIGITS_INPUT_SIZE], output[DIGITS_OUTPUT_SIZE];
  for (int i = 0; i < DIGITS_INPUT_SIZE; ++i)
    input[i] = digits_quantize_input(0.0f);
  digits(input, output, arena);
  int8_t same[THREADED_OUTPUT_SIZE];
  threaded(input, same, other, plain_loop, NULL);
  if (memcmp(same, output, sizeof(same)) != 0)
    return 1;
  float sum = 0;
  for (int i = 0; i < DIGITS_OUTPUT_SIZE; ++i)
    sum += digits_dequantize_output(output[i]);
  printf("sum of probabilities: %.1f\n", sum);
  return 0;
}
