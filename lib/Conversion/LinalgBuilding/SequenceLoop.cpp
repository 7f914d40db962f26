//===- SequenceLoop.cpp - Loops over the steps of a sequence --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loop of a recurrent layer.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/LinalgBuilding/SequenceLoop.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Where step `step` lies in a tensor of `shape`.
struct StepSlice {
  StepSlice(OpBuilder &builder, ArrayRef<int64_t> shape, unsigned timeAxis,
            Value step)
      : offsets(3, builder.getIndexAttr(0)),
        strides(3, builder.getIndexAttr(1)) {
    for (int64_t size : shape)
      sizes.push_back(builder.getIndexAttr(size));
    offsets[timeAxis] = step;
    sizes[timeAxis] = builder.getIndexAttr(1);
  }

  SmallVector<OpFoldResult> offsets, sizes, strides;
};

} // namespace

SmallVector<Value> quantcc::createSequenceLoop(OpBuilder &builder, Location loc,
                                               Value input, unsigned timeAxis,
                                               RankedTensorType resultType,
                                               ValueRange initialStates,
                                               SequenceBody body) {
  auto inputType = cast<RankedTensorType>(input.getType());
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  SmallVector<Value> carried{tensor::EmptyOp::create(
      builder, loc, resultType.getShape(), resultType.getElementType())};
  llvm::append_range(carried, initialStates);
  auto loop = scf::ForOp::create(
      builder, loc, constant(0), constant(inputType.getDimSize(timeAxis)),
      constant(1), carried,
      [&](OpBuilder &nested, Location bodyLoc, Value step, ValueRange values) {
        StepSlice from(nested, inputType.getShape(), timeAxis, step);
        auto sliceType = RankedTensorType::get(
            {inputType.getDimSize(1 - timeAxis), inputType.getDimSize(2)},
            inputType.getElementType());
        Value slice = tensor::ExtractSliceOp::create(nested, bodyLoc, sliceType,
                                                     input, from.offsets,
                                                     from.sizes, from.strides);
        ValueRange states = values.drop_front();
        SequenceStep made = body(nested, bodyLoc, slice, states);
        StepSlice to(nested, resultType.getShape(), timeAxis, step);
        SmallVector<Value> next{tensor::InsertSliceOp::create(
            nested, bodyLoc, made.output, values.front(), to.offsets, to.sizes,
            to.strides)};
        for (auto [state, old] : llvm::zip_equal(made.states, states))
          next.push_back(
              linalg::CopyOp::create(nested, bodyLoc, state, old).getResult(0));
        scf::YieldOp::create(nested, bodyLoc, next);
      });
  return SmallVector<Value>(loop.getResults());
}
