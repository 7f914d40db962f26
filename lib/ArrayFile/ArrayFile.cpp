//===- ArrayFile.cpp - Read and write .npy and .npz -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads whole arrays, and writes them.
//
//===----------------------------------------------------------------------===//

#include "quantcc/ArrayFile/ArrayFile.h"

#include "ArrayStream.h"
#include "quantcc/Support/AtomicFile.h"

#include <llvm/ADT/StringSet.h>
#include <llvm/Support/EndianStream.h>
#include <llvm/Support/FormatVariadic.h>
#include <zlib.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::raw_ostream;
using llvm::StringRef;

static Error makeReadError(StringRef path, Error error) {
  return prefixError("cannot read '" + path + "'", std::move(error));
}

/// Reads every element of `stream`, which is known to hold them.
static Expected<Array> readAll(ArrayStream &stream) {
  const NpyHeader &header = stream.getHeader();
  Array array;
  array.type = header.type;
  array.shape = header.shape;
  array.data.resize(header.dataSize);
  if (Error error = stream.read(array.data))
    return std::move(error);
  return array;
}

Expected<Array> quantcc::readNpy(StringRef path) {
  Expected<std::shared_ptr<InputFile>> file = InputFile::open(path);
  if (!file)
    return makeReadError(path, file.takeError());
  Expected<std::unique_ptr<ArrayStream>> stream = openNpy(*file);
  if (!stream)
    return makeReadError(path, stream.takeError());
  Expected<Array> array = readAll(**stream);
  if (!array)
    return makeReadError(path, array.takeError());
  return array;
}

Expected<std::vector<NamedArray>> quantcc::readNpz(StringRef path) {
  Expected<std::shared_ptr<InputFile>> file = InputFile::open(path);
  if (!file)
    return makeReadError(path, file.takeError());
  Expected<std::vector<NamedStream>> streams = openNpz(*file);
  if (!streams)
    return makeReadError(path, streams.takeError());
  std::vector<NamedArray> arrays;
  for (NamedStream &stream : *streams) {
    Expected<Array> array = readAll(*stream.stream);
    if (!array)
      return makeReadError(path, array.takeError());
    arrays.push_back({stream.name, std::move(*array)});
  }
  return arrays;
}

static void writeArray(raw_ostream &stream, const Array &array) {
  writeNpyHeader(stream, array.type, array.shape);
  stream.write(array.data.data(), array.data.size());
}

Error quantcc::writeNpy(StringRef path, const Array &array) {
  return writeFileAtomically(path, [&](raw_ostream &stream) {
    writeArray(stream, array);
    return Error::success();
  });
}

namespace {

/// What the local header and the directory entry of a member share.
struct MemberRecord {
  std::string name;
  uint32_t checksum;
  uint32_t size;
  uint32_t offset;
};

class ZipWriter {
public:
  explicit ZipWriter(raw_ostream &stream)
      : stream(stream), writer(stream, llvm::endianness::little),
        start(stream.tell()) {}

  void addMember(const std::string &name, StringRef content);
  void finish();

private:
  void writeFields(const MemberRecord &record);

  raw_ostream &stream;
  llvm::support::endian::Writer writer;
  uint64_t start;
  std::vector<MemberRecord> records;
};

} // namespace

/// The fields from "version needed" to the length of the extra field.
void ZipWriter::writeFields(const MemberRecord &record) {
  writer.write<uint16_t>(20);         // Version needed: 2.0.
  writer.write<uint16_t>(1 << 11);    // Flags: the name is UTF-8.
  writer.write<uint16_t>(0);          // Method: stored.
  writer.write<uint16_t>(0);          // Time: midnight.
  writer.write<uint16_t>(1 << 5 | 1); // Date: 1980-01-01.
  writer.write<uint32_t>(record.checksum);
  writer.write<uint32_t>(record.size); // Compressed.
  writer.write<uint32_t>(record.size);
  writer.write<uint16_t>(record.name.size());
  writer.write<uint16_t>(0); // Extra field.
}

void ZipWriter::addMember(const std::string &name, StringRef content) {
  const Bytef *bytes = reinterpret_cast<const Bytef *>(content.data());
  MemberRecord record{name, uint32_t(crc32_z(0, bytes, content.size())),
                      uint32_t(content.size()),
                      uint32_t(stream.tell() - start)};
  writer.write<uint32_t>(0x04034b50);
  writeFields(record);
  stream << name << content;
  records.push_back(std::move(record));
}

void ZipWriter::finish() {
  uint64_t begin = stream.tell() - start;
  for (const MemberRecord &record : records) {
    writer.write<uint32_t>(0x02014b50);
    writer.write<uint16_t>(20); // Version made by: 2.0.
    writeFields(record);
    writer.write<uint16_t>(0); // Comment.
    writer.write<uint16_t>(0); // Disk.
    writer.write<uint16_t>(0); // Internal attributes.
    writer.write<uint32_t>(0); // External attributes.
    writer.write<uint32_t>(record.offset);
    stream << record.name;
  }
  uint64_t size = stream.tell() - start - begin;
  writer.write<uint32_t>(0x06054b50);
  writer.write<uint16_t>(0);
  writer.write<uint16_t>(0);
  writer.write<uint16_t>(records.size());
  writer.write<uint16_t>(records.size());
  writer.write<uint32_t>(size);
  writer.write<uint32_t>(begin);
  writer.write<uint16_t>(0);
}

/// Refuses what the fields of a plain zip archive cannot express.
static Error checkWritable(StringRef path, llvm::ArrayRef<NamedArray> arrays) {
  llvm::StringSet<> names;
  uint64_t size = 0;
  for (const NamedArray &named : arrays) {
    if (named.name.size() > 60000)
      return llvm::createStringError("cannot write '" + path +
                                     "': the name of an array is too long");
    if (!names.insert(named.name).second)
      return llvm::createStringError("cannot write '" + path +
                                     "': two arrays are named '" + named.name +
                                     "'");
    // Room for the headers of a member, twice its name among them.
    size += named.array.data.size() + 2 * named.name.size() + 2048;
  }
  if (arrays.size() >= UINT16_MAX || size > UINT32_MAX)
    return llvm::createStringError("cannot write '" + path +
                                   "': an .npz file of 4 GiB or 65535 arrays "
                                   "is not supported");
  return Error::success();
}

Error quantcc::writeNpz(StringRef path, llvm::ArrayRef<NamedArray> arrays) {
  if (Error error = checkWritable(path, arrays))
    return error;
  return writeFileAtomically(path, [&](raw_ostream &stream) {
    ZipWriter writer(stream);
    for (const NamedArray &named : arrays) {
      std::string content;
      llvm::raw_string_ostream member(content);
      writeArray(member, named.array);
      writer.addMember(named.name + ".npy", content);
    }
    writer.finish();
    return Error::success();
  });
}
