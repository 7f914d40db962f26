//===- TableLookup.h - Tables of bytes, several at a time -------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Looks many bytes up in a table of 256 at once, where an instruction set has
// something for it: shuffles of registers that hold the table, or loads of
// bytes from different places.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_TABLELOOKUP_H
#define QUANTCC_LIB_CODEGEN_TABLELOOKUP_H

#include "quantcc/Codegen/TargetInfo.h"

#include <mlir/IR/Builders.h>

namespace quantcc {

/// Bytes of a table.
constexpr int64_t kTableBytes = 256;

/// Bytes that are looked up at once; 0 if there is nothing for it.
int64_t lookupLanes(KernelSet kernels);

/// The bytes of `table`, a buffer of kTableBytes bytes, at `positions`, a
/// vector of lookupLanes(kernels) unsigned bytes.
mlir::Value createVectorLookup(mlir::OpBuilder &builder, mlir::Location loc,
                               KernelSet kernels, mlir::Value table,
                               mlir::Value positions);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_TABLELOOKUP_H
