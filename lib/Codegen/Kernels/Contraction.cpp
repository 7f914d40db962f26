//===- Contraction.cpp - Sums of products in the terms of kernels ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads convolutions and products of linalg.
//
//===----------------------------------------------------------------------===//

#include "Contraction.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace quantcc;

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

static unsigned widthOf(Value value) {
  return getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth();
}

/// Whether `product` multiplies with one row of weights a result.
static bool hasRowsOfWeights(linalg::MatmulOp product) {
  MLIRContext *context = product.getContext();
  AffineExpr m, n, k;
  bindDims(context, m, n, k);
  auto map = [&](AffineExpr row, AffineExpr column) {
    return AffineMap::get(3, 0, {row, column}, context);
  };
  return product.getIndexingMapsArray() ==
         SmallVector<AffineMap>{map(m, k), map(n, k), map(m, n)};
}

/// Reads what `op` does along the window; false if it is no contraction that
/// kernels know.
static bool readWindow(linalg::LinalgOp op, Contraction &result) {
  auto read = [&](auto conv) {
    llvm::copy(conv.getStrides().template getValues<int64_t>(),
               result.strides.begin());
    llvm::copy(conv.getDilations().template getValues<int64_t>(),
               result.dilations.begin());
    return true;
  };
  if (auto conv = dyn_cast<linalg::Conv2DNhwcFhwcOp>(op.getOperation()))
    return read(conv);
  if (auto conv =
          dyn_cast<linalg::DepthwiseConv2DNhwcHwcOp>(op.getOperation())) {
    result.isDepthwise = true;
    return read(conv);
  }
  auto product = dyn_cast<linalg::MatmulOp>(op.getOperation());
  result.isProduct = product && hasRowsOfWeights(product);
  return result.isProduct;
}

/// Why kernels do not take values of the widths that there are; empty if they
/// do.
static std::string findWidthObstacle(RequantizeOp op,
                                     const Contraction &found) {
  unsigned input = widthOf(found.input), result = widthOf(op.getResult()),
           weights = widthOf(found.weights), sums = widthOf(op.getInput());
  auto bits = [](unsigned width) { return std::to_string(width) + " bits"; };
  if (input != 8 && input != 16)
    return "its input has " + bits(input) + ": kernels take 8 and 16";
  if (input == 16 && result != 16)
    return "its input has 16 bits and its result " + bits(result) +
           ": kernels make 16 of 16";
  if (sums != 32)
    return "its sums take " + bits(sums) +
           ": kernels add up 32, which a bias of 32 bits and weights of less "
           "magnitude leave";
  unsigned most = input == 8 ? 16 : 8;
  if (weights != 8 && weights != most)
    return "its weights less their zero point take " + bits(weights) +
           ": beside an input of " + bits(input) + " kernels take up to " +
           std::to_string(most) + ", and weights without a zero point have 8";
  if (input == 16 && op.getUnsignedResult())
    return "its stored values of 16 bits are unsigned";
  return "";
}

std::optional<Contraction> quantcc::findContraction(RequantizeOp op, Value sums,
                                                    std::string &reason) {
  Contraction result;
  auto producer = sums.getDefiningOp<linalg::LinalgOp>();
  if (!producer || producer.getNumDpsInputs() != 2 ||
      !readWindow(producer, result)) {
    reason = "it is no convolution and no product with weights";
    return std::nullopt;
  }
  result.input = producer.getDpsInputOperand(0)->get();
  result.weights = producer.getDpsInputOperand(1)->get();
  result.bias = findBias(producer.getDpsInitOperand(0)->get());
  bool areSliced = sums != op.getInput();
  if (areSliced ? !llvm::all_of(sums.getUsers(),
                                llvm::IsaPred<tensor::ExtractSliceOp>)
                : !producer->hasOneUse())
    reason = "its sums are read elsewhere too, before they are requantized";
  else if (!cast<ShapedType>(op.getResult().getType()).hasStaticShape() ||
           !cast<ShapedType>(result.input.getType()).hasStaticShape())
    reason = "its shapes are not static";
  else if (!matchPattern(result.weights, m_Constant()))
    reason = "its weights are no constants, which kernels read packed";
  else if (!result.bias)
    reason = "its bias is not one constant a channel";
  else
    reason = findWidthObstacle(op, result);
  if (!reason.empty())
    return std::nullopt;
  return result;
}
