"""Compares the tables of a module with the functions they stand for.

usage: compare_table.py FUNCTION INPUT_SCALE INPUT_ZERO_POINT RESULT_SCALE
       RESULT_ZERO_POINT < MODULE

Fails unless every entry of the module's only table is within one of the real
function's value, rounded and saturated.
"""

import math
import re
import sys

FUNCTIONS = {
    "logistic": lambda x: 1.0 / (1.0 + math.exp(-x)),
    "tanh": math.tanh,
    "hard_swish": lambda x: x * min(max(x + 3.0, 0.0), 6.0) / 6.0,
}

function = FUNCTIONS[sys.argv[1]]
input_scale, result_scale = float(sys.argv[2]), float(sys.argv[4])
input_zero_point, result_zero_point = int(sys.argv[3]), int(sys.argv[5])
(digits,) = re.findall(r'dense<"0x([0-9A-F]{512})"> : tensor<256xi8>', sys.stdin.read())
for stored, entry in zip(range(-128, 128), bytes.fromhex(digits)):
    real = function(input_scale * (stored - input_zero_point))
    expected = round(real / result_scale) + result_zero_point
    found = entry - 256 if entry > 127 else entry
    if abs(found - min(max(expected, -128), 127)) > 1:
        sys.exit(f"{sys.argv[1]} of stored {stored}: expected {expected}, found {found}")
