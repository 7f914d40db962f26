//===- ZipArchive.h - The directory of a zip archive ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the members of a zip archive.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_ARRAYFILE_ZIPARCHIVE_H
#define QUANTCC_LIB_ARRAYFILE_ZIPARCHIVE_H

#include "InputFile.h"

#include <string>
#include <vector>

namespace quantcc {

/// A member of a zip archive, as the central directory describes it.
struct ZipMember {
  std::string name;
  bool deflated;
  uint32_t checksum;
  uint64_t compressedSize;
  uint64_t size;
  /// Where the compressed data begin in the file.
  uint64_t dataOffset;
};

/// Reads the central directory of `file`, with ZIP64 extensions. Errors: the
/// archive is malformed, split or encrypted, a member is neither stored nor
/// deflated, lies outside the file, or shares its name with another.
llvm::Expected<std::vector<ZipMember>> readZipDirectory(const InputFile &file);

/// The content of a member of `file`.
std::unique_ptr<ByteStream> openZipMember(std::shared_ptr<InputFile> file,
                                          const ZipMember &member);

} // namespace quantcc

#endif // QUANTCC_LIB_ARRAYFILE_ZIPARCHIVE_H
