//===- Accuracy.h - How good a model is -------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an evaluation on labelled inputs found.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_REPORT_ACCURACY_H
#define QUANTCC_REPORT_ACCURACY_H

#include <cstdint>
#include <string>
#include <vector>

namespace quantcc {

/// One form of the model under judgement.
struct StageAccuracy {
  /// "float", "fake-quantized" or "integer".
  std::string stage;
  double figure = 0;
  /// With the first form; 1 is complete.
  double agreement = 1;
  /// The median time of a sample, on the machine that judged.
  double microseconds = 0;
};

struct Accuracy {
  /// "top1", "mse" or "auc".
  std::string metric;
  int64_t samples = 0;
  /// How many have a label that is no class, and count for the agreement alone.
  int64_t unlabelled = 0;
  std::vector<StageAccuracy> stages;
};

} // namespace quantcc

#endif // QUANTCC_REPORT_ACCURACY_H
