"""Writes a suite of files whose names say what the stand-in shall do."""

import json
import os
import sys

CASES = {
    "accepted-either.npy": "either",
    "accepted-either.tflite": "either",
    "accepted-wrongly.tflite": "reject",
    "crashes.tflite": "reject",
    "exits-126.tflite": "reject",
    "grows.tflite": "either",
    "hangs.tflite": "reject",
    "left-out.onnx": "reject",
    "lies.tflite": "either",
    "litters.tflite": "reject",
    "rambles.tflite": "reject",
    "refuses-either.tflite": "either",
    "refuses.npz": "reject",
    "refuses.tflite": "reject",
    "sanitized.tflite": "reject",
}

for name in CASES:
    open(os.path.join(sys.argv[1], name), "wb").close()
with open(os.path.join(sys.argv[1], "MANIFEST.json"), "w") as text:
    json.dump({name: {"why": "a reason", "expect": expect}
               for name, expect in CASES.items()}, text)
