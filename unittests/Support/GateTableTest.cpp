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

TEST(GateTable, PositionsHaveFifteenBits) {
  auto expect = [](double scale, NearbyScales nearby, int32_t multiplier,
                   int shift) {
    GatePosition position = gatePosition(scale, nearby);
    EXPECT_EQ(position.multiplier, multiplier) << scale;
    EXPECT_EQ(position.shift, shift) << scale;
  };
  for (NearbyScales nearby : {NearbyScales::Sigmoid, NearbyScales::Tanh}) {
    expect(0x1p-12, nearby, 3, 0);
    // 2^0.00099 is 1.00068645; 2^0.00101 is 1.00070032.
    expect(0x1p-12 * 1.000686, nearby, 3, 0);
    expect(0x1p-12 * 1.000701, nearby, 24593, 13);
    expect(0x1p-12 / 1.000686, nearby, 3, 0);
    expect(0x1p-12 / 1.000701, nearby, 24558, 13);
    // 12.288 * 2^11 is 25165.8, cut off; 2 * 12288 needs no shift.
    expect(0.001, nearby, 25165, 11);
    expect(2.0, nearby, 24576, 0);
    expect(32767.0 / 12288, nearby, 32767, 0);
    // Half of 32767 is doubled once more, what is above it is not.
    expect(16383.0 / 12288, nearby, 32766, 1);
    expect(16384.0 / 12288, nearby, 16384, 0);
    // Small scales end at a shift of 31: 12288 * 2^-30 * 2^31.
    expect(0x1p-30, nearby, 24576, 31);
    expect(0x1p-40, nearby, 24, 31);
  }
  expect(0x1p-11, NearbyScales::Sigmoid, 24576, 12);
  expect(0x1p-11, NearbyScales::Tanh, 6, 0);
  expect(0x1p-11 * 1.0006, NearbyScales::Tanh, 6, 0);
}

} // namespace
