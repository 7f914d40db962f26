# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the tensors of a .tflite file, for scripts that judge quantcc.

It shares nothing with the importer, and does not verify: a damaged file
surfaces as one of DAMAGE.
"""

import struct

# What reading a damaged file may raise.
DAMAGE = (ArithmeticError, IndexError, KeyError, TypeError, ValueError,
          struct.error)

# numpy's names for the element types of schema.fbs that quantcc reads.
TYPE_NAMES = {0: "float32", 2: "int32", 3: "uint8", 7: "int16", 9: "int8"}

# No list in a model is longer; a longer one is damage.
MAX_LENGTH = 1 << 16


class Flatbuffer:
    """Tables, vectors and strings of a flatbuffer, by position."""

    def __init__(self, data):
        self.data = data

    def number(self, form, at):
        return struct.unpack_from("<" + form, self.data, at)[0]

    def field(self, table, index):
        """Where field `index` of the table lies, or None if it is absent."""
        vtable = table - self.number("i", table)
        if 4 + 2 * index >= self.number("H", vtable):
            return None
        offset = self.number("H", vtable + 4 + 2 * index)
        return table + offset if offset else None

    def follow(self, at):
        return at + self.number("I", at)

    def length(self, table, index):
        """The length of a vector field, and where its elements begin."""
        at = self.field(table, index)
        if at is None:
            return 0, 0
        at = self.follow(at)
        return self.number("I", at), at + 4

    def vector(self, table, index, form):
        length, at = self.length(table, index)
        size = struct.calcsize(form)
        return [self.number(form, at + size * i)
                for i in range(min(length, MAX_LENGTH))]

    def tables(self, table, index):
        length, at = self.length(table, index)
        return [self.follow(at + 4 * i) for i in range(min(length, MAX_LENGTH))]

    def string(self, table, index):
        length, at = self.length(table, index)
        return self.data[at:at + length].decode()


class Tensor:
    """One tensor: name, shape, numpy's type name, bytes of constant data, and
    how many scales it has: 0 for tensors that are not quantized."""

    def __init__(self, buffer, buffers, table):
        self.shape = buffer.vector(table, 0, "i")
        kind = buffer.field(table, 1)
        self.type = TYPE_NAMES.get(buffer.number("b", kind) if kind else 0,
                                   "other")
        number = buffer.field(table, 2)
        number = buffer.number("I", number) if number else 0
        self.constant_bytes = buffer.length(buffers[number], 0)[0]
        self.name = buffer.string(table, 3)
        quantization = buffer.field(table, 4)
        self.scales = (
            buffer.length(buffer.follow(quantization), 2)[0]
            if quantization else 0)


def read_tensors(data):
    """The tensors of the first subgraph, and the indices of its inputs."""
    buffer = Flatbuffer(data)
    model = buffer.follow(0)
    graph = buffer.tables(model, 2)[0]
    buffers = buffer.tables(model, 4)
    inputs = buffer.vector(graph, 1, "i")
    return ([Tensor(buffer, buffers, t) for t in buffer.tables(graph, 0)],
            inputs)
