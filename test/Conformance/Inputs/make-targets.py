"""Writes samples of a clamp at zero, and right, wrong and short answers."""

import os
import shutil
import sys

import numpy

folder, template = sys.argv[1:]
os.makedirs(folder)
given = numpy.array([[1, -2, 3], [-4, 5, -128]], numpy.int8)
right = numpy.maximum(given, 0)
wrong = right.copy()
wrong[1, 2] = 7

for name, outputs in (("right", right), ("short", right[:, :2]),
                      ("wrong", wrong)):
    shutil.copyfile(template, os.path.join(folder, name + "_int8.tflite"))
    numpy.save(os.path.join(folder, name + "_in_int8.npy"), given)
    numpy.save(os.path.join(folder, name + "_out_int8.npy"), outputs)
