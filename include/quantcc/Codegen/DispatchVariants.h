//===- DispatchVariants.h - One entry for several processors ----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Merges the same model, compiled for several x86-64 processors, into one
// module that finds out which it runs on.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_DISPATCHVARIANTS_H
#define QUANTCC_CODEGEN_DISPATCHVARIANTS_H

#include "quantcc/Codegen/TargetInfo.h"

#include <llvm/IR/Module.h>
#include <memory>

namespace quantcc {

/// The writable data that a module for several processors has.
constexpr int64_t kVariantBytes = 4;

/// One module of `modules`, which are the same model's for `variants` in turn,
/// the most capable last. Their function `entry` becomes internal; a new one
/// asks the processor by CPUID, the first time that it is called, and calls the
/// last variant that it can execute. The answer is kept in kVariantBytes.
/// The first is not asked about: it is what every processor must execute.
/// Other public functions stay those of the first. Constants that are the same
/// are there once. Errors: a variant that there is no question for.
llvm::Expected<std::unique_ptr<llvm::Module>>
dispatchVariants(llvm::SmallVector<std::unique_ptr<llvm::Module>> modules,
                 llvm::ArrayRef<TargetInfo> variants, llvm::StringRef entry);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_DISPATCHVARIANTS_H
