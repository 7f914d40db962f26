# ===- tflite_writer.py - Write a float .tflite model ---------------------===#
#
# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Builds a float .tflite model of one graph, operator by operator, as the JSON
that flatc turns into the binary file."""

import json
import pathlib
import subprocess
import tempfile

import numpy as np

# Numbers of the .tflite format (see BuiltinOperator in TFLiteSchema.fbs).
OPERATOR_CODES = {
    "ADD": 0,
    "AVERAGE_POOL_2D": 1,
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 4,
    "FULLY_CONNECTED": 9,
    "RESHAPE": 22,
    "SOFTMAX": 25,
}


class ModelWriter:
    """Collects tensors and operators as the JSON form of a .tflite model."""

    def __init__(self, name):
        self.name = name
        self.tensors, self.operators = [], []
        self.buffers = [{}]
        self.codes = []

    def tensor(self, name, shape, value=None):
        """Adds a tensor, constant if a value is given; returns its index."""
        buffer, kind = 0, "FLOAT32"
        if value is not None:
            kind = "INT32" if value.dtype == np.int32 else "FLOAT32"
            buffer = len(self.buffers)
            self.buffers.append({"data": list(value.tobytes())})
        entry = {"shape": list(shape), "type": kind, "buffer": buffer, "name": name}
        self.tensors.append(entry)
        return len(self.tensors) - 1

    def operator(self, code, options, inputs, name, shape):
        """Adds an operator with one result; returns the result's index."""
        if code not in self.codes:
            self.codes.append(code)
        result = self.tensor(name, shape)
        kind, fields = options
        self.operators.append(
            {
                "opcode_index": self.codes.index(code),
                "inputs": inputs,
                "outputs": [result],
                "builtin_options_type": kind,
                "builtin_options": fields,
            }
        )
        return result

    def layer(self, code, options, source, name, weights, shape):
        """Adds an operator with the weight and bias of its name as operands."""
        operands = [source]
        for part, value in zip(("weight", "bias"), weights[name]):
            operands.append(self.tensor(f"{name}/{part}", value.shape, value))
        return self.operator(code, options, operands, name, shape)

    def write(self, path, schema, inputs, outputs):
        """Has flatc write the model to `path` by the given schema."""
        codes = [
            {
                "deprecated_builtin_code": OPERATOR_CODES[code],
                "builtin_code": OPERATOR_CODES[code],
                "version": 1,
            }
            for code in self.codes
        ]
        graph = {
            "tensors": self.tensors,
            "inputs": inputs,
            "outputs": outputs,
            "operators": self.operators,
            "name": self.name,
        }
        model = {
            "version": 3,
            "operator_codes": codes,
            "subgraphs": [graph],
            "description": f"quantcc example: {self.name}",
            "buffers": self.buffers,
        }
        with tempfile.TemporaryDirectory() as scratch:
            text = pathlib.Path(scratch) / f"{path.stem}.json"
            text.write_text(json.dumps(model))
            command = ["flatc", "--binary", "-o", str(path.parent), str(schema)]
            subprocess.run(command + [str(text)], check=True)
