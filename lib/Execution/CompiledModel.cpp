//===- CompiledModel.cpp - A model loaded into this process ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads a model's object with LLVM's JIT linker, next to a small function that
// calls the entry point with any number of pointers.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Execution/CompiledModel.h"
#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/Object/ObjectFile.h>

using namespace mlir;
using namespace quantcc;

static constexpr llvm::StringLiteral kInvokeName = "quantcc.invoke";

CompiledModel::CompiledModel(ModelInterface model,
                             std::unique_ptr<llvm::orc::LLJIT> jit)
    : model(std::move(model)), jit(std::move(jit)) {}

CompiledModel::~CompiledModel() = default;

void quantcc::runInOrder(void *, int32_t count, ParallelTask task,
                         void *context) {
  for (int32_t index = 0; index != count; ++index)
    task(context, index);
}

/// The function `void invoke(void **pointers)`, which calls the function
/// `symbol` with the first `numPointers` of them.
static llvm::orc::ThreadSafeModule buildInvoke(llvm::StringRef symbol,
                                               size_t numPointers,
                                               const llvm::DataLayout &layout) {
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>("invoke", *context);
  module->setDataLayout(layout);
  auto *pointer = llvm::PointerType::getUnqual(*context);
  auto *nothing = llvm::Type::getVoidTy(*context);
  SmallVector<llvm::Type *> types(numPointers, pointer);
  llvm::FunctionCallee entry = module->getOrInsertFunction(
      symbol, llvm::FunctionType::get(nothing, types, false));

  auto *invoke = llvm::Function::Create(
      llvm::FunctionType::get(nothing, {pointer}, false),
      llvm::GlobalValue::ExternalLinkage, kInvokeName, *module);
  llvm::IRBuilder<> builder(
      llvm::BasicBlock::Create(*context, "entry", invoke));
  SmallVector<llvm::Value *> arguments;
  for (size_t i = 0; i != numPointers; ++i)
    arguments.push_back(builder.CreateLoad(
        pointer, builder.CreateConstGEP1_64(pointer, invoke->getArg(0), i)));
  builder.CreateCall(entry, arguments);
  builder.CreateRetVoid();
  return {std::move(module), std::move(context)};
}

/// The JIT linker takes an object for any machine; it would crash when run.
static llvm::Error checkMachine(llvm::MemoryBufferRef bytes,
                                const llvm::Triple &host) {
  auto object = llvm::object::ObjectFile::createObjectFile(bytes);
  if (!object)
    return object.takeError();
  if ((*object)->getArch() != host.getArch())
    return llvm::createStringError(
        "cannot load the compiled model: it is for " +
        llvm::Triple::getArchTypeName((*object)->getArch()) +
        ", this machine is " + host.getArchName());
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<CompiledModel>>
CompiledModel::load(ModelInterface interface, llvm::ArrayRef<char> object) {
  initializeCodeGenerators();
  // No static constructors, thread-local storage or exceptions to care for.
  auto jit = llvm::orc::LLJITBuilder()
                 .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                 .create();
  if (!jit)
    return jit.takeError();
  llvm::StringRef bytes(object.data(), object.size());
  if (llvm::Error error =
          checkMachine({bytes, interface.symbol}, (*jit)->getTargetTriple()))
    return std::move(error);
  size_t numPointers = interface.inputs.size() + interface.outputs.size() + 1 +
                       interface.isStateful() + 2 * interface.isThreaded();
  if (llvm::Error error = (*jit)->addIRModule(
          buildInvoke(interface.symbol, numPointers, (*jit)->getDataLayout())))
    return std::move(error);
  if (llvm::Error error = (*jit)->addObjectFile(
          llvm::MemoryBuffer::getMemBufferCopy(bytes, interface.symbol)))
    return std::move(error);
  // The linker tells why it fails to the session, which would print it.
  auto reason = std::make_shared<std::string>();
  (*jit)->getExecutionSession().setErrorReporter([reason](llvm::Error error) {
    *reason += llvm::toString(std::move(error));
  });
  auto lookup =
      [&](llvm::StringRef name) -> llvm::Expected<llvm::orc::ExecutorAddr> {
    auto address = (*jit)->lookup(name);
    if (address)
      return address;
    std::string message = llvm::toString(address.takeError());
    return llvm::createStringError("cannot load the compiled model: " +
                                   (reason->empty() ? message : *reason));
  };
  auto invoke = lookup(kInvokeName);
  if (!invoke)
    return invoke.takeError();
  llvm::orc::ExecutorAddr initialize;
  if (interface.isStateful()) {
    auto address = lookup(interface.resetSymbol());
    if (!address)
      return address.takeError();
    initialize = *address;
  }

  std::unique_ptr<CompiledModel> model(
      new CompiledModel(std::move(interface), std::move(*jit)));
  model->invoke = invoke->toPtr<void (*)(void *const *)>();
  model->initialize = initialize.toPtr<void (*)(void *)>();
  return model;
}

FailureOr<std::unique_ptr<CompiledModel>>
CompiledModel::compile(ModuleOp module) {
  FailureOr<CompiledObject> object = compileObject(module, hostTarget());
  if (failed(object))
    return failure();
  auto model = load(std::move(object->interface), object->bytes);
  if (!model) {
    module.emitError(llvm::toString(model.takeError()));
    return failure();
  }
  return std::move(*model);
}

void CompiledModel::run(llvm::ArrayRef<const void *> inputs,
                        llvm::ArrayRef<void *> outputs, void *arena,
                        void *state, ParallelFor parallelFor) const {
  assert(inputs.size() == model.inputs.size() && "one pointer per input");
  assert(outputs.size() == model.outputs.size() && "one pointer per output");
  SmallVector<void *> pointers;
  for (const void *input : inputs)
    pointers.push_back(const_cast<void *>(input));
  pointers.append(outputs.begin(), outputs.end());
  pointers.push_back(arena);
  assert((state != nullptr) == model.isStateful() && "a state where it is due");
  if (model.isStateful())
    pointers.push_back(state);
  if (model.isThreaded()) {
    pointers.push_back(reinterpret_cast<void *>(parallelFor.run));
    pointers.push_back(parallelFor.pool);
  }
  invoke(pointers.data());
}

void CompiledModel::reset(void *state) const {
  assert(model.isStateful() && "a model that has a state");
  initialize(state);
}
