"""Runs the firmware examples with more models than continuous integration does.

    run-models.py EXAMPLES DATA FOLDER

For each model and board the class and bytes of each sample must be those of the
reference kernels, and the memory as promised.
"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = ("ic", "vww", "ad", "sww")
# The example's folder, what chooses the board, and what it needs.
BOARDS = (
    ("cortex-m", "BOARD=mps2-an386"),
    ("cortex-m", "BOARD=mps3-an547"),
    ("riscv", "TARGET=rv32imc"),
)
COUNT = "2"

examples, data, folder = sys.argv[1:]
for model in MODELS:
    for example, choice in BOARDS:
        out = os.path.join(folder, f"{model}-{choice.split('=')[1]}")
        os.makedirs(out, exist_ok=True)
        printed = os.path.join(out, "output.txt")
        with open(printed, "w", encoding="utf-8") as file:
            subprocess.run(
                ["make", "-s", "-C", os.path.join(examples, example), "run"]
                + [choice, f"OUT={out}", "QUANTCC=quantcc", f"COUNT={COUNT}"]
                + [f"MODEL={data}/mlperf-tiny/{model}_int8.tflite"]
                + ["MODEL_OPTIONS="]
                + [f"SAMPLES={data}/expected/{model}_in_int8.npy"],
                check=True,
                stdout=file,
            )
        expected = f"{data}/expected/{model}_out_int8.npy"
        subprocess.run(
            [sys.executable, os.path.join(HERE, "check-firmware.py"), printed]
            + [expected, COUNT],
            check=True,
        )
        print(f"{model} on {choice.split('=')[1]}: as expected")
