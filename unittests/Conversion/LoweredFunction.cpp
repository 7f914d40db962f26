//===- LoweredFunction.cpp - A function in two forms ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a quantized function through the interpreter and through the lowering,
// and compares.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunction.h"

#include "quantcc/Codegen/LLVMBackend.h"
#include "quantcc/Conversion/Passes.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Interpreter/Interpreter.h"
#include "quantcc/Verification/StageContract.h"

#include <cstring>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Parser/Parser.h>
#include <mlir/Pass/PassManager.h>
#include <mlir/Pass/PassRegistry.h>
#include <mlir/Transforms/Passes.h>
#include <random>

using namespace mlir;
using namespace quantcc;

std::unique_ptr<MLIRContext> quantcc::createLoweringContext() {
  static bool registered = [] {
    registerTransformsPasses();
    registerConversionPasses();
    return true;
  }();
  (void)registered;
  DialectRegistry registry;
  registry.insert<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                  math::MathDialect, quant::QuantDialect, scf::SCFDialect,
                  tensor::TensorDialect, QuantCCDialect>();
  registerCodegenModels(registry);
  auto context = std::make_unique<MLIRContext>(registry);
  context->loadAllAvailableDialects();
  return context;
}

OwningOpRef<ModuleOp> quantcc::lower(MLIRContext &context, StringRef source,
                                     StringRef pipeline) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(source, &context);
  PassManager passes(&context);
  if (!module || failed(parsePassPipeline(pipeline, passes)) ||
      failed(passes.run(*module)))
    return nullptr;
  return module;
}

std::vector<std::vector<char>>
quantcc::runModel(const CompiledModel &model,
                  ArrayRef<std::vector<char>> inputs) {
  std::vector<const void *> inputPointers;
  for (const std::vector<char> &input : inputs)
    inputPointers.push_back(input.data());
  std::vector<std::vector<char>> outputs;
  std::vector<void *> outputPointers;
  for (const TensorInterface &output : model.outputs())
    outputs.emplace_back(output.numBytes());
  for (std::vector<char> &output : outputs)
    outputPointers.push_back(output.data());
  std::vector<char> arena(model.arenaBytes() + 2 * model.arenaAlignment());
  uintptr_t start = llvm::alignTo(reinterpret_cast<uintptr_t>(arena.data()),
                                  model.arenaAlignment());
  model.run(inputPointers, outputPointers, reinterpret_cast<void *>(start));
  return outputs;
}

namespace {

/// Stored values of one sample, for each argument.
class SampleSource {
public:
  Tensor make(Type type, unsigned sample) {
    auto tensorType = cast<RankedTensorType>(type);
    auto element =
        cast<quant::UniformQuantizedType>(getQuantizedElementType(tensorType));
    Tensor tensor;
    tensor.shape.assign(tensorType.getShape().begin(),
                        tensorType.getShape().end());
    for (int64_t i = 0; i < tensorType.getNumElements(); ++i)
      tensor.stored.push_back(value(element, sample));
    return tensor;
  }

private:
  int32_t value(quant::UniformQuantizedType type, unsigned sample) {
    int64_t low = type.getStorageTypeMin(), high = type.getStorageTypeMax();
    if (sample == 0)
      return low;
    if (sample == 1)
      return high;
    if (sample == 2)
      return type.getZeroPoint();
    // Not std::uniform_int_distribution, which differs between libraries.
    return low + static_cast<int64_t>(generator() % (high - low + 1));
  }

  std::mt19937 generator{42};
};

} // namespace

/// The stored values as the compiled model takes them.
static std::vector<char> pack(const Tensor &tensor, unsigned bits) {
  std::vector<char> bytes;
  for (int64_t stored : tensor.stored) {
    char value[8];
    std::memcpy(value, &stored, 8); // little-endian hosts only, as the tests
    bytes.insert(bytes.end(), value, value + bits / 8);
  }
  return bytes;
}

static std::string describe(unsigned sample, size_t output, const Tensor &want,
                            const std::vector<char> &found, unsigned bits) {
  std::vector<char> expected = pack(want, bits);
  for (size_t i = 0; i < expected.size(); ++i)
    if (i >= found.size() || expected[i] != found[i])
      return "sample " + std::to_string(sample) + ", output " +
             std::to_string(output) + ", byte " + std::to_string(i) +
             ": the interpreter has " + std::to_string(expected[i]) +
             ", the lowering " + std::to_string(found[i]);
  return "";
}

/// Stored values as the integer stage has them: the same bits, with a sign.
static std::vector<Tensor> signless(std::vector<Tensor> inputs,
                                    ModuleOp integer) {
  auto function = integer.lookupSymbol<func::FuncOp>("main");
  for (auto [input, type] :
       llvm::zip_equal(inputs, function.getArgumentTypes()))
    for (int64_t &value : input.stored)
      value = llvm::SignExtend64(
          value, cast<RankedTensorType>(type).getElementTypeBitWidth());
  return inputs;
}

std::string
quantcc::compareWithInterpreter(StringRef source,
                                ArrayRef<std::vector<int64_t>> values) {
  auto context = createLoweringContext();
  OwningOpRef<ModuleOp> quantized =
      parseSourceString<ModuleOp>(source, context.get());
  if (!quantized)
    return "cannot be parsed";
  auto function = quantized->lookupSymbol<func::FuncOp>("main");
  auto interpreter = Interpreter::create(function);
  if (failed(interpreter))
    return "refused by the interpreter";
  OwningOpRef<ModuleOp> integer =
      lower(*context, source, "quantcc-convert-quantized-to-linalg");
  if (!integer)
    return "refused by the lowering";
  if (failed(verifyStage(*integer, Stage::Integer, /*integerOnly=*/true)))
    return "not in the integer stage";
  // The interpreter again, on what the lowering made: a difference found here
  // is the lowering's, one found below that of what comes after it.
  OwningOpRef<ModuleOp> copy = integer->clone();
  auto lowered = Interpreter::create(copy->lookupSymbol<func::FuncOp>("main"));
  if (failed(lowered))
    return "the integer stage is refused by the interpreter";
  PassManager expand(context.get());
  if (failed(parsePassPipeline("quantcc-expand-integer-ops,canonicalize,cse",
                               expand)) ||
      failed(expand.run(*integer)))
    return "cannot be expanded";
  auto model = CompiledModel::compile(*integer);
  if (failed(model))
    return "cannot be compiled";

  SampleSource samples;
  for (unsigned sample = 0; sample < (values.empty() ? 12 : 1); ++sample) {
    std::vector<Tensor> inputs;
    std::vector<std::vector<char>> packed;
    for (auto [index, type] : llvm::enumerate(function.getArgumentTypes())) {
      inputs.push_back(samples.make(type, sample));
      if (!values.empty())
        inputs.back().stored = values[index];
      packed.push_back(
          pack(inputs.back(), (*model)->inputs()[index].format.bits));
    }
    auto expected = interpreter->run(inputs);
    if (!expected)
      return llvm::toString(expected.takeError());
    if (succeeded(lowered)) {
      auto interpreted = lowered->run(signless(inputs, *copy));
      if (!interpreted)
        return llvm::toString(interpreted.takeError());
      for (size_t i = 0; i < expected->size(); ++i) {
        unsigned bits = (*model)->outputs()[i].format.bits;
        std::string difference = describe(sample, i, (*expected)[i],
                                          pack((*interpreted)[i], bits), bits);
        if (!difference.empty())
          return "interpreted: " + difference;
      }
    }
    std::vector<std::vector<char>> found = runModel(**model, packed);
    for (size_t i = 0; i < found.size(); ++i) {
      std::string difference = describe(sample, i, (*expected)[i], found[i],
                                        (*model)->outputs()[i].format.bits);
      if (!difference.empty())
        return difference;
    }
  }
  return "";
}
