//===- AtomicFile.cpp - Files written whole or not at all -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes to a temporary file and renames it into place.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/AtomicFile.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::raw_ostream;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

using WriteFunction = llvm::function_ref<Error(raw_ostream &)>;

static Error makeWriteError(StringRef path, const std::string &reason) {
  return llvm::createStringError(
      llvm::formatv("cannot write '{0}': {1}", path, reason));
}

/// Runs `write` on the open file `fd`, reporting the stream's errors too.
static Error writeToDescriptor(StringRef path, int fd, WriteFunction write) {
  llvm::raw_fd_ostream stream(fd, /*shouldClose=*/false);
  Error error = write(stream);
  stream.flush();
  if (stream.has_error()) {
    std::string reason = stream.error().message();
    stream.clear_error();
    if (!error)
      return makeWriteError(path, reason);
  }
  return error;
}

static Error writeDirectly(StringRef path, WriteFunction write) {
  int fd;
  if (std::error_code code = fs::openFileForWrite(path, fd))
    return makeWriteError(path, code.message());
  Error error = writeToDescriptor(path, fd, write);
  fs::file_t handle = fs::convertFDToNativeFile(fd);
  if (std::error_code code = fs::closeFile(handle))
    return llvm::joinErrors(std::move(error),
                            makeWriteError(path, code.message()));
  return error;
}

Error quantcc::writeFileAtomically(StringRef path, WriteFunction write) {
  fs::file_status status;
  llvm::SmallString<256> target(path);
  if (!fs::status(path, status) && fs::exists(status)) {
    if (fs::is_directory(status))
      return makeWriteError(path, "is a directory");
    if (!fs::is_regular_file(status))
      return writeDirectly(path, write);
    // Replace the file that a symbolic link names, not the link.
    if (std::error_code code = fs::real_path(path, target))
      return makeWriteError(path, code.message());
  }
  Expected<fs::TempFile> temporary =
      fs::TempFile::create(target + ".%%%%%%%%.tmp");
  if (!temporary)
    return makeWriteError(path, llvm::toString(temporary.takeError()));
  if (Error error = writeToDescriptor(path, temporary->FD, write)) {
    llvm::consumeError(temporary->discard());
    return error;
  }
  if (Error error = temporary->keep(target))
    return makeWriteError(path, llvm::toString(std::move(error)));
  return Error::success();
}

Error quantcc::writeFileAtomically(StringRef path, StringRef content) {
  return writeFileAtomically(path, [&](raw_ostream &stream) {
    stream << content;
    return Error::success();
  });
}
