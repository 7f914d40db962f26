//===- WidePanel.h - Channels that are computed at once ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How channels are divided among the vectors of WideVectors.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_WIDEPANEL_H
#define QUANTCC_LIB_CODEGEN_KERNELS_WIDEPANEL_H

#include "WideVectors.h"

#include <vector>

namespace quantcc {

/// Channels [begin, begin + channels), in `vectors` vectors of `lanes` sums.
struct WidePanel {
  int64_t begin, channels, vectors, lanes;

  int64_t width() const { return vectors * lanes; }
};

/// `channels` in panels as wide as `vectors` has them; the last one may be
/// narrower.
std::vector<WidePanel> divideIntoPanels(int64_t channels,
                                        const WideVectors &vectors);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_WIDEPANEL_H
