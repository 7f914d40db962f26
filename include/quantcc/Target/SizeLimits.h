//===- SizeLimits.h - How much memory a model may take ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares what a compiled model takes with what a machine has, and says where
// it goes.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TARGET_SIZELIMITS_H
#define QUANTCC_TARGET_SIZELIMITS_H

#include "quantcc/Target/ModelDescription.h"

#include <llvm/Support/Error.h>
#include <optional>
#include <string>
#include <vector>

namespace quantcc {

/// In bytes; nothing for no limit.
struct SizeLimits {
  /// Of arena, state and stack together. Inputs and outputs are the program's.
  std::optional<int64_t> ram;
  /// Of code and constants together.
  std::optional<int64_t> flash;
};

/// A model takes more than it may: one message, and notes that name what takes
/// the most.
class SizeLimitError : public llvm::ErrorInfo<SizeLimitError> {
public:
  static char ID;

  SizeLimitError(std::string message, std::vector<std::string> notes)
      : message(std::move(message)), notes(std::move(notes)) {}

  void log(llvm::raw_ostream &stream) const override { stream << message; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }
  llvm::ArrayRef<std::string> getNotes() const { return notes; }

private:
  std::string message;
  std::vector<std::string> notes;
};

/// Errors: a SizeLimitError if `model` takes more than `limits`. The notes name
/// the layer at which the arena is fullest and the tensors that are alive then;
/// and the layers with the most constants. A limit of RAM also fails where the
/// stack has no bound.
llvm::Error checkSizes(const ModelDescription &model, const SizeLimits &limits);

} // namespace quantcc

#endif // QUANTCC_TARGET_SIZELIMITS_H
