# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes .tflite files: a flatbuffer writer, and a graph of one subgraph.

Field numbers and codes are those of lib/Importer/TFLite/TFLiteSchema.fbs.
"""

import struct

import numpy

TENSOR_TYPES = {"float32": 0, "int32": 2, "int8": 9}

# Operator: its builtin code and the type of its options.
OPERATORS = {"add": (0, 11), "conv2d": (3, 1), "depthwise": (4, 2),
             "linear": (9, 8), "softmax": (25, 9), "mean": (40, 27)}


class Table:
    """A table; fields maps numbers to (struct form, value), tables, texts,
    arrays of numbers, or lists of tables."""

    def __init__(self, fields):
        self.fields = fields


class FlatbufferWriter:
    """Lays objects out front to back, each before what it refers to."""

    def __init__(self):
        self.data = bytearray()

    def align(self, size, ahead=0):
        """Pads so that what follows `ahead` more bytes is aligned."""
        self.data += b"\0" * (-(len(self.data) + ahead) % size)

    def refer(self, place, value):
        """Writes value, and its offset into the four bytes at place."""
        position = self.write(value)
        struct.pack_into("<I", self.data, place, position - place)

    def write(self, value):
        """Writes an object; returns where it begins."""
        if isinstance(value, Table):
            return self.write_table(value)
        if isinstance(value, str):
            return self.write_string(value)
        if isinstance(value, numpy.ndarray):
            return self.write_array(value)
        return self.write_list(value)

    def write_string(self, text):
        self.align(4)
        position = len(self.data)
        encoded = text.encode()
        self.data += struct.pack("<I", len(encoded)) + encoded + b"\0"
        return position

    def write_array(self, values):
        # Sixteen bytes suit a buffer's data and every number.
        self.align(16, 4)
        position = len(self.data)
        self.data += struct.pack("<I", values.size)
        self.data += values.tobytes()
        return position

    def write_list(self, tables):
        self.align(4)
        position = len(self.data)
        self.data += struct.pack("<I", len(tables)) + bytes(4 * len(tables))
        for index, table in enumerate(tables):
            self.refer(position + 4 + 4 * index, table)
        return position

    def write_table(self, table):
        count = max(table.fields, default=-1) + 1
        # Every field takes eight bytes: a few more than needed.
        slots = {index: 8 + 8 * order
                 for order, index in enumerate(sorted(table.fields))}
        self.align(2)
        vtable = len(self.data)
        self.data += struct.pack("<HH", 4 + 2 * count, 8 + 8 * len(slots))
        for index in range(count):
            self.data += struct.pack("<H", slots.get(index, 0))
        self.align(8)
        position = len(self.data)
        self.data += struct.pack("<i", position - vtable)
        self.data += bytes(4 + 8 * len(slots))
        for index, value in sorted(table.fields.items()):
            place = position + slots[index]
            if isinstance(value, tuple):
                struct.pack_into("<" + value[0], self.data, place, value[1])
            else:
                self.refer(place, value)
        return position


class Graph:
    """The tensors and operators of a model that is being made."""

    def __init__(self):
        self.tensors, self.operators, self.codes = [], [], []
        self.buffers = [Table({})]

    def tensor(self, name, shape, dtype, scales=None, zero_point=0, axis=0,
               values=None):
        """Adds a tensor, constant if it has values; returns its index.

        scales of more than one number run along dimension `axis`.
        """
        fields = {0: numpy.array(shape, "<i4"),
                  1: ("b", TENSOR_TYPES[dtype]), 3: name}
        if values is not None:
            fields[2] = ("I", len(self.buffers))
            raw = numpy.ascontiguousarray(values, dtype)
            self.buffers.append(
                Table({0: numpy.frombuffer(raw.tobytes(), "u1")}))
        if scales is not None:
            scales = numpy.atleast_1d(numpy.array(scales, "<f4"))
            fields[4] = Table({2: scales,
                               3: numpy.full(scales.size, zero_point, "<i8"),
                               6: ("i", axis)})
        self.tensors.append(Table(fields))
        return len(self.tensors) - 1

    def operator(self, kind, inputs, output, options):
        if kind not in self.codes:
            self.codes.append(kind)
        self.operators.append(Table({
            0: ("I", self.codes.index(kind)),
            1: numpy.array(inputs, "<i4"), 2: numpy.array([output], "<i4"),
            3: ("B", OPERATORS[kind][1]), 4: Table(options)}))

    def write(self, path, inputs, outputs):
        subgraph = Table({0: self.tensors, 1: numpy.array(inputs, "<i4"),
                          2: numpy.array(outputs, "<i4"), 3: self.operators,
                          4: "main"})
        codes = [Table({0: ("b", OPERATORS[kind][0]), 2: ("i", 1),
                        3: ("i", OPERATORS[kind][0])}) for kind in self.codes]
        model = Table({0: ("I", 3), 1: codes, 2: [subgraph],
                       4: self.buffers})
        writer = FlatbufferWriter()
        writer.data += bytes(4) + b"TFL3"
        writer.refer(0, model)
        with open(path, "wb") as file:
            file.write(writer.data)
