//===- ImportTFLite.cpp - Import of .tflite models ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the module and its function, and has the graph imported into it.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Importer/TFLite/ImportTFLite.h"

#include "GraphImporter.h"
#include "TensorTypes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

/// The types of `tensors`, the inputs or outputs of the model. Only the batch
/// may vary in the model; the file's concrete shape is taken for it.
static LogicalResult getTypes(const ModelFile &file, ArrayRef<int32_t> tensors,
                              MLIRContext *context,
                              SmallVectorImpl<Type> &types) {
  for (int32_t tensor : tensors) {
    TypeOrReason type = getActivationType(file, tensor, context);
    if (auto *reason = std::get_if<std::string>(&type))
      return file.tensorError(tensor) << *reason;
    const auto *signature = file.getTensor(tensor).shape_signature();
    for (unsigned i = 1; signature && i < signature->size(); ++i)
      if (signature->Get(i) < 0)
        return file.tensorError(tensor)
               << "expected a fixed shape, found a dimension " << i
               << " that may vary";
    types.push_back(std::get<RankedTensorType>(type));
  }
  return success();
}

/// Imports `file` as `@main` of `module`.
static LogicalResult importFunction(const ModelFile &file, ModuleOp module) {
  MLIRContext *context = module.getContext();
  SmallVector<Type> inputs, outputs;
  if (failed(getTypes(file, file.getInputs(), context, inputs)) ||
      failed(getTypes(file, file.getOutputs(), context, outputs)))
    return failure();
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function =
      func::FuncOp::create(builder, module.getLoc(), "main",
                           builder.getFunctionType(inputs, outputs));
  for (auto [i, tensor] : llvm::enumerate(file.getInputs()))
    function.setArgAttr(i, kNameAttrName,
                        builder.getStringAttr(file.getName(tensor)));
  for (auto [i, tensor] : llvm::enumerate(file.getOutputs()))
    function.setResultAttr(i, kNameAttrName,
                           builder.getStringAttr(file.getName(tensor)));
  Block *body = function.addEntryBlock();
  for (auto [tensor, argument] :
       llvm::zip_equal(file.getInputs(), body->getArguments()))
    argument.setLoc(NameLoc::get(builder.getStringAttr(file.getName(tensor))));
  return GraphImporter(file, function).importGraph();
}

OwningOpRef<ModuleOp> quantcc::importTFLite(llvm::MemoryBufferRef buffer,
                                            MLIRContext *context) {
  context->loadDialect<QuantCCDialect, arith::ArithDialect, func::FuncDialect,
                       quant::QuantDialect>();
  std::optional<ModelFile> file = ModelFile::open(buffer, context);
  if (!file)
    return nullptr;
  OwningOpRef<ModuleOp> module = ModuleOp::create(
      FileLineColLoc::get(context, buffer.getBufferIdentifier(), 0, 0));
  if (failed(importFunction(*file, *module)))
    return nullptr;
  return module;
}
