//===- ObjectCompilation.h - From a model to an object ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the commands that compile for a target have in common.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_OBJECTCOMPILATION_H
#define QUANTCC_TOOLS_QUANTCC_OBJECTCOMPILATION_H

#include "Compilation.h"
#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Target/ModelDescription.h"

namespace quantcc {

/// What the options of `line` say of the machine, and of where and how its code
/// is placed. Errors: an unknown target, a part of it that is none.
llvm::Expected<TargetInfo> targetOf(const CommandLine &line);

/// The name of the entry function: --symbol, or the model's file name with `_`
/// for what C does not allow in a name. Errors: those of checkSymbol.
llvm::Expected<std::string> symbolOf(const CommandLine &line);

/// `line`, without float where the target cannot compute in it.
CommandLine adjustedTo(const TargetInfo &target, const CommandLine &line);

/// An object, and what it was compiled from.
struct ObjectCompilation {
  ModelSource source;
  CompiledObject object;
};

/// Compiles for `target`; the entry is called `symbol`.
llvm::Expected<ObjectCompilation>
compileToObject(const Compilation &compilation, const TargetInfo &target,
                llvm::StringRef symbol);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_OBJECTCOMPILATION_H
