//===- RoundingTest.cpp - Tests of the rounding mode names ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/Rounding.h"

#include <gtest/gtest.h>

using namespace quantcc;

namespace {

TEST(Rounding, NamesRoundTrip) {
  for (Rounding rounding :
       {Rounding::Double, Rounding::Single, Rounding::HalfEven})
    EXPECT_EQ(symbolizeRounding(stringifyRounding(rounding)), rounding);
}

TEST(Rounding, UnknownNameIsRefused) {
  EXPECT_EQ(symbolizeRounding("nearest"), std::nullopt);
}

} // namespace
