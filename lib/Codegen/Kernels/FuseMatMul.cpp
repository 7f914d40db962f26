//===- FuseMatMul.cpp - Products of activations to kernels ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns a product of activations and the requantization of its sums into one
// op. The product's operands are stored values less their zero points.
//
//===----------------------------------------------------------------------===//

#include "FuseMatMul.h"
#include "BiasedBytes.h"
#include "Kernel.h"
#include "Remarks.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Stored values of 8 bits, of which a product takes what they are above
/// `zeroPoint`.
struct Stored {
  Value value;
  int64_t zeroPoint = 0;
  bool isUnsigned = false;
};

/// Both operands, and their order in memory.
struct Product {
  Stored lhs, rhs;
  bool transposesRhs = false;
};

} // namespace

static bool isBytes(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getElementType().isInteger(8);
}

/// The stored values that `value` is made of by widening them and taking their
/// zero point away; nothing if it is made otherwise.
static std::optional<Stored> findStored(Value value) {
  if (isBytes(value))
    return Stored{value};
  auto generic = value.getDefiningOp<linalg::GenericOp>();
  if (!generic || generic.getNumDpsInputs() != 1 ||
      generic.getNumReductionLoops() != 0 ||
      !llvm::all_of(generic.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isIdentity(); }) ||
      !isBytes(generic.getDpsInputOperand(0)->get()))
    return std::nullopt;
  Stored result{generic.getDpsInputOperand(0)->get()};
  Value yielded = generic.getBody()->getTerminator()->getOperand(0);
  if (auto difference = yielded.getDefiningOp<arith::SubIOp>()) {
    APInt zeroPoint;
    if (!matchPattern(difference.getRhs(), m_ConstantInt(&zeroPoint)))
      return std::nullopt;
    result.zeroPoint = zeroPoint.getSExtValue();
    yielded = difference.getLhs();
  }
  Operation *widened = yielded.getDefiningOp();
  if (!widened || !isa<arith::ExtSIOp, arith::ExtUIOp>(widened) ||
      widened->getOperand(0) != generic.getBody()->getArgument(0))
    return std::nullopt;
  result.isUnsigned = isa<arith::ExtUIOp>(widened);
  return result;
}

/// Whether `body` adds the product of its first two arguments, widened, to the
/// third.
static bool addsProduct(Block &body) {
  auto sum = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddIOp>();
  if (!sum || sum.getLhs() != body.getArgument(2))
    return false;
  auto product = sum.getRhs().getDefiningOp<arith::MulIOp>();
  auto isArgument = [&](Value value, unsigned index) {
    if (auto extension = value.getDefiningOp<arith::ExtSIOp>())
      value = extension.getIn();
    return value == body.getArgument(index);
  };
  return product && isArgument(product.getLhs(), 0) &&
         isArgument(product.getRhs(), 1);
}

/// The product in `op`, of loops over batches, rows, depth and columns.
static linalg::GenericOp findProduct(RequantizeOp op) {
  auto generic = op.getInput().getDefiningOp<linalg::GenericOp>();
  if (!generic || generic.getNumDpsInputs() != 2 ||
      generic.getNumReductionLoops() != 1 || generic.getNumLoops() < 3 ||
      !addsProduct(*generic.getBody()))
    return {};
  unsigned depth = generic.getNumLoops() - 2;
  AffineMap identity =
      AffineMap::getMultiDimIdentityMap(generic.getNumLoops(), op.getContext());
  bool isInOrder =
      generic.getMatchingIndexingMap(generic.getDpsInitOperand(0)) ==
      identity.dropResult(depth);
  bool addsAlongDepth =
      generic.getIteratorTypesArray()[depth] == utils::IteratorType::reduction;
  return isInOrder && addsAlongDepth ? generic : linalg::GenericOp();
}

bool quantcc::requantizesProduct(RequantizeOp op) {
  return static_cast<bool>(findProduct(op));
}

/// The operands of `generic`; nothing for a reason.
static std::optional<Product> readProduct(linalg::GenericOp generic,
                                          std::string &reason) {
  auto lhs = findStored(generic.getDpsInputOperand(0)->get());
  auto rhs = findStored(generic.getDpsInputOperand(1)->get());
  auto sums = cast<RankedTensorType>(generic.getResult(0).getType());
  if (!lhs || !rhs || !sums.getElementType().isInteger(32)) {
    reason = "its operands have more than 8 bits, or its sums more than 32";
    return std::nullopt;
  }
  Value init = generic.getDpsInitOperand(0)->get();
  auto fill = init.getDefiningOp<linalg::FillOp>();
  if (!fill || !matchPattern(fill.getInputs().front(), m_Zero())) {
    reason = "its sums do not begin at 0";
    return std::nullopt;
  }
  Product product{*lhs, *rhs};
  unsigned loops = generic.getNumLoops();
  AffineMap identity =
      AffineMap::getMultiDimIdentityMap(loops, generic.getContext());
  SmallVector<AffineMap> maps = generic.getIndexingMapsArray();
  if (maps[0] != identity.dropResult(loops - 1)) {
    reason = "its first operand is transposed, or repeated for several batches";
    return std::nullopt;
  }
  AffineMap straight = identity.dropResult(loops - 3);
  SmallVector<AffineExpr> turned(straight.getResults());
  std::swap(turned.end()[-1], turned.end()[-2]);
  product.transposesRhs =
      maps[1] == AffineMap::get(loops, 0, turned, generic.getContext());
  if (maps[1] != straight && !product.transposesRhs) {
    reason = "its second operand is repeated for several batches";
    return std::nullopt;
  }
  // A copy that only exchanges the last two dimensions is not needed.
  auto transpose = product.rhs.value.getDefiningOp<linalg::TransposeOp>();
  if (transpose && !product.transposesRhs) {
    auto order = llvm::to_vector(llvm::seq<int64_t>(0, loops - 1));
    std::swap(order.end()[-1], order.end()[-2]);
    if (transpose.getPermutation() == ArrayRef(order)) {
      product.rhs.value = transpose.getInput();
      product.transposesRhs = true;
    }
  }
  return product;
}

/// [B,M,N] for any number of batches' dimensions.
static RankedTensorType asMatrices(RankedTensorType type) {
  ArrayRef<int64_t> shape = type.getShape();
  int64_t batches = ShapedType::getNumElements(shape.drop_back(2));
  return RankedTensorType::get({batches, shape.end()[-2], shape.back()},
                               type.getElementType());
}

static SmallVector<ReassociationIndices> groupsOf(RankedTensorType type) {
  int64_t rank = type.getRank();
  SmallVector<ReassociationIndices> groups;
  if (rank > 2)
    groups.push_back(llvm::to_vector(llvm::seq<int64_t>(0, rank - 2)));
  groups.push_back({rank - 2});
  groups.push_back({rank - 1});
  return groups;
}

/// `value` as `type`, of which one has three dimensions.
static Value reshape(IRRewriter &rewriter, Location loc, Value value,
                     RankedTensorType type) {
  auto from = cast<RankedTensorType>(value.getType());
  if (from == type)
    return value;
  // Of a rank of 2, the batch is a part of the rows.
  if (from.getRank() == 2 || type.getRank() == 2) {
    SmallVector<ReassociationIndices> groups{{0, 1}, {2}};
    if (from.getRank() == 2)
      return tensor::ExpandShapeOp::create(rewriter, loc, type, value, groups);
    return tensor::CollapseShapeOp::create(rewriter, loc, type, value, groups);
  }
  if (from.getRank() < type.getRank())
    return tensor::ExpandShapeOp::create(rewriter, loc, type, value,
                                         groupsOf(type));
  return tensor::CollapseShapeOp::create(rewriter, loc, type, value,
                                         groupsOf(from));
}

/// Signed stored values of `stored`, as matrices; its zero point follows.
static Value createOperand(IRRewriter &rewriter, Location loc, Stored &stored) {
  Value value = stored.value;
  if (stored.isUnsigned) {
    value = createBiased(rewriter, loc, value);
    stored.zeroPoint -= 128;
    stored.isUnsigned = false;
  }
  return reshape(rewriter, loc, value,
                 asMatrices(cast<RankedTensorType>(value.getType())));
}

Value quantcc::fuseMatMul(RequantizeOp op, const KernelFamily &family,
                          IRRewriter &rewriter, std::string &reason) {
  linalg::GenericOp generic = findProduct(op);
  std::optional<Product> product = readProduct(generic, reason);
  if (!product)
    return {};
  if (!generic->hasOneUse() || !isBytes(op.getResult()) ||
      op.getMultipliers().size() != 1) {
    reason = "its sums are read elsewhere too, or become more than 8 bits";
    return {};
  }
  // Packing the second operand takes about what the product of a row takes.
  constexpr int64_t kFewestRows = 4;
  if (asMatrices(cast<RankedTensorType>(op.getResult().getType()))
          .getDimSize(1) < kFewestRows) {
    reason = "its second operand would be packed for a few rows";
    return {};
  }
  // Kernels are functions of buffers whose places are known.
  if (op->getParentOfType<scf::ForOp>()) {
    reason = "it is a step of a loop";
    return {};
  }
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(op.getResult().getType());
  RankedTensorType matrices = asMatrices(type);
  int32_t offset = op.getUnsignedResult() ? 128 : 0;
  auto lowered = [&](uint32_t value) {
    return value - static_cast<uint32_t>(offset);
  };
  rewriter.setInsertionPoint(op);
  Value lhs = createOperand(rewriter, loc, product->lhs);
  Value rhs = createOperand(rewriter, loc, product->rhs);
  Value init = tensor::EmptyOp::create(rewriter, loc, matrices.getShape(),
                                       matrices.getElementType());
  auto kernel = FusedMatMulOp::create(
      rewriter, loc, TypeRange{matrices}, lhs, rhs, init,
      static_cast<uint32_t>(product->lhs.zeroPoint),
      static_cast<uint32_t>(product->rhs.zeroPoint),
      op.getMultipliers().front(), op.getShifts().front(),
      lowered(op.getOutputZeroPoint()), lowered(op.getClampMin()),
      lowered(op.getClampMax()), op.getRounding(), product->transposesRhs);
  reason = family.findMatMulObstacle(kernel);
  if (!reason.empty()) {
    // What was made for it has no other use.
    rewriter.eraseOp(kernel);
    return {};
  }
  if (auto told = remarkPassed(loc, "fuse-kernels"))
    told << remark::add(
        "becomes a kernel, its sums requantized in {0}",
        family.findNarrowing(requantizationOf(kernel))->describe());
  Value result = kernel.getResult().front();
  if (op.getUnsignedResult())
    result = createBiased(rewriter, loc, result);
  return reshape(rewriter, loc, result, type);
}
