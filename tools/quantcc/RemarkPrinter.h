//===- RemarkPrinter.h - What the code generator decided --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints the code generator's remarks as lines that name the layer.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_REMARKPRINTER_H
#define QUANTCC_TOOLS_QUANTCC_REMARKPRINTER_H

#include <mlir/IR/MLIRContext.h>

namespace quantcc {

/// From now on, prints each different remark of quantcc's passes in `context`
/// to the standard error stream, once; `file` is the model that they are about.
void printRemarks(mlir::MLIRContext *context, llvm::StringRef file);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_REMARKPRINTER_H
