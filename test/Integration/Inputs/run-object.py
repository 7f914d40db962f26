"""Compiles a model, links it with run-model.c, and runs it over samples.

Options it does not know go to `quantcc compile`. The samples are an .npy of the
input's stored values; the outputs are written as raw bytes.
"""

import argparse
import os
import subprocess

import numpy

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("model")
parser.add_argument("--target", required=True)
parser.add_argument("--cc", required=True, help="the C compiler for the target")
parser.add_argument("--emulator", help="what runs the target's programs")
parser.add_argument("--input", required=True)
parser.add_argument("--folder", required=True, help="where to build")
parser.add_argument("-o", dest="output", required=True)
options, passed_on = parser.parse_known_args()

folder = os.path.join(options.folder, options.target)
subprocess.run(
    ["quantcc", "compile", options.model, "--target", options.target]
    + ["--symbol", "model", "-o", folder]
    + passed_on,
    check=True,
)
program = os.path.join(folder, "program")
subprocess.run(
    [options.cc, "-static", "-std=c99", "-pedantic", "-O1"]
    + ["-Wall", "-Wextra", "-Werror", "-I", folder]
    + [os.path.join(os.path.dirname(__file__), "run-model.c")]
    + [os.path.join(folder, "model.o"), "-o", program],
    check=True,
)
samples = os.path.join(folder, "samples.raw")
with open(samples, "wb") as raw:
    raw.write(numpy.load(options.input).tobytes())
emulator = [options.emulator] if options.emulator else []
subprocess.run(emulator + [program, samples, options.output], check=True)
