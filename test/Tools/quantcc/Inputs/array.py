"""Writes samples between -1 and 1 as .npy or .npz.

    array.py PATH [NAME=]SHAPE...

SHAPE is N,D1,D2,...; an .npz has one array a NAME.
"""

import sys

import numpy

random = numpy.random.default_rng(0)


def samples(shape):
    return random.uniform(-1.0, 1.0, [int(size) for size in shape.split(",")])


if sys.argv[1].endswith(".npz"):
    named = (argument.split("=") for argument in sys.argv[2:])
    numpy.savez(
        sys.argv[1],
        **{name: samples(shape).astype("f4") for name, shape in named},
    )
else:
    numpy.save(sys.argv[1], samples(sys.argv[2]).astype("f4"))
