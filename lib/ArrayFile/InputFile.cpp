//===- InputFile.cpp - A file read at offsets -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads a file at offsets, as it is or inflated.
//
//===----------------------------------------------------------------------===//

#include "InputFile.h"

#include <algorithm>
#include <array>
#include <llvm/ADT/SmallVector.h>
#include <zlib.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::MutableArrayRef;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

Error quantcc::prefixError(const llvm::Twine &prefix, Error error) {
  if (!error)
    return Error::success();
  return llvm::createStringError(prefix + ": " +
                                 llvm::toString(std::move(error)));
}

Expected<std::shared_ptr<InputFile>> InputFile::open(StringRef path) {
  Expected<fs::file_t> handle = fs::openNativeFileForRead(path);
  if (!handle)
    return handle.takeError();
  std::shared_ptr<InputFile> file(new InputFile(*handle, 0));
  fs::file_status status;
  if (std::error_code code = fs::status(*handle, status))
    return llvm::createStringError(code.message());
  if (!fs::is_regular_file(status))
    return llvm::createStringError("not a regular file");
  file->size = status.getSize();
  return file;
}

InputFile::~InputFile() { fs::closeFile(handle); }

Error InputFile::readAt(uint64_t offset, MutableArrayRef<char> result) const {
  while (!result.empty()) {
    Expected<size_t> count = fs::readNativeFileSlice(handle, result, offset);
    if (!count)
      return count.takeError();
    if (*count == 0)
      return llvm::createStringError("the file is cut short");
    result = result.drop_front(*count);
    offset += *count;
  }
  return Error::success();
}

namespace {

class StoredStream : public ByteStream {
public:
  StoredStream(std::shared_ptr<InputFile> file, uint64_t begin, uint64_t size)
      : file(std::move(file)), begin(begin), size(size) {}

  Error read(MutableArrayRef<char> result) override {
    if (result.size() > size - position)
      return llvm::createStringError("the data is cut short");
    if (Error error = file->readAt(begin + position, result))
      return error;
    position += result.size();
    return Error::success();
  }

  Error seek(uint64_t offset) override {
    if (offset > size)
      return llvm::createStringError("the data is cut short");
    position = offset;
    return Error::success();
  }

  Error expectEnd() override {
    if (position == size)
      return Error::success();
    return llvm::createStringError("the data is longer than its directory "
                                   "says");
  }

private:
  std::shared_ptr<InputFile> file;
  uint64_t begin;
  uint64_t size;
  uint64_t position = 0;
};

class InflateStream : public ByteStream {
public:
  InflateStream(std::shared_ptr<InputFile> file, uint64_t begin, uint64_t size)
      : compressed(std::move(file), begin, size), compressedSize(size),
        remaining(size) {}
  ~InflateStream() override {
    if (initialized)
      inflateEnd(&state);
  }

  Error read(MutableArrayRef<char> result) override;
  Error seek(uint64_t offset) override;
  Error expectEnd() override;

private:
  Error restart();
  /// Inflates into `result` as far as one call of zlib goes; returns how many
  /// bytes came, 0 at the end of the stream.
  Expected<size_t> inflateSome(MutableArrayRef<char> result);

  StoredStream compressed;
  uint64_t compressedSize;
  /// Compressed bytes that have not been read into the buffer.
  uint64_t remaining;
  uint64_t position = 0;
  std::array<char, 65536> buffer;
  z_stream state = {};
  bool initialized = false;
  bool ended = false;
};

} // namespace

Error InflateStream::restart() {
  // Negative window bits: no zlib header, as in a zip archive.
  int code = initialized ? inflateReset(&state) : inflateInit2(&state, -15);
  if (code != Z_OK)
    return llvm::createStringError("cannot start to inflate: out of memory");
  initialized = true;
  ended = false;
  state.avail_in = 0;
  remaining = compressedSize;
  position = 0;
  return compressed.seek(0);
}

Expected<size_t> InflateStream::inflateSome(MutableArrayRef<char> result) {
  while (!ended) {
    if (state.avail_in == 0 && remaining != 0) {
      size_t count = std::min<uint64_t>(remaining, buffer.size());
      if (Error error = compressed.read({buffer.data(), count}))
        return std::move(error);
      remaining -= count;
      state.next_in = reinterpret_cast<Bytef *>(buffer.data());
      state.avail_in = count;
    }
    size_t room = std::min<size_t>(result.size(), 1u << 30);
    state.next_out = reinterpret_cast<Bytef *>(result.data());
    state.avail_out = room;
    int code = inflate(&state, Z_NO_FLUSH);
    ended = code == Z_STREAM_END;
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      return llvm::createStringError("the deflated data is corrupt");
    size_t count = room - state.avail_out;
    if (count != 0)
      return count;
    if (!ended && state.avail_in == 0 && remaining == 0)
      return llvm::createStringError("the deflated data is cut short");
  }
  return 0;
}

Error InflateStream::read(MutableArrayRef<char> result) {
  if (!initialized)
    if (Error error = restart())
      return error;
  while (!result.empty()) {
    Expected<size_t> count = inflateSome(result);
    if (!count)
      return count.takeError();
    if (*count == 0)
      return llvm::createStringError("the data is cut short");
    position += *count;
    result = result.drop_front(*count);
  }
  return Error::success();
}

Error InflateStream::seek(uint64_t offset) {
  if (!initialized || offset < position)
    if (Error error = restart())
      return error;
  llvm::SmallVector<char, 0> scratch(65536);
  while (position < offset) {
    size_t count = std::min<uint64_t>(offset - position, scratch.size());
    if (Error error = read(MutableArrayRef<char>(scratch).take_front(count)))
      return error;
  }
  return Error::success();
}

Error InflateStream::expectEnd() {
  char extra;
  Expected<size_t> count = inflateSome(extra);
  if (!count)
    return count.takeError();
  if (*count != 0 || state.avail_in != 0 || remaining != 0)
    return llvm::createStringError("the data is longer than its directory "
                                   "says");
  return Error::success();
}

std::unique_ptr<ByteStream>
quantcc::makeStoredStream(std::shared_ptr<InputFile> file, uint64_t begin,
                          uint64_t size) {
  return std::make_unique<StoredStream>(std::move(file), begin, size);
}

std::unique_ptr<ByteStream>
quantcc::makeInflateStream(std::shared_ptr<InputFile> file, uint64_t begin,
                           uint64_t size) {
  return std::make_unique<InflateStream>(std::move(file), begin, size);
}
