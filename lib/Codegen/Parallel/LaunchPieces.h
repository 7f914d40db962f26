//===- LaunchPieces.h - Hand pieces to the caller's threads ----*- C++ -*--===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the pieces of layers become tasks that the caller of the model runs. The
// conversion to the LLVM dialect lies between the two steps.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_PARALLEL_LAUNCHPIECES_H
#define QUANTCC_LIB_CODEGEN_PARALLEL_LAUNCHPIECES_H

#include <llvm/ADT/StringMap.h>
#include <mlir/IR/BuiltinOps.h>

namespace quantcc {

/// A function that stands for running the pieces of a layer.
struct PieceLaunch {
  std::string piece;
  int64_t count;
};

/// Appends two pointers to the arguments of each function that is marked
/// `quantcc.pieces`: a function, and its first argument. Replaces each forall
/// of such a function, as `quantcc-outline-pieces` leaves it, by the call of a
/// function without a body, by whose name `launches` has what it stands for.
mlir::LogicalResult replacePieces(mlir::ModuleOp module,
                                  llvm::StringMap<PieceLaunch> &launches);

/// Replaces these calls, in the LLVM dialect, by calls of the caller's function
/// with the number of pieces, a task and its context.
void launchPieces(mlir::ModuleOp module,
                  const llvm::StringMap<PieceLaunch> &launches);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_PARALLEL_LAUNCHPIECES_H
