//===- InstructionScan.h - Read the instructions of an object ---*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Disassembles the code of an object with the instructions of one target.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_TARGET_INSTRUCTIONSCAN_H
#define QUANTCC_LIB_TARGET_INSTRUCTIONSCAN_H

#include "quantcc/Codegen/TargetInfo.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/MC/MCInstrDesc.h>
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Support/Error.h>

namespace quantcc {

/// One instruction: the function it belongs to and its text, such as
/// "vadd.f32 s0, s0, s1".
struct ScannedInstruction {
  llvm::StringRef function;
  llvm::StringRef text;
  const llvm::MCInstrDesc &description;
};

/// Calls `visit` with each instruction of `object`, which was made for
/// `target`. Errors: those of `visit`; bytes that are no instruction of
/// `target`, such as one of an FPU it does not have, with their function.
llvm::Error scanInstructions(
    const llvm::object::ELFObjectFileBase &object, const TargetInfo &target,
    llvm::function_ref<llvm::Error(const ScannedInstruction &)> visit);

/// The name of the function of `object` that lies at `offset` of `section`, or
/// of the section if there is none.
llvm::StringRef findFunction(const llvm::object::ELFObjectFileBase &object,
                             const llvm::object::SectionRef &section,
                             uint64_t offset);

/// Whether an instruction of `target` computes with floating-point values,
/// converts from or to them or compares them.
bool computesInFloat(const ScannedInstruction &instruction,
                     const TargetInfo &target);

} // namespace quantcc

#endif // QUANTCC_LIB_TARGET_INSTRUCTIONSCAN_H
