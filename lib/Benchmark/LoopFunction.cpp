//===- LoopFunction.cpp - A loop to be timed ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the function's frame, and compiles and describes what it is filled
// with.
//
//===----------------------------------------------------------------------===//

#include "LoopFunction.h"

#include "quantcc/Codegen/LLVMBackend.h"

#include <llvm/IR/LLVMContext.h>

using namespace quantcc;

LoopFunction::LoopFunction(llvm::Module &module, llvm::StringRef symbol) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::getUnqual(context);
  function = llvm::Function::Create(
      llvm::FunctionType::get(llvm::Type::getVoidTy(context),
                              {pointer, pointer, pointer}, false),
      llvm::GlobalValue::ExternalLinkage, symbol, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  before = llvm::BasicBlock::Create(context, "before", function);
  loop = llvm::BasicBlock::Create(context, "loop", function);
  after = llvm::BasicBlock::Create(context, "after", function);
}

/// A tensor of `size` bytes.
static TensorInterface bytesOf(int64_t size) {
  TensorInterface tensor;
  tensor.shape = {size};
  return tensor;
}

std::optional<CompiledObject>
quantcc::compileLoop(const TargetInfo &target, llvm::StringRef symbol,
                     int64_t inputBytes, int64_t outputBytes,
                     llvm::function_ref<void(llvm::Module &)> fill) {
  auto machine = createTargetMachine(target);
  if (!machine) {
    llvm::consumeError(machine.takeError());
    return std::nullopt;
  }
  llvm::LLVMContext context;
  llvm::Module module(symbol, context);
  module.setTargetTriple((*machine)->getTargetTriple());
  module.setDataLayout((*machine)->createDataLayout());
  fill(module);
  auto object = emitObject(module, **machine);
  if (!object) {
    llvm::consumeError(object.takeError());
    return std::nullopt;
  }
  CompiledObject compiled;
  compiled.interface.symbol = symbol.str();
  compiled.interface.inputs.push_back(bytesOf(inputBytes));
  compiled.interface.outputs.push_back(bytesOf(outputBytes));
  compiled.bytes = std::move(object->bytes);
  return compiled;
}
