//===- ArrayStream.cpp - An array read in order ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opens the arrays of .npy and .npz files.
//
//===----------------------------------------------------------------------===//

#include "ArrayStream.h"
#include "ZipArchive.h"

#include <algorithm>
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <zlib.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::MutableArrayRef;
using llvm::StringRef;

Error ArrayStream::read(MutableArrayRef<char> result) {
  if (Error error = bytes->read(result))
    return error;
  size_t size = getElementSize(header.type);
  if (header.swapped && size > 1)
    for (size_t i = 0; i + size <= result.size(); i += size)
      std::reverse(result.begin() + i, result.begin() + i + size);
  return Error::success();
}

Expected<std::unique_ptr<ArrayStream>>
quantcc::openNpy(std::shared_ptr<InputFile> file) {
  uint64_t size = file->getSize();
  std::unique_ptr<ByteStream> bytes =
      makeStoredStream(std::move(file), 0, size);
  Expected<NpyHeader> header = readNpyHeader(*bytes, size);
  if (!header)
    return header.takeError();
  return std::make_unique<ArrayStream>(std::move(*header), std::move(bytes));
}

/// Reads all of `bytes`, which must be those of `member`.
static Error verifyMember(ByteStream &bytes, const ZipMember &member) {
  if (Error error = bytes.seek(0))
    return error;
  std::vector<char> buffer(65536);
  uLong checksum = crc32(0, nullptr, 0);
  for (uint64_t left = member.size; left != 0;) {
    size_t count = std::min<uint64_t>(left, buffer.size());
    if (Error error = bytes.read({buffer.data(), count}))
      return error;
    checksum = crc32(checksum, reinterpret_cast<Bytef *>(buffer.data()), count);
    left -= count;
  }
  if (Error error = bytes.expectEnd())
    return error;
  if (checksum != member.checksum)
    return llvm::createStringError("the checksum does not match the data");
  return Error::success();
}

static Expected<NamedStream> openMember(std::shared_ptr<InputFile> file,
                                        const ZipMember &member) {
  StringRef name = member.name;
  if (!name.consume_back(".npy"))
    return llvm::createStringError("not an array: expected a name ending in "
                                   "'.npy'");
  std::unique_ptr<ByteStream> bytes = openZipMember(std::move(file), member);
  // The header first: it is the cheapest way to find a member that inflates to
  // more than any array it could hold.
  Expected<NpyHeader> header = readNpyHeader(*bytes, member.size);
  if (!header)
    return header.takeError();
  if (Error error = verifyMember(*bytes, member))
    return std::move(error);
  if (Error error = bytes->seek(header->dataOffset))
    return std::move(error);
  return NamedStream{name.str(), std::make_unique<ArrayStream>(
                                     std::move(*header), std::move(bytes))};
}

Expected<std::vector<NamedStream>>
quantcc::openNpz(std::shared_ptr<InputFile> file) {
  Expected<std::vector<ZipMember>> members = readZipDirectory(*file);
  if (!members)
    return members.takeError();
  std::vector<NamedStream> streams;
  for (const ZipMember &member : *members) {
    Expected<NamedStream> stream = openMember(file, member);
    if (!stream) {
      std::string shown;
      llvm::raw_string_ostream(shown).write_escaped(member.name);
      return prefixError("member '" + shown + "'", stream.takeError());
    }
    streams.push_back(std::move(*stream));
  }
  return streams;
}

bool quantcc::isZipArchive(const InputFile &file) {
  char start[2];
  if (file.getSize() < sizeof(start) || file.readAt(0, start))
    return false;
  return start[0] == 'P' && start[1] == 'K';
}
