//===- ArrayStream.h - An array read in order -------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The elements of an array in an .npy or .npz file, read in order.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_ARRAYFILE_ARRAYSTREAM_H
#define QUANTCC_LIB_ARRAYFILE_ARRAYSTREAM_H

#include "NpyHeader.h"

#include <string>
#include <vector>

namespace quantcc {

/// An array whose header has been read and whose content verified.
class ArrayStream {
public:
  ArrayStream(NpyHeader header, std::unique_ptr<ByteStream> bytes)
      : header(std::move(header)), bytes(std::move(bytes)) {}

  const NpyHeader &getHeader() const { return header; }

  /// Fills `result` with the next elements in the host's byte order. Expects a
  /// whole number of elements.
  llvm::Error read(llvm::MutableArrayRef<char> result);

  /// Makes the element at byte `offset` of the elements the next one.
  llvm::Error seek(uint64_t offset) {
    return bytes->seek(header.dataOffset + offset);
  }

private:
  NpyHeader header;
  std::unique_ptr<ByteStream> bytes;
};

struct NamedStream {
  /// Empty in an .npy file.
  std::string name;
  std::unique_ptr<ArrayStream> stream;
};

/// Opens the one array of an .npy file. Errors do not name the file.
llvm::Expected<std::unique_ptr<ArrayStream>>
openNpy(std::shared_ptr<InputFile> file);

/// Opens every array of an .npz file, having verified their checksums. Errors
/// name the array, not the file.
llvm::Expected<std::vector<NamedStream>>
openNpz(std::shared_ptr<InputFile> file);

/// Whether the file begins as a zip archive does.
bool isZipArchive(const InputFile &file);

} // namespace quantcc

#endif // QUANTCC_LIB_ARRAYFILE_ARRAYSTREAM_H
