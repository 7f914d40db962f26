//===- OnnxExport.h - A quantized network as an ONNX graph ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Says the same network again in ONNX's terms, for a peer to run: what a
// converter would hand to it, in the form that serves it best.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_ONNXEXPORT_H
#define QUANTCC_BENCHMARK_ONNXEXPORT_H

#include "quantcc/Benchmark/OnnxModel.h"

#include <llvm/Support/Error.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

namespace quantcc {

enum class OnnxForm {
  /// Every activation is quantized and dequantized again (QDQ): as u8, which is
  /// the stored value + 128 where that is signed. Weights are s8 with the
  /// scales they have, biases s32. Inputs and outputs are u8.
  QuantizeDequantize,
  /// All in f32, with dequantized weights. A range that begins at zero becomes
  /// a Relu.
  Float
};

/// The network `entry`, which is at the quantized stage, as an ONNX model.
/// Tensors of four dimensions are [N,C,H,W] in it, inputs and outputs too; all
/// others are as they are. Errors: an op or type that has no equivalent here;
/// the message names both op and layer.
llvm::Expected<OnnxModel> exportToOnnx(mlir::func::FuncOp entry, OnnxForm form);

/// `bytes`, elements of `elementSize` bytes of a tensor of `shape`, in the
/// order of the dimensions `permutation`: dimension i of the result is
/// dimension permutation[i].
std::vector<char> permuteElements(llvm::ArrayRef<char> bytes,
                                  unsigned elementSize,
                                  llvm::ArrayRef<int64_t> shape,
                                  llvm::ArrayRef<int64_t> permutation);

/// The permutation from our order of a tensor's dimensions, [N,H,W,C], to
/// ONNX's, [N,C,H,W], and back. The identity for other ranks than four.
llvm::SmallVector<int64_t> channelsFirst(size_t rank);
llvm::SmallVector<int64_t> channelsLast(size_t rank);

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_ONNXEXPORT_H
