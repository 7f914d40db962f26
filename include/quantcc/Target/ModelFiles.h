//===- ModelFiles.h - Write a compiled model to a folder --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the object, the header and the report of a compiled model, all or
// none.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TARGET_MODELFILES_H
#define QUANTCC_TARGET_MODELFILES_H

#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Target/ModelDescription.h"
#include "quantcc/Target/SizeLimits.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

namespace quantcc {

/// Checks `object`, which was compiled from `source` for `target`, and tells
/// what is known of it. Errors: those of checkSymbol, inspectObject and
/// checkSizes.
llvm::Expected<ModelDescription> describeModel(ModelSource source,
                                               const TargetInfo &target,
                                               const CompiledObject &object,
                                               const SizeLimits &limits = {});

/// A file to write beside a model's own.
struct CompanionFile {
  std::string path;
  std::string content;
};

/// Checks `object` as describeModel does, and writes NAME.o, NAME.h and
/// NAME.json to `folder`, where NAME is the symbol of its entry point, and
/// `companions` where they belong. The folder is created if it is missing.
/// `source` is told to the readers of header and report. Returns what they say.
///
/// Every file is first written whole beside its final place; on failure what
/// was in the folder stays as it was, and a folder that was created is removed.
/// The object appears last: where it is new, so is all else. Errors: those of
/// checkSymbol, inspectObject and checkSizes; the system's, which name the
/// path.
llvm::Expected<ModelDescription>
writeModel(llvm::StringRef folder, ModelSource source, const TargetInfo &target,
           CompiledObject object, const SizeLimits &limits = {},
           llvm::ArrayRef<CompanionFile> companions = {});

} // namespace quantcc

#endif // QUANTCC_TARGET_MODELFILES_H
