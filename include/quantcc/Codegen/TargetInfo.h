//===- TargetInfo.h - The machines that models are compiled for -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Named targets: triple, processor, features, ABI, and what the passes need to
// know of them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_TARGETINFO_H
#define QUANTCC_CODEGEN_TARGETINFO_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <optional>
#include <string>
#include <vector>

namespace quantcc {

/// The instructions that the code generator has kernels for.
enum class KernelSet {
  /// Loops, vectorized by LLVM as far as it can.
  Portable,
  /// x86 with SSE4.1.
  Sse41,
  /// x86 with AVX2 and FMA.
  Avx2,
  /// x86 with AVX2, FMA and 8-bit dot products (AVX-VNNI).
  AvxVnni,
  /// x86 with AVX-512: F, BW, VL and DQ.
  Avx512,
  /// x86 with AVX-512 and its 8-bit dot product: F, BW, VL, DQ and VNNI.
  Avx512Vnni,
  /// AArch64.
  Neon,
  /// AArch64 with its 8-bit dot product.
  NeonDotprod,
  /// AArch64 with its 8-bit products of matrices too.
  NeonI8mm,
  /// Armv7E-M, or Armv8-M with the DSP extension: products of 16-bit halves.
  ArmDsp,
  /// RISC-V of 64 bits with vectors (V), of any length.
  RiscvVector,
  /// RISC-V of 64 bits with vectors and their 8-bit dot product (Zvqdotq).
  RiscvVectorDot,
  /// Armv8.1-M with MVE for integers, and the DSP extension.
  ArmMve,
  /// Arm of 32 bits with NEON.
  ArmNeon,
  /// RISC-V of 32 bits with products (M).
  Scalar,
};

/// Whether there are vectors of RISC-V.
bool hasRiscvVectors(KernelSet kernels);

/// Whether `kernels` requantize in floating point.
bool requantizesInFloat(KernelSet kernels);

/// About how many products of bytes the kernels of `kernels` add up in a cycle:
/// at least 1.
double estimateProductsPerCycle(KernelSet kernels);

/// A memory for values, which the caller gives a block of.
struct MemoryRegion {
  std::string name;
  /// How many bytes it has, if that is limited.
  std::optional<int64_t> limit;
  /// The section that a program is to put the block into; empty for any.
  std::string section;
};

/// What the one region is called if none are named.
constexpr llvm::StringLiteral kArenaName = "arena";

struct TargetInfo {
  /// As given to --target.
  std::string name;
  /// One line for --list-targets.
  std::string description;
  /// In LLVM's terms.
  std::string triple;
  std::string cpu;
  std::string features;
  /// Of the calling convention; empty for the triple's own.
  std::string abi;
  /// Width of index and of pointers, in bits.
  unsigned indexBits = 64;
  /// Whether float arithmetic has instructions.
  bool hasFPU = true;
  /// Whether 32-bit division has instructions.
  bool hasDivide = true;
  /// Whether 64-bit products and 64-bit shifts by variable amounts take few
  /// instructions, rather than a call.
  bool hasWideArithmetic = true;
  /// Whether an operating system loads the code, so that it must be position
  /// independent.
  bool isHosted = true;
  /// Whether the linker provides memcpy, memmove and memset.
  bool hasMemoryFunctions = true;
  /// Whether code bytes matter more than speed.
  bool prefersSmallCode = false;
  /// The memories for values, the fastest first; none for one arena without a
  /// limit.
  std::vector<MemoryRegion> regions;
  /// The sections for code and for the model's constants; empty for the usual
  /// ones, one a function and a constant.
  std::string codeSection;
  std::string weightsSection;
  /// The most pieces that a layer is cut into, which the model's caller runs in
  /// threads; 0 for a model that runs in one thread.
  unsigned pieces = 0;
  /// Cycles that a piece must take, about, to be worth a thread: handing pieces
  /// over and waiting for them takes some thousands.
  int64_t leastPieceCycles = 8192;
  /// Cycles that each layer of a strip of layers must take, about, to be worth
  /// being called for it.
  int64_t leastStripCycles = 4096;
  /// Whether layers are computed in strips wherever they can be, rather than
  /// where it saves memory.
  bool prefersStrips = false;
  /// The targets that an object for several processors holds code for, the
  /// most capable last; none for the usual object.
  std::vector<TargetInfo> variants;
  /// How many f32 a vector register holds, and how many such registers there
  /// are; 0 where vectors of f32 are none, or not those of IEEE 754.
  unsigned floatLanes = 0;
  unsigned floatRegisters = 0;
  /// What its layers are made of.
  KernelSet kernels = KernelSet::Portable;
  /// Bits of vector registers for the elements that a loop computes at once,
  /// besides those that it works with; 0 without integer vectors.
  unsigned accumulatorBits = 0;
};

/// All named targets but `host`, in the order of --list-targets.
llvm::ArrayRef<TargetInfo> namedTargets();

/// The machine this runs on, with all its features.
TargetInfo hostTarget();

/// The target `name`, which may be `host`. Errors: an unknown name; the message
/// lists the known ones.
llvm::Expected<TargetInfo> lookupTarget(llvm::StringRef name);

/// `target` for code that may not compute in floating point: without an FPU,
/// and without the kernels that use it.
TargetInfo withoutFloat(TargetInfo target);

/// The variants of `target`, with what was asked of `target` itself: float or
/// not, memory functions, regions and sections.
std::vector<TargetInfo> variantsOf(const TargetInfo &target);

/// A target that has no name here. `cpu`, `features` (`+name` and `-name`,
/// separated by commas) and `abi` may be empty. What its processor can do is
/// taken from LLVM's tables. Errors name the word: a triple that there is no
/// code generator for, a processor, feature or ABI it does not have.
llvm::Expected<TargetInfo> describeTarget(llvm::StringRef triple,
                                          llvm::StringRef cpu,
                                          llvm::StringRef features,
                                          llvm::StringRef abi);

/// The kernels that the processor of `target` has the instructions for.
KernelSet chooseKernels(const TargetInfo &target);

/// TargetInfo::accumulatorBits for the processor of `target`.
unsigned chooseAccumulatorBits(const TargetInfo &target);

/// Sets what `target` says of vectors, kernels among them, as its processor's
/// features tell.
void describeVectors(TargetInfo &target);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_TARGETINFO_H
