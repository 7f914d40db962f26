//===- ConvertFloatToLinalg.cpp - Float form to linalg --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass that lowers what computes on f32: whole float models, simulated
// quantization, casts at the edges, and float islands.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/FloatToLinalg/FloatToLinalg.h"
#include "quantcc/Conversion/MovingToLinalg/MovingToLinalg.h"
#include "quantcc/Conversion/Passes.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Math/Transforms/Passes.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

namespace quantcc {
#define GEN_PASS_DEF_CONVERTFLOATTOLINALG
#include "quantcc/Conversion/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

/// Takes islands out of their regions, and observations away.
static void dissolveMarkers(ModuleOp module) {
  IRRewriter rewriter(module.getContext());
  module.walk([&](Operation *op) {
    if (auto observe = dyn_cast<ObserveOp>(op)) {
      rewriter.replaceOp(observe, observe.getInput());
      return;
    }
    auto island = dyn_cast<FloatIslandOp>(op);
    if (!island)
      return;
    Block *body = &island.getBody().front();
    Operation *yield = body->getTerminator();
    rewriter.inlineBlockBefore(body, island, island.getInputs());
    rewriter.replaceOp(island, yield->getOperands());
    rewriter.eraseOp(yield);
  });
}

namespace {

/// floor of f32 by way of an integer: without it, processors that lack the
/// instruction would call a library.
struct ExpandFloor : OpRewritePattern<math::FloorOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::FloorOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = op.getOperand();
    Type f32 = rewriter.getF32Type();
    if (x.getType() != f32)
      return rewriter.notifyMatchFailure(op, "not an f32");
    auto constant = [&](float value) -> Value {
      return arith::ConstantOp::create(rewriter, loc,
                                       rewriter.getF32FloatAttr(value));
    };
    Value integer =
        arith::FPToSIOp::create(rewriter, loc, rewriter.getI32Type(), x);
    Value whole = arith::SIToFPOp::create(rewriter, loc, f32, integer);
    Value above = arith::CmpFOp::create(rewriter, loc,
                                        arith::CmpFPredicate::OGT, whole, x);
    Value below = arith::SubFOp::create(rewriter, loc, whole, constant(1.0f));
    Value floor = arith::SelectOp::create(rewriter, loc, above, below, whole);
    // From 2^23 on every f32 is whole.
    Value magnitude = math::AbsFOp::create(rewriter, loc, x);
    Value isSmall = arith::CmpFOp::create(
        rewriter, loc, arith::CmpFPredicate::OLT, magnitude, constant(0x1p23f));
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, isSmall, floor, x);
    return success();
  }
};

} // namespace

/// Writes exp, tanh and erf as polynomials, and what those need as arithmetic:
/// results must depend on no library, and no target's fused multiply-add.
static LogicalResult expandMath(ModuleOp module) {
  MLIRContext *context = module.getContext();
  auto isApproximated = [](StringRef name) {
    return name == math::ExpOp::getOperationName() ||
           name == math::TanhOp::getOperationName() ||
           name == math::ErfOp::getOperationName();
  };
  RewritePatternSet approximations(context);
  populateMathPolynomialApproximationPatterns(approximations, isApproximated);
  if (failed(applyPatternsGreedily(module, std::move(approximations))))
    return failure();
  RewritePatternSet expansions(context);
  math::populateExpansionPatterns(expansions, {"fma"});
  expansions.add<ExpandFloor>(context);
  return applyPatternsGreedily(module, std::move(expansions));
}

namespace {

struct ConvertFloatToLinalgPass
    : public quantcc::impl::ConvertFloatToLinalgBase<ConvertFloatToLinalgPass> {
  using ConvertFloatToLinalgBase::ConvertFloatToLinalgBase;

  void runOnOperation() override;
};

} // namespace

static void setLegality(ConversionTarget &target) {
  target.addLegalDialect<arith::ArithDialect, linalg::LinalgDialect,
                         math::MathDialect, scf::SCFDialect,
                         tensor::TensorDialect>();
  target.addIllegalDialect<quant::QuantDialect>();
  // Variables become arguments when code is generated.
  target.addLegalOp<VariableOp, ReadVariableOp, AssignVariableOp>();
  // The quantized and integer forms are other passes' matter.
  target.addDynamicallyLegalDialect<QuantCCDialect>([](Operation *op) {
    return llvm::none_of(op->getResultTypes(), [](Type type) {
      return isa<FloatType>(getElementTypeOrSelf(type));
    });
  });
}

void ConvertFloatToLinalgPass::runOnOperation() {
  ModuleOp module = getOperation();
  MLIRContext *context = &getContext();
  dissolveMarkers(module);

  StorageTypeConverter converter;
  RewritePatternSet patterns(context);
  populateFloatContractionPatterns(converter, patterns);
  populateFloatElementwisePatterns(converter, patterns);
  populateFloatPoolingPatterns(converter, patterns);
  populateFloatResizePatterns(converter, patterns);
  populateFloatRecurrentPatterns(converter, patterns);
  populateQuantizationPatterns(converter, patterns);
  populateMovingToLinalgPatterns(converter, patterns);
  ConversionTarget target(*context);
  setLegality(target);

  // As in the conversion of the quantized stage: the first error says why.
  bool refused = false;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return failure();
    return success(std::exchange(refused, true));
  });
  if (failed(applyPartialConversion(module, target, std::move(patterns))) ||
      failed(expandMath(module)))
    return signalPassFailure();
}
