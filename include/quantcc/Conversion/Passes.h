//===- Passes.h - Passes that lower --------------------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Creation and registration of the passes that Passes.td describes.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_PASSES_H
#define QUANTCC_CONVERSION_PASSES_H

#include <memory>
#include <mlir/Pass/Pass.h>

namespace quantcc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "quantcc/Conversion/Passes.h.inc"

} // namespace quantcc

#endif // QUANTCC_CONVERSION_PASSES_H
