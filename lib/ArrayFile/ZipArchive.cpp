//===- ZipArchive.cpp - The directory of a zip archive --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the central directory of a zip archive. Every offset and size is
// checked against the file before it is used.
//
//===----------------------------------------------------------------------===//

#include "ZipArchive.h"

#include <llvm/ADT/StringSet.h>
#include <llvm/Support/Endian.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::support::endian::read16le;
using llvm::support::endian::read32le;
using llvm::support::endian::read64le;

// Signatures and sizes of the records, from PKWARE's APPNOTE.
static constexpr uint32_t kLocalSignature = 0x04034b50;
static constexpr uint32_t kCentralSignature = 0x02014b50;
static constexpr uint32_t kEndSignature = 0x06054b50;
static constexpr uint32_t kEnd64Signature = 0x06064b50;
static constexpr uint32_t kLocator64Signature = 0x07064b50;
static constexpr size_t kLocalSize = 30;
static constexpr size_t kCentralSize = 46;
static constexpr size_t kEndSize = 22;
static constexpr size_t kEnd64Size = 56;
static constexpr size_t kLocator64Size = 20;
static constexpr size_t kLongestComment = 65535;

namespace {

/// Where the central directory lies.
struct DirectoryPlace {
  uint64_t offset;
  uint64_t size;
  uint64_t numMembers;
  /// The record that follows it.
  uint64_t end;
};

} // namespace

static Error corrupt(StringRef what) {
  return llvm::createStringError(
      llvm::formatv("the archive is cut short or corrupt: {0}", what));
}

/// Replaces `place` by the ZIP64 record if one precedes the end record.
static Error readEnd64(const InputFile &file, DirectoryPlace &place) {
  if (place.end < kLocator64Size)
    return Error::success();
  char locator[kLocator64Size];
  uint64_t locatorOffset = place.end - kLocator64Size;
  if (Error error = file.readAt(locatorOffset, locator))
    return error;
  if (read32le(locator) != kLocator64Signature)
    return Error::success();
  uint64_t offset = read64le(locator + 8);
  if (locatorOffset < kEnd64Size || offset > locatorOffset - kEnd64Size)
    return corrupt("wrong ZIP64 locator");
  char record[kEnd64Size];
  if (Error error = file.readAt(offset, record))
    return error;
  if (read32le(record) != kEnd64Signature)
    return corrupt("wrong ZIP64 end record");
  if (read32le(record + 16) != 0 || read32le(record + 20) != 0)
    return llvm::createStringError("split archives are not supported");
  place = {read64le(record + 48), read64le(record + 40), read64le(record + 32),
           offset};
  return Error::success();
}

static Expected<DirectoryPlace> findDirectory(const InputFile &file) {
  uint64_t size = file.getSize();
  if (size < kEndSize)
    return corrupt("no end record");
  std::string tail(std::min<uint64_t>(size, kEndSize + kLongestComment), '\0');
  if (Error error = file.readAt(size - tail.size(), {tail.data(), tail.size()}))
    return std::move(error);
  for (size_t i = tail.size() - kEndSize + 1; i-- > 0;) {
    const char *record = tail.data() + i;
    if (read32le(record) != kEndSignature ||
        read16le(record + 20) != tail.size() - i - kEndSize)
      continue;
    if (read16le(record + 4) != 0 || read16le(record + 6) != 0)
      return llvm::createStringError("split archives are not supported");
    DirectoryPlace place{read32le(record + 16), read32le(record + 12),
                         read16le(record + 10), size - tail.size() + i};
    if (Error error = readEnd64(file, place))
      return std::move(error);
    if (place.size > place.end || place.offset > place.end - place.size)
      return corrupt("the directory lies outside the file");
    return place;
  }
  return corrupt("no end record");
}

/// Takes from the ZIP64 extra field the values that the entry left open.
static Error readExtra64(StringRef extra, ZipMember &member,
                         uint64_t &localOffset) {
  while (extra.size() >= 4) {
    unsigned id = read16le(extra.data());
    size_t length = read16le(extra.data() + 2);
    if (length > extra.size() - 4)
      break;
    StringRef content = extra.substr(4, length);
    extra = extra.drop_front(4 + length);
    if (id != 1)
      continue;
    for (uint64_t *value :
         {&member.size, &member.compressedSize, &localOffset}) {
      if (*value != UINT32_MAX)
        continue;
      if (content.size() < 8)
        return corrupt("short ZIP64 field");
      *value = read64le(content.data());
      content = content.drop_front(8);
    }
    return Error::success();
  }
  return Error::success();
}

/// Finds the data of `member` behind its local header, which must lie before
/// the directory.
static Error locateData(const InputFile &file, uint64_t localOffset,
                        uint64_t directoryOffset, ZipMember &member) {
  if (directoryOffset < kLocalSize ||
      localOffset > directoryOffset - kLocalSize)
    return corrupt("a member lies outside the file");
  char local[kLocalSize];
  if (Error error = file.readAt(localOffset, local))
    return error;
  if (read32le(local) != kLocalSignature)
    return corrupt("wrong local header");
  std::string name(read16le(local + 26), '\0');
  uint64_t nameOffset = localOffset + kLocalSize;
  member.dataOffset = nameOffset + name.size() + read16le(local + 28);
  if (member.dataOffset > directoryOffset ||
      member.compressedSize > directoryOffset - member.dataOffset)
    return corrupt("a member lies outside the file");
  if (Error error = file.readAt(nameOffset, {name.data(), name.size()}))
    return error;
  if (name != member.name)
    return corrupt("local header and directory name a member differently");
  return Error::success();
}

/// Reads the entry at the front of `directory` and drops it.
static Expected<ZipMember> readEntry(const InputFile &file,
                                     uint64_t directoryOffset,
                                     StringRef &directory) {
  const char *entry = directory.data();
  if (directory.size() < kCentralSize || read32le(entry) != kCentralSignature)
    return corrupt("wrong directory entry");
  size_t nameSize = read16le(entry + 28);
  size_t extraSize = read16le(entry + 30);
  size_t commentSize = read16le(entry + 32);
  directory = directory.drop_front(kCentralSize);
  if (directory.size() < nameSize + extraSize + commentSize)
    return corrupt("wrong directory entry");
  unsigned method = read16le(entry + 10);
  if (read16le(entry + 8) & 1)
    return llvm::createStringError("encrypted archives are not supported");
  if (method != 0 && method != 8)
    return llvm::createStringError(llvm::formatv(
        "unsupported compression method {0}; expected stored or deflated",
        method));
  ZipMember member{directory.take_front(nameSize).str(),
                   method == 8,
                   read32le(entry + 16),
                   read32le(entry + 20),
                   read32le(entry + 24),
                   /*dataOffset=*/0};
  uint64_t localOffset = read32le(entry + 42);
  if (Error error = readExtra64(directory.substr(nameSize, extraSize), member,
                                localOffset))
    return std::move(error);
  directory = directory.drop_front(nameSize + extraSize + commentSize);
  if (Error error = locateData(file, localOffset, directoryOffset, member))
    return std::move(error);
  if (!member.deflated && member.size != member.compressedSize)
    return corrupt("a stored member has two sizes");
  return member;
}

Expected<std::vector<ZipMember>>
quantcc::readZipDirectory(const InputFile &file) {
  Expected<DirectoryPlace> place = findDirectory(file);
  if (!place)
    return place.takeError();
  std::string content(place->size, '\0');
  if (Error error =
          file.readAt(place->offset, {content.data(), content.size()}))
    return std::move(error);
  std::vector<ZipMember> members;
  llvm::StringSet<> names;
  uint64_t totalSize = 0;
  StringRef directory = content;
  while (!directory.empty()) {
    Expected<ZipMember> member = readEntry(file, place->offset, directory);
    if (!member)
      return member.takeError();
    if (!names.insert(member->name).second)
      return corrupt("two members of one name");
    // Many members over the same data would take as many times the time. Each
    // size is at most the file's, and the check ends the loop in time.
    totalSize += member->compressedSize;
    if (totalSize > file.getSize())
      return corrupt("members overlap");
    members.push_back(std::move(*member));
  }
  if (members.size() != place->numMembers)
    return corrupt("wrong number of members");
  return members;
}

std::unique_ptr<ByteStream>
quantcc::openZipMember(std::shared_ptr<InputFile> file,
                       const ZipMember &member) {
  if (member.deflated)
    return makeInflateStream(std::move(file), member.dataOffset,
                             member.compressedSize);
  return makeStoredStream(std::move(file), member.dataOffset, member.size);
}
