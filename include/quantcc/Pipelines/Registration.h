//===- Registration.h - Everything a tool needs -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registers the dialects, external models, passes and pipelines that quantcc's
// tools, and compilers that embed it, work with.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_PIPELINES_REGISTRATION_H
#define QUANTCC_PIPELINES_REGISTRATION_H

#include <mlir/IR/DialectRegistry.h>

namespace quantcc {

/// The quantcc dialect, the upstream dialects that its stages consist of, and
/// the interface implementations that passes need of them.
void registerAllDialects(mlir::DialectRegistry &registry);

/// quantcc's passes and pipelines, and the upstream passes that go with them.
void registerAllPasses();

} // namespace quantcc

#endif // QUANTCC_PIPELINES_REGISTRATION_H
