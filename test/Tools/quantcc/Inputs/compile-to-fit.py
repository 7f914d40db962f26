"""Compiles a model with the limits that its report says it just keeps, and with
limits that are one byte tighter.

    compile-to-fit.py MODEL RANGES FOLDER

FOLDER holds the model compiled for cortex-m4 as digits.
"""

import json
import os
import subprocess
import sys

model, ranges, folder = sys.argv[1:]
with open(os.path.join(folder, "digits.json"), encoding="utf-8") as file:
    report = json.load(file)
size = report["object"]
ram = report["arena"]["bytes"] + size["stack_bytes"]
flash = size["code_bytes"] + size["constant_bytes"]


def compiles(max_ram, max_flash):
    command = ["quantcc", "compile", model, "--ranges", ranges]
    command += ["--target", "cortex-m4", "-o", folder]
    command += ["--max-ram", str(max_ram), "--max-flash", str(max_flash)]
    return subprocess.run(command, capture_output=True).returncode == 0


assert compiles(ram, flash)
assert not compiles(ram - 1, flash)
assert not compiles(ram, flash - 1)
