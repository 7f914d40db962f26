//===- LoopAnnotation.h - What LLVM is told of loops ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops that have to stay loops.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_LOOPANNOTATION_H
#define QUANTCC_LIB_CODEGEN_LOOPANNOTATION_H

#include <mlir/Dialect/SCF/IR/SCF.h>

namespace quantcc {

/// What LLVM finds at loops, and LowerToLLVM hands on to it.
constexpr llvm::StringLiteral kLoopAnnotationName = "llvm.loop_annotation";

/// Tells LLVM not to unroll `loop`.
void keepLoop(mlir::scf::ForOp loop);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_LOOPANNOTATION_H
