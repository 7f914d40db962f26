//===- RandomSource.h - Numbers that follow from a seed ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pseudo-random numbers that are the same on every machine: SplitMix64 (Steele,
// Lea and Flood, "Fast splittable pseudorandom number generators", 2014), and
// no distribution of the standard library's, which differ between libraries.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_RANDOMSOURCE_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_RANDOMSOURCE_H

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>

namespace quantcc::differential {

class RandomSource {
public:
  explicit RandomSource(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t mixed = state += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
  }

  /// A number in [0, count).
  uint64_t below(uint64_t count) {
    assert(count > 0 && "nothing to choose from");
    return (next() >> 16) % count;
  }

  /// A number in [low, high].
  int64_t between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(below(high - low + 1));
  }

  bool percent(unsigned chance) { return below(100) < chance; }

  template <typename Range> const auto &pick(const Range &range) {
    return *std::next(std::begin(range),
                      below(std::distance(std::begin(range), std::end(range))));
  }

  template <typename T> T pick(std::initializer_list<T> values) {
    return *(values.begin() + below(values.size()));
  }

private:
  uint64_t state;
};

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_RANDOMSOURCE_H
