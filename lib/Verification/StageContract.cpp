//===- StageContract.cpp - What holds after a stage -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks each op of a module against the contract of a stage.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Verification/StageContract.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/StringSwitch.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Interfaces/FunctionInterfaces.h>

using namespace mlir;
using namespace quantcc;

static bool isFloat(Type type) {
  return isa<FloatType>(getElementTypeOrSelf(type));
}

static bool isQuantizedOrElement(Type type) {
  return isa<quant::QuantizedType>(getElementTypeOrSelf(type));
}

/// The first type that `op` states - of operands, results, block arguments or
/// a function's signature - for which `predicate` holds, or null.
static Type findType(Operation *op, llvm::function_ref<bool(Type)> predicate) {
  auto find = [&](auto &&types) -> Type {
    for (Type type : types)
      if (predicate(type))
        return type;
    return Type();
  };
  if (Type type = find(op->getOperandTypes()))
    return type;
  if (Type type = find(op->getResultTypes()))
    return type;
  if (auto function = dyn_cast<FunctionOpInterface>(op)) {
    if (Type type = find(function.getArgumentTypes()))
      return type;
    if (Type type = find(function.getResultTypes()))
      return type;
  }
  for (Region &region : op->getRegions())
    for (Block &block : region)
      if (Type type = find(block.getArgumentTypes()))
        return type;
  return Type();
}

static bool isIntegerOp(Operation *op) {
  return isa<RequantizeOp, IntegerAddOp, IntegerSoftmaxOp>(op) ||
         (isa<LookupOp>(op) && !isQuantized(op->getResult(0).getType()));
}

static bool isNetworkOp(Operation *op) {
  return isa<QuantizableOpInterface>(op) || isRecurrentOp(op) ||
         (isa<LookupOp, LeakyReluOp, GateOp>(op) &&
          isQuantized(op->getResult(0).getType()));
}

/// Emits what `op` is found to be instead of `expected`.
static LogicalResult breach(Operation *op, StringRef expected,
                            const Twine &found, StringRef stage) {
  return op->emitOpError() << "breaks the contract of stage '" << stage
                           << "': expected " << expected << ", found "
                           << found.str();
}

static LogicalResult breach(Operation *op, StringRef expected, Type found,
                            StringRef stage) {
  return op->emitOpError() << "breaks the contract of stage '" << stage
                           << "': expected " << expected << ", found " << found;
}

/// The stages whose values are f32.
static LogicalResult verifyFloatStage(Operation *op, StringRef stage) {
  if (Type type = findType(op, isQuantizedOrElement))
    return breach(op, "no quantized type", type, stage);
  if (isIntegerOp(op) || isa<FloatIslandOp>(op))
    return breach(op, "an op of the float stages", "one of a later stage",
                  stage);
  return success();
}

static LogicalResult verifyImported(Operation *op) {
  if (isa<ObserveOp>(op))
    return breach(op, "no observation", "one", "imported");
  if (isa<FakeQuantizeOp>(op))
    return breach(op, "no simulated quantization", "one", "imported");
  return verifyFloatStage(op, "imported");
}

static LogicalResult verifyObserved(Operation *op, StringRef stage) {
  if (isa<FakeQuantizeOp>(op))
    return breach(op, "no simulated quantization", "one", stage);
  if (failed(verifyFloatStage(op, stage)))
    return failure();
  if (!isa<QuantizableOpInterface>(op))
    return success();
  for (Value result : op->getResults())
    if (isFloat(result.getType()) &&
        llvm::none_of(result.getUsers(), llvm::IsaPred<ObserveOp>))
      return breach(op, "an observed result", "none", stage);
  return success();
}

static LogicalResult verifyCalibrated(Operation *op) {
  if (auto observe = dyn_cast<ObserveOp>(op); observe && !observe.getRange())
    return breach(op, "a range", "none", "calibrated");
  return verifyObserved(op, "calibrated");
}

static LogicalResult verifyFakeQuantized(Operation *op) {
  if (isa<ObserveOp>(op))
    return breach(op, "no observation", "one", "fake-quantized");
  return verifyFloatStage(op, "fake-quantized");
}

static LogicalResult verifyQuantized(Operation *op) {
  StringRef stage = "quantized";
  if (isa<ObserveOp, FakeQuantizeOp>(op))
    return breach(op, "no op of the float stages", "one", stage);
  // Accumulators may be requantized with multipliers that no scales express.
  if (isIntegerOp(op) && !isa<RequantizeOp>(op))
    return breach(op, "no op of the integer stage", "one", stage);
  if (isNetworkOp(op)) {
    if (Type type = findType(op, isFloat))
      return breach(op, "quantized operands and results", type, stage);
    return success();
  }
  // Function, return and casts are the graph's edges.
  if (isa<FunctionOpInterface, func::ReturnOp, quant::QuantizeCastOp,
          quant::DequantizeCastOp, FloatIslandOp>(op))
    return success();
  if (Type type = findType(op, isFloat))
    return breach(op, "f32 at the graph's edges only", type, stage);
  return success();
}

static LogicalResult verifyInteger(Operation *op) {
  StringRef stage = "integer";
  if (isa<ObserveOp, FakeQuantizeOp>(op))
    return breach(op, "no op of the float stages", "one", stage);
  if (isNetworkOp(op))
    return breach(op, "no network op", "one", stage);
  if (Type type = findType(op, isQuantizedOrElement))
    return breach(op, "no quantized type", type, stage);
  if (Type type = findType(op, isFloat))
    return breach(op, "no float type", type, stage);
  return success();
}

/// An island's outside alone: its types and its attributes, not its body.
static LogicalResult verifyIsland(FloatIslandOp island, bool integerOnly) {
  if (integerOnly)
    return island.emitOpError()
           << "breaks the contract of stage 'integer': expected no float "
           << "island, found one: " << island.getReason();
  for (Type type :
       llvm::concat<const Type>(llvm::to_vector(island->getOperandTypes()),
                                llvm::to_vector(island->getResultTypes())))
    if (isFloat(type) || isQuantizedOrElement(type))
      return breach(island, "an island between integers", type, "integer");
  return success();
}

static LogicalResult verifyOp(Operation *op, Stage stage) {
  switch (stage) {
  case Stage::Imported:
    return verifyImported(op);
  case Stage::Observed:
    return verifyObserved(op, "observed");
  case Stage::Calibrated:
    return verifyCalibrated(op);
  case Stage::FakeQuantized:
    return verifyFakeQuantized(op);
  case Stage::Quantized:
    return verifyQuantized(op);
  case Stage::Integer:
    return verifyInteger(op);
  default:
    llvm_unreachable("the later stages have no contract on our ops");
  }
}

LogicalResult quantcc::verifyStage(ModuleOp module, Stage stage,
                                   bool integerOnly) {
  bool islandsAllowed = stage == Stage::Quantized || stage == Stage::Integer;
  WalkResult result = module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto island = dyn_cast<FloatIslandOp>(op); island && islandsAllowed) {
      if (stage == Stage::Integer && failed(verifyIsland(island, integerOnly)))
        return WalkResult::interrupt();
      return WalkResult::skip();
    }
    return failed(verifyOp(op, stage)) ? WalkResult::interrupt()
                                       : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
