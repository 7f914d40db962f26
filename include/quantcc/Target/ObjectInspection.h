//===- ObjectInspection.h - What an object holds and needs ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Measures an emitted object and proves that it needs no run-time library.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TARGET_OBJECTINSPECTION_H
#define QUANTCC_TARGET_OBJECTINSPECTION_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <string>
#include <vector>

namespace quantcc {

/// Sizes are in bytes, without padding between sections.
struct ObjectFacts {
  int64_t codeBytes = 0;
  int64_t constantBytes = 0;
  /// What the linker must provide, sorted.
  std::vector<std::string> undefinedSymbols;
};

/// Inspects the relocatable ELF object `bytes`. Errors: an undefined symbol
/// other than memcpy, memmove, memset and their __aeabi_ spellings, writable
/// data, a constructor; each names the symbol or section.
llvm::Expected<ObjectFacts> inspectObject(llvm::ArrayRef<char> bytes);

/// Whether an object may leave `symbol` to the linker.
bool isAllowedUndefinedSymbol(llvm::StringRef symbol);

} // namespace quantcc

#endif // QUANTCC_TARGET_OBJECTINSPECTION_H
