//===- Precompiled.cpp - Owner of the precompiled header ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A source without content: the target it makes owns the precompiled header
// that all other targets reuse.
//
//===----------------------------------------------------------------------===//
