//===- CompileReport.h - What a compiled model takes ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All that the report of a compiled model tells, as plain data, and its forms
// as text and as a page.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_REPORT_COMPILEREPORT_H
#define QUANTCC_REPORT_COMPILEREPORT_H

#include "quantcc/Report/Accuracy.h"
#include "quantcc/Report/MemoryTimeline.h"
#include "quantcc/Target/LayerShares.h"

#include <llvm/Support/raw_ostream.h>

namespace quantcc {

/// Sizes are in bytes.
struct CompileReport {
  ModelDescription model;
  /// Of model.source.layers, in their order.
  std::vector<LayerShare> shares;
  MemoryTimeline timeline;
  /// Nothing if the model was not evaluated.
  std::optional<Accuracy> accuracy;

  /// Multiply-accumulates of one run.
  int64_t macs() const;
  /// Code and constants.
  int64_t flashBytes() const;
  /// Arena, state and, where it has a bound, stack.
  int64_t ramBytes() const;
  /// What the code generator added to the layers' constants, and constants that
  /// belong to no layer.
  int64_t otherConstantBytes() const;
  /// How many layers stay in float.
  int64_t floatLayers() const;
};

CompileReport makeReport(ModelDescription model,
                         std::optional<Accuracy> accuracy = std::nullopt);

/// `name`, which may be that of several tensors separated by semicolons as
/// TFLite writes them, in at most `limit` characters: the first of them or,
/// after an ellipsis, its end.
std::string shortenName(llvm::StringRef name, size_t limit);

/// Writes tables of lines of text.
void writeReportText(const CompileReport &report, llvm::raw_ostream &stream);

/// Writes a page of HTML with a picture of the arena, which needs nothing
/// beside itself and no scripts. Equal reports give equal bytes.
void writeReportPage(const CompileReport &report, llvm::raw_ostream &stream);

} // namespace quantcc

#endif // QUANTCC_REPORT_COMPILEREPORT_H
