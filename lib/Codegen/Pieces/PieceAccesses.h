//===- PieceAccesses.h - Memory that pieces touch ---------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Proves that the pieces of a layer may run at once: that none writes what
// another reads or writes. The proof looks at the code of the pieces alone, not
// at how they were made.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_PIECES_PIECEACCESSES_H
#define QUANTCC_LIB_CODEGEN_PIECES_PIECEACCESSES_H

#include <mlir/Dialect/SCF/IR/SCF.h>
#include <string>

namespace quantcc {

/// The number of pieces of `pieces`, if it counts with one index from 0 in
/// steps of 1 up to a constant and has no results.
std::optional<int64_t> countPieces(mlir::scf::ForallOp pieces);

/// Why the pieces of `pieces`, on buffers, are not proved independent; empty if
/// they are. What a piece allocates is taken as its own.
std::string findConflict(mlir::scf::ForallOp pieces);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_PIECES_PIECEACCESSES_H
