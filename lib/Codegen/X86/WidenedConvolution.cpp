//===- WidenedConvolution.cpp - Convolutions with products of 16 bits -----===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without dot products of bytes, a block of the input is widened to 16 bits,
// then all panels and tiles read it: a pair of inputs is fetched and broadcast
// by a load, which takes nothing of what multiplies and adds. To widen in
// registers would take a shuffle for each pair. Weights of 4 bits are unpacked
// to memory too, a panel for all tiles of a block.
//
//===----------------------------------------------------------------------===//

#include "Convolution.h"

#include <llvm/ADT/bit.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// What a block may take of the first cache, which weights need as well, unless
/// a single tile takes more.
constexpr int64_t kBlockBytes = 16384;

class WidenedConvolution : public Convolution {
public:
  WidenedConvolution(FusedConv2DOp op, const KernelConstants &constants,
                     const X86Vectors &vectors)
      : Convolution(op, constants, vectors) {}

  int64_t scratchBytes() const override;

private:
  void emitGroup(const Emission &e) override;

  /// Rows and columns of the input that `tile` has windows on.
  TileShape windowsOf(TileShape tile) const;
  int64_t rowBytes(TileShape block) const {
    return windowsOf(block).columns * pixelBytes();
  }
  int64_t blockBytes(TileShape block) const {
    return windowsOf(block).rows * rowBytes(block);
  }
  /// A pair that begins with the last input ends beyond it.
  int64_t inputBytes(TileShape block) const {
    return blockBytes(block) + vectors.tapBytes();
  }
  /// Where weights are that are unpacked.
  int64_t unpackedPlace(TileShape block) const {
    return llvm::alignTo(inputBytes(block), vectors.bytes);
  }
  int64_t pixelBytes() const { return in[3] * vectors.tapBytes(); }
  /// Tiles that are computed from the same widened inputs: of a row in part, or
  /// of several rows.
  TileShape blockFor(TileShape tile) const;

  void widenBlock(const Emission &e, Value origin, TileShape block);
  void widen(const Emission &e, Value from, Value to, int64_t count);
  /// Bytes of a panel's weights of 4 bits as they are multiplied, which all
  /// tiles of a block read; 0 if they stay packed.
  int64_t unpackedBytes(int64_t panelVectors) const {
    bool isOnePixel = out[1] * out[2] == 1;
    return packsNibbles && !isOnePixel
               ? windowSteps() * panelVectors * vectors.bytes
               : 0;
  }
  /// Puts them to `place` of the memory.
  void unpackPanel(const Emission &e, Value panel, int64_t place);
};

} // namespace

TileShape WidenedConvolution::windowsOf(TileShape tile) const {
  ArrayRef<int64_t> strides = op.getStrides(), dilations = op.getDilations();
  return {(tile.rows - 1) * strides[0] +
              (op.getKernelHeight() - 1) * dilations[0] + 1,
          (tile.columns - 1) * strides[1] +
              (op.getKernelWidth() - 1) * dilations[1] + 1};
}

/// The largest multiple of `part` up to `extent`, but at least one, that
/// `fits`, or less where as many pieces can be smaller.
static int64_t chooseExtent(int64_t extent, int64_t part,
                            function_ref<bool(int64_t)> fits) {
  int64_t parts = llvm::divideCeil(extent, part), together = 1;
  while (together != parts && fits((together + 1) * part))
    ++together;
  together = llvm::divideCeil(parts, llvm::divideCeil(parts, together));
  return std::min(together * part, extent);
}

TileShape WidenedConvolution::blockFor(TileShape tile) const {
  TileShape block = tile;
  block.columns = chooseExtent(out[2], tile.columns, [&](int64_t columns) {
    return blockBytes({tile.rows, columns}) <= kBlockBytes;
  });
  // Weights that stay in the first cache are at hand for each row. Others are
  // read again for each block, and those of 4 bits unpacked.
  auto hasManyWeights = [](const PanelGroup &group) {
    return int64_t(group.weights.size()) > kBlockBytes;
  };
  if (block.columns == out[2] &&
      (packsNibbles || llvm::any_of(groups, hasManyWeights)))
    block.rows = chooseExtent(out[1], tile.rows, [&](int64_t rows) {
      return blockBytes({rows, block.columns}) <= kBlockBytes;
    });
  return block;
}

int64_t WidenedConvolution::scratchBytes() const {
  int64_t bytes = 0;
  for (const PanelGroup &group : groups) {
    int64_t count = group.panels.front().vectors;
    TileShape block = blockFor(tileFor(count));
    bytes = std::max(bytes, unpackedBytes(count)
                                ? unpackedPlace(block) + unpackedBytes(count)
                                : inputBytes(block));
  }
  return bytes;
}

/// `count` neighbouring bytes.
void WidenedConvolution::widen(const Emission &e, Value from, Value to,
                               int64_t count) {
  X86Builder &b = e.b;
  int64_t size = std::min<int64_t>(llvm::bit_floor<uint64_t>(count),
                                   vectors.bytes / vectors.tapBytes());
  b.forEachTile(count, size, [&](Value position) {
    Value bytes = b.load(e.input, b.add(from, position), size);
    b.storeBytes(e.scratch, b.add(to, b.multiply(position, vectors.tapBytes())),
                 b.asBytes(b.widen(bytes)), size * vectors.tapBytes());
  });
}

void WidenedConvolution::widenBlock(const Emission &e, Value origin,
                                    TileShape block) {
  X86Builder &b = e.b;
  TileShape windows = windowsOf(block);
  b.forEach(windows.rows, 1, [&](Value row) {
    Value from = b.add(origin, b.multiply(row, inStrides[1]));
    Value to = b.multiply(row, rowBytes(block));
    if (inStrides[2] == in[3])
      return widen(e, from, to, windows.columns * in[3]);
    b.forEach(windows.columns, 1, [&](Value column) {
      widen(e, b.add(from, b.multiply(column, inStrides[2])),
            b.add(to, b.multiply(column, pixelBytes())), in[3]);
    });
  });
}

void WidenedConvolution::unpackPanel(const Emission &e, Value panel,
                                     int64_t place) {
  X86Builder &b = e.b;
  int64_t stepBytes = packedStepBytes(e), count = windowSteps();
  Value begin = b.multiply(panel, count * stepBytes);
  b.forEach(count, 1, [&](Value step) {
    SmallVector<Value> weights =
        unpackWeights(e, b.add(begin, b.multiply(step, stepBytes)));
    Value to = b.add(b.multiply(step, e.vectors() * vectors.bytes), place);
    for (auto [v, vector] : llvm::enumerate(weights))
      b.storeBytes(e.scratch, b.add(to, v * vectors.bytes), vector,
                   vectors.bytes);
  });
}

void WidenedConvolution::emitGroup(const Emission &e) {
  X86Builder &b = e.b;
  TileShape tile = tileFor(e.vectors()), block = blockFor(tile);
  Source source{e.scratch, rowBytes(block), pixelBytes()};
  bool isUnpacked = unpackedBytes(e.vectors()) != 0;
  if (isUnpacked) {
    source.weights = e.scratch;
    source.weightsBegin = b.index(unpackedPlace(block));
  }
  b.remarkTile(tile.rows, tile.columns);
  auto emitBlock = [&](Value image, Value y, Value x) {
    widenBlock(e, inputAt(e, {image, y, x}), block);
    b.forEach(e.group.panels.size(), 1, [&](Value panel) {
      if (isUnpacked)
        unpackPanel(e, panel, unpackedPlace(block));
      b.forEachTile(block.rows, tile.rows, [&](Value row) {
        b.forEachTile(block.columns, tile.columns, [&](Value column) {
          Value origin = b.add(
              b.multiply(row, op.getStrides()[0] * source.rowStride),
              b.multiply(column, op.getStrides()[1] * source.pixelStride));
          emitTile(e, source, panel, origin,
                   {image, b.add(y, row), b.add(x, column)}, tile);
        });
      });
    });
  };
  b.forEach(out[0], 1, [&](Value image) {
    b.forEachTile(out[1], block.rows, [&](Value y) {
      b.forEachTile(out[2], block.columns,
                    [&](Value x) { emitBlock(image, y, x); });
    });
  });
}

std::unique_ptr<Kernel>
quantcc::createX86WidenedConvolution(FusedConv2DOp op,
                                     const KernelConstants &constants,
                                     const X86Vectors &vectors) {
  return std::make_unique<WidenedConvolution>(op, constants, vectors);
}
