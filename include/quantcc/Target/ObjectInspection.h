//===- ObjectInspection.h - What an object holds and needs ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Measures an emitted object, and proves that it needs no run-time library and
// computes in floating point only where it may.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TARGET_OBJECTINSPECTION_H
#define QUANTCC_TARGET_OBJECTINSPECTION_H

#include "quantcc/Codegen/TargetInfo.h"

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
  /// 0, but for objects for several processors.
  int64_t writableBytes = 0;
  /// How many instructions compute with floating-point values, convert from or
  /// to them, or compare them. Moves, loads, shuffles and changes of a sign bit
  /// are not counted: they serve integers as well.
  int64_t floatInstructions = 0;
  /// What the linker must provide, sorted.
  std::vector<std::string> undefinedSymbols;
};

/// Inspects the relocatable ELF object `bytes`, which was made for `target`:
/// its symbols and sections, and each instruction, disassembled with the
/// instructions of `target` alone. Errors: an undefined symbol that `target`
/// does not have (memcpy, memmove and memset are the only ones there may be),
/// with the function that needs it; a float instruction, with its function,
/// unless `mayComputeInFloat` and the target has an FPU; bytes that are no
/// instruction of the target; writable data, but for the word of an object for
/// several processors; a constructor.
llvm::Expected<ObjectFacts> inspectObject(llvm::ArrayRef<char> bytes,
                                          const TargetInfo &target,
                                          bool mayComputeInFloat = true);

/// Whether `symbol` is memcpy, memmove or memset, plain or in the spellings of
/// the Arm run-time ABI.
bool isMemoryFunction(llvm::StringRef symbol);

} // namespace quantcc

#endif // QUANTCC_TARGET_OBJECTINSPECTION_H
