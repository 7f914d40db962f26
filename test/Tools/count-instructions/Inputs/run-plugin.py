"""Runs FOLDER/program with FOLDER/plugin.so and prints what it counted.

    run-plugin.py COMPILER FOLDER EMULATOR [ARGUMENT...]
"""

import os
import subprocess
import sys

compiler, folder, *emulator = sys.argv[1:]
program = os.path.join(folder, "program")
nm = subprocess.run([compiler, "-print-prog-name=nm"], check=True,
                    capture_output=True, text=True).stdout.strip()
symbols = {}
for line in subprocess.run([nm, program], check=True, capture_output=True,
                           text=True).stdout.splitlines():
    parts = line.split()
    if len(parts) == 3:
        # Thumb functions have odd addresses, instructions even ones.
        symbols[parts[2]] = int(parts[0], 16) & ~1
counts = os.path.join(folder, "counts")
plugin = (f"{folder}/plugin.so,begin={symbols['model']:#x},"
          f"end={symbols['model_returned']:#x},out={counts}")
subprocess.run([emulator[0], "-plugin", plugin, *emulator[1:], program],
               check=True, stdin=subprocess.DEVNULL)
with open(counts, encoding="utf-8") as text:
    sys.stdout.write(text.read())
