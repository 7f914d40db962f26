"""Checks a function of 16-bit values against numpy, by its definition in f32.

usage: wide_function.py write NAME MODEL.json INPUT.npy
       wide_function.py check NAME INPUT.npy OUTPUT.npy...

`write` makes a model of the operator NAME over all stored values; `check` fails
unless the outputs are the interpolated table of docs/Numerics.md, N39, for ABS
the rescaled magnitude, and for LOGISTIC and TANH within three of the real function.
"""

import json
import sys

import numpy
from numpy import float32 as f32

SCALES = {"RSQRT": (0.0005, 0.003), "EXP": (0.0003, 0.7), "ABS": (0.25, 0.3),
          "LOGISTIC": (0.0004, 2.0**-15), "TANH": (0.00025, 2.0**-15)}
GATES = {"LOGISTIC": lambda x: 1 / (1 + numpy.exp(-x)), "TANH": numpy.tanh}


def away(x):
    """To the nearest integer, ties away from zero."""
    return f32(numpy.copysign(numpy.floor(abs(numpy.float64(x)) + 0.5), x))


def function(name, x, top):
    if name == "EXP":
        return f32(numpy.exp(numpy.float64(x)))
    return top if x <= 0 else f32(1) / numpy.sqrt(x)


def table(name, scale_in, scale_out):
    low, high = scale_in * f32(-32768), scale_in * f32(32767)
    top = scale_out * f32(32767)
    unit = f32(65536) / (top - scale_out * f32(-32768))
    step = (high - low) / f32(512)

    def at(x):
        return function(name, x, top) * unit

    entries = []
    for i in range(512):
        here = low + f32(i) * step
        value = away(at(here))
        chord = away((at(low + f32(i + 1) * step) + value) / f32(2))
        middle = away(at(here + step / f32(2)))
        entries.append(value - away((chord - middle) / f32(2)))
    entries.append(away(at(high)))
    return [min(max(int(entry), -32768), 32767) for entry in entries]


def expected(name, stored):
    scale_in, scale_out = (f32(scale) for scale in SCALES[name])
    stored = stored.astype(numpy.int64)
    if name in GATES:
        real = GATES[name](stored * float(scale_in)) * 2.0**15
        return numpy.clip(numpy.round(real), -32768, 32767).astype(numpy.int64)
    if name == "ABS":
        # No product of these scales is near a tie: rounding once is enough.
        real = abs(stored) * float(scale_in / scale_out)
        return numpy.minimum(numpy.floor(real + 0.5), 32767).astype(numpy.int64)
    entries = numpy.array(table(name, scale_in, scale_out))
    index, rest = (stored + 32768) >> 7, (stored + 32768) & 127
    rise = (entries[index + 1] - entries[index]) * rest
    return entries[index] + ((rise + 64) >> 7)


def write(name, model, inputs):
    stored = numpy.arange(-32768, 32768, dtype=numpy.int16)
    tensors = [{"name": tensor, "shape": [1, 65536], "type": "INT16",
                "quantization": {"scale": [scale], "zero_point": [0]}}
               for tensor, scale in zip("xy", SCALES[name])]
    with open(model, "w", encoding="utf-8") as text:
        json.dump({"version": 3, "operator_codes": [{"builtin_code": name}],
                   "subgraphs": [{"inputs": [0], "outputs": [1],
                                  "tensors": tensors, "operators": [
                                      {"inputs": [0], "outputs": [1]}]}],
                   "buffers": [{}]}, text)
    numpy.save(inputs, stored.reshape(1, -1))


def check(name, inputs, *outputs):
    wanted = expected(name, numpy.load(inputs).reshape(-1))
    for output in outputs:
        found = numpy.load(output).reshape(-1)
        differ = numpy.flatnonzero(abs(found - wanted) > (name in GATES) * 3)
        if differ.size:
            at = differ[0]
            sys.exit(f"{output}: {differ.size} differ, first of stored "
                     f"{at - 32768}: expected {wanted[at]}, found {found[at]}")
    print(f"{name}: {len(outputs)} agree on {len(set(wanted))} values")


{"write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
