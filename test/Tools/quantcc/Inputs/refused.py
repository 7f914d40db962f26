"""Runs quantcc with arguments it must refuse, and prints its error line.

    refused.py FOLDER ARGUMENT...

Runs in FOLDER and fails unless quantcc exits with 1, says exactly one thing,
on stderr, that starts with "error: " (remarks and notes are passed over), and leaves the folder as it was.
"""

import os
import subprocess
import sys


def listing(folder):
    return sorted(
        (path, sorted(folders), sorted(files))
        for path, folders, files in os.walk(folder)
    )


folder, arguments = sys.argv[1], sys.argv[2:]
before = listing(folder)
run = subprocess.run(
    ["quantcc"] + arguments, cwd=folder, capture_output=True, text=True
)
lines = [
    line
    for line in run.stderr.splitlines()
    if not line.startswith(("remark: ", "note: "))
]
sys.stdout.write("\n".join(lines) + "\n")
if run.returncode != 1:
    sys.exit(f"expected exit code 1, found {run.returncode}")
if run.stdout:
    sys.exit(f"expected nothing on stdout, found {run.stdout!r}")
if len(lines) != 1 or not lines[0].startswith("error: "):
    sys.exit("expected one line that starts with 'error: '")
if listing(folder) != before:
    sys.exit("expected nothing to be written")
