//===- StructureMutants.cpp - Mistakes around the integer ops -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wrong borders, windows, accumulators, weights and positions.
//
//===----------------------------------------------------------------------===//

#include "MutationRules.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

//===----------------------------------------------------------------------===//
// Borders and windows
//===----------------------------------------------------------------------===//

static bool isMaxPool(Operation *op) {
  return isa<linalg::PoolingNhwcMaxOp, linalg::PoolingNhwcMaxUnsignedOp>(op);
}

/// Writes 0 into the borders whose users `isUser` accepts.
static Mutation zeroBorder(bool (*isUser)(Operation *)) {
  return onEach<tensor::PadOp>([isUser](tensor::PadOp op) {
    Operation *yield = op.getBody()->getTerminator();
    std::optional<int64_t> value = constantOf(yield->getOperand(0));
    if (!value || *value == 0 || !llvm::all_of(op->getUsers(), isUser))
      return false;
    yield->setOperand(0, createConstant(op, yield->getOperand(0), 0));
    return true;
  });
}

/// Sets all of an attribute of two numbers, such as strides, to 1.
static Mutation flattenWindows(StringRef name) {
  return [name](ModuleOp module) {
    bool changed = false;
    module.walk([&](linalg::LinalgOp op) {
      auto values = op->getAttrOfType<DenseIntElementsAttr>(name);
      if (!values || (values.isSplat() && values.getSplatValue<int64_t>() == 1))
        return;
      op->setAttr(name, DenseIntElementsAttr::get(values.getType(),
                                                  ArrayRef<int64_t>{1, 1}));
      // linalg keeps the maps that it made of the attributes before.
      op->removeAttr("linalg.memoized_indexing_maps");
      changed = true;
    });
    return changed;
  };
}

/// Exchanges the height and width of square kernels of constant weights, where
/// they are dimensions `y` and `y + 1`.
template <typename OpTy> static Mutation transposeKernel(unsigned y) {
  return onEach<OpTy>([y](OpTy op) {
    DenseElementsAttr weights;
    if (!matchPattern(op->getOperand(1), m_Constant(&weights)))
      return false;
    ArrayRef<int64_t> shape = weights.getType().getShape();
    if (shape[y] != shape[y + 1] || shape[y] == 1 || weights.isSplat())
      return false;
    int64_t inner = 1;
    for (int64_t size : shape.drop_front(y + 2))
      inner *= size;
    auto values = llvm::to_vector(weights.getValues<APInt>());
    SmallVector<APInt> exchanged(values);
    int64_t side = shape[y], plane = side * side * inner;
    for (int64_t i = 0, e = values.size(); i < e; ++i) {
      int64_t row = i % plane / (side * inner), column = i / inner % side;
      exchanged[i - i % plane + (column * side + row) * inner + i % inner] =
          values[i];
    }
    replaceConstant(op, 1,
                    DenseElementsAttr::get(weights.getType(), exchanged));
    return true;
  });
}

/// Changes the constant weights of convolutions and products, as a vector of
/// rows of one output channel each.
template <typename OpTy, typename Rule> static Mutation onWeights(Rule rule) {
  return onEach<OpTy>([rule](OpTy op) {
    DenseElementsAttr weights;
    if (!matchPattern(op->getOperand(1), m_Constant(&weights)))
      return false;
    auto values = llvm::to_vector(weights.getValues<APInt>());
    auto changed = values;
    rule(changed, weights.getType().getShape());
    if (values == changed)
      return false;
    replaceConstant(op, 1, DenseElementsAttr::get(weights.getType(), changed));
    return true;
  });
}

/// Weights that may have been of 4 bits, extended as if they had no sign.
static void extendUnsigned(SmallVectorImpl<APInt> &weights, ArrayRef<int64_t>) {
  if (!llvm::all_of(weights, [](const APInt &w) {
        return w.getSExtValue() >= -8 && w.getSExtValue() <= 7;
      }))
    return;
  for (APInt &weight : weights)
    weight &= 15;
}

/// The taps of kernels `[O,KH,KW,C]` from the last to the first.
static void reverseTaps(SmallVectorImpl<APInt> &weights,
                        ArrayRef<int64_t> shape) {
  SmallVector<APInt> from(weights.begin(), weights.end());
  int64_t taps = shape[1] * shape[2], depth = shape[3];
  for (int64_t i = 0, e = from.size(); i < e; ++i) {
    int64_t tap = i / depth % taps;
    weights[i] = from[i + (taps - 1 - 2 * tap) * depth];
  }
}

static std::vector<Mutant> windowMutants() {
  return {
      {"kernel reversed", onWeights<linalg::Conv2DNhwcFhwcOp>(reverseTaps), {}},
      {"weights of 4 bits lose their sign",
       onWeights<linalg::Conv2DNhwcFhwcOp>(extendUnsigned),
       {}},
      {"matrix of 4 bits loses its sign",
       onWeights<linalg::MatmulOp>(extendUnsigned),
       {}},
      {"convolution's border is 0, not the zero point",
       zeroBorder([](Operation *op) {
         return isa<linalg::LinalgOp>(op) && !isMaxPool(op);
       }),
       {}},
      {"maximum pool's border is 0", zeroBorder(isMaxPool), {}},
      {"stride 1", flattenWindows("strides"), {}},
      {"dilation 1", flattenWindows("dilations"), {}},
      {"dense kernel transposed",
       transposeKernel<linalg::Conv2DNhwcFhwcOp>(1),
       {}},
      {"depthwise kernel transposed",
       transposeKernel<linalg::DepthwiseConv2DNhwcHwcOp>(0),
       {}},
      {"maximum pool of unsigned values compares signed ones",
       onEach<linalg::PoolingNhwcMaxUnsignedOp>(
           [](linalg::PoolingNhwcMaxUnsignedOp op) {
             OpBuilder builder(op);
             auto pool = linalg::PoolingNhwcMaxOp::create(
                 builder, op.getLoc(), op.getResultTypes(), op.getInputs(),
                 op.getOutputs(), op.getStridesAttr(), op.getDilationsAttr());
             return replaceBy(op, pool.getResult(0));
           }),
       {}},
      {"window's divisor counts the border",
       onEach<linalg::GenericOp>([](linalg::GenericOp op) {
         // The reciprocals of the windows' sizes; the least is that of the
         // whole window.
         bool changed = false;
         for (auto [index, operand] : llvm::enumerate(op.getInputs())) {
           DenseIntElementsAttr values;
           if (!getElementTypeOrSelf(operand.getType()).isInteger(64) ||
               !matchPattern(operand, m_Constant(&values)) || values.isSplat())
             continue;
           int64_t least = INT64_MAX;
           for (const APInt &value : values.getValues<APInt>())
             least = std::min(least, value.getSExtValue());
           replaceConstant(op, index,
                           DenseElementsAttr::get(values.getType(), least));
           changed = true;
         }
         return changed;
       }),
       {}},
  };
}

//===----------------------------------------------------------------------===//
// Accumulators, weights, positions
//===----------------------------------------------------------------------===//

/// Lets the accumulators of `from` bits wrap around at `to` bits; those alone
/// that are computed `ofElements`, not sums.
static Mutation wrapAccumulators(unsigned from, unsigned to,
                                 bool ofElements = false) {
  return onEach<RequantizeOp>([=](RequantizeOp op) {
    auto source = op.getInput().getDefiningOp<linalg::GenericOp>();
    if (ofElements && (!source || source.getNumReductionLoops()))
      return false;
    auto type = cast<RankedTensorType>(op.getInput().getType());
    if (!type.getElementType().isInteger(from))
      return false;
    OpBuilder builder(op);
    Location loc = op.getLoc();
    SmallVector<AffineMap> maps(2,
                                builder.getMultiDimIdentityMap(type.getRank()));
    SmallVector<utils::IteratorType> loops(type.getRank(),
                                           utils::IteratorType::parallel);
    Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(),
                                          type.getElementType());
    auto wrapped = linalg::GenericOp::create(
        builder, loc, TypeRange{type}, op.getInput(), empty, maps, loops,
        [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
          Value narrow = arith::TruncIOp::create(
              nested, nestedLoc, nested.getIntegerType(to), args[0]);
          Value wide = arith::ExtSIOp::create(nested, nestedLoc,
                                              type.getElementType(), narrow);
          linalg::YieldOp::create(nested, nestedLoc, wide);
        });
    op->setOperand(0, wrapped.getResult(0));
    return true;
  });
}

/// Changes the constant that is broadcast to accumulators: the folded bias.
template <typename Rule> static Mutation onBias(Rule rule) {
  return onEach<linalg::BroadcastOp>([rule](linalg::BroadcastOp op) {
    DenseElementsAttr bias;
    if (!matchPattern(op->getOperand(0), m_Constant(&bias)))
      return false;
    auto values = llvm::to_vector(bias.getValues<APInt>());
    auto changed = values;
    rule(changed);
    replaceConstant(op, 0, DenseElementsAttr::get(bias.getType(), changed));
    return values != changed;
  });
}

static std::vector<Mutant> accumulatorMutants() {
  return {
      {"accumulators of 16 bits", wrapAccumulators(32, 16), {}},
      {"accumulators of 32 bits where 64 are needed",
       wrapAccumulators(64, 32),
       {}},
      {"products of two values in 32 bits where 64 are needed",
       wrapAccumulators(64, 32, /*ofElements=*/true),
       {}},
      {"bias and input's zero point dropped",
       onBias([](SmallVectorImpl<APInt> &bias) {
         for (APInt &value : bias)
           value = APInt::getZero(value.getBitWidth());
       }),
       {}},
      {"bias of the next channel",
       onBias([](SmallVectorImpl<APInt> &bias) {
         std::rotate(bias.begin(), bias.begin() + 1, bias.end());
       }),
       {}},
      {"all groups read the first",
       onEach<linalg::GenericOp>([](linalg::GenericOp op) {
         SmallVector<AffineMap> maps = op.getIndexingMapsArray();
         if (op.getNumReductionLoops() != 3 ||
             maps.front().getNumResults() != 5)
           return false;
         SmallVector<AffineExpr> results(maps[0].getResults());
         results[3] = getAffineConstantExpr(0, op.getContext());
         maps[0] =
             AffineMap::get(maps[0].getNumDims(), 0, results, op.getContext());
         op.setIndexingMapsAttr(OpBuilder(op).getAffineMapArrayAttr(maps));
         return true;
       }),
       {}},
  };
}

static std::vector<Mutant> positionMutants() {
  return {
      {"slice without strides",
       onEach<tensor::ExtractSliceOp>([](tensor::ExtractSliceOp op) {
         SmallVector<int64_t> strides(op.getStaticStrides().size(), 1);
         bool changed = ArrayRef<int64_t>(strides) != op.getStaticStrides();
         op.setStaticStrides(strides);
         return changed;
       }),
       {}},
      {"transposed convolution leaves no gaps",
       onEach<tensor::InsertSliceOp>([](tensor::InsertSliceOp op) {
         SmallVector<int64_t> strides(op.getStaticStrides().size(), 1);
         bool changed = ArrayRef<int64_t>(strides) != op.getStaticStrides();
         op.setStaticStrides(strides);
         return changed;
       }),
       {}},
      {"transposed convolution begins one row late",
       onEach<tensor::InsertSliceOp>([](tensor::InsertSliceOp op) {
         // The row before is part of the padding, where there is one.
         if (op.getSourceType().getRank() != 4 ||
             !op.getDest().getDefiningOp<linalg::FillOp>())
           return false;
         SmallVector<int64_t> offsets(op.getStaticOffsets());
         if (offsets[1] < 1)
           return false;
         --offsets[1];
         op.setStaticOffsets(offsets);
         return true;
       }),
       {}},
      {"transposed convolution's gaps are 0, not the zero point",
       onEach<tensor::InsertSliceOp>([](tensor::InsertSliceOp op) {
         auto fill = op.getDest().getDefiningOp<linalg::FillOp>();
         std::optional<int64_t> value =
             fill ? constantOf(fill.getInputs()[0]) : std::nullopt;
         if (!value || *value == 0)
           return false;
         fill->setOperand(0, createConstant(fill, fill.getInputs()[0], 0));
         return true;
       }),
       {}},
      {"slice begins at 0",
       onEach<tensor::ExtractSliceOp>([](tensor::ExtractSliceOp op) {
         SmallVector<int64_t> offsets(op.getStaticOffsets());
         for (int64_t &offset : offsets)
           offset = 0;
         bool changed = ArrayRef<int64_t>(offsets) != op.getStaticOffsets();
         op.setStaticOffsets(offsets);
         return changed;
       }),
       {}},
      {"concat writes all parts to the beginning",
       onEach<tensor::InsertSliceOp>([](tensor::InsertSliceOp op) {
         SmallVector<int64_t> offsets(op.getStaticOffsets().size(), 0);
         bool changed = ArrayRef<int64_t>(offsets) != op.getStaticOffsets();
         op.setStaticOffsets(offsets);
         return changed;
       }),
       {}},
      {"transpose leaves the elements in place",
       onEach<linalg::TransposeOp>([](linalg::TransposeOp op) {
         auto from = cast<RankedTensorType>(op.getInput().getType());
         auto to = cast<RankedTensorType>(op.getInit().getType());
         if (from.getRank() < 2)
           return false;
         ReassociationIndices all =
             llvm::to_vector<2>(llvm::seq<int64_t>(0, from.getRank()));
         OpBuilder builder(op);
         Value flat = tensor::CollapseShapeOp::create(
             builder, op.getLoc(), from.clone({from.getNumElements()}),
             op.getInput(), ArrayRef<ReassociationIndices>{all});
         Value moved =
             tensor::ExpandShapeOp::create(builder, op.getLoc(), to, flat,
                                           ArrayRef<ReassociationIndices>{all});
         return replaceBy(op, moved);
       }),
       {}},
  };
}

std::vector<Mutant> quantcc::differential::structureMutants() {
  std::vector<Mutant> all = windowMutants();
  llvm::append_range(all, accumulatorMutants());
  llvm::append_range(all, positionMutants());
  return all;
}
