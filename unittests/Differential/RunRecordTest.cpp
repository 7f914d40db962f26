//===- RunRecordTest.cpp - Tests of the record of a run -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is added is found again, and nothing else is.
//
//===----------------------------------------------------------------------===//

#include "RunRecord.h"

#include <gtest/gtest.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>

using namespace quantcc::differential;

namespace {

class RunRecordTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("record", "txt", path));
    llvm::sys::fs::remove(path);
  }
  void TearDown() override { llvm::sys::fs::remove(path); }

  RunRecord open(llvm::StringRef key) {
    return llvm::cantFail(RunRecord::open(path, key));
  }

  llvm::SmallString<128> path;
};

TEST_F(RunRecordTest, KeepsBatches) {
  RunReport report;
  report.graphs = 25;
  report.ops = 160;
  report.largeGraphs = 13;
  report.refused = {"seed 3, op1.mul: too | wide", "seed 7"};
  report.coverage.add(declaredCombinations()[2]);
  EXPECT_EQ(open("key").find(0, 25), nullptr);
  llvm::cantFail(open("key").add(50, 25, report));

  RunRecord record = open("key");
  EXPECT_EQ(record.find(50, 20), nullptr);
  const RunReport *found = record.find(50, 25);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->graphs, 25u);
  EXPECT_EQ(found->ops, 160u);
  EXPECT_EQ(found->largeGraphs, 13u);
  EXPECT_EQ(found->refused, (std::vector<std::string>{
                                "seed 3, op1.mul: too / wide", "seed 7"}));
  EXPECT_EQ(found->coverage.cases(), report.coverage.cases());
}

TEST_F(RunRecordTest, RefusesAnotherRun) {
  open("key");
  llvm::Expected<RunRecord> other = RunRecord::open(path, "other");
  ASSERT_FALSE(static_cast<bool>(other));
  EXPECT_EQ(llvm::toString(other.takeError()),
            path.str().str() + " is the record of another run");
}

TEST_F(RunRecordTest, PassesOverALineThatWasCutShort) {
  RunReport report;
  report.graphs = 25;
  llvm::cantFail(open("key").add(0, 25, report));
  {
    std::error_code code;
    llvm::raw_fd_ostream stream(path, code, llvm::sys::fs::OF_Append);
    stream << "25 25 3";
  }
  llvm::cantFail(open("key").add(25, 25, report));
  RunRecord record = open("key");
  EXPECT_NE(record.find(0, 25), nullptr);
  EXPECT_NE(record.find(25, 25), nullptr);
}

} // namespace
