//===- OnnxOps.h - Single ops as ONNX nodes ---------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each op of a network at the quantized stage as nodes that compute the same
// reals.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_BENCHMARK_ONNXOPS_H
#define QUANTCC_LIB_BENCHMARK_ONNXOPS_H

#include "OnnxGraph.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

namespace quantcc {

inline mlir::RankedTensorType typeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType());
}

inline llvm::Error noEquivalent(const llvm::Twine &what) {
  return llvm::createStringError(what + " has no equivalent");
}

/// `[top, bottom, left, right]` as ONNX has it: begins, then ends.
inline llvm::SmallVector<int64_t> onnxPads(llvm::ArrayRef<int64_t> padding) {
  return {padding[0], padding[2], padding[1], padding[3]};
}

/// Adds the nodes for `op` to `graph` and returns the tensor of their result,
/// before it is quantized. Errors: what has no equivalent.
llvm::Expected<OnnxName> convertToOnnx(Conv2DOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(TransposeConv2DOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(LinearOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(MatMulOp op, OnnxGraph &graph);

llvm::Expected<OnnxName> convertToOnnx(ReshapeOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(PadOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(SliceOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(BroadcastOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(TransposeOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(ConcatOp op, OnnxGraph &graph);
llvm::Expected<OnnxName> convertToOnnx(ResizeOp op, OnnxGraph &graph);

/// The function whose table `op` has: nine of ten entries are its values, the
/// others one step away.
llvm::Expected<OnnxName> convertToOnnx(LookupOp op, OnnxGraph &graph);

} // namespace quantcc

#endif // QUANTCC_LIB_BENCHMARK_ONNXOPS_H
