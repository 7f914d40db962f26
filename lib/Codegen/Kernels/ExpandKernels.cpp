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

#include "X86/Avx512Kernel.h"

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
static std::string describeCode(FusedConv2DOp op, const Avx512Kernel &kernel) {
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
  for (const PanelGroup &group : kernel.getGroups()) {
    stream << " group " << group.form.isSplit << group.form.isDouble;
    for (const ColumnPanel &panel : group.panels)
      stream << ' ' << panel.begin << '+' << panel.channels << '/'
             << panel.vectors;
  }
  return text;
}

namespace {

struct ExpandKernels : impl::ExpandKernelsBase<ExpandKernels> {
  void runOnOperation() override;

private:
  void expand(FusedConv2DOp op, const KernelConstants &constants,
              SymbolTable &symbols);

  /// By describeCode.
  llvm::StringMap<func::FuncOp> functions;
};

} // namespace

void ExpandKernels::expand(FusedConv2DOp op, const KernelConstants &constants,
                           SymbolTable &symbols) {
  IRRewriter rewriter(op);
  Avx512Builder builder(rewriter, op.getLoc(), symbols);
  std::unique_ptr<Avx512Kernel> kernel = Avx512Kernel::create(op, constants);
  SmallVector<Value> operands{op.getInput(), op.getInit()};
  SmallVector<GroupBuffers> buffers;
  for (const PanelGroup &group : kernel->getGroups()) {
    buffers.push_back(Avx512Kernel::createBuffers(builder, group));
    llvm::append_range(operands, buffers.back().getValues());
  }
  func::FuncOp &function = functions[describeCode(op, *kernel)];
  if (!function) {
    OpBuilder detached(&getContext());
    function = func::FuncOp::create(
        detached, op.getLoc(), "kernel",
        detached.getFunctionType(TypeRange(ValueRange(operands)), {}));
    function.setPrivate();
    function->setAttr(
        "llvm.linkage",
        LLVM::LinkageAttr::get(&getContext(), LLVM::Linkage::Internal));
    // Inlined, constants would be kept in registers across tiles, on the stack.
    function->setAttr("passthrough", detached.getStrArrayAttr({"noinline"}));
    symbols.insert(function);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(function.addEntryBlock());
    ArrayRef<BlockArgument> arguments = function.getArguments();
    ArrayRef<BlockArgument> rest = arguments.drop_front(2);
    for (GroupBuffers &group : buffers) {
      size_t count = group.getValues().size();
      group = group.withValues(SmallVector<Value>(rest.take_front(count)));
      rest = rest.drop_front(count);
    }
    kernel->emit(builder, arguments[0], arguments[1], buffers);
    func::ReturnOp::create(rewriter, op.getLoc());
  }
  func::CallOp::create(rewriter, op.getLoc(), function, operands);
  rewriter.eraseOp(op);
}

void ExpandKernels::runOnOperation() {
  functions.clear();
  SymbolTable symbols(getOperation());
  SmallVector<FusedConv2DOp> layers;
  getOperation().walk([&](FusedConv2DOp op) { layers.push_back(op); });
  for (FusedConv2DOp op : layers) {
    std::optional<KernelConstants> constants = KernelConstants::read(op);
    if (!constants || !isa<MemRefType>(op.getInit().getType())) {
      op.emitOpError() << "expected buffers, and constant weights and bias";
      return signalPassFailure();
    }
    if (!op.getBiasedInput()) {
      op.emitOpError() << "has no kernel: vpdpbusd takes an input of unsigned "
                       << "bytes, that is, with biased_input";
      return signalPassFailure();
    }
    int64_t channels = constants->channels();
    if (!findPanelRequantization(op, *constants, {0, channels, channels})) {
      op.emitOpError() << "has no kernel: no float form is proved equal to its "
                       << "requantization";
      return signalPassFailure();
    }
    expand(op, *constants, symbols);
  }
}

} // namespace quantcc
