//===- BufferAccesses.h - How often a buffer is read and written *- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts the bytes that a run moves to and from a buffer.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_BUFFERACCESSES_H
#define QUANTCC_LIB_CODEGEN_BUFFERACCESSES_H

#include <mlir/IR/Value.h>

namespace quantcc {

/// The bytes that one run reads from and writes to `buffer`, a memref of static
/// shape, through any view of it and in the functions it is passed to. A loop
/// counts as often as it runs, if that is constant; what is no load or store
/// touches each byte once. At most 2^62.
int64_t countAccessedBytes(mlir::Value buffer);

/// Whether `use` of a buffer, or of a view of one, writes to it: by itself or,
/// where it is an argument of a call, in the function that is called.
bool writesBuffer(mlir::OpOperand &use);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_BUFFERACCESSES_H
