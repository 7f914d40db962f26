//===- FloatInstructions.cpp - Which instructions compute in float --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's tables mark instructions that may raise a floating-point exception.
// Those compute in float; what raises none, or is not marked, is known by its
// name, per architecture.
//
//===----------------------------------------------------------------------===//

#include "InstructionScan.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/TargetParser/Triple.h>

using namespace quantcc;
using llvm::StringRef;

static bool beginsWithAny(StringRef name,
                          std::initializer_list<StringRef> prefixes) {
  return llvm::any_of(
      prefixes, [&](StringRef prefix) { return name.starts_with(prefix); });
}

/// VFP, NEON and Helium: the type is a suffix. `vmov` moves bits, `vsel`
/// chooses between them, `vneg` and `vabs` change one.
static bool isArmFloat(StringRef name) {
  if (beginsWithAny(name, {"vmov", "vsel", "vneg", "vabs"}))
    return false;
  for (StringRef suffix : {".f16", ".f32", ".f64", ".bf16"})
    if (name.contains(suffix))
      return true;
  return false;
}

/// Scalars and vectors alike: `f`, but for moves, selections and signs (LLVM
/// makes integer constants by `fneg`); conversions from integers; brain floats,
/// but for the bit field instructions.
static bool isAArch64Float(StringRef name) {
  if (beginsWithAny(name, {"fmov", "fcsel", "fdup", "fcpy", "fneg", "fabs"}))
    return false;
  if (name.starts_with("bf"))
    return name != "bfm" && name != "bfc" &&
           !beginsWithAny(name, {"bfi", "bfxil"});
  return name.starts_with("f") || beginsWithAny(name, {"scvtf", "ucvtf"});
}

/// Scalars `f…`, vectors `vf…` and their comparisons `vmf…`; not fences, loads,
/// stores, moves, signs, `vfirst`, and slides and merges of vectors.
static bool isRiscvFloat(StringRef name) {
  name.consume_front("c.");
  if (name.starts_with("vf"))
    return !beginsWithAny(name, {"vfirst", "vfmv", "vfmerge", "vfslide",
                                 "vfsgnj", "vfneg", "vfabs"});
  if (name.starts_with("vmf"))
    return true;
  if (!name.starts_with("f"))
    return false;
  return !beginsWithAny(name,
                        {"fence", "fmv", "flw", "flh", "fld", "flq", "fsw",
                         "fsh", "fsd", "fsq", "fli", "fsgnj", "fneg", "fabs"});
}

/// The marks cover all arithmetic. What is left: conversions that lose nothing,
/// approximations, and the instructions of the x87, which serve nothing but
/// floats.
static bool isX86Float(StringRef name) {
  if (beginsWithAny(name, {"cvt", "vcvt", "rcp", "vrcp", "rsqrt", "vrsqrt"}))
    return true;
  return beginsWithAny(
      name, {"fld", "fild", "fabs", "fchs", "fst", "fist", "fxch", "fcmov"});
}

bool quantcc::computesInFloat(const ScannedInstruction &instruction,
                              const TargetInfo &target) {
  StringRef name = instruction.text.split(' ').first;
  llvm::Triple triple(llvm::Triple::normalize(target.triple));
  // By its name alone: LLVM 22 marks the integer instructions sqdmulh and
  // sqrdmulh too.
  if (triple.isAArch64())
    return isAArch64Float(name);
  if (instruction.description.mayRaiseFPException())
    return true;
  if (triple.isARM() || triple.isThumb())
    return isArmFloat(name);
  if (triple.isRISCV())
    return isRiscvFloat(name);
  return triple.isX86() && isX86Float(name);
}
