"""Writes a suite of reference outputs, and the answers of the stand-in."""

import os
import sys

import numpy

folder = sys.argv[1]
os.makedirs(os.path.join(folder, "layers", "same"))
os.makedirs(os.path.join(folder, "layers", "shallow"))
stored = numpy.array([[-128, 0, 127]], numpy.int8)
real = numpy.array([[1.0, -2.0, 100.0]], numpy.float32)


def save(name, values):
    numpy.save(os.path.join(folder, name + ".npy"), values)


def model(name, kind, expected, answer):
    open(os.path.join(folder, f"{name}_{kind}.tflite"), "wb").close()
    save(f"{name}_in_{kind}", expected)
    save(f"{name}_out_{kind}", expected)
    save(f"{name}_{kind}_answer", answer)


model("same", "int8", stored, stored)
model("off", "int8", stored, numpy.array([[-128, 1, 127]], numpy.int8))
model("widened", "int8", stored, stored.astype(numpy.int32))
model("shallow", "int8", stored, stored)
# The limit is 1e-5 of the largest value: 1e-3 here.
model("same", "float", real, real + numpy.float32(0.0009))
model("off", "float", real, real + numpy.float32(0.0011))
model("nan", "float", real, real * numpy.float32("nan"))
save("layers/same/00_conv_2d_t1", stored)
save("layers/shallow/00_conv_2d_t1", stored)
save("layers/shallow/01_softmax_t2", stored)
