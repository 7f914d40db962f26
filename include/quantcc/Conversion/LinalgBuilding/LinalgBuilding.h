//===- LinalgBuilding.h - Pieces of linalg IR ----------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the pieces of linalg IR that several lowerings share: elementwise and
// filled tensors, padding, reshapes, constants. All tensors have static shapes.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_LINALGBUILDING_LINALGBUILDING_H
#define QUANTCC_CONVERSION_LINALGBUILDING_LINALGBUILDING_H

#include <llvm/ADT/STLFunctionalExtras.h>
#include <mlir/IR/AffineMap.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinTypes.h>

namespace quantcc {

/// Builds the body of an elementwise op: gets one scalar an input, returns the
/// scalar result.
using ScalarBody = llvm::function_ref<mlir::Value(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// As ScalarBody; the last argument is the accumulator.
using ReductionBody = ScalarBody;

/// The shape of the ranked tensor `value`.
llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);

/// The map through which a tensor of shape `from` is read in an elementwise op
/// over `to`: aligned at the right, dimensions of 1 repeated. Expects shapes
/// that broadcast.
mlir::AffineMap broadcastMap(mlir::MLIRContext *context,
                             llvm::ArrayRef<int64_t> from,
                             llvm::ArrayRef<int64_t> to);

/// The map through which a vector is read along dimension `axis` of `rank`.
mlir::AffineMap axisMap(mlir::MLIRContext *context, unsigned rank,
                        unsigned axis);

/// A linalg.generic over every element of a new tensor of `type`, each input
/// read through its map.
mlir::Value createElementwise(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::RankedTensorType type,
                              mlir::ValueRange inputs,
                              llvm::ArrayRef<mlir::AffineMap> maps,
                              ScalarBody body);

/// As above, inputs broadcast to the shape of `type`.
mlir::Value createElementwise(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::RankedTensorType type,
                              mlir::ValueRange inputs, ScalarBody body);

/// A linalg.generic that accumulates into `init`. `loops` loops, of which those
/// marked in `isReduction` reduce, in this order; `maps` has one map an input
/// and, last, that of `init`. Returns the result.
mlir::Value createReduction(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::ValueRange inputs, mlir::Value init,
                            llvm::ArrayRef<mlir::AffineMap> maps,
                            llvm::ArrayRef<bool> isReduction,
                            ReductionBody body);

/// The body `accumulator + lhs * rhs`: integers are sign-extended to the
/// accumulator's type, floats multiplied and then added.
mlir::Value createMultiplyAccumulate(mlir::OpBuilder &builder,
                                     mlir::Location loc, mlir::ValueRange args);

/// The loops of a batched matrix product `result[b..., m, n] += lhs[b..., m, k]
/// * rhs[b..., k, n]`, in the order `b..., m, k, n`, which keeps the sum over k
/// in order and the innermost accesses contiguous. Leading dimensions of 1
/// broadcast.
struct MatMulLoops {
  MatMulLoops(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> lhsShape,
              llvm::ArrayRef<int64_t> rhsShape,
              llvm::ArrayRef<int64_t> resultShape, bool transposeLhs,
              bool transposeRhs);

  llvm::SmallVector<mlir::AffineMap> maps;
  llvm::SmallVector<bool> isReduction;
};

/// A tensor of `type` that holds `value` everywhere.
mlir::Value createFilled(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::RankedTensorType type, mlir::TypedAttr value);

/// `input` with a constant border of `low` and `high` elements a dimension, or
/// `input` itself where all are 0.
mlir::Value createPadded(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value input, llvm::ArrayRef<int64_t> low,
                         llvm::ArrayRef<int64_t> high, mlir::TypedAttr value);

/// The images `input` [N,H,W,C] with their pixels `strides` apart: position
/// (y, x) moves to (before[0] + y * strides[0], before[1] + x * strides[1]) of
/// images of `size`, which hold `value` elsewhere.
mlir::Value createSpread(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value input, llvm::ArrayRef<int64_t> before,
                         llvm::ArrayRef<int64_t> strides,
                         llvm::ArrayRef<int64_t> size, mlir::TypedAttr value);

/// `input` under another shape of as many elements.
mlir::Value createReshape(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value input, llvm::ArrayRef<int64_t> shape);

/// The larger, or with `takeSmaller` the smaller, of two scalars of one type;
/// integers are compared as unsigned if `isUnsigned`.
mlir::Value createSelectExtreme(mlir::OpBuilder &builder, mlir::Location loc,
                                mlir::Value lhs, mlir::Value rhs,
                                bool takeSmaller, bool isUnsigned);

/// The scalar `value` limited to the constants `low` and `high` of its type.
mlir::Value createClamp(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value value, mlir::TypedAttr low,
                        mlir::TypedAttr high, bool isUnsigned);

/// The vector `vector` repeated along the last dimension of `type`.
mlir::Value createBroadcastOfLast(mlir::OpBuilder &builder, mlir::Location loc,
                                  mlir::Value vector,
                                  mlir::RankedTensorType type);

/// A constant tensor of signless integers of `width` bits; values wrap.
mlir::Value createIntegerConstant(mlir::OpBuilder &builder, mlir::Location loc,
                                  llvm::ArrayRef<int64_t> values,
                                  llvm::ArrayRef<int64_t> shape,
                                  unsigned width);

/// The elements of a row-major tensor of `shape` with its dimensions in the
/// order `permutation`: dimension i of the result is dimension permutation[i]
/// of the operand.
template <typename T>
llvm::SmallVector<T> permuteElements(llvm::ArrayRef<T> elements,
                                     llvm::ArrayRef<int64_t> shape,
                                     llvm::ArrayRef<unsigned> permutation) {
  unsigned rank = shape.size();
  llvm::SmallVector<int64_t> stride(rank, 1), index(rank, 0);
  for (unsigned i = rank; i-- > 1;)
    stride[i - 1] = stride[i] * shape[i];
  llvm::SmallVector<T> result;
  result.reserve(elements.size());
  for (size_t count = 0; count < elements.size(); ++count) {
    int64_t offset = 0;
    for (unsigned i = 0; i < rank; ++i)
      offset += index[i] * stride[permutation[i]];
    result.push_back(elements[offset]);
    for (unsigned i = rank; i-- > 0;) {
      if (++index[i] < shape[permutation[i]])
        break;
      index[i] = 0;
    }
  }
  return result;
}

} // namespace quantcc

#endif // QUANTCC_CONVERSION_LINALGBUILDING_LINALGBUILDING_H
