"""Checks the relations of the figures of quantcc compile --timing-json."""

import json
import sys

times = json.load(open(sys.argv[1]))
phases, total = times["phases"], times["total"]
assert len({phase["name"] for phase in phases}) == len(phases) == 9
for key in ("wall_seconds", "processor_seconds"):
    assert all(phase[key] >= 0 for phase in phases)
    assert abs(sum(phase[key] for phase in phases) - total[key]) < 1e-6
assert total["wall_seconds"] > 0 and total["processor_seconds"] > 0
# The most so far never falls, and is at least what LLVM's libraries take.
peaks = [phase["peak_bytes"] for phase in phases]
assert peaks == sorted(peaks) and peaks[0] > 1 << 20
assert total["peak_bytes"] == peaks[-1]
