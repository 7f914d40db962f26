"""A model that only moves elements, and what numpy says of its outputs.

usage: rearranged.py write MODEL.json INPUTS.npy
       rearranged.py check INPUTS.npy OUTPUTS.npz
"""

import json
import sys

import numpy

SHAPE = (1, 2, 4, 3)
BORDERS = [[0, 0], [1, 1], [2, 3], [0, 2]]


def space_to_depth(x, block):
    """Channel (dy * block + dx) * C + c of a block is its pixel (dy, dx)."""
    parts = [x[:, dy::block, dx::block] for dy in range(block)
             for dx in range(block)]
    return numpy.concatenate(parts, axis=3)


# Output name: operator, list operand, options, and the outputs by numpy.
OPERATORS = {
    "depth": ("SPACE_TO_DEPTH", None, {"block_size": 2},
              lambda x: [space_to_depth(x, 2)]),
    "tiled": ("TILE", [1, 2, 1, 3], {}, lambda x: [numpy.tile(x, (1, 2, 1, 3))]),
    "spread": ("BROADCAST_TO", [2, 3, 2, 4, 3], {},
               lambda x: [numpy.broadcast_to(x, (2, 3, 2, 4, 3))]),
    "reflected": ("MIRROR_PAD", BORDERS, {"mode": "REFLECT"},
                  lambda x: [numpy.pad(x, BORDERS, "reflect")]),
    "symmetric": ("MIRROR_PAD", BORDERS, {"mode": "SYMMETRIC"},
                  lambda x: [numpy.pad(x, BORDERS, "symmetric")]),
    "reversed": ("REVERSE_V2", [1, -1], {}, lambda x: [numpy.flip(x, (1, 3))]),
    "packed": ("PACK", "again", {"values_count": 2, "axis": -2},
               lambda x: [numpy.stack([x, x], axis=-2)]),
    "row": ("UNPACK", None, {"num": 4, "axis": 2},
            lambda x: [x[:, :, i] for i in range(4)]),
    "gathered": ("GATHER", [[3, 0], [1, 1], [2, 3]], {"axis": 2},
                 lambda x: [numpy.take(x, [[3, 0], [1, 1], [2, 3]], axis=2)]),
}
OPTIONS = {"SPACE_TO_DEPTH": "SpaceToDepthOptions", "MIRROR_PAD":
           "MirrorPadOptions", "PACK": "PackOptions", "UNPACK": "UnpackOptions",
           "GATHER": "GatherOptions"}


def sample():
    return numpy.arange(-12, 12, dtype=numpy.int8).reshape(SHAPE)


def expected(x):
    """Name and values of each output."""
    for name, (*_, function) in OPERATORS.items():
        values = function(x)
        for i, value in enumerate(values):
            yield name + (str(i) if len(values) > 1 else ""), value
    # DEPTH_TO_SPACE undoes SPACE_TO_DEPTH.
    yield "undone", x


def write(path):
    quantization = {"scale": [0.5], "zero_point": [3]}
    tensors = [{"name": "x", "shape": SHAPE, "type": "INT8",
                "quantization": quantization}]
    buffers, operators, codes, outputs = [{}], [], [], []

    def operator(code, inputs, results, kind, options):
        codes.append({"builtin_code": code})
        entry = {"opcode_index": len(codes) - 1, "inputs": inputs,
                 "outputs": results}
        if options:
            entry |= {"builtin_options_type": kind, "builtin_options": options}
        operators.append(entry)

    def tensor(name, shape):
        tensors.append({"name": name, "shape": shape, "type": "INT8",
                        "quantization": quantization})
        outputs.append(len(tensors) - 1)
        return outputs[-1]

    results = dict(expected(sample()))
    for name, (code, operand, options, function) in OPERATORS.items():
        inputs = [0]
        if operand == "again":
            inputs.append(0)
        elif operand:
            array = numpy.array(operand, numpy.int32)
            buffers.append({"data": list(array.tobytes())})
            tensors.append({"name": name + "/list", "shape": array.shape,
                            "type": "INT32", "buffer": len(buffers) - 1})
            inputs.append(len(tensors) - 1)
        made = [tensor(key, value.shape) for key, value in results.items()
                if key.rstrip("0123456789") == name]
        operator(code, inputs, made, OPTIONS.get(code), options)
    depth = [t["name"] for t in tensors].index("depth")
    operator("DEPTH_TO_SPACE", [depth], [tensor("undone", SHAPE)],
             "DepthToSpaceOptions", {"block_size": 2})
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"version": 3, "operator_codes": codes, "subgraphs": [
            {"inputs": [0], "outputs": outputs, "tensors": tensors,
             "operators": operators}], "buffers": buffers}, file)


def check(inputs, outputs):
    found = numpy.load(outputs)
    samples = numpy.load(inputs)
    for i, x in enumerate(samples):
        for name, value in expected(x[numpy.newaxis]):
            if not numpy.array_equal(found[name][i].reshape(value.shape), value):
                sys.exit(f"sample {i}, '{name}': expected {value}, found "
                         f"{found[name][i]}")
    print(f"{len(samples)} samples, {len(found.files)} outputs agree")


if sys.argv[1] == "write":
    write(sys.argv[2])
    numpy.save(sys.argv[3], numpy.concatenate([sample(), -3 * sample()]))
else:
    check(sys.argv[2], sys.argv[3])
