//===- Histogram.cpp - A mergeable histogram ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts f32 values in bins whose width is a power of two.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/Histogram.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <llvm/ADT/bit.h>
#include <memory>

using namespace quantcc;
using llvm::ArrayRef;

static constexpr int kNumBins = 2 * Histogram::kBinsPerSide;

/// Writes the bin of each value, counted from bin -2048, to `bins`. 1 / width
/// is a power of two, so that the product is exact unless it underflows, and
/// then it is in bin 0 or -1 all the same. No branch: this is vectorized.
static void findBins(const float *values, size_t count, float inverseWidth,
                     int32_t *bins) {
  for (size_t i = 0; i < count; ++i) {
    int32_t sign = llvm::bit_cast<int32_t>(values[i]) >> 31;
    int32_t magnitude =
        static_cast<int32_t>(std::fabs(values[i]) * inverseWidth);
    bins[i] = (magnitude ^ sign) + Histogram::kBinsPerSide;
  }
}

/// Counts many values. Four tables of 32-bit counts in turn, because increments
/// of one counter by successive equal values would wait for each other.
static void countMany(ArrayRef<float> values, float inverseWidth,
                      std::array<uint64_t, kNumBins> &counts) {
  constexpr size_t blockSize = 512;
  using Table = std::array<uint32_t, kNumBins>;
  auto tables = std::make_unique<std::array<Table, 4>>();
  int32_t bins[blockSize];
  while (!values.empty()) {
    size_t count = std::min(blockSize, values.size());
    findBins(values.data(), count, inverseWidth, bins);
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
      for (size_t lane = 0; lane < 4; ++lane)
        ++(*tables)[lane][bins[i + lane]];
    for (; i < count; ++i)
      ++(*tables)[0][bins[i]];
    values = values.drop_front(count);
  }
  for (const Table &table : *tables)
    for (int bin = 0; bin < kNumBins; ++bin)
      counts[bin] += table[bin];
}

static void countFew(ArrayRef<float> values, float inverseWidth,
                     std::array<uint64_t, kNumBins> &counts) {
  constexpr size_t blockSize = 512;
  int32_t bins[blockSize];
  while (!values.empty()) {
    size_t count = std::min(blockSize, values.size());
    findBins(values.data(), count, inverseWidth, bins);
    for (size_t i = 0; i < count; ++i)
      ++counts[bins[i]];
    values = values.drop_front(count);
  }
}

void Histogram::add(ArrayRef<float> values, float largestMagnitude,
                    uint64_t positiveZeros, uint64_t negativeZeros) {
  raiseExponent(getExponentFor(largestMagnitude));
  float inverseWidth = std::ldexp(1.0f, -exponent);
  // Clearing and adding up four tables costs as much as some 16384 values.
  constexpr size_t few = 32768, most = size_t(1) << 30;
  while (!values.empty()) {
    ArrayRef<float> some = values.take_front(most);
    if (some.size() < few)
      countFew(some, inverseWidth, counts);
    else
      countMany(some, inverseWidth, counts);
    values = values.drop_front(some.size());
  }
  // The zeros went where their sign bits sent them.
  counts[kBinsPerSide] -= positiveZeros;
  counts[kBinsPerSide - 1] -= negativeZeros;
}

void Histogram::merge(const Histogram &other) {
  raiseExponent(other.exponent);
  Histogram copy = other;
  copy.raiseExponent(exponent);
  for (int bin = 0; bin < kNumBins; ++bin)
    counts[bin] += copy.counts[bin];
}

void Histogram::raiseExponent(int newExponent) {
  if (newExponent <= exponent)
    return;
  int shift = std::min(newExponent - exponent, 31);
  std::array<uint64_t, kNumBins> merged = {};
  for (int i = 0; i < kBinsPerSide; ++i) {
    merged[kBinsPerSide + (i >> shift)] += counts[kBinsPerSide + i];
    merged[kBinsPerSide - 1 - (i >> shift)] += counts[kBinsPerSide - 1 - i];
  }
  counts = merged;
  exponent = newExponent;
}

double Histogram::getBinWidth() const { return std::ldexp(1.0, exponent); }

uint64_t Histogram::getTotal() const {
  uint64_t total = 0;
  for (uint64_t count : counts)
    total += count;
  return total;
}

int Histogram::getExponentFor(float magnitude) {
  assert(std::isfinite(magnitude) && magnitude >= 0.0f && "not a magnitude");
  // magnitude < 2^limit, and there are 2^11 bins.
  int limit;
  std::frexp(magnitude, &limit);
  return magnitude == 0.0f ? kLeastExponent
                           : std::max(limit - 11, kLeastExponent);
}

int Histogram::getBinFor(float value, int exponent) {
  int32_t bin;
  findBins(&value, 1, std::ldexp(1.0f, -exponent), &bin);
  return bin - kBinsPerSide;
}

Histogram Histogram::of(int exponent, int firstBin, ArrayRef<uint64_t> counts) {
  assert(exponent >= kLeastExponent && firstBin >= -kBinsPerSide &&
         firstBin + int64_t(counts.size()) <= kBinsPerSide && "no such bins");
  Histogram histogram;
  histogram.exponent = exponent;
  std::copy(counts.begin(), counts.end(),
            histogram.counts.begin() + kBinsPerSide + firstBin);
  return histogram;
}
