//===- ExactSum.h - A sum without rounding ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exact sum of f32 values, which is therefore the same in any order.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CALIBRATION_EXACTSUM_H
#define QUANTCC_CALIBRATION_EXACTSUM_H

#include <llvm/ADT/APInt.h>
#include <llvm/ADT/StringRef.h>
#include <optional>
#include <string>

namespace quantcc {

/// The exact sum of up to 2^64 finite f32 values, held in units of 2^-149, the
/// smallest f32: every f32 is an integer of at most 277 bits in them.
class ExactSum {
public:
  ExactSum() : units(kBits, 0) {}

  /// Adds a finite value.
  void add(float value);
  void merge(const ExactSum &other) { units += other.units; }
  bool operator==(const ExactSum &other) const { return units == other.units; }

  /// The sum divided by `count`, both rounded to the nearest f64 first. Expects
  /// count > 0.
  double divideBy(uint64_t count) const;

  /// The sum as an odd hexadecimal integer times a power of two, such as
  /// "-0x3p-2" for -0.75; "0x0p+0" for 0.
  std::string print() const;
  /// The sum that printed as `text`; none if no sum does.
  static std::optional<ExactSum> parse(llvm::StringRef text);

private:
  static constexpr unsigned kBits = 384;
  static constexpr int kLowestExponent = -149;

  /// Two's complement.
  llvm::APInt units;
};

} // namespace quantcc

#endif // QUANTCC_CALIBRATION_EXACTSUM_H
