//===- GraphCase.cpp - A graph beside its expected outputs ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Interprets and lowers a graph.
//
//===----------------------------------------------------------------------===//

#include "GraphCase.h"
#include "DotProducts.h"

#include "RandomSource.h"

#include "quantcc/Codegen/CodegenPipeline.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Execution/CompiledModel.h"
#include "quantcc/Interpreter/Interpreter.h"
#include "quantcc/Pipelines/Pipelines.h"
#include "quantcc/Pipelines/Registration.h"
#include "quantcc/Target/ObjectInspection.h"

#include <cstring>
#include <mlir/Pass/PassManager.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

std::unique_ptr<MLIRContext> quantcc::differential::createContext() {
  DialectRegistry registry;
  registerAllDialects(registry);
  auto context =
      std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  return context;
}

namespace {

/// Keeps the first error as a refusal.
class RefusalKeeper {
public:
  explicit RefusalKeeper(MLIRContext *context)
      : handler(context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
            return success();
          if (!refusal) {
            refusal.emplace();
            if (auto name = dyn_cast<NameLoc>(diagnostic.getLocation()))
              refusal->op = name.getName().str();
            refusal->reason = diagnostic.str();
          }
          return success();
        }) {}

  /// What was refused, after a failure.
  Refusal take() const {
    return refusal ? *refusal : Refusal{"", "failed without a diagnostic"};
  }

private:
  std::optional<Refusal> refusal;
  ScopedDiagnosticHandler handler;
};

} // namespace

//===----------------------------------------------------------------------===//
// The interpreter's side
//===----------------------------------------------------------------------===//

static unsigned bytesOf(Type type) {
  if (quant::QuantizedType element = getQuantizedElementType(type))
    return element.getStorageTypeIntegralWidth() / 8;
  return getElementTypeOrSelf(type).getIntOrFloatBitWidth() / 8;
}

/// Integers of the integer stage have no sign of their own.
static bool isSigned(Type type) {
  quant::QuantizedType element = getQuantizedElementType(type);
  return !element || element.isSigned();
}

/// Little-endian, as all targets are.
static Bytes pack(const Tensor &tensor, Type type) {
  Bytes bytes;
  for (int64_t stored : tensor.stored)
    for (unsigned i = 0; i < bytesOf(type); ++i)
      bytes.push_back(static_cast<char>(stored >> (8 * i)));
  return bytes;
}

static Tensor unpack(const Bytes &bytes, Type type) {
  Tensor tensor;
  llvm::append_range(tensor.shape, cast<RankedTensorType>(type).getShape());
  unsigned width = bytesOf(type);
  for (size_t i = 0; i < bytes.size(); i += width) {
    uint64_t bits = 0;
    for (unsigned k = 0; k < width; ++k)
      bits |= uint64_t(static_cast<unsigned char>(bytes[i + k])) << (8 * k);
    int64_t value = static_cast<int64_t>(bits);
    if (isSigned(type))
      value = llvm::SignExtend64(bits, 8 * width);
    tensor.stored.push_back(value);
  }
  return tensor;
}

/// The inputs of sample `index`, for an argument of type `type`.
static Tensor makeInput(RandomSource &random, Type type, unsigned index) {
  auto tensorType = cast<RankedTensorType>(type);
  auto element =
      cast<quant::UniformQuantizedType>(getQuantizedElementType(type));
  int64_t low = element.getStorageTypeMin(), high = element.getStorageTypeMax();
  int64_t zeroPoint = element.getZeroPoint();
  auto near = [&](int64_t centre) {
    return std::clamp(centre + random.between(-4, 4), low, high);
  };
  auto draw = [&]() -> int64_t {
    switch (index % 6) {
    case 0:
      return low;
    case 1:
      return high;
    case 2:
      return zeroPoint;
    case 3:
      return random.pick({low, high, near(low), near(high), near(zeroPoint)});
    default:
      return random.between(low, high);
    }
  };
  Tensor tensor;
  llvm::append_range(tensor.shape, tensorType.getShape());
  for (int64_t i = 0; i < tensorType.getNumElements(); ++i)
    tensor.stored.push_back(draw());
  return tensor;
}

static func::FuncOp entryOf(ModuleOp module) {
  return *module.getOps<func::FuncOp>().begin();
}

Interpretation quantcc::differential::interpret(ModuleOp module, uint64_t seed,
                                                unsigned count) {
  RandomSource random(seed ^ 0x5A4D504C45u);
  std::vector<std::vector<Bytes>> inputs(count);
  // Uniform values first: a test that looks at few samples sees those.
  for (unsigned i = 0; i < count; ++i)
    for (Type type : entryOf(module).getArgumentTypes())
      inputs[i].push_back(pack(makeInput(random, type, 5 + i), type));
  return interpret(module, inputs);
}

Interpretation quantcc::differential::interpret(
    ModuleOp module, const std::vector<std::vector<Bytes>> &inputs) {
  Interpretation result;
  func::FuncOp entry = entryOf(module);
  RefusalKeeper keeper(module.getContext());
  FailureOr<Interpreter> interpreter = Interpreter::create(entry);
  if (failed(interpreter)) {
    result.refusal = keeper.take();
    return result;
  }
  InterpreterState state;
  for (auto [index, bytes] : llvm::enumerate(inputs)) {
    Sample sample;
    sample.startsOver = index % 4 == 0;
    sample.inputs = bytes;
    if (sample.startsOver)
      state = interpreter->initialState();
    std::vector<Tensor> tensors;
    for (auto [input, type] : llvm::zip_equal(bytes, entry.getArgumentTypes()))
      tensors.push_back(unpack(input, type));
    auto outputs = interpreter->run(tensors, state);
    if (!outputs) {
      result.refusal = Refusal{"", llvm::toString(outputs.takeError())};
      return result;
    }
    for (auto [output, type] :
         llvm::zip_equal(*outputs, entry.getResultTypes()))
      sample.outputs.push_back(pack(output, type));
    result.samples.push_back(std::move(sample));
  }
  return result;
}

//===----------------------------------------------------------------------===//
// The compiler's side
//===----------------------------------------------------------------------===//

Lowering quantcc::differential::lower(ModuleOp module, const Mutant *mutant,
                                      const TargetInfo *target) {
  Lowering result;
  RefusalKeeper keeper(module.getContext());
  result.module = module.clone();
  PassManager toInteger(module.getContext());
  buildIntegerPipeline(toInteger, QuantizationOptions());
  if (failed(toInteger.run(*result.module))) {
    result.refusal = keeper.take();
    return result;
  }
  if (mutant && mutant->inIntegerStage)
    result.isChanged |= mutant->inIntegerStage(*result.module);
  if (target) {
    PassManager toLayers(module.getContext());
    buildLayoutPipeline(toLayers, *target);
    if (failed(toLayers.run(*result.module))) {
      result.refusal = keeper.take();
      return result;
    }
    if (mutant && mutant->inLayout)
      result.isChanged |= mutant->inLayout(*result.module);
  }
  PassManager toLinalg(module.getContext());
  buildLoweringPipeline(toLinalg);
  if (failed(toLinalg.run(*result.module))) {
    result.refusal = keeper.take();
    return result;
  }
  if (mutant && mutant->inArith)
    result.isChanged |= mutant->inArith(*result.module);
  return result;
}

static std::vector<std::vector<Bytes>> outputsOf(ArrayRef<Sample> samples) {
  std::vector<std::vector<Bytes>> outputs;
  for (const Sample &sample : samples)
    outputs.push_back(sample.outputs);
  return outputs;
}

std::string quantcc::differential::findStage(
    ModuleOp module, const std::vector<std::vector<Bytes>> &inputs) {
  Interpretation reference = interpret(module, inputs);
  OwningOpRef<ModuleOp> lowered = module.clone();
  bool isKnown = true;
  auto differsAfter = [&](PassManager &passes) {
    if (failed(passes.run(*lowered)))
      return true;
    Interpretation result = interpret(*lowered, inputs);
    isKnown &= !result.refusal;
    return !result.refusal &&
           outputsOf(result.samples) != outputsOf(reference.samples);
  };
  PassManager toInteger(module.getContext()), toLinalg(module.getContext());
  buildIntegerPipeline(toInteger, QuantizationOptions());
  buildLoweringPipeline(toLinalg);
  if (differsAfter(toInteger))
    return "the integer stage";
  if (differsAfter(toLinalg))
    return "the expansion of integer ops";
  return isKnown ? "code generation" : "a stage that cannot be interpreted";
}

OwningOpRef<ModuleOp>
quantcc::differential::schedule(ModuleOp lowered, const TargetInfo &target) {
  RefusalKeeper keeper(lowered.getContext());
  OwningOpRef<ModuleOp> scheduled = lowered.clone();
  PassManager passes(lowered.getContext());
  buildSchedulePipeline(passes, target);
  if (failed(passes.run(*scheduled)))
    return nullptr;
  return scheduled;
}

/// As compileObject, with a mistake in between, if there is one, and for
/// emulators.
static FailureOr<CompiledObject> compileMutated(ModuleOp lowered,
                                                const TargetInfo &target,
                                                const Mutation &mutation) {
  OwningOpRef<ModuleOp> scheduled = schedule(lowered, target);
  if (!scheduled)
    return failure();
  if (mutation)
    mutation(*scheduled);
  if (!hasUnknownDotProducts(target))
    return compileScheduled(*scheduled, target);
  replaceDotProducts(*scheduled);
  return compileScheduled(*scheduled, withoutDotProducts(target));
}

llvm::Expected<CompiledObject>
quantcc::differential::compileFor(ModuleOp lowered, const TargetInfo &target,
                                  const Mutant *mutant) {
  RefusalKeeper keeper(lowered.getContext());
  FailureOr<CompiledObject> object =
      (mutant && mutant->inSchedule) || hasUnknownDotProducts(target)
          ? compileMutated(lowered, target,
                           mutant ? mutant->inSchedule : Mutation())
          : compileObject(lowered, target);
  if (failed(object))
    return llvm::createStringError("cannot be compiled: " +
                                   keeper.take().reason);
  auto facts = inspectObject(object->bytes, target, object->computesInFloat);
  if (!facts)
    return facts.takeError();
  return std::move(*object);
}

llvm::Expected<std::optional<std::string>>
quantcc::differential::compareInProcess(const CompiledObject &object,
                                        ArrayRef<Sample> samples) {
  auto model = CompiledModel::load(object.interface, object.bytes);
  if (!model)
    return model.takeError();
  auto take = [](std::vector<char> &memory, int64_t bytes, int64_t alignment) {
    // Whoever reads what nobody has written finds this.
    memory.resize(bytes + alignment, 0x5A);
    return reinterpret_cast<void *>(
        llvm::alignTo(reinterpret_cast<uintptr_t>(memory.data()), alignment));
  };
  std::vector<char> arenaMemory, stateMemory;
  void *arena =
      take(arenaMemory, (*model)->arenaBytes(), (*model)->arenaAlignment());
  void *state =
      take(stateMemory, (*model)->stateBytes(), (*model)->stateAlignment());
  bool isStateful = (*model)->interface().isStateful();
  for (auto [index, sample] : llvm::enumerate(samples)) {
    std::vector<Bytes> outputs;
    for (const Bytes &output : sample.outputs)
      outputs.emplace_back(output.size());
    SmallVector<const void *> from;
    SmallVector<void *> to;
    for (const Bytes &input : sample.inputs)
      from.push_back(input.data());
    for (Bytes &output : outputs)
      to.push_back(output.data());
    if (isStateful && sample.startsOver)
      (*model)->reset(state);
    (*model)->run(from, to, arena, isStateful ? state : nullptr);
    if (outputs != sample.outputs)
      return "sample " + std::to_string(index);
  }
  return std::optional<std::string>();
}
