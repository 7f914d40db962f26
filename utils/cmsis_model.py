# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What models in MLIR for kernels' test vectors are written with: the text of a
function, and scales that make given multipliers."""

import json
import math

import numpy


class Unsupported(Exception):
    """quantcc has no op for this vector; the message says what is missing."""


class Model:
    """The text of one function, its inputs by name, and what it must give."""

    def __init__(self, vector):
        self.parameters = vector["parameters"]
        self.arrays = {
            name: numpy.array(array["values"], dtype=array["dtype"])
            for name, array in vector["arrays"].items()}
        self.inputs, self.expected = {}, None
        self.arguments, self.lines, self.values = [], [], 0

    def array(self, *names):
        """The array under the first of its possible names, or None."""
        for name in names:
            if name in self.arrays:
                return self.arrays[name]
        return None

    def get(self, name, default=None):
        value = self.parameters.get(name, default)
        if value is None:
            raise KeyError(name)
        return value

    def emit(self, text, results=1):
        name = f"%{self.values}"
        self.values += 1
        count = f":{results}" if results > 1 else ""
        self.lines.append(f"  {name}{count} = {text}")
        return name

    def input(self, name, values, shape, zero_point, scale=1.0):
        """An argument of quantized type; its stored values."""
        # A leading 1 is the samples' own dimension.
        values = values.reshape(shape)
        self.inputs[name] = values if shape[0] == 1 else values[numpy.newaxis]
        width = values.dtype.itemsize * 8
        kind = tensor(shape, quantized(width, zero_point, scale))
        self.arguments.append(f'%{name}: {kind} {{quantcc.name = "{name}"}}')
        return f"%{name}", kind

    def constant(self, values, shape, width):
        raw = values.astype(f"<i{max(width, 8) // 8}").tobytes().hex()
        kind = tensor(shape, f"i{width}")
        if width < 8:
            text = json.dumps(values.reshape(shape).tolist())
        else:
            text = f'"0x{raw}"'
        return self.emit(f"arith.constant dense<{text}> : {kind}"), kind

    def weights(self, values, shape, width, zero_point=0):
        value, kind = self.constant(values, shape, width)
        target = tensor(shape, quantized(width, zero_point))
        return self.emit(f"quant.scast {value} : {kind} to {target}"), target

    def requantize(self, accumulator, kind, shape, multipliers, shifts, *,
                   zero_point, clamp, width, axis, reduced=False):
        """`shifts` count to the left, as in CMSIS-NN."""
        rounding = "double"
        if reduced:
            # The rounding "reduced" is "single" with 15 bits of the
            # multiplier. (docs/Numerics.md, N22)
            rounding = "single"
            multipliers = [reduce_multiplier(m) for m in multipliers]
            shifts = [s + 16 for s in shifts]
        stored = tensor(shape, f"i{width}")
        result = tensor(shape, quantized(width, zero_point))
        value = self.emit(
            f"quantcc.requantize {accumulator} {{multipliers = "
            f"array<i32: {', '.join(map(str, multipliers))}>, shifts = "
            f"array<i32: {', '.join(str(31 - s) for s in shifts)}>, "
            f"axis = {axis} : i64, output_zero_point = {zero_point} : i32, "
            f"clamp_min = {clamp[0]} : i32, clamp_max = {clamp[1]} : i32, "
            f"rounding = #quantcc.rounding<{rounding}>}} : {kind} -> {stored}")
        return self.emit(f"quant.scast {value} : {stored} to {result}"), result

    def finish(self, value, kind, expected):
        self.expected = expected
        self.lines.append(f"  return {value} : {kind}")
        head = f"func.func @main({', '.join(self.arguments)})"
        self.text = "\n".join(
            [head + f' -> ({kind} {{quantcc.name = "output"}}) {{',
             *self.lines, "}", ""])
        return self


def tensor(shape, element):
    return "tensor<" + "".join(f"{size}x" for size in shape) + element + ">"


def quantized(width, zero_point=0, scale=1.0):
    return f"!quant.uniform<i{width}:f32, {real(scale)}:{zero_point}>"


def real(number):
    """As MLIR reads it: with a point, and all its digits."""
    return f"{number:.17e}"


def reduce_multiplier(multiplier):
    """The multiplier's 15 bits, ties up, saturating."""
    return min((multiplier + 0x8000) >> 16, 0x7FFF)


def unpack_int4(packed, count):
    """Signed 4-bit values, two to a byte, low half first."""
    low = (packed.astype(numpy.int8) << 4) >> 4
    values = numpy.stack([low, packed >> 4], axis=1).reshape(-1)
    return values[:count].astype(numpy.int8)


def normalize(real):
    """N3: the multiplier and the right shift of a real factor."""
    fraction, exponent = math.frexp(real)
    multiplier = math.floor(fraction * 2**31 + 0.5)
    if multiplier == 2**31:
        multiplier, exponent = 2**30, exponent + 1
    return multiplier, 31 - exponent


def split_scales(multiplier, left_shift):
    """Two f32 numbers whose f64 product N3 makes into this multiplier."""
    real = math.ldexp(multiplier, left_shift - 31)
    for step in range(1 << 16):
        first = numpy.float32(1.0 + step * 2.0**-16)
        second = numpy.float32(real / float(first))
        if normalize(float(first) * float(second)) == (multiplier,
                                                       31 - left_shift):
            return float(first), float(second)
    raise Unsupported(f"no two scales make the multiplier {multiplier}")


def clamp_attribute(low, high, width):
    whole = (-(1 << (width - 1)), (1 << (width - 1)) - 1)
    return "" if (low, high) == whole else (
        f"stored_clamp = array<i32: {low}, {high}>, ")
