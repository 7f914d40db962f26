//===- MemoryPicture.h - The arena as a picture -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws buffers as boxes: time from left to right, addresses from the bottom
// up.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_REPORT_MEMORYPICTURE_H
#define QUANTCC_LIB_REPORT_MEMORYPICTURE_H

#include "quantcc/Report/CompileReport.h"

namespace quantcc {

/// The style that the pictures need.
llvm::StringRef memoryPictureStyle();

/// Writes a picture of each region of the arena, as a figure with SVG in it. A
/// box has the bytes of its buffer as its height; that it is pointed at, tapped
/// or has the focus shows what it is.
void writeMemoryPicture(const CompileReport &report, llvm::raw_ostream &stream);

} // namespace quantcc

#endif // QUANTCC_LIB_REPORT_MEMORYPICTURE_H
