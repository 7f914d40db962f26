//===- ModelVerifier.h - Checks of a .tflite file ---------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides whether a file is a sound .tflite model before anything reads it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_MODELVERIFIER_H
#define QUANTCC_LIB_IMPORTER_TFLITE_MODELVERIFIER_H

#include "ModelFile.h"

#include <llvm/ADT/BitVector.h>

namespace quantcc::tflite {

/// Checks, in this order, and fills the ModelFile it is given on the way:
///
/// 1. the bytes are a FlatBuffer of our schema with the identifier `TFL3`:
///    every offset, table, vector and string lies within the file;
/// 2. the format's version is 3, and there is a subgraph;
/// 3. each tensor has a known type, a shape without negative dimensions and at
///    most kMaxElements elements, an existing buffer, and, if it is a constant,
///    exactly as many bytes as type and shape need; its quantization has
///    positive normal scales, as many zero points as scales, within the
///    storage range, and an axis within its rank;
/// 4. each operator's code, inputs and outputs name what exists; every operator
///    is supported, and every other subgraph is one that CALL_ONCE names;
/// 5. the graph's inputs and outputs name what exists; each tensor is defined
///    once, and before its first use. Variable tensors have a value at all
///    times.
///
/// The first fault found is emitted as one error.
class ModelVerifier {
public:
  explicit ModelVerifier(ModelFile &file) : file(file) {}
  mlir::LogicalResult verify();

private:
  mlir::LogicalResult verifyLayout();
  mlir::LogicalResult verifyTensor(int32_t index);
  mlir::LogicalResult verifyConstant(int32_t index, int64_t elements);
  /// Whether all weights of one channel, along the quantized dimension, are 0.
  bool isZeroChannel(int32_t index, int64_t channel) const;
  mlir::LogicalResult verifyQuantization(int32_t index);
  void nameTensors();
  mlir::LogicalResult readNode(unsigned index, const Operator *op);
  mlir::LogicalResult verifySubgraphs();
  mlir::LogicalResult verifyNode(const Node &node);
  mlir::LogicalResult verifyEnds();
  bool isTensor(int32_t index) const {
    return index >= 0 && index < static_cast<int32_t>(file.getNumTensors());
  }

  ModelFile &file;
  /// The tensors that hold a value at the point of the graph we are at.
  llvm::BitVector defined;
};

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_MODELVERIFIER_H
