//===- CalibrationFile.h - The calibration file -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The statistics of a model's tensors, and the file that keeps them.
// docs/CalibrationFormat.md defines the format.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CALIBRATION_CALIBRATIONFILE_H
#define QUANTCC_CALIBRATION_CALIBRATIONFILE_H

#include "quantcc/Calibration/RangeEstimator.h"

#include <llvm/Support/raw_ostream.h>
#include <map>
#include <optional>
#include <string>

namespace quantcc {

/// What calibration knows of one tensor: statistics, a range set by hand, or
/// both.
struct CalibratedTensor {
  /// Wins over whatever is estimated from the statistics.
  std::optional<RealRange> range;
  /// Without samples if there is nothing but the range.
  TensorStatistics statistics;
};

/// The content of a calibration file. Which estimator makes ranges of it is not
/// part of it: one calibration serves them all.
class CalibrationFile {
public:
  /// The version of the format that is written; all before it are read.
  static constexpr int kVersion = 2;

  /// Reads the file at `path`. Errors name it, and the tensor at fault.
  static llvm::Expected<CalibrationFile> read(llvm::StringRef path);
  /// Reads `text`; `name` stands for the file in errors.
  static llvm::Expected<CalibrationFile> parse(llvm::StringRef text,
                                               llvm::StringRef name);

  /// Writes the file whole or not at all. Equal contents give equal bytes.
  /// Errors: a tensor's name is not UTF-8; the file cannot be written.
  llvm::Error write(llvm::StringRef path) const;
  void print(llvm::raw_ostream &stream) const;

  /// Adds what another shard of the calibration of the same model found. The
  /// result is the same in any order and grouping, and as if one run had seen
  /// all samples. Errors, leaving this unspecified: the models or the ranges
  /// set by hand differ, or a tensor has statistics, or its channels have, in
  /// one of the two only.
  llvm::Error merge(const CalibrationFile &other);

  /// Adds one sample of the tensor `name`, as TensorStatistics::add does.
  llvm::Error addSample(llvm::StringRef name, llvm::ArrayRef<float> sample,
                        size_t channels = 0);

  /// The range of the tensor `name`: the one set by hand, or else the estimate.
  /// Errors: nothing is known of the tensor.
  llvm::Expected<RealRange> getRange(llvm::StringRef name,
                                     const RangeEstimator &estimator,
                                     RangeUse use) const;

  /// What identifies the model, such as a hash of its file; may be empty.
  std::string model;
  /// In the order of the names, in which the file has them too.
  std::map<std::string, CalibratedTensor> tensors;
};

} // namespace quantcc

#endif // QUANTCC_CALIBRATION_CALIBRATIONFILE_H
