//===- Model.h - A model and its interface ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads a model from a file and describes what it takes and gives.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_MODEL_H
#define QUANTCC_TOOLS_QUANTCC_MODEL_H

#include "quantcc/Verification/Stage.h"

#include <llvm/Support/Error.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Quant/IR/QuantTypes.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/OwningOpRef.h>
#include <string>
#include <vector>

namespace quantcc {

/// One input or output of a model.
struct TensorSpec {
  std::string name;
  llvm::SmallVector<int64_t> shape;
  /// f32, an integer, or per-tensor quantized.
  mlir::Type elementType;

  int64_t elements() const;
  /// The quantized element type, or null.
  mlir::quant::UniformQuantizedType quantizedType() const;
  /// Bits of one element as it is stored.
  unsigned storageWidth() const;
  bool isSignedStorage() const;
  int64_t bytes() const { return elements() * storageWidth() / 8; }
};

/// The bytes of one value of a TensorSpec: f32, or integers of its storage.
using TensorBytes = std::vector<char>;

/// The real values of `bytes`: dequantized where the spec is quantized.
std::vector<float> realValues(const TensorSpec &spec, const TensorBytes &bytes);

/// The values as they are stored, of a spec that is not f32.
std::vector<int64_t> storedValues(const TensorSpec &spec,
                                  const TensorBytes &bytes);

/// The bytes that hold `reals`: quantized where the spec is.
TensorBytes encodeReals(const TensorSpec &spec, llvm::ArrayRef<float> reals);

/// The bytes that hold `stored` in the storage of `spec`, which is not f32.
/// Expects values that fit.
TensorBytes encodeStored(const TensorSpec &spec,
                         llvm::ArrayRef<int64_t> stored);

/// `values`, encoded for `from`, in the encoding of `to`: the same inputs of
/// another stage.
std::vector<TensorBytes> encodeInputs(llvm::ArrayRef<TensorSpec> from,
                                      llvm::ArrayRef<TensorBytes> values,
                                      llvm::ArrayRef<TensorSpec> to);

/// The entry function: the module's one public function.
mlir::func::FuncOp entryOf(mlir::ModuleOp module);

std::vector<TensorSpec> inputSpecs(mlir::func::FuncOp entry);
std::vector<TensorSpec> outputSpecs(mlir::func::FuncOp entry);

/// Whether `op` is a layer that commands show: a network op, or a lookup.
bool isLayer(mlir::Operation *op);

/// The first part of `module`, at the quantized stage or beyond, that computes
/// in float; null if all is integer.
mlir::Operation *findFloatIsland(mlir::ModuleOp module);

/// The result of the layer `op`, named after its location.
TensorSpec layerSpec(mlir::Operation *op);

/// A model as the importer gave it.
struct Model {
  std::string path;
  /// SHA-256 of the file, in hexadecimal digits.
  std::string hash;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// The stage the file was at: Imported for a float model.
  Stage stage = Stage::Imported;

  /// Whether network ops already work on quantized tensors, or integers.
  bool isQuantized() const { return stage >= Stage::Quantized; }
  /// Whether the model carries fake quantization of its own.
  bool isFakeQuantized() const { return stage == Stage::FakeQuantized; }

  mlir::ModuleOp get() const { return const_cast<Model *>(this)->module.get(); }
};

/// Reads a .tflite, .mlir or .mlirbc file and turns tosa into network ops.
/// Errors: one, naming the file and, where it is at fault, the op or tensor.
llvm::Expected<Model> loadModel(llvm::StringRef path,
                                mlir::MLIRContext *context);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_MODEL_H
