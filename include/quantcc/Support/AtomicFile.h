//===- AtomicFile.h - Files written whole or not at all ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a file so that no reader, and no failure, ever sees half of it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_ATOMICFILE_H
#define QUANTCC_SUPPORT_ATOMICFILE_H

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/raw_ostream.h>

namespace quantcc {

/// Writes what `write` produces to a temporary file in the folder of `path`,
/// then renames it to `path`. On failure, or a signal, the temporary is removed
/// and a file that was at `path` stays as it was. A symbolic link is followed;
/// a device or pipe, which cannot be replaced, is written directly.
///
/// Errors: that of `write`, or the system's, naming `path`.
llvm::Error
writeFileAtomically(llvm::StringRef path,
                    llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write);

/// As above, for content that is already there.
llvm::Error writeFileAtomically(llvm::StringRef path, llvm::StringRef content);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_ATOMICFILE_H
