//===- IntegerLoweringOpInterface.h - Foreign ops to integers ---*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interface through which a quantized op of another dialect takes part in
// the conversion to the integer stage.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_INTERFACES_INTEGERLOWERINGOPINTERFACE_H
#define QUANTCC_INTERFACES_INTEGERLOWERINGOPINTERFACE_H

#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/OpDefinition.h>

#include "quantcc/Interfaces/IntegerLoweringOpInterface.h.inc"

#endif // QUANTCC_INTERFACES_INTEGERLOWERINGOPINTERFACE_H
