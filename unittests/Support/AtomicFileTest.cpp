//===- AtomicFileTest.cpp - Tests of whole-file writing -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/AtomicFile.h"

#include <gtest/gtest.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

using namespace quantcc;
namespace fs = llvm::sys::fs;

namespace {

class AtomicFileTest : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(fs::createUniqueDirectory("atomic-file", folder));
  }
  void TearDown() override { fs::remove_directories(folder); }

  std::string pathOf(llvm::StringRef name) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    return std::string(path);
  }
  static std::string contentOf(const std::string &path) {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    return buffer ? (*buffer)->getBuffer().str() : "no file";
  }
  unsigned countFiles() {
    std::error_code code;
    unsigned count = 0;
    for (fs::directory_iterator it(folder, code), end; it != end && !code;
         it.increment(code))
      ++count;
    return count;
  }

  llvm::SmallString<128> folder;
};

TEST_F(AtomicFileTest, WritesAndReplaces) {
  std::string path = pathOf("a.txt");
  EXPECT_FALSE(!!writeFileAtomically(path, "one"));
  EXPECT_EQ(contentOf(path), "one");
  EXPECT_FALSE(!!writeFileAtomically(path, "two"));
  EXPECT_EQ(contentOf(path), "two");
  EXPECT_EQ(countFiles(), 1u);
}

TEST_F(AtomicFileTest, FailedWriteLeavesTheOldFileAlone) {
  std::string path = pathOf("a.txt");
  EXPECT_FALSE(!!writeFileAtomically(path, "old"));
  llvm::Error error =
      writeFileAtomically(path, [](llvm::raw_ostream &stream) -> llvm::Error {
        stream << "half";
        return llvm::createStringError("gave up");
      });
  EXPECT_EQ(llvm::toString(std::move(error)), "gave up");
  EXPECT_EQ(contentOf(path), "old");
  EXPECT_EQ(countFiles(), 1u);
}

TEST_F(AtomicFileTest, SymbolicLinkIsFollowed) {
  std::string path = pathOf("a.txt"), link = pathOf("link");
  EXPECT_FALSE(!!writeFileAtomically(path, "one"));
  ASSERT_FALSE(fs::create_link(path, link));
  EXPECT_FALSE(!!writeFileAtomically(link, "two"));
  EXPECT_EQ(contentOf(path), "two");
  EXPECT_TRUE(fs::is_symlink_file(link));
}

TEST_F(AtomicFileTest, MissingFolderIsAnErrorNamingThePath) {
  std::string path = pathOf("none/a.txt");
  std::string text = llvm::toString(writeFileAtomically(path, "x"));
  EXPECT_EQ(text, "cannot write '" + path + "': No such file or directory");
}

TEST_F(AtomicFileTest, FolderIsAnError) {
  std::string text =
      llvm::toString(writeFileAtomically(folder.str(), "content"));
  EXPECT_EQ(text,
            ("cannot write '" + folder.str() + "': is a directory").str());
}

TEST_F(AtomicFileTest, DeviceIsNotReplaced) {
  EXPECT_FALSE(!!writeFileAtomically("/dev/null", "content"));
  EXPECT_TRUE(fs::exists("/dev/null"));
  EXPECT_FALSE(fs::is_regular_file("/dev/null"));
  std::string text = llvm::toString(writeFileAtomically("/dev/full", "x"));
  EXPECT_EQ(text, "cannot write '/dev/full': No space left on device");
}

} // namespace
