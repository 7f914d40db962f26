"""Compiles models whose quantization parameters are hostile, one at a time.

usage: hostile-parameters.py SCHEMA FOLDER

A convolution x, w, b -> y of a .tflite file, and one in MLIR. Each case must end
with exit code 1 and one line "error: ..." that names the tensor or the op;
nothing may be left behind. A case may also be lawful: then it must compile.
Prints how many cases behaved.
"""

import json
import os
import subprocess
import sys

SCHEMA, FOLDER = sys.argv[1:]
NAN, INF = "nan", "inf"


def tensor(name, shape, kind, scale, zero_point=None, buffer=0, axis=0):
    zero_point = [0] * len(scale) if zero_point is None else zero_point
    return {"name": name, "shape": shape, "type": kind, "buffer": buffer,
            "quantization": {"scale": scale, "zero_point": zero_point,
                             "quantized_dimension": axis}}


def model():
    return {
        "version": 3, "operator_codes": [{"builtin_code": "CONV_2D"}],
        "subgraphs": [{
            "inputs": [0], "outputs": [3],
            "tensors": [
                tensor("x", [1, 1, 1, 2], "INT8", [0.5]),
                tensor("w", [3, 1, 1, 2], "INT8", [0.5, 0.25, 1.0], buffer=1),
                tensor("b", [3], "INT32", [0.25, 0.125, 0.5], buffer=2),
                tensor("y", [1, 1, 1, 3], "INT8", [0.5])],
            "operators": [{
                "opcode_index": 0, "inputs": [0, 1, 2], "outputs": [3],
                "builtin_options_type": "Conv2DOptions",
                "builtin_options": {"padding": "SAME", "stride_w": 1,
                                    "stride_h": 1}}]}],
        "buffers": [{}, {"data": [1, 2, 3, 4, 5, 6]},
                    {"data": [7, 0, 0, 0] * 3}]}


def tflite_cases():
    """(name, names of which one must occur, change of the parameters)."""
    def put(index, field, value):
        def change(tensors):
            tensors[index]["quantization"][field] = value
        return change

    def drop(index):
        return lambda tensors: tensors[index].pop("quantization")

    for label, scale in (("nan", NAN), ("inf", INF), ("minus-inf", "-inf"),
                         ("zero", 0.0), ("negative", -0.5),
                         ("denormal", 1e-40)):
        yield f"x-scale-{label}", "x", put(0, "scale", [scale])
        yield f"w-scale-{label}", "w", put(1, "scale", [0.5, scale, 1.0])
        yield f"y-scale-{label}", "y", put(3, "scale", [scale])
        yield f"b-scale-{label}", "b", put(2, "scale", [0.25, scale, 0.5])
    yield "x-scale-1e36", "xyb", put(0, "scale", [1e36])
    yield "w-scale-1e36", "wyb", put(1, "scale", [0.5, 1e36, 1.0])
    # Everything is 0 then, as it should be: the bias' scale is far off, though
    # next to the result's it is nothing.
    yield "y-scale-1e36", None, put(3, "scale", [1e36])
    for label, point in (("above", 128), ("below", -129), ("2^31", 2**31),
                         ("-2^63", -2**63)):
        yield f"x-zero-point-{label}", "x", put(0, "zero_point", [point])
        yield f"y-zero-point-{label}", "y", put(3, "zero_point", [point])
        yield f"w-zero-point-{label}", "w", put(1, "zero_point", [0, point, 0])
    yield "w-zero-point-3", "wy", put(1, "zero_point", [0, 3, 0])
    for axis in (4, -1, 2**31 - 1, 1):
        yield f"w-axis-{axis}", "w", put(1, "quantized_dimension", axis)
    yield "w-few-scales", "w", put(1, "scale", [0.5, 0.25])
    yield "w-many-scales", "w", put(1, "scale", [0.5] * 4)
    yield "w-few-zero-points", "w", put(1, "zero_point", [0, 0])
    yield "x-two-scales", "x", put(0, "scale", [0.5, 0.5])
    yield "x-two-zero-points", "x", put(0, "zero_point", [0, 0])
    for index, name in ((0, "x"), (1, "w"), (3, "y")):
        yield f"{name}-missing", name, drop(index)
        yield f"{name}-no-scales", name, put(index, "scale", [])
    # A bias has the scale of the products, whatever it says of itself.
    yield "b-missing", None, drop(2)


MLIR = """\
!x = {x}
!w = {w}
!y = {y}
func.func @main(%x: tensor<1x2x!x> {{quantcc.name = "x"}})
    -> (tensor<1x3x!y> {{quantcc.name = "y"}}) {{
  %c = arith.constant dense<3> : tensor<3x2xi8>
  %w = quant.scast %c : tensor<3x2xi8> to tensor<3x2x!w>
  %r = quantcc.linear %x, %w {{rounding = #quantcc.rounding<double>}}
      : (tensor<1x2x!x>, tensor<3x2x!w>) -> tensor<1x3x!y>
  return %r : tensor<1x3x!y>
}}
"""


def mlir_cases():
    good = "!quant.uniform<i8:f32, 0.5>"
    for label, text in (
            ("nan", "!quant.uniform<i8:f32, nan>"),
            ("infinite", "!quant.uniform<i8:f32, 1.0e400>"),
            ("beyond-f32", "!quant.uniform<i8:f32, 1.0e39>"),
            ("zero", "!quant.uniform<i8:f32, 0.0>"),
            ("negative", "!quant.uniform<i8:f32, -0.5>"),
            ("denormal", "!quant.uniform<i8:f32, 1.0e-40>"),
            ("not-f32", "!quant.uniform<i8:f32, 0.1>"),
            ("zero-point", "!quant.uniform<i8:f32, 0.5:300>"),
            ("zero-point-below", "!quant.uniform<i8:f32, 0.5:-129>"),
            ("missing", "!quant.any<i8:f32>"),
            ("axis", "!quant.uniform<i8:f32:7, {0.5, 0.5, 0.5}>"),
            ("counts", "!quant.uniform<i8:f32:0, {0.5, 0.5}>")):
        for place in "xwy":
            types = dict.fromkeys("xwy", good)
            types[place] = text
            yield f"{place}-{label}", MLIR.format(**types)
    for place in "xw":
        types = dict.fromkeys("xwy", good)
        types[place] = "!quant.uniform<i8:f32, 9.999999616903162e35>"
        yield f"{place}-1e36", MLIR.format(**types)


def compile_model(path, names):
    """What is wrong with how the model is taken, or None."""
    out = os.path.join(FOLDER, "out")
    run = subprocess.run(["quantcc", "compile", path, "-o", out],
                         capture_output=True, text=True, check=False)
    errors = [line for line in run.stderr.splitlines() if "error:" in line]
    if names is None:
        return None if run.returncode == 0 else f"refused: {run.stderr}"
    if run.returncode != 1:
        return f"exit code {run.returncode}"
    if len(errors) != 1:
        return f"{len(errors)} errors: {run.stderr}"
    if os.path.isdir(out) and os.listdir(out):
        return "left " + ", ".join(os.listdir(out))
    if not any(name in errors[0] for name in names):
        return f"names none of {names}: {errors[0]}"
    return None


def main():
    good = bad = 0

    def judge(path, names):
        nonlocal good, bad
        wrong = compile_model(path, names)
        if wrong:
            bad += 1
            print(f"{os.path.basename(path)}: {wrong}")
        else:
            good += 1
        out = os.path.join(FOLDER, "out")
        if os.path.isdir(out):
            for name in os.listdir(out):
                os.remove(os.path.join(out, name))

    for name, names, change in tflite_cases():
        content = model()
        change(content["subgraphs"][0]["tensors"])
        path = os.path.join(FOLDER, name + ".json")
        with open(path, "w", encoding="utf-8") as text:
            # flatc's words for what JSON lacks.
            text.write(json.dumps(content).replace('"nan"', "nan")
                       .replace('"inf"', "inf").replace('"-inf"', "-inf"))
        subprocess.run(["flatc", "--binary", "-o", FOLDER, SCHEMA, path],
                       check=True)
        judge(os.path.join(FOLDER, name + ".tflite"),
              names and [f"'{letter}'" for letter in names])
    for name, content in mlir_cases():
        path = os.path.join(FOLDER, name + ".mlir")
        with open(path, "w", encoding="utf-8") as text:
            text.write(content)
        # The place in the file is the name.
        judge(path, [f"{name}.mlir:"])
    print(f"{good} cases behaved, {bad} did not")


main()
