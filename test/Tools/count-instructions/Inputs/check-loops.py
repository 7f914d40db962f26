"""Checks the relations of what inner-loops wrote: FILE.json LAYERS."""

import json
import math
import sys

with open(sys.argv[1], encoding="utf-8") as text:
    rows = json.load(text)
if len(rows) != int(sys.argv[2]):
    sys.exit(f"expected {sys.argv[2]} rows, found {len(rows)}")
for row in rows:
    if not 0 < row["share_of_instructions"] <= 1:
        sys.exit(f"expected a share, found {row}")
    if not row["loop"] or row["cycles_per_turn"] <= 0:
        sys.exit(f"expected a loop that takes time, found {row}")
    ratio = row["macs_per_turn"] / row["cycles_per_turn"]
    if not math.isclose(ratio, row["macs_per_cycle"]):
        sys.exit(f"expected {ratio} multiply-accumulates a cycle, found {row}")
