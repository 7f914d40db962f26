//===- TargetDescription.cpp - Machines that have no name -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds out what the passes need to know of a machine from LLVM's tables of
// processors and features.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/LLVMBackend.h"
#include "quantcc/Codegen/TargetInfo.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/TargetParser/Triple.h>

using namespace quantcc;
using llvm::StringRef;

/// LLVM's description of the processor, or null for a triple it has none for.
static std::unique_ptr<llvm::MCSubtargetInfo>
createSubtarget(const llvm::Triple &triple, StringRef cpu, StringRef features) {
  initializeCodeGenerators();
  std::string reason;
  const llvm::Target *backend =
      llvm::TargetRegistry::lookupTarget(triple, reason);
  if (!backend)
    return nullptr;
  return std::unique_ptr<llvm::MCSubtargetInfo>(
      backend->createMCSubtargetInfo(triple, cpu, features));
}

KernelSet quantcc::chooseKernels(const TargetInfo &target) {
  llvm::Triple triple(llvm::Triple::normalize(target.triple));
  auto subtarget = createSubtarget(triple, target.cpu, target.features);
  auto has = [&](llvm::Triple::ArchType arch, const char *features) {
    return triple.getArch() == arch && subtarget &&
           subtarget->checkFeatures(features);
  };
  if (has(llvm::Triple::x86_64,
          "+avx512f,+avx512bw,+avx512vl,+avx512dq,+avx512vnni"))
    return KernelSet::Avx512Vnni;
  if (has(llvm::Triple::x86_64, "+avx512f,+avx512bw,+avx512vl,+avx512dq"))
    return KernelSet::Avx512;
  if (has(llvm::Triple::x86_64, "+avx2,+fma,+avxvnni"))
    return KernelSet::AvxVnni;
  if (has(llvm::Triple::x86_64, "+avx2,+fma"))
    return KernelSet::Avx2;
  if (has(llvm::Triple::x86_64, "+sse4.1"))
    return KernelSet::Sse41;
  if (has(llvm::Triple::aarch64, "+neon,+dotprod,+i8mm"))
    return KernelSet::NeonI8mm;
  if (has(llvm::Triple::aarch64, "+neon,+dotprod"))
    return KernelSet::NeonDotprod;
  if (has(llvm::Triple::aarch64, "+neon"))
    return KernelSet::Neon;
  if (has(llvm::Triple::arm, "+neon") || has(llvm::Triple::thumb, "+neon"))
    return KernelSet::ArmNeon;
  if (has(llvm::Triple::thumb, "+mclass,+dsp,+mve"))
    return KernelSet::ArmMve;
  if (has(llvm::Triple::thumb, "+mclass,+dsp"))
    return KernelSet::ArmDsp;
  if (has(llvm::Triple::riscv64, "+v,+experimental-zvqdotq"))
    return KernelSet::RiscvVectorDot;
  if (has(llvm::Triple::riscv64, "+v"))
    return KernelSet::RiscvVector;
  if (has(llvm::Triple::riscv32, "+m"))
    return KernelSet::Scalar;
  return KernelSet::Portable;
}

unsigned quantcc::chooseAccumulatorBits(const TargetInfo &target) {
  llvm::Triple triple(llvm::Triple::normalize(target.triple));
  auto subtarget = createSubtarget(triple, target.cpu, target.features);
  if (!subtarget)
    return 0;
  // Half of the registers.
  switch (triple.getArch()) {
  case llvm::Triple::x86_64:
    if (subtarget->checkFeatures("+avx512f,+avx512bw,+avx512vl"))
      return 16 * 512;
    return 8 * (subtarget->checkFeatures("+avx2") ? 256 : 128);
  case llvm::Triple::aarch64:
    return subtarget->checkFeatures("+neon") ? 16 * 128 : 0;
  case llvm::Triple::arm:
    return subtarget->checkFeatures("+neon") ? 8 * 128 : 0;
  case llvm::Triple::thumb:
    // Of eight; extending bytes takes some as well.
    return subtarget->checkFeatures("+mve") ? 2 * 128 : 0;
  case llvm::Triple::riscv64:
    // One group of eight; vectors may have no more than 128 bits each.
    return subtarget->checkFeatures("+v") ? 8 * 128 : 0;
  default:
    return 0;
  }
}

void quantcc::describeVectors(TargetInfo &target) {
  target.kernels = chooseKernels(target);
  target.accumulatorBits = chooseAccumulatorBits(target);
  llvm::Triple triple(llvm::Triple::normalize(target.triple));
  auto subtarget = createSubtarget(triple, target.cpu, target.features);
  if (!subtarget || !target.hasFPU)
    return;
  // Armv7's vectors flush denormal numbers to zero.
  if (triple.getArch() == llvm::Triple::x86_64) {
    bool isWide = subtarget->checkFeatures("+avx512f");
    target.floatLanes = isWide ? 16 : subtarget->checkFeatures("+avx") ? 8 : 4;
    target.floatRegisters = isWide ? 32 : 16;
  } else if (triple.getArch() == llvm::Triple::aarch64 &&
             subtarget->checkFeatures("+neon")) {
    target.floatLanes = 4;
    target.floatRegisters = 32;
  }
}

/// Refuses what the code generator, or the scan of its objects, doesn't know.
static llvm::Error checkTriple(const llvm::Triple &triple, StringRef text) {
  bool isKnown = triple.getArch() == llvm::Triple::x86_64 ||
                 triple.getArch() == llvm::Triple::aarch64 ||
                 triple.getArch() == llvm::Triple::arm ||
                 triple.getArch() == llvm::Triple::thumb ||
                 triple.getArch() == llvm::Triple::riscv32 ||
                 triple.getArch() == llvm::Triple::riscv64;
  if (!isKnown)
    return llvm::createStringError(
        "no code generator for target '" + text +
        "': expected x86_64, aarch64, arm, thumb, riscv32 or riscv64");
  if (!triple.isOSBinFormatELF())
    return llvm::createStringError("target '" + text +
                                   "' expected to have ELF objects");
  return llvm::Error::success();
}

/// LLVM would only warn of unknown names, on stderr.
static llvm::Error checkNames(const llvm::MCSubtargetInfo &known,
                              StringRef triple, StringRef cpu,
                              StringRef features) {
  if (!cpu.empty() && !known.isCPUStringValid(cpu))
    return llvm::createStringError("target '" + triple +
                                   "' has no processor '" + cpu + "'");
  llvm::SmallVector<StringRef> parts;
  features.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    StringRef name = part;
    if (!name.consume_front("+") && !name.consume_front("-"))
      return llvm::createStringError("feature '" + part +
                                     "' expected to begin with '+' or '-'");
    if (llvm::none_of(known.getAllProcessorFeatures(),
                      [&](const llvm::SubtargetFeatureKV &feature) {
                        return name == feature.Key;
                      }))
      return llvm::createStringError("target '" + triple +
                                     "' has no feature '" + name + "'");
  }
  return llvm::Error::success();
}

/// Only RISC-V has several ABIs for one triple; on Arm the triple's last part
/// tells (gnueabihf, eabihf: floats in registers).
static llvm::Error checkAbi(const llvm::MCSubtargetInfo &machine,
                            StringRef abi) {
  if (abi.empty())
    return llvm::Error::success();
  const llvm::Triple &triple = machine.getTargetTriple();
  llvm::SmallVector<StringRef> possible;
  if (triple.isRISCV()) {
    bool is64 = triple.isRISCV64();
    bool isEmbedded = machine.checkFeatures("+e");
    possible.push_back(is64 ? (isEmbedded ? "lp64e" : "lp64")
                            : (isEmbedded ? "ilp32e" : "ilp32"));
    if (!isEmbedded && machine.checkFeatures("+f"))
      possible.push_back(is64 ? "lp64f" : "ilp32f");
    if (!isEmbedded && machine.checkFeatures("+d"))
      possible.push_back(is64 ? "lp64d" : "ilp32d");
  }
  if (llvm::is_contained(possible, abi))
    return llvm::Error::success();
  if (possible.empty())
    return llvm::createStringError("target '" + triple.str() +
                                   "' expected no ABI beside its own, found '" +
                                   abi + "'");
  return llvm::createStringError("target '" + triple.str() + "' expected ABI " +
                                 llvm::join(possible, ", ") + ", found '" +
                                 abi + "'");
}

/// Sets what the passes need to know of `machine`.
static void describeArithmetic(TargetInfo &target,
                               const llvm::MCSubtargetInfo &machine) {
  const llvm::Triple &triple = machine.getTargetTriple();
  auto has = [&](StringRef features) {
    return machine.checkFeatures(features);
  };
  if (triple.isThumb() || triple.isARM()) {
    target.hasFPU = has("+vfp2sp");
    target.hasDivide = has(triple.isThumb() ? "+hwdiv" : "+hwdiv-arm");
    // Thumb's first version multiplies 32 by 32 bits to 32.
    target.hasWideArithmetic = !triple.isThumb() || has("+thumb2");
  } else if (triple.isRISCV()) {
    target.hasFPU = has("+f");
    target.hasDivide = has("+m");
    target.hasWideArithmetic = triple.isRISCV64() || has("+m");
  } else if (triple.isAArch64()) {
    target.hasFPU = has("+fp-armv8");
  } else {
    target.hasFPU = has("+sse2");
  }
}

llvm::Expected<TargetInfo> quantcc::describeTarget(StringRef tripleText,
                                                   StringRef cpu,
                                                   StringRef features,
                                                   StringRef abi) {
  llvm::Triple triple(llvm::Triple::normalize(tripleText));
  if (llvm::Error error = checkTriple(triple, tripleText))
    return std::move(error);
  auto known = createSubtarget(triple, "", "");
  if (!known)
    return llvm::createStringError("no code generator for target '" +
                                   tripleText + "'");
  if (llvm::Error error = checkNames(*known, tripleText, cpu, features))
    return std::move(error);
  auto machine = createSubtarget(triple, cpu, features);
  if (llvm::Error error = checkAbi(*machine, abi))
    return std::move(error);

  TargetInfo target;
  target.name = tripleText.str();
  target.triple = triple.str();
  target.cpu = cpu.str();
  target.features = features.str();
  target.abi = abi.str();
  target.indexBits = triple.isArch64Bit() ? 64 : 32;
  target.isHosted = triple.getOS() != llvm::Triple::UnknownOS;
  target.prefersSmallCode = !target.isHosted && target.indexBits == 32;
  describeArithmetic(target, *machine);
  describeVectors(target);
  return target;
}
