/* Calls a model that takes one arena and the same model with two regions, with
 * memory of no more than the promised sizes, and compares the outputs. */
#include "one.h"
#include "two.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define GUARD 32

static unsigned char arena[ONE_ARENA_BYTES] ONE_ARENA_STORAGE;
static unsigned char memory[TWO_FAST_BYTES + TWO_SLOW_BYTES + 3 * GUARD + 32];
static int8_t input[ONE_INPUT_SIZE];
static int8_t expected[ONE_OUTPUT_SIZE], found[TWO_OUTPUT_SIZE];

static unsigned char *align(unsigned char *at) {
  return at + (16 - (uintptr_t)at % 16) % 16;
}

static int isPainted(const unsigned char *at, size_t bytes) {
  for (; bytes != 0; --bytes)
    if (*at++ != 0xa5)
      return 0;
  return 1;
}

int main(void) {
  unsigned char *fast, *slow;
  uint32_t state = 1;
  memset(memory, 0xa5, sizeof memory);
  fast = align(memory + GUARD);
  slow = align(fast + TWO_FAST_BYTES + GUARD);
  for (int sample = 0; sample < 20; ++sample) {
    for (int i = 0; i < ONE_INPUT_SIZE; ++i) {
      state = state * 1664525u + 1013904223u;
      input[i] = (int8_t)(state >> 24);
    }
    one(input, expected, arena);
    two(input, found, fast, slow);
    if (memcmp(expected, found, sizeof found) != 0) {
      puts("outputs differ");
      return 1;
    }
  }
  if (!isPainted(memory, GUARD) || !isPainted(fast + TWO_FAST_BYTES, GUARD) ||
      !isPainted(slow + TWO_SLOW_BYTES, GUARD)) {
    puts("memory outside the regions was written");
    return 1;
  }
  if (isPainted(fast, TWO_FAST_BYTES) || isPainted(slow, TWO_SLOW_BYTES)) {
    puts("a region was not used");
    return 1;
  }
  puts("outputs agree");
  return 0;
}
