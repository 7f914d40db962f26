"""Writes real values 0 to 16 as stored values -128 to 127: IN.npy OUT.npy."""

import sys

import numpy

samples = numpy.load(sys.argv[1])
stored = numpy.clip(numpy.round(samples * 16.0) - 128.0, -128, 127)
numpy.save(sys.argv[2], stored.astype(numpy.int8))
