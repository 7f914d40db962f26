//===- ModelFile.h - A verified .tflite file --------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Access to a .tflite file: its only subgraph, tensors, constant bytes and
// operators. Nothing of the file is read before ModelFile::open has verified
// it, so that every accessor here may be used without further checks.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_MODELFILE_H
#define QUANTCC_LIB_IMPORTER_TFLITE_MODELFILE_H

#include "TFLiteSchema_generated.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/MemoryBufferRef.h>
#include <mlir/IR/Diagnostics.h>
#include <optional>
#include <string>

namespace quantcc::tflite {

/// The index of an operand that is not given.
constexpr int32_t kAbsent = -1;

/// The most elements that a tensor may have.
constexpr int64_t kMaxElements = int64_t(1) << 30;

/// One operator of the graph.
struct Node {
  const Operator *op;
  /// The position in the graph.
  unsigned index;
  BuiltinOperator code;
  /// Tensor indices; kAbsent among the inputs only.
  llvm::SmallVector<int32_t, 4> inputs;
  llvm::SmallVector<int32_t, 1> outputs;
};

/// One subgraph of a file.
class ModelFile {
public:
  /// Verifies `buffer` and gives access to its first subgraph, which is the
  /// model. The buffer must outlive the result. Emits one error and gives
  /// nothing if it is not a .tflite file that is sound: see ModelVerifier.h.
  static std::optional<ModelFile> open(llvm::MemoryBufferRef buffer,
                                       mlir::MLIRContext *context);

  /// The same for subgraph `index` of this file, of which it has that many.
  std::optional<ModelFile> openSubgraph(unsigned index,
                                        mlir::MLIRContext *context) const;

  unsigned getNumTensors() const { return tensors->size(); }
  const Tensor &getTensor(int32_t index) const { return *tensors->Get(index); }
  /// The name of tensor `index`, unique in the model and never empty.
  llvm::StringRef getName(int32_t index) const { return names[index]; }
  llvm::SmallVector<int64_t> getShape(int32_t index) const;
  /// Whether the tensor's values are in the file.
  bool isConstant(int32_t index) const;
  /// The bytes of a constant, little endian; empty for other tensors.
  llvm::ArrayRef<uint8_t> getData(int32_t index) const;

  llvm::ArrayRef<int32_t> getInputs() const { return inputs; }
  llvm::ArrayRef<int32_t> getOutputs() const { return outputs; }
  llvm::ArrayRef<Node> getNodes() const { return nodes; }

  /// The size of the file in bytes.
  size_t getSize() const { return buffer.getBufferSize(); }

  /// Begins an error about the file, an operator, or a tensor.
  mlir::InFlightDiagnostic error() const;
  mlir::InFlightDiagnostic error(const Node &node) const;
  mlir::InFlightDiagnostic error(const Node &node, int32_t tensor) const;
  mlir::InFlightDiagnostic tensorError(int32_t tensor) const;
  /// Begins a remark about a tensor.
  mlir::InFlightDiagnostic tensorRemark(int32_t tensor) const;

private:
  friend class ModelVerifier;
  ModelFile(llvm::MemoryBufferRef buffer, unsigned subgraph,
            mlir::MLIRContext *context)
      : buffer(buffer), subgraph(subgraph), context(context) {}
  const SubGraph &getGraph() const {
    return *model->subgraphs()->Get(subgraph);
  }
  std::string describeTensor(int32_t tensor) const;
  /// The bytes of Model.buffers[index], or nothing if they leave the file.
  std::optional<llvm::ArrayRef<uint8_t>> getBuffer(uint32_t index) const;

  llvm::MemoryBufferRef buffer;
  unsigned subgraph;
  mlir::MLIRContext *context;
  const Model *model = nullptr;
  const flatbuffers::Vector<flatbuffers::Offset<Tensor>> *tensors = nullptr;
  llvm::SmallVector<std::string> names;
  llvm::SmallVector<int32_t> inputs, outputs;
  llvm::SmallVector<Node> nodes;
};

/// The operator's name in the format, e.g. `CONV_2D`.
std::string getOperatorName(BuiltinOperator code);

/// The type's name in the format, e.g. `INT8`.
std::string getTypeName(TensorType type);

/// Bits an element takes, or nothing for strings and unknown types.
std::optional<unsigned> getBitWidth(TensorType type);

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_MODELFILE_H
