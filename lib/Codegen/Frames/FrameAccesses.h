//===- FrameAccesses.h - What touches a frame, and where --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows the uses of a frame through plain views of known place.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_FRAMES_FRAMEACCESSES_H
#define QUANTCC_LIB_CODEGEN_FRAMES_FRAMEACCESSES_H

#include "FrameBox.h"

#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <optional>

namespace quantcc {

/// An operand that is a frame or a part of one.
struct FrameAccess {
  mlir::OpOperand *use;
  /// What the operation touches lies in it.
  Box box;
  bool reads;
  bool writes;
};

/// All accesses of `frame` by others than views; nothing if something sees it
/// in another shape, or it is not known what that does. A copy of a buffer onto
/// itself is none.
std::optional<llvm::SmallVector<FrameAccess>>
findAccesses(mlir::memref::AllocOp frame);

/// The frame that `buffer` is a part of, and which; null if it is no part of an
/// allocation, or a place that only a run tells.
mlir::memref::AllocOp findFrame(mlir::Value buffer, Box &box);

/// Makes whatever uses `frame` use `part`, a view of its shape, instead; as
/// `findAccesses` allows.
void replaceFrame(mlir::OpBuilder &builder, mlir::Value frame,
                  mlir::Value part);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_FRAMES_FRAMEACCESSES_H
