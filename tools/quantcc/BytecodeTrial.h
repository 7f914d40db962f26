//===- BytecodeTrial.h - Reading bytecode at no risk ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's bytecode reader trusts its input: a damaged file can make it overrun
// its memory or abort. So a file is read in a child process first.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_BYTECODETRIAL_H
#define QUANTCC_TOOLS_QUANTCC_BYTECODETRIAL_H

#include <llvm/Support/Error.h>
#include <llvm/Support/MemoryBuffer.h>
#include <mlir/IR/MLIRContext.h>

namespace quantcc {

/// Reads `bytecode` with the dialects of `context` in a child process, without
/// a trace in this one. An error says that the reader did not survive it;
/// success says nothing of whether the reader liked what it read.
llvm::Error tryBytecode(llvm::MemoryBufferRef bytecode,
                        mlir::MLIRContext *context);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_BYTECODETRIAL_H
