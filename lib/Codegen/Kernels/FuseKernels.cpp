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
#include "Remarks.h"

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
  void fuse(IntegerAddOp op, IRRewriter &rewriter);
  /// Gives `kernel` weights of i4 if they fit and `family` keeps them so. Says
  /// what became of weights that fit.
  std::string packNibbles(FusedConv2DOp kernel, const KernelFamily &family,
                          const KernelConstants &constants,
                          IRRewriter &rewriter);
  /// Says so, if that was asked for.
  void miss(Operation *op, StringRef reason);
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

/// Of static shape, and of integers of `width` bits.
static bool isTensorOf(Value value, unsigned width) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() &&
         type.getElementType().isInteger(width);
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
  auto hasActivationsOf = [&](unsigned width) {
    return isTensorOf(result.input, width) && isTensorOf(op.getResult(), width);
  };
  if (!isTensorOf(result.weights, 8) ||
      (!hasActivationsOf(8) && !hasActivationsOf(16))) {
    reason = "its activations are not all of 8 or all of 16 bits, or its "
             "weights not of 8";
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

void FuseKernels::miss(Operation *op, StringRef reason) {
  remarkMissed(op->getLoc(), "fuse-kernels")
      << remark::add("takes the portable way: {0}", reason.str());
}

std::string FuseKernels::packNibbles(FusedConv2DOp kernel,
                                     const KernelFamily &family,
                                     const KernelConstants &constants,
                                     IRRewriter &rewriter) {
  if (!constants.fitNibbles())
    return "";
  std::string obstacle = family.findNibbleObstacle(kernel, constants);
  if (!obstacle.empty())
    return ", its weights of 4 bits in a byte each: " + obstacle;
  DenseIntElementsAttr bytes;
  matchPattern(kernel.getWeights(), m_Constant(&bytes));
  Type i4 = rewriter.getIntegerType(4);
  auto nibbles = cast<DenseIntElementsAttr>(
      bytes.mapValues(i4, [](const APInt &value) { return value.trunc(4); }));
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(kernel);
  Value weights = arith::ConstantOp::create(rewriter, kernel.getLoc(), nibbles);
  rewriter.modifyOpInPlace(kernel,
                           [&] { kernel.getWeightsMutable().assign(weights); });
  return ", its weights of 4 bits two to a byte";
}

void FuseKernels::fuse(RequantizeOp op, IRRewriter &rewriter) {
  std::string reason;
  std::optional<Contraction> found = match(op, rewriter, reason);
  if (!found)
    return miss(op, reason);

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
  bool isWide = type.getElementType().isInteger(16);
  bool isBiased = family->usesBiasedBytes() && !isWide;
  auto kernel = FusedConv2DOp::create(
      rewriter, loc, TypeRange{imageType}, found->input, found->weights,
      found->bias, init, found->strides, found->dilations, op.getMultipliers(),
      op.getShifts(), op.getOutputZeroPoint(), op.getClampMin(),
      op.getClampMax(), op.getRounding(), found->isDepthwise,
      /*biased_input=*/isBiased, /*biased_result=*/isBiased);
  std::optional<KernelConstants> constants = KernelConstants::read(kernel);
  assert(constants && "constants have been matched");
  reason = isWide ? family->findWideObstacle(kernel, *constants)
                  : family->findObstacle(kernel, *constants);
  if (!reason.empty()) {
    rewriter.eraseOp(kernel);
    return miss(op, reason);
  }

  std::string nibbles =
      isWide ? "" : packNibbles(kernel, *family, *constants, rewriter);
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
  if (auto told = remarkPassed(op.getLoc(), "fuse-kernels"))
    told << remark::add(
        "becomes a kernel, its channels requantized in {0}{1}",
        isWide ? "integers of 64 bits"
               : family->describeRequantization(kernel, *constants),
        nibbles);
  rewriter.replaceOp(op, result);
}

void FuseKernels::fuse(IntegerAddOp op, IRRewriter &rewriter) {
  auto type = cast<RankedTensorType>(op.getResult().getType());
  if (op.getLhs().getType() != type || op.getRhs().getType() != type ||
      !isTensorOf(op.getResult(), 8))
    return miss(op, "its operands are not of 8 bits and of one shape");
  if (op.getUnsignedOperands() || op.getRounding() == Rounding::Reduced)
    return miss(op, "its stored values are unsigned");
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  Value init = tensor::EmptyOp::create(rewriter, loc, type.getShape(),
                                       type.getElementType());
  const KernelFamily *family = KernelFamily::find(kernels);
  bool isBiased = family->usesBiasedBytes();
  auto kernel = FusedAddOp::create(
      rewriter, loc, TypeRange{type}, op.getLhs(), op.getRhs(), init,
      op.getLhsZeroPoint(), op.getLhsMultiplier(), op.getLhsShift(),
      op.getRhsZeroPoint(), op.getRhsMultiplier(), op.getRhsShift(),
      op.getLeftShift(), op.getOutputMultiplier(), op.getOutputShift(),
      op.getOutputZeroPoint(), op.getClampMin(), op.getClampMax(),
      op.getRounding(), op.getSubtract(), /*biased_operands=*/isBiased,
      /*biased_result=*/isBiased);
  std::string obstacle = family->findAddObstacle(kernel);
  if (!obstacle.empty()) {
    rewriter.eraseOp(kernel);
    return miss(op, obstacle);
  }
  Value result = kernel.getResult().front();
  if (isBiased) {
    rewriter.setInsertionPoint(kernel);
    for (OpOperand *operand :
         {&kernel.getLhsMutable(), &kernel.getRhsMutable()})
      operand->set(createBiased(rewriter, loc, operand->get()));
    rewriter.setInsertionPointAfter(kernel);
    result = createBiased(rewriter, loc, result);
  }
  remarkPassed(op.getLoc(), "fuse-kernels") << "becomes a kernel";
  rewriter.replaceOp(op, result);
}

void FuseKernels::runOnOperation() {
  if (kernels == KernelSet::Portable)
    return;
  IRRewriter rewriter(&getContext());
  SmallVector<Operation *> ops;
  getOperation().walk([&](Operation *op) {
    if (isa<RequantizeOp, IntegerAddOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    if (auto requantize = dyn_cast<RequantizeOp>(op))
      fuse(requantize, rewriter);
    else
      fuse(cast<IntegerAddOp>(op), rewriter);
  }

  RewritePatternSet patterns(&getContext());
  populateBiasedBytesPatterns(patterns);
  if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
    return signalPassFailure();
}

} // namespace quantcc
