"""Checks what the example firmware printed.

usage: check-firmware.py OUTPUT EXPECTED.npy COUNT

OUTPUT is the printed text; it must have one line for each of the first COUNT
samples of EXPECTED with exactly these stored values, and the promises of
memory must be kept.
"""

import re
import sys

import numpy

LINE = re.compile(r"sample (\d+): class (\d+), output((?: -?\d+)+)$")


def main():
    output, expected, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    rows = numpy.load(expected)[:count].reshape(count, -1)
    with open(output) as file:
        lines = file.read().splitlines()
    found = [match for match in map(LINE.match, lines) if match]
    if len(found) != count:
        sys.exit(f"error: {output}: {len(found)} of {count} samples")
    for i, (match, row) in enumerate(zip(found, rows)):
        values = [int(value) for value in match.group(3).split()]
        if values != row.tolist() or int(match.group(2)) != int(row.argmax()):
            sys.exit(f"error: sample {i}: {match.group(0)}, not {row.tolist()}")
    if "promises kept" not in lines:
        sys.exit(f"error: {output}: memory is not as promised")


if __name__ == "__main__":
    main()
