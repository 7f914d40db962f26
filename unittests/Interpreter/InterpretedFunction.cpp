//===- InterpretedFunction.cpp - Runs IR text -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parses a function and prepares it for interpretation.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;

InterpretedFunction::InterpretedFunction(StringRef text) {
  context.loadDialect<arith::ArithDialect, func::FuncDialect,
                      linalg::LinalgDialect, math::MathDialect,
                      quant::QuantDialect, scf::SCFDialect,
                      tensor::TensorDialect, QuantCCDialect>();
  context.getDiagEngine().registerHandler([&](Diagnostic &diagnostic) {
    diagnostics += diagnostic.str() + "\n";
    return success();
  });
  module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return;
  func::FuncOp function = *module->getOps<func::FuncOp>().begin();
  if (FailureOr<Interpreter> prepared = Interpreter::create(function);
      succeeded(prepared))
    interpreter = std::move(*prepared);
}

std::vector<int32_t> InterpretedFunction::operator()(
    const std::vector<std::vector<int32_t>> &inputs) const {
  EXPECT_TRUE(isValid()) << diagnostics;
  if (!isValid())
    return {};
  auto function = *module.get().getOps<func::FuncOp>().begin();
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < inputs.size(); ++i) {
    ArrayRef<int64_t> shape =
        cast<RankedTensorType>(function.getArgumentTypes()[i]).getShape();
    tensors.push_back({SmallVector<int64_t>(shape.begin(), shape.end()),
                       std::vector<int64_t>(inputs[i].begin(), inputs[i].end()),
                       {}});
  }
  llvm::Expected<std::vector<Tensor>> results = interpreter->run(tensors);
  if (!results) {
    ADD_FAILURE() << llvm::toString(results.takeError());
    return {};
  }
  const std::vector<int64_t> &stored = results->front().stored;
  return std::vector<int32_t>(stored.begin(), stored.end());
}
