//===- InputFile.h - A file read at offsets ---------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A regular file, and streams of bytes out of a part of it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_ARRAYFILE_INPUTFILE_H
#define QUANTCC_LIB_ARRAYFILE_INPUTFILE_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/ADT/Twine.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/FileSystem.h>
#include <memory>

namespace quantcc {

/// Puts "prefix: " before the message of an error.
llvm::Error prefixError(const llvm::Twine &prefix, llvm::Error error);

/// A regular file opened for reading at any offset. It is read, not mapped, so
/// that a large file does not count as memory and one that shrinks meanwhile is
/// an error and no signal.
class InputFile {
public:
  static llvm::Expected<std::shared_ptr<InputFile>> open(llvm::StringRef path);
  InputFile(const InputFile &) = delete;
  InputFile &operator=(const InputFile &) = delete;
  ~InputFile();

  uint64_t getSize() const { return size; }

  /// Fills `result` from `offset` on. Errors: the file ends before.
  llvm::Error readAt(uint64_t offset, llvm::MutableArrayRef<char> result) const;

private:
  InputFile(llvm::sys::fs::file_t handle, uint64_t size)
      : handle(handle), size(size) {}

  llvm::sys::fs::file_t handle;
  uint64_t size;
};

/// Bytes that are read in order.
class ByteStream {
public:
  virtual ~ByteStream() = default;

  /// Fills `result` with the next bytes. Errors: the stream ends before.
  virtual llvm::Error read(llvm::MutableArrayRef<char> result) = 0;

  /// Makes the byte at `offset` the next one.
  virtual llvm::Error seek(uint64_t offset) = 0;

  /// Errors unless every byte has been read.
  virtual llvm::Error expectEnd() = 0;
};

/// The `size` bytes of `file` at `begin`.
std::unique_ptr<ByteStream> makeStoredStream(std::shared_ptr<InputFile> file,
                                             uint64_t begin, uint64_t size);

/// What the `size` bytes of `file` at `begin` become when inflated (RFC 1951).
std::unique_ptr<ByteStream> makeInflateStream(std::shared_ptr<InputFile> file,
                                              uint64_t begin, uint64_t size);

} // namespace quantcc

#endif // QUANTCC_LIB_ARRAYFILE_INPUTFILE_H
