#!/usr/bin/python3
# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles the digits model for this machine, runs it, and judges it.

usage: demonstrate.py --quantcc FILE --output DIR

Prints each command, and ends in a table of the float and the int8 model. Needs
Python alone, and a C compiler.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "utils"))
sys.dont_write_bytecode = True
import tflite_tensors  # noqa: E402 (found through the path above)


def run(*command):
    """Prints and runs a command; returns what it printed."""
    here = os.getcwd() + os.sep
    print("$ " + shlex.join(word[len(here):] if word.startswith(here) else word
                            for word in command), flush=True)
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, text=True,
                              check=True).stdout
    except (OSError, subprocess.CalledProcessError) as failure:
        sys.exit(f"error: {command[0]}: {failure}")


def figure(pattern, text):
    match = re.search(pattern + r": ([0-9.]+)", text)
    if not match:
        sys.exit(f"error: the program did not print its {pattern}")
    return float(match.group(1))


def float_weight_bytes(model):
    with open(model, "rb") as file:
        tensors, _ = tflite_tensors.read_tensors(file.read())
    return sum(t.constant_bytes for t in tensors if t.type == "float32")


def print_table(rows):
    print(f"\n{'':24}{'float':>14}{'int8':>14}")
    for name, float_cell, int8_cell in rows:
        print(f"{name:24}{float_cell:>14}{int8_cell:>14}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     usage=argparse.SUPPRESS)
    parser.add_argument("--quantcc", required=True)
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    quantcc, output = options.quantcc, options.output
    compiler = next(filter(shutil.which, ("cc", "clang-22", "gcc")), None)
    if not compiler:
        sys.exit("error: there is no C compiler")

    model = os.path.join(HERE, "digits.tflite")
    calibration = os.path.join(HERE, "digits_calibration.npz")
    images = os.path.join(HERE, "digits_test.npy")
    labels = os.path.join(HERE, "digits_test_labels.npy")
    program = os.path.join(output, "digits")
    os.makedirs(output, exist_ok=True)

    run(quantcc, "compile", model, "--calibrate", calibration, "-o", output)
    run(compiler, "-std=c99", "-O2", "-I", output,
        os.path.join(HERE, "main.c"), os.path.join(output, "digits.o"),
        "-o", program)
    printed = run(program, images, labels)
    judged = json.loads(run(quantcc, "evaluate", model, "--calibrate",
                            calibration, "--input", images, "--labels", labels,
                            "--json"))
    with open(os.path.join(output, "digits.json"), encoding="utf-8") as text:
        report = json.load(text)

    stages, agreement = judged["stages"], judged["agreement"]
    print_table([
        ("accuracy", f"{100 * stages['float']:.2f} %",
         f"{100 * figure('accuracy', printed):.2f} %"),
        ("agreement with float", "",
         f"{100 * agreement['integer']:.2f} %"),
        ("weights, bytes", str(float_weight_bytes(model)),
         str(report["object"]["weight_bytes"])),
        ("arena, bytes", "", str(report["arena"]["bytes"])),
        ("code, bytes", "", str(report["object"]["code_bytes"])),
        ("time per inference, us",
         f"{judged['microseconds']['float']:.1f}",
         f"{figure('time per inference', printed):.1f}"),
    ])
    return 0


if __name__ == "__main__":
    sys.exit(main())
