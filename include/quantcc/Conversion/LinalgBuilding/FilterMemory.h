//===- FilterMemory.h - The state of filters over time -------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The memory of a layer of filters over time: how it moves on by one step, and
// the sum over it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_LINALGBUILDING_FILTERMEMORY_H
#define QUANTCC_CONVERSION_LINALGBUILDING_FILTERMEMORY_H

#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinTypes.h>

namespace quantcc {

/// The state [B,F*M] of F filters with M values each, of which `rank` in a row
/// belong to one unit.
class FilterMemory {
public:
  /// `timeWeightsShape` is [F,M].
  FilterMemory(llvm::ArrayRef<int64_t> timeWeightsShape, int64_t rank,
               int64_t batch)
      : batch(batch), units(timeWeightsShape[0] / rank), rank(rank),
        length(timeWeightsShape[1]) {}

  /// The state without the oldest value of each filter, and with the newest
  /// [B,F] as last.
  mlir::Value advance(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value state, mlir::Value newest) const;

  /// `init` [B,F/rank] plus, for each unit, the products of the state of its
  /// filters and the weights [F,M], in this order of the values.
  mlir::Value createSum(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value state, mlir::Value weights,
                        mlir::Value init) const;

private:
  int64_t batch, units, rank, length;
};

} // namespace quantcc

#endif // QUANTCC_CONVERSION_LINALGBUILDING_FILTERMEMORY_H
