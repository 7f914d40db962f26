//===- OnnxGraph.h - Values of a network in an ONNX graph -------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps track of which tensor of an ONNX graph stands for which value of a
// quantized network, and puts quantization around them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_BENCHMARK_ONNXGRAPH_H
#define QUANTCC_LIB_BENCHMARK_ONNXGRAPH_H

#include "quantcc/Benchmark/OnnxExport.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <mlir/Dialect/Quant/IR/QuantTypes.h>

namespace quantcc {

/// The name of a tensor of reals in the graph.
using OnnxName = std::string;

class OnnxGraph {
public:
  explicit OnnxGraph(OnnxForm form) : form(form) {}

  OnnxForm getForm() const { return form; }

  /// Makes `argument` the next input.
  llvm::Error addInput(mlir::BlockArgument argument);
  /// Makes `value` the next output.
  llvm::Error addOutput(mlir::Value value);

  /// The tensor that stands for `value`: computed before, or a constant, whose
  /// shape gets as many dimensions as `rank`.
  llvm::Expected<OnnxName> lookup(mlir::Value value, size_t rank);

  /// Adds a node and returns its result.
  OnnxName addNode(llvm::StringRef type, llvm::ArrayRef<OnnxName> inputs,
                   const OnnxAttributes &attributes = {});
  /// A constant vector of 64-bit integers, such as a shape.
  OnnxName addIntegers(llvm::ArrayRef<int64_t> values);
  OnnxName addScalar(float value);

  /// The constant `weights`, its dimensions permuted.
  llvm::Expected<OnnxName> addWeights(mlir::Value weights,
                                      llvm::ArrayRef<int64_t> permutation);
  /// The constant `bias` of a contraction of `input` and `weights`.
  llvm::Expected<OnnxName> addBias(mlir::Value bias, mlir::Value input,
                                   mlir::Value weights);

  /// What is left of `real` after being quantized to the type of `like`, in the
  /// form that has quantization.
  OnnxName addQuantization(OnnxName real, mlir::Value like);
  /// Lets `real` stand for `value`, after such quantization.
  void define(mlir::Value value, OnnxName real);

  /// Checks that `value` has a type that the graph can hold.
  llvm::Error checkType(mlir::Value value) const;

  OnnxModel takeModel() { return std::move(model); }

private:
  OnnxName newName();
  /// Adds integers of `type` with the node that dequantizes them.
  OnnxName addDequantized(OnnxType type, llvm::ArrayRef<int64_t> shape,
                          llvm::StringRef bytes, llvm::ArrayRef<float> scales,
                          llvm::ArrayRef<int64_t> zeroPoints, int64_t axis);
  /// The names of scale and zero point of `type` as constants.
  std::pair<OnnxName, OnnxName>
  addParameters(mlir::quant::UniformQuantizedType type);

  OnnxForm form;
  OnnxModel model;
  llvm::DenseMap<mlir::Value, OnnxName> values;
  /// In the form with quantization: the u8 tensor behind each value.
  llvm::DenseMap<mlir::Value, OnnxName> storedValues;
  llvm::DenseSet<mlir::Value> outputs;
  unsigned nextName = 0;
};

/// The shape of the tensor `value` in ONNX's order of dimensions.
std::vector<int64_t> onnxShape(mlir::Value value);

} // namespace quantcc

#endif // QUANTCC_LIB_BENCHMARK_ONNXGRAPH_H
