//===- SequenceLoop.h - Loops over the steps of a sequence ---- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loop of a recurrent layer: one body for all steps, so that the code does
// not grow with the sequence.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_LINALGBUILDING_SEQUENCELOOP_H
#define QUANTCC_CONVERSION_LINALGBUILDING_SEQUENCELOOP_H

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinTypes.h>

namespace quantcc {

/// What one step makes: its slice of the result [B,H], and the next states.
struct SequenceStep {
  mlir::Value output;
  llvm::SmallVector<mlir::Value> states;
};

/// Builds one step from the slice [B,I] of the input and the states.
using SequenceBody = llvm::function_ref<SequenceStep(
    mlir::OpBuilder &, mlir::Location, mlir::Value, mlir::ValueRange)>;

/// An scf.for over dimension `timeAxis` (0 or 1) of `input`, of rank 3. Returns
/// the result, of `resultType` [B,T,H] or [T,B,H], and the final states. Each
/// state ends a step in the memory it began in, so that the loop carries
/// no buffer around.
llvm::SmallVector<mlir::Value>
createSequenceLoop(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::Value input, unsigned timeAxis,
                   mlir::RankedTensorType resultType,
                   mlir::ValueRange initialStates, SequenceBody body);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_LINALGBUILDING_SEQUENCELOOP_H
