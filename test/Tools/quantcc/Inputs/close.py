"""Fails where two .npy files differ by more than a limit: A B LIMIT."""

import sys

import numpy

a, b = numpy.load(sys.argv[1]), numpy.load(sys.argv[2])
largest = numpy.abs(a - b).max()
if a.shape != b.shape or not largest <= float(sys.argv[3]):
    sys.exit(f"shapes {a.shape} and {b.shape}, largest difference {largest}")
