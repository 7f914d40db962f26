"""A model of functions of one value, and what numpy says of its outputs.

usage: functions.py write TYPE MODEL.json INPUTS.npy
       functions.py check INPUTS.npy OUTPUTS.npz

TYPE is FLOAT32, INT8 or UINT8. Inputs are all stored values of the type; for
FLOAT32, ties and ends of rounding. Quantized results are the function's f64
value, divided by the scale of the result and rounded, ties away from zero.
"""

import json
import math
import sys

import numpy

FUNCTIONS = {
    "SQRT": (numpy.sqrt, 0.0625, -128),
    "RSQRT": (lambda x: 1 / numpy.sqrt(x), 0.015625, -128),
    "ABS": (numpy.abs, 0.0625, -128),
    "NEG": (numpy.negative, 0.0625, 5),
    "SQUARE": (numpy.square, 0.5, -128),
    "EXP": (numpy.exp, 0.25, -100),
    "ELU": (lambda x: numpy.where(x < 0, numpy.expm1(x), x), 0.03125, -90),
    "SIGN": (numpy.sign, 0.0078125, 0),
    "ROUND": (numpy.rint, 0.25, 0),
}
SCALE, ZERO_POINT = 0.0625, -20
REALS = [0.0, 0.25, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, 8388607.5,
         -8388607.5, 8388609.0, 4194303.25, 1e30, -1e30, 1e-40]
LOWEST = {"INT8": -128, "UINT8": 0}


def write(kind, path, inputs):
    shape = [1, 16]
    bias = 128 if kind == "UINT8" else 0

    def tensor(name, scale, zero_point):
        entry = {"name": name, "shape": shape, "type": kind}
        if kind != "FLOAT32":
            entry["quantization"] = {"scale": [scale],
                                     "zero_point": [zero_point + bias]}
        return entry

    names = list(FUNCTIONS)
    tensors = [tensor("x", SCALE, ZERO_POINT)]
    tensors += [tensor(name, *FUNCTIONS[name][1:]) for name in names]
    count = len(names)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"version": 3,
                   "operator_codes": [{"builtin_code": n} for n in names],
                   "subgraphs": [{
                       "inputs": [0], "outputs": list(range(1, count + 1)),
                       "tensors": tensors, "operators": [
                           {"opcode_index": i, "inputs": [0],
                            "outputs": [i + 1]} for i in range(count)]}],
                   "buffers": [{}]}, file)
    if kind == "FLOAT32":
        numpy.save(inputs, numpy.array([REALS], numpy.float32))
    else:
        stored = numpy.arange(256) + LOWEST[kind]
        numpy.save(inputs, stored.astype(kind.lower()).reshape(16, 16))


def half_away(x):
    return math.copysign(math.floor(abs(x) + 0.5), x)


def quantize(real, scale, zero_point, bias):
    if math.isnan(real):
        return zero_point + bias
    scaled = max(min(real / scale, 1e6), -1e6)
    return int(min(max(half_away(scaled) + zero_point, -128), 127)) + bias


def check(inputs, outputs):
    x = numpy.load(inputs)
    found = numpy.load(outputs)
    numpy.seterr(all="ignore")
    for name, (function, scale, zero_point) in FUNCTIONS.items():
        if x.dtype == numpy.float32:
            # exp has no exact value to compare with; the others have.
            if name in ("EXP", "ELU"):
                continue
            expected = function(x)
        else:
            bias = 128 if x.dtype == numpy.uint8 else 0
            real = SCALE * (x.astype(float) - ZERO_POINT - bias)
            expected = numpy.vectorize(quantize)(function(real), scale,
                                                 zero_point, bias)
        differ = ~((found[name] == expected) |
                   (numpy.isnan(found[name].astype(float)) &
                    numpy.isnan(expected.astype(float))))
        if differ.any():
            sys.exit(f"{name}: of {x[differ]} expected {expected[differ]}, "
                     f"found {found[name][differ]}")
    print("all functions agree")


if sys.argv[1] == "write":
    write(*sys.argv[2:])
else:
    check(*sys.argv[2:])
