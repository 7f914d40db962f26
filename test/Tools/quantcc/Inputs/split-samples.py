"""Splits an .npz into two: split-samples.py NPZ FIRST SECOND."""

import sys

import numpy

arrays = numpy.load(sys.argv[1])
numpy.savez(sys.argv[2], **{name: array[:70] for name, array in arrays.items()})
numpy.savez(sys.argv[3], **{name: array[70:] for name, array in arrays.items()})
