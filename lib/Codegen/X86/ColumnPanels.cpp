//===- ColumnPanels.cpp - How a kernel's channels are laid out ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts channels into panels.
//
//===----------------------------------------------------------------------===//

#include "ColumnPanels.h"

#include <llvm/Support/MathExtras.h>

using namespace quantcc;

llvm::SmallVector<ColumnPanel>
quantcc::splitColumns(int64_t channels, int64_t largest, int64_t lanes) {
  llvm::SmallVector<ColumnPanel> panels;
  int64_t begin = 0;
  auto add = [&](int64_t vectors) {
    int64_t used = std::min(channels - begin, vectors * lanes);
    panels.push_back({begin, used, vectors, lanes});
    begin += used;
  };
  while (channels - begin >= largest * lanes)
    add(largest);
  while (begin < channels) {
    int64_t vectors = llvm::divideCeil(channels - begin, lanes);
    // Three vectors are two and one: runs of bytes are of a power of two.
    add(vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1);
  }
  return panels;
}
