//===- LowerCopies.cpp - Turn strided copies into loops -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rewrites the copies that would otherwise need a run-time library.
//
//===----------------------------------------------------------------------===//

#include "LoopAnnotation.h"

#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/MemRef/Utils/MemRefUtils.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_LOWERCOPIES
#include "quantcc/Codegen/Passes.h.inc"

/// Whether the elements of `type` lie in memory without gaps, in order. The
/// offset may be anything: a memcpy takes it in the pointer.
static bool isContiguous(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref || !memref.hasStaticShape())
    return false;
  return memref::isStaticShapeAndContiguousRowMajor(memref);
}

namespace {

struct LowerStridedCopy : OpRewritePattern<memref::CopyOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(memref::CopyOp copy,
                                PatternRewriter &rewriter) const override {
    if (copy.getSource() == copy.getTarget()) {
      rewriter.eraseOp(copy);
      return success();
    }
    if (isContiguous(copy.getSource().getType()) &&
        isContiguous(copy.getTarget().getType()))
      return rewriter.notifyMatchFailure(copy, "both sides are contiguous");
    rewriter.replaceOpWithNewOp<linalg::CopyOp>(copy, copy.getSource(),
                                                copy.getTarget());
    return success();
  }
};

/// Fills run by run of memory: the edges of a frame are many of them, and LLVM
/// would write each out.
struct LowerStridedFill : OpRewritePattern<linalg::FillOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::FillOp fill,
                                PatternRewriter &rewriter) const override {
    Value buffer = fill.getOutputs().front();
    auto type = dyn_cast<MemRefType>(buffer.getType());
    if (!type || !type.hasStaticShape() || isContiguous(type))
      return rewriter.notifyMatchFailure(fill, "its buffer is contiguous");
    // The innermost dimension over which memory has gaps.
    auto [strides, offset] = type.getStridesAndOffset();
    int64_t run = 1, dim = type.getRank() - 1;
    while (dim >= 0 && (type.getDimSize(dim) == 1 || strides[dim] == run))
      run *= type.getDimSize(dim--);
    if (dim < 0)
      return rewriter.notifyMatchFailure(fill, "it is one run of memory");

    Location loc = fill.getLoc();
    SmallVector<OpFoldResult> offsets, sizes;
    SmallVector<OpFoldResult> ones(type.getRank(), rewriter.getIndexAttr(1));
    for (int64_t i = 0; i != type.getRank(); ++i) {
      bool isLooped = i <= dim && type.getDimSize(i) != 1;
      offsets.push_back(rewriter.getIndexAttr(0));
      sizes.push_back(rewriter.getIndexAttr(isLooped ? 1 : type.getDimSize(i)));
      if (!isLooped)
        continue;
      auto index = [&](int64_t value) {
        return arith::ConstantIndexOp::create(rewriter, loc, value);
      };
      auto loop = scf::ForOp::create(rewriter, loc, index(0),
                                     index(type.getDimSize(i)), index(1));
      keepLoop(loop);
      rewriter.setInsertionPointToStart(loop.getBody());
      offsets.back() = loop.getInductionVar();
    }
    Value part =
        memref::SubViewOp::create(rewriter, loc, buffer, offsets, sizes, ones);
    linalg::FillOp::create(rewriter, loc, fill.getInputs(), part);
    rewriter.eraseOp(fill);
    return success();
  }
};

struct LowerCopies : impl::LowerCopiesBase<LowerCopies> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<LowerStridedCopy, LowerStridedFill>(context);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    if (failed(applyPatternsGreedily(getOperation(), patterns)))
      signalPassFailure();
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
} // namespace quantcc
