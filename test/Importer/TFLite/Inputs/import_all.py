"""Imports every model of the given folders, strange and hostile ones too.

usage: import_all.py FOLDER...

A model is a file ending in .tflite or .bin. Fails unless each is imported
without a word, or refused with exit status 1 and exactly one error line; one
that its folder's MANIFEST.json expects to be rejected must be refused.
"""

import json
import os
import subprocess
import sys


def expectations(folder):
    path = os.path.join(folder, "MANIFEST.json")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as text:
        return json.load(text)


def fault_of(model, expected):
    """What is wrong with the import of `model`, or None."""
    command = ["quant-translate", "--import-tflite", model, "-o", os.devnull]
    try:
        result = subprocess.run(command, capture_output=True, timeout=10)
    except subprocess.TimeoutExpired:
        return "hangs"
    lines = result.stderr.decode(errors="replace").splitlines()
    if result.returncode == 0:
        if expected == "reject":
            return "accepted"
        return f"words on success: {lines}" if lines else None
    if result.returncode != 1:
        return f"exit status {result.returncode}: {lines[:1]}"
    if len(lines) != 1 or not lines[0].startswith("error: "):
        return f"expected one error line, found {lines}"
    return None


count = faults = 0
for folder in sys.argv[1:]:
    manifest = expectations(folder)
    for name in sorted(os.listdir(folder)):
        if not name.endswith((".tflite", ".bin")):
            continue
        count += 1
        expected = manifest.get(name, {}).get("expect")
        fault = fault_of(os.path.join(folder, name), expected)
        if fault:
            faults += 1
            print(f"{folder}/{name}: {fault}")
print(f"{count} models, {faults} faults")
