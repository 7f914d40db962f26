//===- Passes.h - The stage verifier -------------------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Creation and registration of the stage verifier.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_VERIFICATION_PASSES_H
#define QUANTCC_VERIFICATION_PASSES_H

#include <memory>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/Pass/Pass.h>

namespace quantcc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "quantcc/Verification/Passes.h.inc"

} // namespace quantcc

#endif // QUANTCC_VERIFICATION_PASSES_H
