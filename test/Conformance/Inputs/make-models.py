"""Writes recorded outputs of two tensors, and the answers of the stand-in."""

import os
import shutil
import sys

import numpy

folder, template = sys.argv[1:]
models = os.path.join(folder, "models")
recorded = os.path.join(folder, "expected", "models")
os.makedirs(models)
os.makedirs(recorded)
first = numpy.array([[1, -2, 3], [-4, 5, -6]], numpy.int8)
second = numpy.array([[300], [-300]], numpy.int16)
rows = [first[i].tobytes() + second[i].tobytes() for i in range(2)]


def model(name, first, second):
    shutil.copyfile(template, os.path.join(models, name + ".tflite"))
    numpy.savez(os.path.join(models, name + "_answer.npz"), a=first, b=second)
    numpy.save(os.path.join(recorded, name + "_in.npy"), first)
    numpy.save(os.path.join(recorded, name + "_out.npy"),
               numpy.array([list(row) for row in rows], numpy.uint8))


model("same", first, second)
model("off", first, second + 1)
model("refuses", first, second)
model("swapped", first[::-1], second[::-1])
