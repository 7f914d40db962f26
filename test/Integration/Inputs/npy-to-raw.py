"""Writes the elements of an .npy file as raw bytes: npy-to-raw.py NPY RAW."""

import sys

import numpy

with open(sys.argv[2], "wb") as raw:
    raw.write(numpy.load(sys.argv[1]).tobytes())
