//===- LoweredFunction.h - A function in two forms ------------ -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a function of the quantized stage and runs it beside the
// interpreter.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_CONVERSION_LOWEREDFUNCTION_H
#define QUANTCC_UNITTESTS_CONVERSION_LOWEREDFUNCTION_H

#include "quantcc/Execution/CompiledModel.h"

#include <memory>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/MLIRContext.h>
#include <string>
#include <vector>

namespace quantcc {

/// A context with every dialect that the lowerings and the code generator use.
std::unique_ptr<mlir::MLIRContext> createLoweringContext();

/// Parses `source` and runs the passes `pipeline` on it; null on failure.
mlir::OwningOpRef<mlir::ModuleOp> lower(mlir::MLIRContext &context,
                                        llvm::StringRef source,
                                        llvm::StringRef pipeline);

/// Runs `model` on `inputs`, one vector of bytes a tensor.
std::vector<std::vector<char>>
runModel(const CompiledModel &model, llvm::ArrayRef<std::vector<char>> inputs);

/// Runs the function @main of `source`, in the quantized stage, through the
/// interpreter and through the lowering, on the ends of the storage ranges, on
/// zero points and on pseudo-random values. The answer says where they differ,
/// and is empty where they don't. With `values`, those of each argument, these
/// alone.
std::string
compareWithInterpreter(llvm::StringRef source,
                       llvm::ArrayRef<std::vector<int64_t>> values = {});

} // namespace quantcc

#endif // QUANTCC_UNITTESTS_CONVERSION_LOWEREDFUNCTION_H
