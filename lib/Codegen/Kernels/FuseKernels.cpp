//===- FuseKernels.cpp - Make layers that a target has kernels for --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns a contraction and the requantization of its accumulators into one op.
//
//===----------------------------------------------------------------------===//

#include "BiasedBytes.h"
#include "Kernel.h"

#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Linalg/Passes.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_FUSEKERNELS
#include "quantcc/Codegen/Passes.h.inc"

namespace {

/// A contraction in the terms of FusedConv2DOp.
struct Contraction {
  Value input, weights, bias;
  SmallVector<int64_t> strides{1, 1}, dilations{1, 1};
  bool isDepthwise = false;
};

struct FuseKernels : impl::FuseKernelsBase<FuseKernels> {
  using FuseKernelsBase::FuseKernelsBase;

  void runOnOperation() override;

private:
  std::optional<Contraction> match(RequantizeOp op, IRRewriter &rewriter,
                                   std::string &reason);
  void fuse(RequantizeOp op, IRRewriter &rewriter);
};

} // namespace

/// The bias that fills the accumulators `init`, if it is one value a channel.
static Value findBias(Value init) {
  auto broadcast = init.getDefiningOp<linalg::BroadcastOp>();
  if (!broadcast)
    return {};
  Value bias = broadcast.getInput();
  auto type = cast<RankedTensorType>(bias.getType());
  return type.getRank() == 1 && matchPattern(bias, m_Constant()) ? bias
                                                                 : Value();
}

static bool isBytes(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getElementType().isInteger(8);
}

/// `value` as an image of one row: [1, 1, rows, columns], or the weights of a
/// product as those of a window of one pixel.
static Value asImage(IRRewriter &rewriter, Location loc, Value value,
                     bool isWeights) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t rows = type.getDimSize(0), columns = type.getDimSize(1);
  SmallVector<int64_t> shape = isWeights
                                   ? SmallVector<int64_t>{rows, 1, 1, columns}
                                   : SmallVector<int64_t>{1, 1, rows, columns};
  SmallVector<ReassociationIndices> groups{{0, 1, 2}, {3}};
  auto result = RankedTensorType::get(shape, type.getElementType());
  DenseIntElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)))
    return arith::ConstantOp::create(rewriter, loc, elements.reshape(result));
  return tensor::ExpandShapeOp::create(rewriter, loc, result, value, groups);
}

std::optional<Contraction>
FuseKernels::match(RequantizeOp op, IRRewriter &rewriter, std::string &reason) {
  auto producer = op.getInput().getDefiningOp<linalg::LinalgOp>();
  if (!producer || producer.getNumDpsInputs() != 2) {
    reason = "its accumulators come from no contraction";
    return std::nullopt;
  }
  if (!producer->hasOneUse()) {
    reason = "its accumulators are read elsewhere too";
    return std::nullopt;
  }
  Contraction result;
  result.input = producer.getDpsInputOperand(0)->get();
  result.weights = producer.getDpsInputOperand(1)->get();
  result.bias = findBias(producer.getDpsInitOperand(0)->get());
  if (!isBytes(result.input) || !isBytes(result.weights) ||
      !isBytes(op.getResult())) {
    reason = "it is not of 8 bits throughout";
    return std::nullopt;
  }
  if (!result.bias ||
      !cast<RankedTensorType>(op.getInput().getType())
           .getElementType()
           .isInteger(32) ||
      !matchPattern(result.weights, m_Constant())) {
    reason = "its weights and bias are not constants with sums in 32 bits";
    return std::nullopt;
  }
  if (op.getUnsignedResult() || op.getRounding() == Rounding::Reduced) {
    reason = "its stored values are unsigned";
    return std::nullopt;
  }
  auto readWindow = [&](auto conv) {
    llvm::copy(conv.getStrides().template getValues<int64_t>(),
               result.strides.begin());
    llvm::copy(conv.getDilations().template getValues<int64_t>(),
               result.dilations.begin());
  };
  if (auto conv = dyn_cast<linalg::Conv2DNhwcFhwcOp>(producer.getOperation())) {
    readWindow(conv);
    return result;
  }
  if (auto conv =
          dyn_cast<linalg::DepthwiseConv2DNhwcHwcOp>(producer.getOperation())) {
    readWindow(conv);
    result.isDepthwise = true;
    return result;
  }
  if (auto product = dyn_cast<linalg::MatmulOp>(producer.getOperation())) {
    // Weights of one row a result.
    SmallVector<AffineMap> maps = product.getIndexingMapsArray();
    AffineExpr m, n, k;
    bindDims(&getContext(), m, n, k);
    auto map = [&](AffineExpr row, AffineExpr column) {
      return AffineMap::get(3, 0, {row, column}, &getContext());
    };
    if (maps == SmallVector<AffineMap>{map(m, k), map(n, k), map(m, n)}) {
      rewriter.setInsertionPoint(op);
      result.input =
          asImage(rewriter, op.getLoc(), result.input, /*isWeights=*/false);
      result.weights =
          asImage(rewriter, op.getLoc(), result.weights, /*isWeights=*/true);
      return result;
    }
  }
  reason = "there is no kernel for its contraction";
  return std::nullopt;
}

void FuseKernels::fuse(RequantizeOp op, IRRewriter &rewriter) {
  std::string reason;
  std::optional<Contraction> found = match(op, rewriter, reason);
  auto miss = [&] {
    if (remarks)
      op.emitRemark() << "takes the portable way: " << reason;
  };
  if (!found)
    return miss();

  auto type = cast<RankedTensorType>(op.getResult().getType());
  auto imageType = type;
  if (type.getRank() == 2)
    imageType = RankedTensorType::get(
        {1, 1, type.getDimSize(0), type.getDimSize(1)}, type.getElementType());
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  Value init = tensor::EmptyOp::create(rewriter, loc, imageType.getShape(),
                                       imageType.getElementType());
  const KernelFamily *family = KernelFamily::find(kernels);
  bool isBiased = family->usesBiasedBytes();
  auto kernel = FusedConv2DOp::create(
      rewriter, loc, TypeRange{imageType}, found->input, found->weights,
      found->bias, init, found->strides, found->dilations, op.getMultipliers(),
      op.getShifts(), op.getOutputZeroPoint(), op.getClampMin(),
      op.getClampMax(), op.getRounding(), found->isDepthwise,
      /*biased_input=*/isBiased, /*biased_result=*/isBiased);
  std::optional<KernelConstants> constants = KernelConstants::read(kernel);
  assert(constants && "constants have been matched");
  reason = family->findObstacle(kernel, *constants);
  if (!reason.empty()) {
    rewriter.eraseOp(kernel);
    return miss();
  }

  Value result = kernel.getResult().front();
  if (isBiased) {
    rewriter.setInsertionPoint(kernel);
    Value biased = createBiased(rewriter, loc, found->input);
    rewriter.modifyOpInPlace(kernel,
                             [&] { kernel.getInputMutable().assign(biased); });
    rewriter.setInsertionPointAfter(kernel);
    result = createBiased(rewriter, loc, result);
  }
  if (imageType != type)
    result = tensor::CollapseShapeOp::create(
        rewriter, loc, type, result,
        SmallVector<ReassociationIndices>{{0, 1, 2}, {3}});
  if (remarks)
    op.emitRemark() << "becomes a kernel, its channels requantized in "
                    << family->describeRequantization(kernel, *constants);
  rewriter.replaceOp(op, result);
}

void FuseKernels::runOnOperation() {
  if (kernels == KernelSet::Portable)
    return;
  IRRewriter rewriter(&getContext());
  SmallVector<RequantizeOp> ops;
  getOperation().walk([&](RequantizeOp op) { ops.push_back(op); });
  for (RequantizeOp op : ops)
    fuse(op, rewriter);

  RewritePatternSet patterns(&getContext());
  populateBiasedBytesPatterns(patterns);
  if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
    return signalPassFailure();
}

} // namespace quantcc
