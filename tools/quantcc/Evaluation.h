//===- Evaluation.h - How good a model is -----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Judges the float, fake-quantized and integer model on labelled inputs.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_EVALUATION_H
#define QUANTCC_TOOLS_QUANTCC_EVALUATION_H

#include "Compilation.h"
#include "quantcc/Report/Accuracy.h"

namespace quantcc {

/// Runs all forms of the model, on this machine, on the samples of
/// `line.input`, and judges them by `line.metric` and `line.labels`. Errors:
/// samples or labels that do not fit the model.
llvm::Expected<Accuracy> evaluateModel(const CommandLine &line,
                                       const Compilation &compilation);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_EVALUATION_H
