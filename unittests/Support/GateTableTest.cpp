//===- GateTableTest.cpp - Tests of the table of the 16-bit sigmoid -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/GateTable.h"

#include <cmath>
#include <gtest/gtest.h>
#include <utility>

using namespace quantcc;

namespace {

/// Entries of TFLite's table, of those that plain rounding of the sigmoid would
/// give another value for, of the ends and in between.
TEST(GateTable, EntriesAreThoseOfTFLite) {
  const std::pair<unsigned, unsigned> entries[] = {
      {0, 32768},   {1, 33451},   {4, 35493},   {8, 38180},   {12, 40794},
      {17, 43912},  {28, 49975},  {29, 50464},  {31, 51409},  {45, 56823},
      {54, 59288},  {66, 61599},  {82, 63454},  {103, 64652}, {116, 65019},
      {135, 65301}, {191, 65513}, {199, 65520}, {254, 65534}, {255, 65535}};
  std::array<uint16_t, 256> table = sigmoidTable();
  for (auto [index, value] : entries)
    EXPECT_EQ(table[index], value) << index;
}

/// A chord errs by at most 1.37 units of the table; the raised one by half of
/// that, and by 1 for rounding.
TEST(GateTable, ChordsStayNearTheSigmoid) {
  std::array<uint16_t, 256> table = sigmoidTable();
  for (unsigned i = 0; i + 1 < table.size(); ++i)
    for (double rest : {0.0, 0.25, 0.5, 0.75, 1.0}) {
      double real = 65536.0 / (1.0 + std::exp(-(i + rest) / 24.0));
      EXPECT_NEAR(table[i] + rest * (table[i + 1] - table[i]), real, 1.2) << i;
    }
}

} // namespace
