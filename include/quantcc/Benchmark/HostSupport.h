//===- HostSupport.h - What this machine can execute ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares a target's features with those of the machine at hand.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_HOSTSUPPORT_H
#define QUANTCC_BENCHMARK_HOSTSUPPORT_H

#include "quantcc/Codegen/TargetInfo.h"

#include <llvm/ADT/StringSet.h>

namespace quantcc {

/// Whether code for `target` runs on this machine. Errors: it does not, and
/// why.
llvm::Error checkRunsHere(const TargetInfo &target);

/// The features, in LLVM's terms, that code for the x86-64 `target` may use.
llvm::StringSet<> x86FeaturesOf(const TargetInfo &target);

/// The name of this machine's processor as its maker gives it, or LLVM's name.
std::string processorName();

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_HOSTSUPPORT_H
