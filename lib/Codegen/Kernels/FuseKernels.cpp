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
#include "Contraction.h"
#include "FuseMatMul.h"
#include "JoinRequantizations.h"
#include "Kernel.h"
#include "Remarks.h"

#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Linalg/Passes.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_FUSEKERNELS
#include "quantcc/Codegen/Passes.h.inc"

namespace {

struct FuseKernels : impl::FuseKernelsBase<FuseKernels> {
  using FuseKernelsBase::FuseKernelsBase;

  void runOnOperation() override;

private:
  void fuse(RequantizeOp op, IRRewriter &rewriter);
  void fuse(IntegerAddOp op, IRRewriter &rewriter);
  /// Makes a kernel of what adds up `sums`, for `reason` without the
  /// requantization `op`, or says that it is missed for that.
  void fuseAccumulators(RequantizeOp op, Value sums, const Contraction &found,
                        IRRewriter &rewriter, StringRef reason);
  /// Gives `kernel` weights of i4 if they fit and `family` keeps them so. Says
  /// what became of weights that fit.
  std::string packNibbles(FusedConv2DOp kernel, const KernelFamily &family,
                          const KernelConstants &constants,
                          IRRewriter &rewriter);
  /// Requantizes sums that several layers share together, where they can be.
  void joinShared(IRRewriter &rewriter);
  /// A copy of the tensor `value`, made once.
  Value copy(Value value, IRRewriter &rewriter);
  /// Says so, if that was asked for.
  void miss(Operation *op, StringRef reason);

  /// By what was copied.
  DenseMap<Value, Value> copies;
};

} // namespace

/// Of static shape, and of integers of `width` bits.
static bool isTensorOf(Value value, unsigned width) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() &&
         type.getElementType().isInteger(width);
}

/// What unsigned stored values of 8 bits are above the signed ones of kernels.
static int32_t offsetOf(bool isUnsigned) { return isUnsigned ? 128 : 0; }

/// The stored value `value` less `offset`, as an attribute holds it.
static uint32_t lowered(uint32_t value, int32_t offset) {
  return value - static_cast<uint32_t>(offset);
}

/// What to say of passes over the windows, if there are several.
static std::string describePasses(const KernelConstants &constants) {
  if (constants.passes() == 1)
    return "";
  return ", its weights sums of " + std::to_string(constants.passes()) +
         " bytes";
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

/// The type of a tensor as asImage makes it; that of an image is its own.
static RankedTensorType imageOf(RankedTensorType type) {
  if (type.getRank() != 2)
    return type;
  return RankedTensorType::get({1, 1, type.getDimSize(0), type.getDimSize(1)},
                               type.getElementType());
}

/// `value`, which imageOf(type) describes, as `type`.
static Value fromImage(IRRewriter &rewriter, Location loc, Value value,
                       RankedTensorType type) {
  if (value.getType() == type)
    return value;
  return tensor::CollapseShapeOp::create(
      rewriter, loc, type, value,
      SmallVector<ReassociationIndices>{{0, 1, 2}, {3}});
}

/// Gives `kernel` the stored values plus 128 that it takes; what is created
/// next comes after it.
static void biasInput(FusedConv2DOp kernel, IRRewriter &rewriter) {
  rewriter.setInsertionPoint(kernel);
  Value biased = createBiased(rewriter, kernel.getLoc(), kernel.getInput());
  rewriter.modifyOpInPlace(kernel,
                           [&] { kernel.getInputMutable().assign(biased); });
  rewriter.setInsertionPointAfter(kernel);
}

Value FuseKernels::copy(Value value, IRRewriter &rewriter) {
  Value &result = copies[value];
  if (result)
    return result;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointAfterValue(value);
  auto type = cast<RankedTensorType>(value.getType());
  Value init = tensor::EmptyOp::create(rewriter, value.getLoc(),
                                       type.getShape(), type.getElementType());
  result = linalg::CopyOp::create(rewriter, value.getLoc(), value, init)
               .getResult(0);
  return result;
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

/// Whether `sums` are what fuseAccumulators made of them already.
static bool isKernelResult(Value sums) {
  if (auto shape = sums.getDefiningOp<tensor::CollapseShapeOp>())
    sums = shape.getSrc();
  return sums.getDefiningOp<FusedConv2DOp>() != nullptr;
}

void FuseKernels::fuse(RequantizeOp op, IRRewriter &rewriter) {
  std::string reason;
  const KernelFamily *family = KernelFamily::find(kernels);
  if (requantizesProduct(op)) {
    Value result = fuseMatMul(op, *family, rewriter, reason);
    if (!result)
      return miss(op, reason);
    rewriter.replaceOp(op, result);
    return;
  }
  auto slice = op.getInput().getDefiningOp<tensor::ExtractSliceOp>();
  Value sums = slice ? slice.getSource() : op.getInput();
  if (slice && isKernelResult(sums))
    return;
  std::optional<Contraction> found = findContraction(op, sums, reason);
  if (!found)
    return miss(op, reason);
  // Kernels are functions of buffers whose places are known; that of a step of
  // a loop, or of what the loop carries, is not.
  if (op->getParentOfType<scf::ForOp>())
    found->input = copy(found->input, rewriter);
  if (found->isProduct) {
    rewriter.setInsertionPoint(sums.getDefiningOp());
    found->input =
        asImage(rewriter, op.getLoc(), found->input, /*isWeights=*/false);
    found->weights =
        asImage(rewriter, op.getLoc(), found->weights, /*isWeights=*/true);
  }

  if (slice)
    return fuseAccumulators(op, sums, *found, rewriter,
                            "several layers share them");
  auto type = cast<RankedTensorType>(op.getResult().getType());
  if (isTensorOf(found->input, 8) && !type.getElementType().isInteger(8))
    return fuseAccumulators(op, sums, *found, rewriter,
                            "its result has more than 8 bits");
  RankedTensorType imageType = imageOf(type);
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  Value init = tensor::EmptyOp::create(rewriter, loc, imageType.getShape(),
                                       imageType.getElementType());
  bool isWide = type.getElementType().isInteger(16);
  bool isBiased = family->usesBiasedBytes() && !isWide;
  int32_t offset = offsetOf(op.getUnsignedResult());
  auto kernel = FusedConv2DOp::create(
      rewriter, loc, TypeRange{imageType}, found->input, found->weights,
      found->bias, init, found->strides, found->dilations, op.getMultipliers(),
      op.getShifts(), lowered(op.getOutputZeroPoint(), offset),
      lowered(op.getClampMin(), offset), lowered(op.getClampMax(), offset),
      op.getRounding(), found->isDepthwise,
      /*biased_input=*/isBiased, /*biased_result=*/isBiased);
  std::optional<KernelConstants> constants = KernelConstants::read(kernel);
  assert(constants && "constants have been matched");
  reason = family->findAnyObstacle(kernel, *constants);
  if (!reason.empty()) {
    rewriter.eraseOp(kernel);
    return fuseAccumulators(op, sums, *found, rewriter, reason);
  }

  std::string nibbles =
      isWide ? "" : packNibbles(kernel, *family, *constants, rewriter);
  Value result = kernel.getResult().front();
  if (isBiased) {
    biasInput(kernel, rewriter);
    result = createBiased(rewriter, loc, result);
  }
  if (op.getUnsignedResult())
    result = createBiased(rewriter, loc, result);
  result = fromImage(rewriter, loc, result, type);
  if (auto told = remarkPassed(op.getLoc(), "fuse-kernels"))
    told << remark::add(
        "becomes a kernel, its channels requantized in {0}{1}{2}",
        isWide ? "integers of 64 bits"
               : family->describeRequantization(kernel, *constants),
        nibbles, describePasses(*constants));
  rewriter.replaceOp(op, result);
}

void FuseKernels::fuseAccumulators(RequantizeOp op, Value sums,
                                   const Contraction &found,
                                   IRRewriter &rewriter, StringRef reason) {
  // A tensor of them is four times as large as that of the results, which the
  // portable way makes row by row.
  constexpr int64_t kMostAccumulators = 1024;
  auto type = cast<RankedTensorType>(sums.getType());
  if (!isTensorOf(found.input, 8) || type.getNumElements() > kMostAccumulators)
    return miss(op, reason);
  RankedTensorType imageType = imageOf(type);
  Location loc = op.getLoc();
  // All that read them come after it.
  rewriter.setInsertionPoint(sums.getDefiningOp());
  Value init = tensor::EmptyOp::create(rewriter, loc, imageType.getShape(),
                                       imageType.getElementType());
  const KernelFamily *family = KernelFamily::find(kernels);
  bool isBiased = family->usesBiasedBytes();
  auto kernel = FusedConv2DOp::create(
      rewriter, loc, TypeRange{imageType}, found.input, found.weights,
      found.bias, init, found.strides, found.dilations,
      /*multipliers=*/ArrayRef<int32_t>(), /*shifts=*/ArrayRef<int32_t>(),
      /*output_zero_point=*/0, static_cast<uint32_t>(INT32_MIN),
      static_cast<uint32_t>(INT32_MAX), op.getRounding(), found.isDepthwise,
      /*biased_input=*/isBiased, /*biased_result=*/false);
  std::optional<KernelConstants> constants = KernelConstants::read(kernel);
  assert(constants && "constants have been matched");
  std::string obstacle = family->findAnyObstacle(kernel, *constants);
  if (!obstacle.empty()) {
    rewriter.eraseOp(kernel);
    return miss(op, reason);
  }
  if (isBiased)
    biasInput(kernel, rewriter);
  if (auto told = remarkPassed(op.getLoc(), "fuse-kernels"))
    told << remark::add("its accumulators become a kernel{0}, requantized the "
                        "portable way: {1}",
                        describePasses(*constants), reason);
  rewriter.replaceOp(
      sums.getDefiningOp(),
      fromImage(rewriter, loc, kernel.getResult().front(), type));
}

void FuseKernels::fuse(IntegerAddOp op, IRRewriter &rewriter) {
  auto type = cast<RankedTensorType>(op.getResult().getType());
  if (!isTensorOf(op.getResult(), 8))
    return miss(op, "its operands have more than 8 bits");
  if (op.getLhs().getType() != type || op.getRhs().getType() != type)
    return miss(op, "one of its operands is repeated along a dimension");
  if (op.getRounding() == Rounding::Reduced)
    return miss(op, "it rounds with multipliers of 15 bits");
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  Value init = tensor::EmptyOp::create(rewriter, loc, type.getShape(),
                                       type.getElementType());
  const KernelFamily *family = KernelFamily::find(kernels);
  bool isBiased = family->usesBiasedBytes();
  bool isUnsigned = op.getUnsignedOperands();
  int32_t offset = offsetOf(isUnsigned);
  auto kernel = FusedAddOp::create(
      rewriter, loc, TypeRange{type}, op.getLhs(), op.getRhs(), init,
      lowered(op.getLhsZeroPoint(), offset), op.getLhsMultiplier(),
      op.getLhsShift(), lowered(op.getRhsZeroPoint(), offset),
      op.getRhsMultiplier(), op.getRhsShift(), op.getLeftShift(),
      op.getOutputMultiplier(), op.getOutputShift(),
      lowered(op.getOutputZeroPoint(), offset),
      lowered(op.getClampMin(), offset), lowered(op.getClampMax(), offset),
      op.getRounding(), op.getSubtract(), /*biased_operands=*/isBiased,
      /*biased_result=*/isBiased);
  std::string obstacle = family->findAddObstacle(kernel);
  if (!obstacle.empty()) {
    rewriter.eraseOp(kernel);
    return miss(op, obstacle);
  }
  Value result = kernel.getResult().front();
  // Both what is unsigned and what is biased is stored plus 128.
  if (isBiased != isUnsigned) {
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

/// Whether the vectors of 64 bits of `kernels` shift each lane by bits of its
/// own: then channels may as well have different multipliers.
static bool shiftsLanesApart(KernelSet kernels) {
  switch (kernels) {
  case KernelSet::Avx2:
  case KernelSet::AvxVnni:
  case KernelSet::Avx512:
  case KernelSet::Avx512Vnni:
  case KernelSet::Neon:
  case KernelSet::NeonDotprod:
  case KernelSet::NeonI8mm:
    return true;
  default:
    return hasRiscvVectors(kernels);
  }
}

void FuseKernels::joinShared(IRRewriter &rewriter) {
  llvm::SetVector<Value> shared;
  getOperation().walk([&](tensor::ExtractSliceOp slice) {
    if (slice.getSource().getDefiningOp<linalg::MatmulOp>())
      shared.insert(slice.getSource());
  });
  for (Value sums : shared)
    joinRequantizations(sums, rewriter);
}

void FuseKernels::runOnOperation() {
  if (kernels == KernelSet::Portable)
    return;
  IRRewriter rewriter(&getContext());
  if (shiftsLanesApart(kernels))
    joinShared(rewriter);
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
