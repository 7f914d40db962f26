//===- GraphImporter.h - From a .tflite graph to network ops ----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state of one import, which the files of the operator families share: the
// values that tensors have become, and the ops that are built from them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_GRAPHIMPORTER_H
#define QUANTCC_LIB_IMPORTER_TFLITE_GRAPHIMPORTER_H

#include "ModelFile.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/StringMap.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Builders.h>

namespace quantcc::tflite {

class GraphImporter {
public:
  /// Fills the body of `function`, whose type is that of the model.
  GraphImporter(const ModelFile &file, mlir::func::FuncOp function);

  /// For the constants of a graph whose operators become no ops. It has no
  /// inputs.
  GraphImporter(const ModelFile &file, mlir::OpBuilder builder);

  /// Imports all operators and the return. Emits one error on failure.
  mlir::LogicalResult importGraph();

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::MLIRContext *getContext() { return builder.getContext(); }
  const ModelFile &getFile() const { return file; }
  mlir::Location getLocation(int32_t tensor) const;
  mlir::InFlightDiagnostic error(const Node &node) const {
    return file.error(node);
  }

  //===--------------------------------------------------------------------===//
  // Operands. `index` counts the operator's inputs. Each emits an error where
  // the input is not what is asked for.
  //===--------------------------------------------------------------------===//

  static bool hasInput(const Node &node, unsigned index) {
    return index < node.inputs.size() && node.inputs[index] != kAbsent;
  }
  /// Whether the input is in the file, or was computed by `defineConstant`.
  bool isConstant(const Node &node, unsigned index) const;
  /// The stored values of a constant input.
  mlir::FailureOr<mlir::DenseElementsAttr> getConstant(const Node &node,
                                                       unsigned index);
  /// A constant of INT32 or INT64, of rank 0 or 1.
  mlir::FailureOr<mlir::SmallVector<int64_t>> getIntegers(const Node &node,
                                                          unsigned index);
  /// The value of an input: f32 or quantized per tensor.
  mlir::FailureOr<mlir::Value> getInput(const Node &node, unsigned index);

  /// The type of an input: f32 or quantized per tensor.
  mlir::FailureOr<mlir::RankedTensorType> getInputType(const Node &node,
                                                       unsigned index);

  //===--------------------------------------------------------------------===//
  // Variables
  //===--------------------------------------------------------------------===//

  /// Makes the tensor, of RESOURCE, a handle of the variable of that name.
  void defineHandle(int32_t tensor, llvm::StringRef name) {
    handles[tensor] = name.str();
  }
  std::optional<llvm::StringRef> getHandle(int32_t tensor) const;
  /// The variable of that name; if there is none yet, a new one of `type` whose
  /// initial value is real zero.
  mlir::FailureOr<VariableOp> getVariable(const Node &node,
                                          llvm::StringRef name,
                                          mlir::RankedTensorType type);
  /// A new variable. Errors are about `node` of `source`, the graph that the
  /// initial value comes from.
  mlir::FailureOr<VariableOp>
  createVariable(GraphImporter &source, const Node &node, llvm::StringRef name,
                 mlir::RankedTensorType type, mlir::DenseElementsAttr initial);
  /// Assigns input `index`, a variable tensor, for later nodes and runs.
  mlir::LogicalResult assignInput(const Node &node, unsigned index,
                                  mlir::Value value);

  //===--------------------------------------------------------------------===//
  // Results
  //===--------------------------------------------------------------------===//

  /// The type of output `index`: f32 or quantized per tensor.
  mlir::FailureOr<mlir::RankedTensorType> getResultType(const Node &node,
                                                        unsigned index = 0);
  /// Builds a constant: `values` are stored values where `type` is quantized.
  mlir::FailureOr<mlir::Value> createConstant(const Node &node, int32_t tensor,
                                              mlir::DenseElementsAttr values,
                                              mlir::RankedTensorType type);
  /// Builds an op and verifies it: a broken constraint is an error about the
  /// operator.
  template <typename OpTy, typename... Args>
  mlir::FailureOr<mlir::Value> create(const Node &node, Args &&...args) {
    auto op = OpTy::create(builder, getLocation(node.outputs.front()),
                           std::forward<Args>(args)...);
    if (failed(verify(node, op)))
      return mlir::failure();
    return mlir::Value(op->getResult(0));
  }
  /// `input` under another shape: itself if it has that shape already.
  mlir::FailureOr<mlir::Value> reshape(const Node &node, mlir::Value input,
                                       llvm::ArrayRef<int64_t> shape);
  /// Makes `value` the value of output `index`, passing a failure on.
  mlir::LogicalResult define(const Node &node,
                             mlir::FailureOr<mlir::Value> value,
                             unsigned index = 0);
  /// Makes output 0 a constant that was computed here.
  mlir::LogicalResult defineConstant(const Node &node,
                                     mlir::DenseElementsAttr values);

  /// Makes `params`, per tensor, the parameters that values of output 0, a
  /// constant of f32, are quantized with wherever it is used.
  void simulateQuantization(const Node &node,
                            mlir::quant::UniformQuantizedType params) {
    simulated[node.outputs.front()] = params;
  }

private:
  mlir::LogicalResult importNode(const Node &node);
  mlir::LogicalResult verify(const Node &node, mlir::Operation *op);
  /// Reads the tensor, an operand of `node`, into `constants`.
  mlir::LogicalResult loadConstant(const Node *node, int32_t tensor);
  mlir::FailureOr<mlir::Value> getValue(const Node *node, int32_t tensor);
  mlir::FailureOr<mlir::Value> readVariableTensor(const Node &node,
                                                  int32_t tensor);
  /// Counts a constant against what the file may ask for.
  mlir::LogicalResult spend(const Node *node, int32_t tensor,
                            mlir::DenseElementsAttr values);
  mlir::FailureOr<mlir::Value> buildConstant(const Node *node, int32_t tensor,
                                             mlir::DenseElementsAttr values,
                                             mlir::RankedTensorType type);
  mlir::InFlightDiagnostic error(const Node *node, int32_t tensor) const {
    return node ? file.error(*node, tensor) : file.tensorError(tensor);
  }

  const ModelFile &file;
  mlir::func::FuncOp function;
  mlir::OpBuilder builder;
  /// By tensor: its value, and the stored values of a constant.
  mlir::SmallVector<mlir::Value> values;
  mlir::SmallVector<mlir::DenseElementsAttr> constants;
  /// By tensor: the parameters of a constant whose quantization is simulated.
  llvm::DenseMap<int32_t, mlir::quant::UniformQuantizedType> simulated;
  /// By tensor: the name of the variable that it is a handle of.
  llvm::DenseMap<int32_t, std::string> handles;
  llvm::StringMap<VariableOp> variables;
  /// Bytes of constants made so far: bounds what a small file can ask for.
  uint64_t constantBytes = 0;
};

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_GRAPHIMPORTER_H
