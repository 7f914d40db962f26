#!/usr/bin/python3
# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the first samples of an .npy file as a C header.

usage: samples.py FILE.npy COUNT > samples.h

FILE holds samples of shape [N, ...]: float32 for real values, which the
firmware quantizes, or int8, uint8 or int16 for stored ones.
"""

import sys

import numpy

C_TYPES = {"float32": "float", "int8": "int8_t", "uint8": "uint8_t",
           "int16": "int16_t"}


def literal(value):
    """A C constant of exactly this value."""
    if isinstance(value, numpy.floating):
        return float(value).hex() + "f"
    return str(value)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.split("\n\n")[1])
    path, count = sys.argv[1], int(sys.argv[2])
    samples = numpy.load(path)[:count]
    if samples.dtype.name not in C_TYPES:
        sys.exit(f"error: {path}: cannot take samples of {samples.dtype}")
    if len(samples) != count:
        sys.exit(f"error: {path}: {count} samples wanted, {len(samples)} found")
    samples = samples.reshape(count, -1)
    print("/* Made by samples.py; do not edit. */")
    print(f"#define SAMPLE_COUNT {count}")
    print(f"#define SAMPLE_SIZE {samples.shape[1]}")
    print(f"#define SAMPLES_ARE_REAL {int(samples.dtype.kind == 'f')}")
    print(f"static const {C_TYPES[samples.dtype.name]} "
          "samples[SAMPLE_COUNT][SAMPLE_SIZE] = {")
    for sample in samples:
        print("    {" + ", ".join(literal(value) for value in sample) + "},")
    print("};")


if __name__ == "__main__":
    main()
