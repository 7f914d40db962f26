//===- TemporaryFolder.h - Files of one test --------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fixture with a folder that is removed when the test ends.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_ARRAYFILE_TEMPORARYFOLDER_H
#define QUANTCC_UNITTESTS_ARRAYFILE_TEMPORARYFOLDER_H

#include <gtest/gtest.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>
#include <string>

namespace quantcc {

class TemporaryFolder : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("quantcc-test", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string pathOf(llvm::StringRef name) const {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    return std::string(path);
  }

  /// Writes a file with the given content and returns its path.
  std::string write(llvm::StringRef name, llvm::StringRef content) const {
    std::error_code code;
    llvm::raw_fd_ostream stream(pathOf(name), code);
    EXPECT_FALSE(code);
    stream << content;
    return pathOf(name);
  }

  llvm::SmallString<128> folder;
};

/// The message of an error, or "no error".
template <typename T> std::string messageOf(llvm::Expected<T> result) {
  return result ? "no error" : llvm::toString(result.takeError());
}

} // namespace quantcc

#endif // QUANTCC_UNITTESTS_ARRAYFILE_TEMPORARYFOLDER_H
