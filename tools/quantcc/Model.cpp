//===- Model.cpp - Loading a model ----------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads a model from a file and brings it to the imported stage.
//
//===----------------------------------------------------------------------===//

#include "Model.h"

#include "BytecodeTrial.h"
#include "DiagnosticCollector.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Importer/TFLite/ImportTFLite.h"
#include "quantcc/Pipelines/Pipelines.h"
#include "quantcc/Target/ModelDescription.h"

#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/SourceMgr.h>
#include <mlir/Bytecode/BytecodeReader.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Parser/Parser.h>
#include <mlir/Pass/PassManager.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

static llvm::Error fileError(StringRef path, const Twine &message) {
  return createStringError(inconvertibleErrorCode(), path + ": " + message);
}

func::FuncOp quantcc::entryOf(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isDeclaration())
      return function;
  return {};
}

/// Checks what every later step relies on: one public function of static
/// ranked tensors.
static llvm::Error checkEntry(StringRef path, ModuleOp module) {
  unsigned entries = 0;
  for (auto function : module.getOps<func::FuncOp>())
    entries += function.isPublic() && !function.isDeclaration();
  if (entries != 1)
    return fileError(path,
                     "expected one public function, found " + Twine(entries));
  func::FuncOp entry = entryOf(module);
  if (entry.getNumResults() == 0)
    return fileError(path, "the model has no outputs");
  auto isUsable = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape();
  };
  if (!all_of(entry.getArgumentTypes(), isUsable) ||
      !all_of(entry.getResultTypes(), isUsable))
    return fileError(path, "expected inputs and outputs that are tensors of "
                           "static shape");
  return llvm::Error::success();
}

static OwningOpRef<ModuleOp> parseModule(StringRef path,
                                         std::unique_ptr<MemoryBuffer> buffer,
                                         MLIRContext *context) {
  if (path.ends_with(".tflite") || path.ends_with(".bin"))
    return importTFLite(buffer->getMemBufferRef(), context);
  auto sources = std::make_shared<SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), SMLoc());
  return parseSourceFile<ModuleOp>(sources, ParserConfig(context));
}

Operation *quantcc::findFloatIsland(ModuleOp module) {
  Operation *found = nullptr;
  module.walk([&](FloatIslandOp island) {
    found = island;
    return WalkResult::interrupt();
  });
  return found;
}

/// The stage that `op` shows its module to be at; Imported if it shows none.
static Stage stageShownBy(Operation *op) {
  if (isa<linalg::LinalgDialect>(op->getDialect()))
    return Stage::Integer;
  bool isQuantizedLayer =
      ((isa<QuantizableOpInterface, LookupOp, LeakyReluOp, GateOp>(op) &&
        op->getNumResults() == 1) ||
       isRecurrentOp(op)) &&
      (isQuantized(op->getResult(0).getType()) ||
       (isa<QuantizableOpInterface>(op) &&
        llvm::any_of(op->getOperandTypes(), isQuantized)));
  if (isa<FloatIslandOp, RequantizeOp>(op) || isQuantizedLayer)
    return Stage::Quantized;
  if (isa<FakeQuantizeOp>(op))
    return Stage::FakeQuantized;
  auto observe = dyn_cast<ObserveOp>(op);
  return observe && observe.getRange() ? Stage::Calibrated : Stage::Imported;
}

Expected<Model> quantcc::loadModel(StringRef path, MLIRContext *context) {
  StringRef extension = sys::path::extension(path);
  if (!is_contained({".tflite", ".bin", ".mlir", ".mlirbc"}, extension))
    return fileError(path, "expected a model that ends in .tflite, .mlir or "
                           ".mlirbc");
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return fileError(path, buffer.getError().message());

  // Bytecode may also come under the name of text.
  if (isBytecode((*buffer)->getMemBufferRef()))
    if (llvm::Error error = tryBytecode((*buffer)->getMemBufferRef(), context))
      return fileError(path, llvm::toString(std::move(error)));

  DiagnosticCollector diagnostics(context, path);
  Model model;
  model.path = path.str();
  model.hash = hashContent((*buffer)->getBuffer());
  model.module = parseModule(path, std::move(*buffer), context);
  if (!model.module)
    return diagnostics.takeError("the model cannot be read");
  if (llvm::Error error = checkEntry(path, model.get()))
    return std::move(error);

  PassManager manager(context);
  buildImportedPipeline(manager);
  if (failed(manager.run(model.get())))
    return diagnostics.takeError("the model cannot be imported");

  model.get().walk([&](Operation *op) {
    model.stage = std::max(model.stage, stageShownBy(op));
  });
  return model;
}
