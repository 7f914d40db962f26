"""Compiles a model, links it with run-model.c, and runs it over samples.

With --parallel, it links with run-threaded.c, runs once for each way, and
compares what that writes with --expected.

Options it does not know go to `quantcc compile`. The samples are an .npy of the
input's stored values; the outputs are written as raw bytes.
"""

import argparse
import os
import subprocess
import sys

import numpy

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("model")
parser.add_argument("--target", required=True)
parser.add_argument("--cc", required=True, help="the C compiler for the target")
parser.add_argument("--emulator", help="what runs the target's programs")
parser.add_argument("--input", required=True)
parser.add_argument("--folder", required=True, help="where to build")
parser.add_argument("-o", dest="output", required=True)
parser.add_argument(
    "--parallel",
    default="",
    help="ways to run the tasks of a model that is compiled with --threads, "
    "separated by commas; each writes OUTPUT.WAY",
)
parser.add_argument("--expected", help="an .npy of what every way must write")
options, passed_on = parser.parse_known_args()

folder = os.path.join(options.folder, options.target)
subprocess.run(
    ["quantcc", "compile", options.model, "--target", options.target]
    + ["--symbol", "model", "-o", folder]
    + passed_on,
    check=True,
)
runner = "run-threaded.c" if options.parallel else "run-model.c"
program = os.path.join(folder, "program")
subprocess.run(
    [options.cc, "-static", "-std=c99", "-pedantic", "-O1", "-pthread"]
    + ["-Wall", "-Wextra", "-Werror", "-I", folder]
    + [os.path.join(os.path.dirname(__file__), runner)]
    + [os.path.join(folder, "model.o"), "-o", program],
    check=True,
)
samples = os.path.join(folder, "samples.raw")
with open(samples, "wb") as raw:
    raw.write(numpy.load(options.input).tobytes())
emulator = [options.emulator] if options.emulator else []
command = emulator + [program, samples]
if not options.parallel:
    subprocess.run(command + [options.output], check=True)
else:
    for way in options.parallel.split(","):
        path = options.output + "." + way
        subprocess.run(command + [path, way], check=True)
        with open(path, "rb") as written:
            if written.read() != numpy.load(options.expected).tobytes():
                sys.exit(f"{way}: other bytes than expected")
