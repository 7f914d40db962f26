//===- LowerToLLVM.cpp - Lower buffers and loops to the LLVM dialect ------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One conversion to the LLVM dialect with the index width of the target.
//
// Upstream's separate passes can't do this for 32-bit targets, since not all
// of them take the index width.
//
//===----------------------------------------------------------------------===//

#include "LoopAnnotation.h"
#include "Parallel/LaunchPieces.h"

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Conversion/AffineToStandard/AffineToStandard.h>
#include <mlir/Conversion/ArithToLLVM/ArithToLLVM.h>
#include <mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h>
#include <mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h>
#include <mlir/Conversion/IndexToLLVM/IndexToLLVM.h>
#include <mlir/Conversion/LLVMCommon/ConversionTarget.h>
#include <mlir/Conversion/LLVMCommon/TypeConverter.h>
#include <mlir/Conversion/MathToLLVM/MathToLLVM.h>
#include <mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h>
#include <mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h>
#include <mlir/Conversion/UBToLLVM/UBToLLVM.h>
#include <mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h>
#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Affine/Transforms/Transforms.h>
#include <mlir/Dialect/Arith/Transforms/Passes.h>
#include <mlir/Dialect/ControlFlow/IR/ControlFlow.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/MemRef/Transforms/Transforms.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/Transforms/DialectConversion.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_LOWERTOLLVM
#include "quantcc/Codegen/Passes.h.inc"

/// Hands what is said of a loop on to LLVM: conversions leave it at the branch
/// as an attribute that the translation does not read.
static void annotateLoops(ModuleOp module) {
  module.walk([](LLVM::BrOp branch) {
    if (auto loop = branch->getAttrOfType<LLVM::LoopAnnotationAttr>(
            kLoopAnnotationName)) {
      branch->removeAttr(kLoopAnnotationName);
      branch.setLoopAnnotationAttr(loop);
    }
  });
}

namespace {

/// What LLVM may assume about one pointer argument.
struct PointerFacts {
  unsigned argument;
  int64_t alignment;
  bool isReadOnly;
  bool isNonNull;
};

struct LowerToLLVM : impl::LowerToLLVMBase<LowerToLLVM> {
  using LowerToLLVMBase::LowerToLLVMBase;

  void runOnOperation() override {
    if (indexBitwidth != 32 && indexBitwidth != 64) {
      getOperation().emitOpError("index-bitwidth expected 32 or 64, found ")
          << indexBitwidth.getValue();
      return signalPassFailure();
    }
    llvm::StringMap<PieceLaunch> launches;
    if (failed(replacePieces(getOperation(), launches)))
      return signalPassFailure();
    llvm::StringMap<SmallVector<PointerFacts>> facts = collectPointerFacts();
    if (failed(expand()) || failed(lowerControlFlow()) || failed(convert()))
      return signalPassFailure();
    launchPieces(getOperation(), launches);
    if (failed(checkSelfContained()))
      return signalPassFailure();
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      annotate(function, facts.lookup(function.getName()));
    annotateLoops(getOperation());
  }

private:
  llvm::StringMap<SmallVector<PointerFacts>> collectPointerFacts();
  LogicalResult expand();
  LogicalResult lowerControlFlow();
  LogicalResult convert();
  LogicalResult checkSelfContained();
  static void annotate(LLVM::LLVMFuncOp function, ArrayRef<PointerFacts> facts);
};

} // namespace

/// Notes what is known of the pointer arguments of public functions, and drops
/// our attributes, which mean nothing to LLVM.
llvm::StringMap<SmallVector<PointerFacts>> LowerToLLVM::collectPointerFacts() {
  llvm::StringMap<SmallVector<PointerFacts>> facts;
  SmallVector<func::FuncOp> pieces;
  StringRef entry;
  for (auto function : getOperation().getOps<func::FuncOp>()) {
    if (function->removeAttr(kPieceAttrName))
      pieces.push_back(function);
    if (function->removeAttr(kPiecesAttrName))
      entry = function.getName();
    for (unsigned i = 0, e = function.getNumArguments(); i != e; ++i) {
      auto type = dyn_cast<MemRefType>(function.getArgumentTypes()[i]);
      bool isArena = static_cast<bool>(function.getArgAttr(i, kArenaAttrName));
      bool isOutput =
          static_cast<bool>(function.getArgAttr(i, kOutputAttrName));
      bool isState =
          static_cast<bool>(function.getArgAttr(i, kStateBlockAttrName));
      for (StringRef name :
           {kNameAttrName, kTypeAttrName, kOutputAttrName, kArenaAttrName,
            kRegionAttrName, kStateBlockAttrName})
        function.removeArgAttr(i, name);
      if (!type || !function.isPublic())
        continue;
      auto alignment = function->getAttrOfType<IntegerAttr>(
          isState ? kStateAlignmentAttrName : kArenaAlignmentAttrName);
      bool isBlock = isArena || isState;
      facts[function.getName()].push_back(
          {i,
           isBlock && alignment
               ? alignment.getInt()
               : llvm::divideCeil(type.getElementTypeBitWidth(), 8),
           !isBlock && !isOutput, type.getNumElements() != 0});
    }
    for (StringRef name :
         {kArenaBytesAttrName, kArenaAlignmentAttrName,
          kArenaLowerBoundAttrName, kArenaBuffersAttrName,
          kArenaMomentsAttrName, kArenaRegionsAttrName, kStateBytesAttrName,
          kStateAlignmentAttrName, kResetAttrName})
      function->removeAttr(name);
  }
  // They take the entry's arguments.
  for (func::FuncOp piece : pieces)
    facts[piece.getName()] = facts.lookup(entry);
  return facts;
}

/// Expands what has no counterpart in LLVM.
LogicalResult LowerToLLVM::expand() {
  RewritePatternSet patterns(&getContext());
  memref::populateExpandStridedMetadataPatterns(patterns);
  affine::populateAffineExpandIndexOpsPatterns(patterns);
  arith::populateCeilFloorDivExpandOpsPatterns(patterns);
  return applyPatternsGreedily(getOperation(), std::move(patterns));
}

LogicalResult LowerToLLVM::lowerControlFlow() {
  RewritePatternSet patterns(&getContext());
  populateAffineToStdConversionPatterns(patterns);
  populateSCFToControlFlowConversionPatterns(patterns);
  ConversionTarget target(getContext());
  target.addIllegalDialect<affine::AffineDialect, scf::SCFDialect>();
  target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
  return applyPartialConversion(getOperation(), target, std::move(patterns));
}

LogicalResult LowerToLLVM::convert() {
  mlir::LowerToLLVMOptions options(&getContext());
  options.overrideIndexBitwidth(indexBitwidth);
  options.useBarePtrCallConv = true;
  options.allocLowering = mlir::LowerToLLVMOptions::AllocLowering::None;
  LLVMTypeConverter converter(&getContext(), options);

  SymbolTableCollection symbols;
  RewritePatternSet patterns(&getContext());
  populateFuncToLLVMConversionPatterns(converter, patterns, &symbols);
  populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns, &symbols);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  index::populateIndexToLLVMConversionPatterns(converter, patterns);
  ub::populateUBToLLVMConversionPatterns(converter, patterns);
  populateMathToLLVMConversionPatterns(converter, patterns,
                                       /*approximateLog1p=*/false);
  populateVectorToLLVMConversionPatterns(converter, patterns);

  LLVMConversionTarget target(getContext());
  target.addLegalOp<ModuleOp>();
  return applyFullConversion(getOperation(), target, std::move(patterns));
}

/// The conversion declares the run-time functions it needs; the product has
/// no run-time library.
LogicalResult LowerToLLVM::checkSelfContained() {
  for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
    if (function.isExternal())
      return function.emitOpError("expected a model that calls no library");
  return success();
}

void LowerToLLVM::annotate(LLVM::LLVMFuncOp function,
                           ArrayRef<PointerFacts> facts) {
  Builder builder(function.getContext());
  function.setNoUnwind(true);
  for (const PointerFacts &fact : facts) {
    auto set = [&](StringRef name, Attribute value) {
      function.setArgAttr(fact.argument, name, value);
    };
    set(LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
    set(LLVM::LLVMDialect::getNoUndefAttrName(), builder.getUnitAttr());
    set(LLVM::LLVMDialect::getAlignAttrName(),
        builder.getI64IntegerAttr(fact.alignment));
    if (fact.isReadOnly)
      set(LLVM::LLVMDialect::getReadonlyAttrName(), builder.getUnitAttr());
    if (fact.isNonNull)
      set(LLVM::LLVMDialect::getNonNullAttrName(), builder.getUnitAttr());
  }
}

} // namespace quantcc
