//===- WindowKernel.cpp - Windows that run over images --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the loops that convolutions share.
//
//===----------------------------------------------------------------------===//

#include "WindowKernel.h"

using namespace mlir;
using namespace quantcc;

static SmallVector<int64_t> shapeOf(Value buffer) {
  return SmallVector<int64_t>(cast<MemRefType>(buffer.getType()).getShape());
}

/// Whether the pixels of all images are at equal distances.
static bool isOneRow(ArrayRef<int64_t> shape, ArrayRef<int64_t> strides) {
  return (shape[1] == 1 || strides[1] == shape[2] * strides[2]) &&
         (shape[0] == 1 || strides[0] == shape[1] * strides[1]);
}

static void makeOneRow(SmallVector<int64_t> &shape) {
  shape = {1, 1, shape[0] * shape[1] * shape[2], shape[3]};
}

WindowKernel::WindowKernel(FusedConv2DOp op, const KernelConstants &constants,
                           bool joinsRows)
    : op(op), constants(constants), in(shapeOf(op.getInput())),
      out(shapeOf(op.getInit())), inStrides(stridesOf(op.getInput())),
      outStrides(stridesOf(op.getInit())) {
  // Strides count even where there is one pixel along them.
  bool isPointwise =
      op.getKernelHeight() == 1 && op.getKernelWidth() == 1 &&
      llvm::all_of(op.getStrides(), [](int64_t stride) { return stride == 1; });
  if (joinsRows && isPointwise && isOneRow(in, inStrides) &&
      isOneRow(out, outStrides)) {
    makeOneRow(in);
    makeOneRow(out);
  }
  // Pixels follow each other, and the window's columns are neighbours.
  bool isOneRun = op.getKernelWidth() == 1 ||
                  (inStrides[2] == in[3] && op.getDilations()[1] == 1);
  runBytes = isOneRun ? op.getKernelWidth() * in[3] : in[3];
  runsPerRow = isOneRun ? 1 : op.getKernelWidth();
}

TileShape WindowKernel::chooseTile(int64_t most, int64_t overhead,
                                   int64_t mostRows) const {
  TileShape best{1, 1};
  int64_t lowest = INT64_MAX;
  // Of equal ones the widest: its pixels are next to each other.
  for (int64_t columns = std::min(most, out[2]); columns != 0; --columns) {
    int64_t limit = std::min({most / columns, out[1], mostRows});
    for (int64_t rows = 1; rows <= limit; ++rows) {
      int64_t tiles =
          llvm::divideCeil(out[1], rows) * llvm::divideCeil(out[2], columns);
      int64_t cost = tiles * (rows * columns + overhead);
      if (cost < lowest) {
        lowest = cost;
        best = {rows, columns};
      }
    }
  }
  return best;
}

void WindowKernel::forEachTile(KernelBuilder &b, TileShape tile,
                               function_ref<void(Value, Value)> body) {
  ArrayRef<int64_t> strides = op.getStrides();
  b.remarkTile(tile.rows, tile.columns);
  b.forEach(out[0], 1, [&](Value image) {
    b.forEachTile(out[1], tile.rows, [&](Value y) {
      Value inRow = b.add(b.multiply(image, inStrides[0]),
                          b.multiply(y, strides[0] * inStrides[1]));
      Value outRow =
          b.add(b.multiply(image, outStrides[0]), b.multiply(y, outStrides[1]));
      b.forEachTile(out[2], tile.columns, [&](Value x) {
        body(b.add(inRow, b.multiply(x, strides[1] * inStrides[2])),
             b.add(outRow, b.multiply(x, outStrides[2])));
      });
    });
  });
}

int64_t WindowKernel::inputOffset(TileShape tile, int64_t pixel) const {
  return pixel / tile.columns * op.getStrides()[0] * inStrides[1] +
         pixel % tile.columns * op.getStrides()[1] * inStrides[2];
}

int64_t WindowKernel::outputOffset(TileShape tile, int64_t pixel) const {
  return pixel / tile.columns * outStrides[1] +
         pixel % tile.columns * outStrides[2];
}

SmallVector<Value> WindowKernel::forEachRow(KernelBuilder &b, Value input,
                                            int64_t rowStride, Value weights,
                                            int64_t rowWeights, ValueRange sums,
                                            RunBody body) const {
  int64_t down = op.getDilations()[0] * rowStride;
  int64_t rows = op.getKernelHeight();
  return b.loop(constants.passes(), 1, sums, [&](Value pass, ValueRange sums) {
    Value passBegin = b.add(weights, b.multiply(pass, rows * rowWeights));
    return b.loop(rows, 1, sums, [&](Value row, ValueRange sums) {
      return body(b.add(input, b.multiply(row, down)),
                  b.add(passBegin, b.multiply(row, rowWeights)), sums);
    });
  });
}

SmallVector<Value> WindowKernel::forEachRun(KernelBuilder &b, Value input,
                                            Value weights, int64_t runWeights,
                                            ValueRange sums,
                                            RunBody body) const {
  int64_t right = op.getDilations()[1] * inStrides[2];
  auto emitRow = [&](Value rowInput, Value rowBegin, ValueRange sums) {
    return b.loop(runsPerRow, 1, sums, [&](Value column, ValueRange sums) {
      return body(b.add(rowInput, b.multiply(column, right)),
                  b.add(rowBegin, b.multiply(column, runWeights)), sums);
    });
  };
  return forEachRow(b, input, inStrides[1], weights, runsPerRow * runWeights,
                    sums, emitRow);
}
