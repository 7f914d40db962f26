//===- CompileReportTest.cpp - Tests of the report of a model -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan that can be drawn by hand, and names that no page may believe.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Report/CompileReport.h"

#include <gtest/gtest.h>
#include <llvm/Support/JSON.h>

using namespace quantcc;

/// Buffers of 64, 100 and 32 bytes; at moment 5 the first two are alive.
static ModelDescription makeModel() {
  ModelDescription model;
  NetworkLayer first, island;
  first.name = "first";
  first.kind = "linear";
  first.macs = 10;
  island.name = "island";
  island.floatReason = "excluded";
  island.members = {"inside", "first"};
  model.source.layers = {first, island};
  ModelInterface &interface = model.interface;
  interface.arenaBytes = 176;
  interface.regions.push_back({"arena", 176});
  interface.buffers.push_back({"first", 0, 0, 64, 2, 5});
  interface.buffers.push_back({"inside", 0, 64, 100, 5, 7});
  interface.buffers.push_back({"", 0, 0, 32, 7, 7});
  interface.moments = {"", "", "first", "first", "", "inside", "", "other"};
  interface.constants.push_back({"first", 40});
  interface.constants.push_back({"inside", 8});
  interface.constants.push_back({"shared", 5});
  interface.stackBytes = 16;
  model.facts.codeBytes = 200;
  model.facts.constantBytes = 60;
  return model;
}

TEST(CompileReportTest, AddsUp) {
  CompileReport report = makeReport(makeModel());
  EXPECT_EQ(report.flashBytes(), 260);
  EXPECT_EQ(report.ramBytes(), 192);
  EXPECT_EQ(report.macs(), 10);
  EXPECT_EQ(report.floatLayers(), 1);
  ASSERT_EQ(report.shares.size(), 2u);
  EXPECT_EQ(report.shares[0].constantBytes, 40);
  EXPECT_EQ(report.shares[0].arenaBytes, 64);
  // What is inside of a layer belongs to it, but for what another is called.
  EXPECT_EQ(report.shares[1].constantBytes, 8);
  EXPECT_EQ(report.shares[1].arenaBytes, 164);
  EXPECT_EQ(report.otherConstantBytes(), 12);
}

TEST(CompileReportTest, LeavesOutMomentsWithoutChange) {
  MemoryTimeline timeline = makeReport(makeModel()).timeline;
  ASSERT_EQ(timeline.steps.size(), 3u);
  EXPECT_EQ(timeline.steps[0].moment, 2);
  EXPECT_EQ(timeline.steps[0].layer, 0u);
  EXPECT_EQ(timeline.steps[1].moment, 5);
  EXPECT_EQ(timeline.steps[1].layer, 1u);
  EXPECT_EQ(timeline.steps[1].bytesAlive, 164);
  EXPECT_EQ(timeline.steps[2].layer, std::nullopt);
  EXPECT_EQ(timeline.fullest, 1u);
  ASSERT_EQ(timeline.buffers.size(), 3u);
  EXPECT_EQ(timeline.buffers[1].first, 1u);
  EXPECT_EQ(timeline.buffers[1].last, 2u);
  EXPECT_TRUE(timeline.isAliveAtFullest(1));
  EXPECT_FALSE(timeline.isAliveAtFullest(2));
}

TEST(CompileReportTest, ShortensNames) {
  EXPECT_EQ(shortenName("dense/BiasAdd;dense/MatMul", 20), "dense/BiasAdd");
  EXPECT_EQ(shortenName("abcdef", 6), "abcdef");
  EXPECT_EQ(shortenName("abcdefg", 6), "…cdefg");
  // Not a part of a character.
  EXPECT_EQ(shortenName("aaaaaaéb", 3), "…b");
  EXPECT_EQ(shortenName("", 6), "");
}

TEST(CompileReportTest, PageBelievesNoName) {
  ModelDescription model = makeModel();
  const char *hostile = "\"'><script>alert(1)</script>\xff";
  model.source.name = hostile;
  model.target.name = hostile;
  for (NetworkLayer &layer : model.source.layers)
    layer.name = layer.kind = layer.floatReason = hostile;
  for (PlannedBuffer &buffer : model.interface.buffers)
    buffer.name = hostile;
  TensorInterface tensor;
  tensor.name = hostile;
  model.interface.inputs.push_back(tensor);
  std::string page, text;
  llvm::raw_string_ostream pageStream(page), textStream(text);
  CompileReport report = makeReport(std::move(model));
  writeReportPage(report, pageStream);
  EXPECT_TRUE(llvm::json::isUTF8(page));
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("\"'>"), std::string::npos);
  EXPECT_NE(page.find("&lt;script"), std::string::npos);
  writeReportText(report, textStream);
  EXPECT_NE(text.find("fullest arena: 164 bytes"), std::string::npos);
}

TEST(CompileReportTest, ModelWithoutArenaHasAPage) {
  ModelDescription model;
  model.interface.regions.push_back({"arena", 0});
  std::string page;
  llvm::raw_string_ostream stream(page);
  writeReportPage(makeReport(std::move(model)), stream);
  EXPECT_NE(page.find("needs no arena"), std::string::npos);
}
