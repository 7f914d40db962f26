//===- Kernel.h - Prepared ops -------------------------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the interpreter turns an op into, and the preparation of each op family.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_INTERPRETER_KERNEL_H
#define QUANTCC_LIB_INTERPRETER_KERNEL_H

#include "FixedPoint.h"
#include "quantcc/Interpreter/Interpreter.h"

#include <functional>

namespace quantcc::interpreter {

/// Computes the elements of `result`, which has its shape and size already,
/// from those of the op's operands.
using Kernel = std::function<void(llvm::ArrayRef<const Tensor *> operands,
                                  Tensor &result)>;

/// As above, for an op of several results.
using SeveralKernel =
    std::function<void(llvm::ArrayRef<const Tensor *> operands,
                       llvm::MutableArrayRef<Tensor> results)>;

/// The tensor of a constant value, or null.
using ConstantLookup = llvm::function_ref<const Tensor *(mlir::Value)>;

/// The kernel of `op`. Emits a diagnostic and fails if the interpreter does not
/// know the op or docs/Numerics.md refuses it.
mlir::FailureOr<Kernel> prepareKernel(mlir::Operation *op,
                                      ConstantLookup constants);

/// As above, for quantized lstm and svdf.
mlir::FailureOr<SeveralKernel> prepareRecurrent(mlir::Operation *op,
                                                ConstantLookup constants);

// The ops of one family each; a null kernel means that `op` belongs to another.
mlir::FailureOr<Kernel> prepareContraction(mlir::Operation *op,
                                           ConstantLookup constants);
mlir::FailureOr<Kernel> prepareElementwise(mlir::Operation *op);
mlir::FailureOr<Kernel> preparePooling(mlir::Operation *op);
mlir::FailureOr<Kernel> prepareSoftmax(mlir::Operation *op);
mlir::FailureOr<Kernel> prepareWideSoftmax(SoftmaxOp op);
mlir::FailureOr<Kernel> prepareMoving(mlir::Operation *op);
mlir::FailureOr<Kernel> prepareResize(mlir::Operation *op);
mlir::FailureOr<Kernel> prepareCast(mlir::Operation *op);
mlir::FailureOr<Kernel> prepareIntegerOp(mlir::Operation *op);
// Those of the integer stage. A structured op's operands are followed by the
// values from outside that its body uses, in the order of their first use.
mlir::FailureOr<Kernel> prepareStructuredOp(mlir::Operation *op);
mlir::FailureOr<Kernel> prepareTensorOp(mlir::Operation *op);
// Those that a target has kernels for.
mlir::FailureOr<Kernel> prepareFusedOp(mlir::Operation *op);

} // namespace quantcc::interpreter

#endif // QUANTCC_LIB_INTERPRETER_KERNEL_H
