//===- ExpandKernels.cpp - From fused layers to loops and vectors ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces each fused layer on buffers by the code of its kernel.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "Remarks.h"

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_EXPANDKERNELS
#include "quantcc/Codegen/Passes.h.inc"

/// Attributes that only constants depend on.
static constexpr StringRef kScaleAttributes[] = {
    "multipliers",       "shifts",         "lhs_zero_point",
    "lhs_multiplier",    "lhs_shift",      "left_shift",
    "rhs_zero_point",    "rhs_multiplier", "rhs_shift",
    "output_multiplier", "output_shift",   "rounding",
    "subtract"};

/// All that the code of the kernel for `op`, which passes over its windows
/// `passes` times, depends on: layers of equal text share one function.
static std::string describeCode(Operation *op, const Kernel &kernel,
                                int64_t passes) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << op->getName();
  for (Type type : op->getOperandTypes())
    stream << ' ' << type;
  for (NamedAttribute attribute : op->getAttrs())
    if (!llvm::is_contained(kScaleAttributes, attribute.getName()))
      stream << ' ' << attribute.getName() << ' ' << attribute.getValue();
  stream << " passes " << passes;
  kernel.describe(stream);
  return text;
}

/// Whether the kernel of `family` for `op` wants a rounding mode: what has 16
/// bits, or is not requantized, is computed in integers alone.
static bool usesRoundingMode(Operation *op, const KernelFamily &family) {
  auto conv = dyn_cast<FusedConv2DOp>(op);
  return family.usesRoundingMode() &&
         !(conv && (isWide(conv) || givesAccumulators(conv)));
}

/// Calls `function`, if `roundsToNearest` in a floating-point environment that
/// does. The call is never inlined, so that nothing within moves out of it.
static void emitCall(IRRewriter &rewriter, Location loc, func::FuncOp function,
                     ValueRange operands, bool roundsToNearest) {
  if (!roundsToNearest) {
    func::CallOp::create(rewriter, loc, function, operands);
    return;
  }
  auto setRounding = [&](Value mode) {
    LLVM::CallIntrinsicOp::create(
        rewriter, loc, rewriter.getStringAttr("llvm.set.rounding"), mode);
  };
  Type i32 = rewriter.getI32Type();
  Value before = LLVM::CallIntrinsicOp::create(
                     rewriter, loc, i32,
                     rewriter.getStringAttr("llvm.get.rounding"), ValueRange())
                     .getResult(0);
  constexpr int64_t kNearestEven = 1; // in the terms of these intrinsics
  setRounding(arith::ConstantIntOp::create(rewriter, loc, i32, kNearestEven));
  func::CallOp::create(rewriter, loc, function, operands);
  setRounding(before);
}

/// Whether the bytes of `buffer` begin at a place that only a run tells.
static bool hasDynamicOffset(Value buffer) {
  return ShapedType::isDynamic(
      cast<MemRefType>(buffer.getType()).getStridesAndOffset().second);
}

/// What a function takes for `buffer`: a pointer tells no offset that only a
/// run tells, so it goes to `offsets`, and the memory takes the buffer's place.
static Value takeOffset(const KernelBuilder &b, Value buffer,
                        SmallVectorImpl<Value> &offsets) {
  if (!hasDynamicOffset(buffer))
    return buffer;
  auto metadata =
      memref::ExtractStridedMetadataOp::create(b.builder, b.loc, buffer);
  offsets.push_back(metadata.getOffset());
  return metadata.getBaseBuffer();
}

/// Makes the first of `arguments` the buffers that they stand for.
static void giveOffsets(const KernelBuilder &b, ArrayRef<Value> buffers,
                        ValueRange offsets, MutableArrayRef<Value> arguments) {
  for (auto [buffer, argument] : llvm::zip_first(buffers, arguments)) {
    if (!hasDynamicOffset(buffer))
      continue;
    auto type = cast<MemRefType>(buffer.getType());
    Value offset = offsets.front();
    offsets = offsets.drop_front();
    argument = memref::ReinterpretCastOp::create(
        b.builder, b.loc, type, argument, OpFoldResult(offset),
        getAsIndexOpFoldResult(b.builder.getContext(), type.getShape()),
        getAsIndexOpFoldResult(b.builder.getContext(), stridesOf(buffer)));
  }
}

namespace {

struct ExpandKernels : impl::ExpandKernelsBase<ExpandKernels> {
  using ExpandKernelsBase::ExpandKernelsBase;

  void runOnOperation() override;

private:
  LogicalResult expand(FusedConv2DOp op, const KernelFamily *family,
                       SymbolTable &symbols);
  LogicalResult expand(FusedAddOp op, const KernelFamily *family,
                       SymbolTable &symbols);
  LogicalResult expand(FusedMatMulOp op, const KernelFamily *family,
                       SymbolTable &symbols);
  void emit(Operation *op, Kernel &kernel, int64_t passes, ValueRange inputs,
            Value output, const KernelFamily &family, SymbolTable &symbols);

  /// By describeCode.
  llvm::StringMap<func::FuncOp> functions;
};

} // namespace

void ExpandKernels::emit(Operation *op, Kernel &kernel, int64_t passes,
                         ValueRange inputs, Value output,
                         const KernelFamily &family, SymbolTable &symbols) {
  IRRewriter rewriter(op);
  KernelBuilder builder(rewriter, op->getLoc(), symbols, family.alignment());
  SmallVector<Value> buffers(inputs), operands, offsets;
  buffers.push_back(output);
  for (Value buffer : buffers)
    operands.push_back(takeOffset(builder, buffer, offsets));
  // What the kernel writes: the output, and after it memory of its own.
  size_t numWritten = 1;
  if (int64_t bytes = kernel.scratchBytes()) {
    auto type = MemRefType::get({bytes}, rewriter.getI8Type());
    operands.push_back(memref::AllocOp::create(
        rewriter, op->getLoc(), type,
        rewriter.getI64IntegerAttr(family.alignment())));
    ++numWritten;
  }
  llvm::append_range(operands, kernel.createConstants(builder));
  llvm::append_range(operands, offsets);
  func::FuncOp &function = functions[describeCode(op, kernel, passes)];
  if (function) {
    remarkPassed(op->getLoc(), "expand-kernels")
        << "shares the code of an equal layer";
  } else {
    OpBuilder detached(&getContext());
    function = func::FuncOp::create(
        detached, op->getLoc(), "kernel",
        detached.getFunctionType(TypeRange(ValueRange(operands)), {}));
    function.setPrivate();
    // What kernels write through pointers is nobody's to see.
    for (size_t i = 0; i != numWritten; ++i)
      function.setArgAttr(inputs.size() + i, kOutputAttrName,
                          detached.getUnitAttr());
    function->setAttr(
        "llvm.linkage",
        LLVM::LinkageAttr::get(&getContext(), LLVM::Linkage::Internal));
    // Inlined, constants would be kept in registers across tiles, on the stack.
    function->setAttr("passthrough", detached.getStrArrayAttr({"noinline"}));
    symbols.insert(function);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(function.addEntryBlock());
    SmallVector<Value> arguments(
        function.getArguments().drop_back(offsets.size()));
    giveOffsets(builder, buffers,
                function.getArguments().take_back(offsets.size()), arguments);
    ArrayRef<Value> all = arguments;
    if (numWritten == 2)
      builder.scratch = all[inputs.size() + 1];
    kernel.emit(builder, all.take_front(inputs.size()), all[inputs.size()],
                all.drop_front(inputs.size() + numWritten));
    func::ReturnOp::create(rewriter, op->getLoc());
  }
  emitCall(rewriter, op->getLoc(), function, operands,
           usesRoundingMode(op, family));
  rewriter.eraseOp(op);
}

/// Why `family` has no kernel for an op whose inputs are biased or not; empty
/// if that is no reason.
static std::string findObstacle(const KernelFamily *family, bool isBiased) {
  if (!family)
    return "the target has none";
  if (family->usesBiasedBytes() == isBiased)
    return "";
  return isBiased ? "the target's take signed bytes, not biased ones"
                  : "the target's take unsigned bytes, that is, biased ones";
}

/// Why `family` has no kernel for `op`; empty if it has one.
static std::string findObstacle(const KernelFamily *family, FusedConv2DOp op,
                                const KernelConstants &constants) {
  if (family && isWide(op))
    return family->findAnyObstacle(op, constants);
  std::string obstacle = findObstacle(family, op.getBiasedInput());
  if (obstacle.empty())
    obstacle = family->findAnyObstacle(op, constants);
  if (obstacle.empty() && hasNibbles(op))
    obstacle = family->findNibbleObstacle(op, constants);
  return obstacle;
}

static LogicalResult refuse(Operation *op, const std::string &obstacle) {
  return op->emitOpError() << "has no kernel: " << obstacle;
}

LogicalResult ExpandKernels::expand(FusedConv2DOp op,
                                    const KernelFamily *family,
                                    SymbolTable &symbols) {
  std::optional<KernelConstants> constants = KernelConstants::read(op);
  if (!constants || !isa<MemRefType>(op.getInit().getType()))
    return op.emitOpError()
           << "expected buffers, and constant weights and bias";
  std::string obstacle = findObstacle(family, op, *constants);
  if (!obstacle.empty())
    return refuse(op, obstacle);
  std::unique_ptr<Kernel> kernel = isWide(op)
                                       ? family->createWide(op, *constants)
                                       : family->create(op, *constants);
  emit(op, *kernel, constants->passes(), op.getInput(), op.getInit(), *family,
       symbols);
  return success();
}

LogicalResult ExpandKernels::expand(FusedAddOp op, const KernelFamily *family,
                                    SymbolTable &symbols) {
  if (!isa<MemRefType>(op.getInit().getType()))
    return op.emitOpError() << "expected buffers";
  std::string obstacle = findObstacle(family, op.getBiasedOperands());
  if (obstacle.empty())
    obstacle = family->findAddObstacle(op);
  if (!obstacle.empty())
    return refuse(op, obstacle);
  emit(op, *family->createAdd(op), /*passes=*/1, {op.getLhs(), op.getRhs()},
       op.getInit(), *family, symbols);
  return success();
}

LogicalResult ExpandKernels::expand(FusedMatMulOp op,
                                    const KernelFamily *family,
                                    SymbolTable &symbols) {
  if (!isa<MemRefType>(op.getInit().getType()))
    return op.emitOpError() << "expected buffers";
  std::string obstacle =
      family ? family->findMatMulObstacle(op) : "the target has none";
  if (!obstacle.empty())
    return refuse(op, obstacle);
  emit(op, *family->createMatMul(op), /*passes=*/1, {op.getLhs(), op.getRhs()},
       op.getInit(), *family, symbols);
  return success();
}

void ExpandKernels::runOnOperation() {
  functions.clear();
  const KernelFamily *family = KernelFamily::find(kernels);
  SymbolTable symbols(getOperation());
  SmallVector<Operation *> layers;
  getOperation().walk([&](Operation *op) {
    if (isa<FusedConv2DOp, FusedAddOp, FusedMatMulOp>(op))
      layers.push_back(op);
  });
  for (Operation *layer : layers) {
    LogicalResult expanded =
        llvm::TypeSwitch<Operation *, LogicalResult>(layer)
            .Case<FusedConv2DOp, FusedAddOp, FusedMatMulOp>(
                [&](auto op) { return expand(op, family, symbols); });
    if (failed(expanded))
      return signalPassFailure();
  }
}

} // namespace quantcc
