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

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_EXPANDKERNELS
#include "quantcc/Codegen/Passes.h.inc"

/// All that the code of the kernel for `op` depends on: layers of equal text
/// share one function.
static std::string describeCode(FusedConv2DOp op, const Kernel &kernel) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << op.getInput().getType() << op.getWeights().getType()
         << op.getInit().getType() << op.getDepthwise();
  for (ArrayRef<int64_t> list : {op.getStrides(), op.getDilations()})
    for (int64_t value : list)
      stream << ' ' << value;
  for (int32_t value : {static_cast<int32_t>(op.getOutputZeroPoint()),
                        static_cast<int32_t>(op.getClampMin()),
                        static_cast<int32_t>(op.getClampMax())})
    stream << ' ' << value;
  stream << ' ' << op.getBiasedResult();
  kernel.describe(stream);
  return text;
}

/// Calls `function` in the floating-point environment that `family` wants. The
/// call is never inlined, so that nothing within moves out of it.
static void emitCall(IRRewriter &rewriter, Location loc, func::FuncOp function,
                     ValueRange operands, const KernelFamily &family) {
  if (!family.usesRoundingMode()) {
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

namespace {

struct ExpandKernels : impl::ExpandKernelsBase<ExpandKernels> {
  using ExpandKernelsBase::ExpandKernelsBase;

  void runOnOperation() override;

private:
  void expand(FusedConv2DOp op, const KernelFamily &family,
              const KernelConstants &constants, SymbolTable &symbols);

  /// By describeCode.
  llvm::StringMap<func::FuncOp> functions;
};

} // namespace

void ExpandKernels::expand(FusedConv2DOp op, const KernelFamily &family,
                           const KernelConstants &constants,
                           SymbolTable &symbols) {
  std::unique_ptr<Kernel> kernel = family.create(op, constants);
  IRRewriter rewriter(op);
  KernelBuilder builder(rewriter, op.getLoc(), symbols, family.alignment());
  SmallVector<Value> operands{op.getInput(), op.getInit()};
  llvm::append_range(operands, kernel->createConstants(builder));
  func::FuncOp &function = functions[describeCode(op, *kernel)];
  if (!function) {
    OpBuilder detached(&getContext());
    function = func::FuncOp::create(
        detached, op.getLoc(), "kernel",
        detached.getFunctionType(TypeRange(ValueRange(operands)), {}));
    function.setPrivate();
    // What kernels write through pointers is nobody's to see.
    function.setArgAttr(1, kOutputAttrName, detached.getUnitAttr());
    function->setAttr(
        "llvm.linkage",
        LLVM::LinkageAttr::get(&getContext(), LLVM::Linkage::Internal));
    // Inlined, constants would be kept in registers across tiles, on the stack.
    function->setAttr("passthrough", detached.getStrArrayAttr({"noinline"}));
    symbols.insert(function);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(function.addEntryBlock());
    ArrayRef<BlockArgument> arguments = function.getArguments();
    kernel->emit(builder, arguments[0], arguments[1],
                 SmallVector<Value>(arguments.drop_front(2)));
    func::ReturnOp::create(rewriter, op.getLoc());
  }
  emitCall(rewriter, op.getLoc(), function, operands, family);
  rewriter.eraseOp(op);
}

void ExpandKernels::runOnOperation() {
  functions.clear();
  const KernelFamily *family = KernelFamily::find(kernels);
  SymbolTable symbols(getOperation());
  SmallVector<FusedConv2DOp> layers;
  getOperation().walk([&](FusedConv2DOp op) { layers.push_back(op); });
  for (FusedConv2DOp op : layers) {
    std::optional<KernelConstants> constants = KernelConstants::read(op);
    if (!constants || !isa<MemRefType>(op.getInit().getType())) {
      op.emitOpError() << "expected buffers, and constant weights and bias";
      return signalPassFailure();
    }
    std::string obstacle = "the target has none";
    if (family && family->usesBiasedBytes() != op.getBiasedInput())
      obstacle = family->usesBiasedBytes()
                     ? "the target's take unsigned bytes, that is, biased_input"
                     : "the target's take signed bytes, without biased_input";
    else if (family)
      obstacle = family->findObstacle(op, *constants);
    if (!obstacle.empty()) {
      op.emitOpError() << "has no kernel: " << obstacle;
      return signalPassFailure();
    }
    expand(op, *family, *constants, symbols);
  }
}

} // namespace quantcc
