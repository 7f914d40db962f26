//===- TargetInfo.cpp - The machines that models are compiled for ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of named targets.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/TargetInfo.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>
#include <llvm/TargetParser/Triple.h>

using namespace quantcc;
using llvm::StringRef;

/// Linux on a 64-bit processor.
static TargetInfo linux64(StringRef name, StringRef description,
                          StringRef triple, StringRef cpu,
                          StringRef features = "", StringRef abi = "") {
  TargetInfo target;
  target.name = name.str();
  target.description = description.str();
  target.triple = triple.str();
  target.cpu = cpu.str();
  target.features = features.str();
  target.abi = abi.str();
  return target;
}

/// Linux on a 32-bit Arm processor of the application profile.
static TargetInfo armv7a() {
  TargetInfo target =
      linux64("armv7-a", "Armv7-A with NEON, Linux, hard float",
              "armv7-unknown-linux-gnueabihf", "generic", "+v7,+neon,+vfp3");
  target.indexBits = 32;
  target.hasDivide = false;
  return target;
}

/// A microcontroller without an operating system.
static TargetInfo bareMetal(StringRef name, StringRef description,
                            StringRef triple, StringRef cpu, bool hasFPU,
                            StringRef features = "", StringRef abi = "") {
  TargetInfo target = linux64(name, description, triple, cpu, features, abi);
  target.indexBits = 32;
  target.hasFPU = hasFPU;
  target.isHosted = false;
  target.prefersSmallCode = true;
  return target;
}

static TargetInfo cortexM0Plus() {
  TargetInfo target =
      bareMetal("cortex-m0plus", "Arm Cortex-M0+ (Armv6-M), soft float",
                "thumbv6m-none-eabi", "cortex-m0plus", /*hasFPU=*/false);
  target.hasDivide = false;
  target.hasWideArithmetic = false;
  return target;
}

bool quantcc::hasRiscvVectors(KernelSet kernels) {
  return kernels == KernelSet::RiscvVector ||
         kernels == KernelSet::RiscvVectorDot;
}

bool quantcc::requantizesInFloat(KernelSet kernels) {
  switch (kernels) {
  case KernelSet::Portable:
  case KernelSet::ArmDsp:
  case KernelSet::RiscvVector:
  case KernelSet::RiscvVectorDot:
  case KernelSet::ArmMve:
  case KernelSet::ArmNeon:
  case KernelSet::Scalar:
  case KernelSet::Neon:
  case KernelSet::NeonDotprod:
  case KernelSet::NeonI8mm:
    return false;
  case KernelSet::Sse41:
  case KernelSet::Avx2:
  case KernelSet::AvxVnni:
  case KernelSet::Avx512:
  case KernelSet::Avx512Vnni:
    return true;
  }
  llvm_unreachable("unknown kernels");
}

double quantcc::estimateProductsPerCycle(KernelSet kernels) {
  switch (kernels) {
  case KernelSet::Portable:
  case KernelSet::Scalar:
  case KernelSet::ArmDsp:
    return 1;
  case KernelSet::ArmNeon:
  case KernelSet::ArmMve:
    return 4;
  case KernelSet::Neon:
  case KernelSet::RiscvVector:
    return 8;
  case KernelSet::Sse41:
    return 16;
  case KernelSet::Avx2:
  case KernelSet::NeonDotprod:
  case KernelSet::RiscvVectorDot:
    return 32;
  case KernelSet::Avx512:
  case KernelSet::NeonI8mm:
    return 64;
  case KernelSet::AvxVnni:
  case KernelSet::Avx512Vnni:
    return 128;
  }
  llvm_unreachable("unknown kernels");
}

TargetInfo quantcc::withoutFloat(TargetInfo target) {
  target.hasFPU = false;
  target.floatLanes = 0;
  target.floatRegisters = 0;
  if (requantizesInFloat(target.kernels))
    target.kernels = KernelSet::Portable;
  return target;
}

static std::vector<TargetInfo> makeTable() {
  constexpr StringRef x86 = "x86_64-unknown-linux-gnu";
  constexpr StringRef arm64 = "aarch64-unknown-linux-gnu";
  constexpr StringRef riscv64 = "riscv64-unknown-linux-gnu";
  constexpr StringRef riscv32 = "riscv32-unknown-elf";
  return {
      linux64("x86-64-v2", "x86-64 with SSE4.2, Linux", x86, "x86-64-v2"),
      linux64("x86-64-v3", "x86-64 with AVX2, Linux", x86, "x86-64-v3"),
      linux64("x86-64-avxvnni", "x86-64 with AVX2 and AVX-VNNI, Linux", x86,
              "x86-64-v3", "+avxvnni"),
      linux64("x86-64-v4", "x86-64 with AVX-512, Linux", x86, "x86-64-v4"),
      linux64("x86-64-vnni", "x86-64 with AVX-512 and VNNI, Linux", x86,
              "x86-64-v4", "+avx512vnni"),
      linux64("aarch64", "Armv8-A with NEON, Linux", arm64, "generic"),
      linux64("cortex-a53", "Arm Cortex-A53, Linux", arm64, "cortex-a53"),
      linux64("cortex-a55", "Arm Cortex-A55, Linux", arm64, "cortex-a55"),
      linux64("cortex-a72", "Arm Cortex-A72, Linux", arm64, "cortex-a72"),
      linux64("neoverse-n1", "Arm Neoverse N1, Linux", arm64, "neoverse-n1"),
      // Frames with scalable vectors have no bound.
      linux64("neoverse-n2", "Arm Neoverse N2 without SVE, Linux", arm64,
              "neoverse-n2", "-sve"),
      linux64("aarch64-dotprod", "Armv8.2-A with dot products, Linux", arm64,
              "generic", "+v8.2a,+dotprod"),
      linux64("aarch64-i8mm",
              "Armv8.2-A with dot products and 8-bit matrix products, Linux",
              arm64, "generic", "+v8.2a,+dotprod,+i8mm"),
      armv7a(),
      cortexM0Plus(),
      bareMetal("cortex-m4", "Arm Cortex-M4F (Armv7E-M), hard float",
                "thumbv7em-none-eabihf", "cortex-m4", /*hasFPU=*/true),
      bareMetal("cortex-m7", "Arm Cortex-M7 (Armv7E-M), hard float",
                "thumbv7em-none-eabihf", "cortex-m7", /*hasFPU=*/true),
      bareMetal("cortex-m33", "Arm Cortex-M33 (Armv8-M), hard float",
                "thumbv8m.main-none-eabihf", "cortex-m33", /*hasFPU=*/true),
      bareMetal("cortex-m55", "Arm Cortex-M55 (Armv8.1-M) with Helium",
                "thumbv8.1m.main-none-eabihf", "cortex-m55", /*hasFPU=*/true),
      bareMetal("cortex-m85", "Arm Cortex-M85 (Armv8.1-M) with Helium",
                "thumbv8.1m.main-none-eabihf", "cortex-m85", /*hasFPU=*/true),
      bareMetal("rv32imc", "RISC-V 32-bit IMC, soft float", riscv32,
                "generic-rv32", /*hasFPU=*/false, "+m,+c", "ilp32"),
      bareMetal("rv32imac", "RISC-V 32-bit IMAC, soft float", riscv32,
                "generic-rv32", /*hasFPU=*/false, "+m,+a,+c", "ilp32"),
      linux64("rv64gc", "RISC-V 64-bit GC, Linux", riscv64, "generic-rv64",
              "+m,+a,+f,+d,+c", "lp64d"),
      linux64("rv64gcv", "RISC-V 64-bit GC with vectors, Linux", riscv64,
              "generic-rv64", "+m,+a,+f,+d,+c,+v", "lp64d"),
      linux64("rv64gcv-zvqdotq",
              "RISC-V 64-bit GC with vectors and dot products (experimental), "
              "Linux",
              riscv64, "generic-rv64",
              "+m,+a,+f,+d,+c,+v,+experimental-zvqdotq", "lp64d"),
  };
}

std::vector<TargetInfo> quantcc::variantsOf(const TargetInfo &target) {
  std::vector<TargetInfo> variants = target.variants;
  for (TargetInfo &variant : variants) {
    if (!target.hasFPU)
      variant = withoutFloat(variant);
    variant.hasMemoryFunctions = target.hasMemoryFunctions;
    variant.regions = target.regions;
    variant.pieces = target.pieces;
    variant.leastPieceCycles = target.leastPieceCycles;
    variant.codeSection = target.codeSection;
    variant.weightsSection = target.weightsSection;
  }
  return variants;
}

/// x86-64-v2 with the variants that `table` has for newer processors.
static TargetInfo multiX86(llvm::ArrayRef<TargetInfo> table) {
  TargetInfo target = table.front();
  target.name = "x86-64-multi";
  target.description = "x86-64 with code for v2, v3, avxvnni and vnni, Linux";
  for (StringRef name :
       {"x86-64-v2", "x86-64-v3", "x86-64-avxvnni", "x86-64-vnni"})
    target.variants.push_back(*llvm::find_if(
        table, [&](const TargetInfo &each) { return each.name == name; }));
  return target;
}

llvm::ArrayRef<TargetInfo> quantcc::namedTargets() {
  static const std::vector<TargetInfo> table = [] {
    std::vector<TargetInfo> targets = makeTable();
    for (TargetInfo &target : targets)
      describeVectors(target);
    auto behind = llvm::find_if(targets, [](const TargetInfo &each) {
      return each.name == "x86-64-vnni";
    });
    targets.insert(std::next(behind), multiX86(targets));
    return targets;
  }();
  return table;
}

TargetInfo quantcc::hostTarget() {
  llvm::Triple triple(llvm::sys::getProcessTriple());
  llvm::SubtargetFeatures features;
  // In sorted order: a StringMap has none of its own.
  llvm::SmallVector<std::pair<std::string, bool>> sorted;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    sorted.push_back({feature.getKey().str(), feature.getValue()});
  llvm::sort(sorted);
  for (const auto &[feature, enabled] : sorted)
    features.AddFeature(feature, enabled);

  TargetInfo target;
  target.name = "host";
  target.description = "this machine";
  target.triple = triple.str();
  target.cpu = llvm::sys::getHostCPUName().str();
  target.features = features.getString();
  target.indexBits = triple.isArch64Bit() ? 64 : 32;
  describeVectors(target);
  return target;
}

llvm::Expected<TargetInfo> quantcc::lookupTarget(StringRef name) {
  if (name == "host")
    return hostTarget();
  std::string known = "host";
  for (const TargetInfo &target : namedTargets()) {
    if (target.name == name)
      return target;
    known += ", " + target.name;
  }
  return llvm::createStringError("unknown target '" + name +
                                 "', expected one of " + known);
}
