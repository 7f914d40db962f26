//===- RemarkPrinter.cpp - What the code generator decided ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A streamer for MLIR's remark engine.
//
//===----------------------------------------------------------------------===//

#include "RemarkPrinter.h"
#include "DiagnosticCollector.h"

#include <mlir/IR/Remarks.h>

#include <mutex>

using namespace mlir;
using namespace quantcc;

namespace {

class RemarkPrinter : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit RemarkPrinter(StringRef file) : file(file) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    std::string text = "remark: " + file;
    if (std::string place = describeLocation(remark.getLocation());
        !place.empty())
      text += ": '" + place + "'";
    text += ": " + remark.getRemarkName().str();
    if (remark.getRemarkType() == llvm::remarks::Type::Missed)
      text += " missed";
    text += ": ";
    for (const remark::detail::Remark::Arg &arg : remark.getArgs())
      text += arg.val;
    // Passes may run on several functions at once.
    std::lock_guard<std::mutex> guard(mutex);
    printOnce(text);
  }

private:
  std::string file;
  std::mutex mutex;
};

} // namespace

void quantcc::printRemarks(MLIRContext *context, StringRef file) {
  remark::RemarkCategories categories;
  categories.passed = categories.missed = "quantcc";
  LogicalResult enabled = remark::enableOptimizationRemarks(
      *context, std::make_unique<RemarkPrinter>(file),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), categories);
  assert(succeeded(enabled) && "the expression is valid");
  (void)enabled;
}
