//===- InterpretedFunction.h - Runs IR text ------------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function given as text, and the interpreter prepared for it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_INTERPRETER_INTERPRETEDFUNCTION_H
#define QUANTCC_UNITTESTS_INTERPRETER_INTERPRETEDFUNCTION_H

#include "quantcc/Interpreter/Interpreter.h"

#include <gtest/gtest.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/MLIRContext.h>
#include <mlir/IR/OwningOpRef.h>
#include <optional>
#include <string>

namespace quantcc {

class InterpretedFunction {
public:
  /// Parses `text`, which holds one function. Diagnostics are collected.
  explicit InterpretedFunction(llvm::StringRef text);

  /// Whether the text was parsed and the function prepared.
  bool isValid() const { return interpreter.has_value(); }

  /// The messages of all diagnostics.
  const std::string &messages() const { return diagnostics; }

  const Interpreter &get() const { return *interpreter; }

  /// The stored values of the only result for inputs with these stored values,
  /// whose shapes are taken from the function's arguments.
  std::vector<int32_t>
  operator()(const std::vector<std::vector<int32_t>> &inputs) const;

private:
  mlir::MLIRContext context;
  std::string diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::optional<Interpreter> interpreter;
};

} // namespace quantcc

#endif // QUANTCC_UNITTESTS_INTERPRETER_INTERPRETEDFUNCTION_H
