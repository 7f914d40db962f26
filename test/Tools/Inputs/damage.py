"""Damages a file byte by byte and runs quantcc on each result.

usage: damage.py QUANTCC MODEL

Prints the kinds of reasons given, and FAIL where a run ends in anything but
success or one error line.
"""

import os
import re
import subprocess
import sys

quantcc, model = sys.argv[1:]
folder = os.path.dirname(model)
damaged = os.path.join(folder, "damaged.mlirbc")
with open(model, "rb") as file:
    content = file.read()
reasons = set()
# Every third byte will do: it hits each kind of section.
for offset in range(0, len(content), 3):
    with open(damaged, "wb") as file:
        file.write(content[:offset] + b"\0" + content[offset + 1:])
    out = os.path.join(folder, "damaged")
    run = subprocess.run([quantcc, "compile", damaged, "--stop-after",
                          "imported", "-o", out], stderr=subprocess.PIPE,
                         text=True, errors="replace", check=False)
    lines = run.stderr.splitlines()
    if run.returncode == 0:
        continue
    if run.returncode != 1 or len(lines) != 1 or "error: " not in lines[0]:
        print(f"FAIL: byte {offset}: exit {run.returncode}: {lines}")
    else:
        reasons.add(re.sub(r"^.*damaged\.mlirbc: ", "", lines[0]))
print("\n".join(sorted(reasons)))
