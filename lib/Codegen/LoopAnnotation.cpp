//===- LoopAnnotation.cpp - What LLVM is told of loops --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the attributes that LLVM understands.
//
//===----------------------------------------------------------------------===//

#include "LoopAnnotation.h"

#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

using namespace mlir;

void quantcc::keepLoop(scf::ForOp loop) {
  MLIRContext *context = loop.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/BoolAttr::get(context, true), /*count=*/{},
      /*runtimeDisable=*/{}, /*full=*/{}, {}, {}, {});
  loop->setAttr(kLoopAnnotationName, LLVM::LoopAnnotationAttr::get(
                                         context, {}, {}, {}, unroll, {}, {},
                                         {}, {}, {}, {}, {}, {}, {}, {}, {}));
}
