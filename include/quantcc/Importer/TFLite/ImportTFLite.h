//===- ImportTFLite.h - Import of .tflite models ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads a TensorFlow Lite model into network ops: float models into the
// imported stage, models that were quantized elsewhere into the quantized one.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_IMPORTER_TFLITE_IMPORTTFLITE_H
#define QUANTCC_IMPORTER_TFLITE_IMPORTTFLITE_H

#include <llvm/Support/MemoryBufferRef.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/OwningOpRef.h>

namespace quantcc {

/// Imports the .tflite model in `buffer`.
///
/// The module holds one public function `@main`. Its arguments and results are
/// the model's inputs and outputs in their order, with the tensors' names in
/// the attribute `quantcc.name`; tensors are f32 or quantized, exactly as the
/// model declares them. Every op's location is a NameLoc of the tensor it
/// computes; a name that occurs again gets the tensor's index behind it, so
/// that names are unique. Requantizations round as `double`: the model was
/// quantized for TFLite's kernels. Constants hold the model's stored values.
///
/// The file is not trusted: it is verified before it is read. A file that
/// cannot be imported gives null and one error through the context, which names
/// the operator and the tensor, at the location FILE:0:0 where FILE is the
/// buffer's identifier. Dialects the module needs are loaded.
mlir::OwningOpRef<mlir::ModuleOp> importTFLite(llvm::MemoryBufferRef buffer,
                                               mlir::MLIRContext *context);

} // namespace quantcc

#endif // QUANTCC_IMPORTER_TFLITE_IMPORTTFLITE_H
