//===- RequantizeSweepTest.cpp - Compiled requantizations, swept ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled requantizations against N4 to N6 in 128-bit integers: a quarter of a
// million accumulators spread over 32 bits, and those about every power of two;
// all 2^32 where QUANTCC_EXHAUSTIVE is set in the environment.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunction.h"

#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

using Wide = __int128;

constexpr size_t kBlock = 1 << 16;

enum class Ties { Up, Away, Even };

/// numerator / 2^n to the nearest integer, by trying the neighbours: the one
/// whose distance is least, or, of two, the one that `ties` chooses.
Wide divide(Wide numerator, int n, Ties ties) {
  Wide divisor = Wide(1) << n;
  Wide low = numerator / divisor - (numerator % divisor < 0);
  Wide below = numerator - low * divisor, above = divisor - below;
  if (below != above)
    return below < above ? low : low + 1;
  switch (ties) {
  case Ties::Up:
    return low + 1;
  case Ties::Away:
    return numerator < 0 ? low : low + 1;
  case Ties::Even:
    return low % 2 == 0 ? low : low + 1;
  }
  return 0;
}

struct Case {
  const char *rounding;
  int32_t multiplier;
  int shift;
};

int64_t defined(const Case &c, int64_t accumulator) {
  Wide product = Wide(accumulator) * c.multiplier, result;
  if (c.rounding[0] == 's')
    result = divide(product, c.shift, Ties::Up);
  else if (c.rounding[0] == 'h')
    result = divide(product, c.shift, Ties::Even);
  else if (c.shift < 31)
    result = divide(product * (Wide(1) << (31 - c.shift)), 31, Ties::Up);
  else
    result = divide(divide(product, 31, Ties::Up), c.shift - 31, Ties::Away);
  return static_cast<int64_t>(
      std::clamp<Wide>(result + 5, INT32_MIN, INT32_MAX));
}

/// One compiled requantization of kBlock accumulators.
class Compiled {
public:
  explicit Compiled(const Case &c) : context(createLoweringContext()) {
    std::string n = std::to_string(kBlock);
    std::string source =
        "func.func @main(%a: tensor<" + n + "xi32>) -> tensor<" + n +
        "xi32> {\n  %r = quantcc.requantize %a {multipliers = array<i32: " +
        std::to_string(c.multiplier) +
        ">, shifts = array<i32: " + std::to_string(c.shift) +
        ">, output_zero_point = 5 : i32, clamp_min = -2147483648 : i32, "
        "clamp_max = 2147483647 : i32, rounding = #quantcc.rounding<" +
        c.rounding + ">} : tensor<" + n + "xi32> -> tensor<" + n +
        "xi32>\n  return %r : tensor<" + n + "xi32>\n}\n";
    OwningOpRef<ModuleOp> module =
        lower(*context, source, "quantcc-expand-integer-ops,canonicalize,cse");
    if (!module)
      return;
    if (auto compiled = CompiledModel::compile(*module); succeeded(compiled))
      model = std::move(*compiled);
  }

  /// How many of `accumulators`, at most kBlock, come out wrong.
  size_t countWrong(const Case &c, const std::vector<int32_t> &accumulators) {
    std::vector<char> bytes(kBlock * sizeof(int32_t));
    std::memcpy(bytes.data(), accumulators.data(),
                accumulators.size() * sizeof(int32_t));
    std::vector<char> found = runModel(*model, {bytes}).front();
    size_t wrong = 0;
    for (size_t i = 0; i < accumulators.size(); ++i) {
      int32_t value;
      std::memcpy(&value, found.data() + i * sizeof(int32_t), sizeof(int32_t));
      wrong += value != defined(c, accumulators[i]);
    }
    return wrong;
  }

  std::unique_ptr<MLIRContext> context;
  std::unique_ptr<CompiledModel> model;
};

std::vector<int32_t> aboutPowersOfTwo() {
  std::vector<int32_t> values;
  for (int power = 0; power <= 31; ++power)
    for (int64_t offset = -300; offset <= 300; ++offset)
      for (int64_t sign : {-1, 1}) {
        int64_t value = sign * (int64_t(1) << power) + offset;
        if (value == static_cast<int32_t>(value))
          values.push_back(static_cast<int32_t>(value));
      }
  return values;
}

class RequantizeSweep : public testing::TestWithParam<Case> {};

TEST_P(RequantizeSweep, EqualsItsDefinition) {
  const Case &c = GetParam();
  Compiled compiled(c);
  ASSERT_TRUE(compiled.model);
  std::vector<int32_t> block = aboutPowersOfTwo();
  for (size_t start = 0; start < block.size(); start += kBlock)
    EXPECT_EQ(compiled.countWrong(
                  c, {block.begin() + start,
                      block.begin() + std::min(block.size(), start + kBlock)}),
              0u);
  const bool all = std::getenv("QUANTCC_EXHAUSTIVE") != nullptr;
  // Odd, so that every residue of a power of two occurs.
  const uint64_t stride = all ? 1 : 16411;
  block.clear();
  size_t wrong = 0;
  for (uint64_t bits = 0; bits < uint64_t(1) << 32; bits += stride) {
    block.push_back(static_cast<int32_t>(static_cast<uint32_t>(bits)));
    if (block.size() == kBlock || bits + stride >= uint64_t(1) << 32) {
      wrong += compiled.countWrong(c, block);
      block.clear();
    }
  }
  EXPECT_EQ(wrong, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, RequantizeSweep,
    testing::Values(
        Case{"double", 1073741824, 31}, Case{"double", 1, 31},
        Case{"double", 2147483647, 32}, Case{"double", 1518500250, 38},
        Case{"double", 1610612737, 62}, Case{"double", 1234567891, 24},
        Case{"double", 0, 31}, Case{"single", 1073741824, 32},
        Case{"single", 2147483647, 40}, Case{"single", 3, 2},
        Case{"single", 1518500250, 38}, Case{"single", 2147483647, 62},
        Case{"half_even", 1073741824, 33}, Case{"half_even", 1518500352, 39},
        Case{"half_even", 2147483520, 30}, Case{"half_even", 1610612736, 62}),
    [](const auto &info) {
      return std::string(info.param.rounding) + "_" +
             std::to_string(info.param.multiplier) + "_" +
             std::to_string(info.param.shift);
    });

} // namespace
