//===- main.c - Run the compiled digits model on test samples -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads images and labels from two .npy files, calls the model that `quantcc
// compile` wrote for each image, and prints its accuracy and speed. The host is
// taken to be little endian, as the files are.
//
//===----------------------------------------------------------------------===//

#define _POSIX_C_SOURCE 199309L

#include "digits.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TimedRounds = 10 };

// C99 cannot align an array, so the arena gets room to be aligned by hand.
static unsigned char storage[DIGITS_ARENA_BYTES + DIGITS_ARENA_ALIGNMENT];

// The values of an .npy file, without its shape.
typedef struct {
  char type[4]; // numpy's name for the element type: "<f4", "|u1", "<i8"
  size_t bytes;
  unsigned char *data;
} Array;

static void fail(const char *path, const char *reason) {
  fprintf(stderr, "error: %s: %s\n", path, reason);
  exit(1);
}

// Reads a file whole; the caller owns the data.
static unsigned char *readFile(const char *path, size_t *bytes) {
  FILE *file = fopen(path, "rb");
  if (!file)
    fail(path, "cannot open the file");
  unsigned char *data = NULL;
  size_t capacity = 0, got;
  *bytes = 0;
  do {
    capacity += 65536;
    data = realloc(data, capacity);
    if (!data)
      fail(path, "out of memory");
    got = fread(data + *bytes, 1, capacity - *bytes, file);
    *bytes += got;
  } while (*bytes == capacity);
  if (ferror(file))
    fail(path, "cannot read the file");
  fclose(file);
  return data;
}

// Reads an .npy file of format version 1.0: the magic bytes and the version (8
// bytes), the length of the header (2 bytes), the header (the text of a Python
// dictionary, padded), then the values.
static Array readNpy(const char *path) {
  size_t bytes;
  unsigned char *file = readFile(path, &bytes);
  if (bytes < 10 || memcmp(file, "\x93NUMPY\x01\x00", 8) != 0)
    fail(path, "expected an .npy file of version 1.0");
  size_t header = file[8] + 256u * file[9];
  if (header == 0 || header > bytes - 10)
    fail(path, "the file ends within its header");
  char *text = (char *)file + 10;
  text[header - 1] = '\0'; // a line feed by the format
  const char *type = strstr(text, "'descr': '");
  if (!type || strlen(type) < 13 || !strstr(text, "'fortran_order': False"))
    fail(path, "expected one simple element type in C order");
  Array array = {"", bytes - 10 - header, file + 10 + header};
  memcpy(array.type, type + 10, 3);
  return array;
}

// Reads f32 images [N, ...] of DIGITS_INPUT_SIZE values each and quantizes
// them.
static int8_t *readImages(const char *path, size_t *count) {
  Array array = readNpy(path);
  if (strcmp(array.type, "<f4") != 0)
    fail(path, "expected float32 images");
  size_t values = array.bytes / sizeof(float);
  if (values == 0 || array.bytes % (DIGITS_INPUT_SIZE * sizeof(float)) != 0)
    fail(path, "expected a whole number of images");
  *count = values / DIGITS_INPUT_SIZE;
  int8_t *images = malloc(values);
  if (!images)
    fail(path, "out of memory");
  for (size_t i = 0; i < values; ++i) {
    float real;
    memcpy(&real, array.data + i * sizeof real, sizeof real);
    images[i] = digits_quantize_input(real);
  }
  return images;
}

// Reads uint8 or int64 labels [N].
static Array readLabels(const char *path, size_t count) {
  Array array = readNpy(path);
  size_t width = strcmp(array.type, "|u1") == 0   ? 1
                 : strcmp(array.type, "<i8") == 0 ? 8
                                                  : 0;
  if (width == 0)
    fail(path, "expected uint8 or int64 labels");
  if (array.bytes != count * width)
    fail(path, "expected one label an image");
  // Labels are below 256: the lowest byte of each says it all.
  for (size_t i = 0; i < count; ++i)
    array.data[i] = array.data[i * width];
  return array;
}

static int largest(const int8_t *values) {
  int best = 0;
  for (int i = 1; i < DIGITS_OUTPUT_SIZE; ++i)
    if (values[i] > values[best])
      best = i;
  return best;
}

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e6 * (double)now.tv_sec + 1e-3 * (double)now.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s IMAGES.npy LABELS.npy\n", argv[0]);
    return 1;
  }
  size_t count;
  const int8_t *images = readImages(argv[1], &count);
  Array labels = readLabels(argv[2], count);
  uintptr_t misaligned = (uintptr_t)storage % DIGITS_ARENA_ALIGNMENT;
  void *arena = storage + (DIGITS_ARENA_ALIGNMENT - misaligned);

  size_t correct = 0;
  double probability = 0;
  int8_t output[DIGITS_OUTPUT_SIZE];
  for (size_t i = 0; i < count; ++i) {
    digits(images + i * DIGITS_INPUT_SIZE, output, arena);
    int digit = largest(output);
    correct += digit == labels.data[i];
    probability += digits_dequantize_output(output[digit]);
  }

  double start = microseconds();
  for (int round = 0; round < TimedRounds; ++round)
    for (size_t i = 0; i < count; ++i)
      digits(images + i * DIGITS_INPUT_SIZE, output, arena);
  double elapsed = microseconds() - start;

  printf("accuracy: %.4f (%zu samples)\n", (double)correct / (double)count,
         count);
  printf("mean probability of the answer: %.4f\n", probability / (double)count);
  printf("time per inference: %.2f microseconds\n",
         elapsed / (double)(TimedRounds * count));
  return 0;
}
