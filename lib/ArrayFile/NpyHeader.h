//===- NpyHeader.h - The header of an .npy file -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the header of an .npy file says of the elements that follow it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_ARRAYFILE_NPYHEADER_H
#define QUANTCC_LIB_ARRAYFILE_NPYHEADER_H

#include "InputFile.h"
#include "quantcc/ArrayFile/ElementType.h"

#include <llvm/ADT/SmallVector.h>

namespace quantcc {

struct NpyHeader {
  ElementType type;
  /// The elements' byte order is not the host's.
  bool swapped;
  llvm::SmallVector<int64_t> shape;
  /// The size of the header and the offset of the elements in bytes.
  uint64_t dataOffset;
  /// The size of the elements in bytes.
  uint64_t dataSize;
};

/// Reads the header at the start of `stream`, which holds `size` bytes: the
/// elements must fill what the header leaves of them.
llvm::Expected<NpyHeader> readNpyHeader(ByteStream &stream, uint64_t size);

} // namespace quantcc

#endif // QUANTCC_LIB_ARRAYFILE_NPYHEADER_H
