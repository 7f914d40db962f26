//===- Kernel.cpp - Code for one layer, by instruction set ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which families there are, and what those share that requantize in floating
// point.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "AArch64/AArch64Kernels.h"
#include "CortexM/DspKernel.h"
#include "CortexM/MveKernel.h"
#include "MatMulKernel.h"
#include "Neon/NeonKernel.h"
#include "RISCV/RvvKernel.h"
#include "Scalar/ScalarKernels.h"
#include "WideKernel.h"
#include "X86/X86Kernel.h"

using namespace mlir;
using namespace quantcc;

Kernel::~Kernel() = default;

KernelFamily::~KernelFamily() = default;

std::string
KernelFamily::findAnyObstacle(FusedConv2DOp op,
                              const KernelConstants &constants) const {
  // What remains of a byte less its zero point; other weights of 16 bits would
  // take more passes than multiplying them once.
  constexpr int64_t kMostPasses = 3;
  if (constants.passes() > kMostPasses)
    return "its weights less their zero point leave what three bytes add up "
           "to, -384 to 381";
  if (givesAccumulators(op))
    return findAccumulatorObstacle(op, constants);
  return isWide(op) ? findWideObstacle(op, constants)
                    : findObstacle(op, constants);
}

std::string KernelFamily::findWideObstacle(FusedConv2DOp,
                                           const KernelConstants &) const {
  return wideVectors() ? "" : "there is no kernel for values of 16 bits";
}

std::unique_ptr<Kernel>
KernelFamily::createWide(FusedConv2DOp op,
                         const KernelConstants &constants) const {
  return createWideKernel(op, constants, *wideVectors());
}

std::string
KernelFamily::findAccumulatorObstacle(FusedConv2DOp op,
                                      const KernelConstants &) const {
  return op.getDepthwise() ? "accumulators of depthwise layers have no kernel"
                           : "";
}

std::string KernelFamily::findAddObstacle(FusedAddOp) const {
  return "there is no kernel for sums";
}

std::unique_ptr<Kernel> KernelFamily::createAdd(FusedAddOp) const {
  llvm_unreachable("there is no kernel for sums");
}

std::unique_ptr<SumNarrowing>
KernelFamily::findNarrowing(const ChannelRequantization &sums) const {
  return findWideNarrowing(sums);
}

std::string KernelFamily::findMatMulObstacle(FusedMatMulOp op) const {
  if (!productVectors())
    return "there is no kernel for products of activations";
  return findNarrowing(requantizationOf(op))
             ? ""
             : "no arithmetic of the target is proved equal to its "
               "requantization";
}

std::unique_ptr<Kernel> KernelFamily::createMatMul(FusedMatMulOp op) const {
  return createMatMulKernel(op, *productVectors(),
                            findNarrowing(requantizationOf(op)));
}

const KernelFamily *KernelFamily::find(KernelSet set) {
  switch (set) {
  case KernelSet::Portable:
    return nullptr;
  case KernelSet::Sse41:
  case KernelSet::Avx2:
  case KernelSet::AvxVnni:
  case KernelSet::Avx512:
  case KernelSet::Avx512Vnni:
    return &getX86Kernels(set);
  case KernelSet::Neon:
  case KernelSet::NeonDotprod:
  case KernelSet::NeonI8mm:
    return &getAArch64Kernels(set);
  case KernelSet::ArmNeon:
    return &getArmNeonKernels();
  case KernelSet::Scalar:
    return &getScalarKernels();
  case KernelSet::ArmDsp:
    return &getDspKernels();
  case KernelSet::RiscvVector:
  case KernelSet::RiscvVectorDot:
    return &getRvvKernels(set);
  case KernelSet::ArmMve:
    return &getMveKernels();
  }
  llvm_unreachable("a set without a family");
}

std::string
FloatKernelFamily::findObstacle(FusedConv2DOp op,
                                const KernelConstants &constants) const {
  // One for all channels: kernels may compute any of them together.
  if (findFloatForm(op, constants,
                    llvm::to_vector(llvm::seq(constants.channels())), forms()))
    return "";
  return "no float form is proved equal to its requantization";
}

std::string FloatKernelFamily::describeRequantization(
    FusedConv2DOp op, const KernelConstants &constants) const {
  SmallVector<int64_t> counts(forms().size());
  for (int64_t channel = 0; channel != constants.channels(); ++channel)
    if (auto found = findFloatForm(op, constants, channel, forms()))
      ++counts[llvm::find(forms(), found->form) - forms().begin()];
  std::string text;
  for (auto [form, count] : llvm::zip_equal(forms(), counts))
    if (count)
      text += (text.empty() ? "" : ", ") +
              std::string(form.takesBits  ? "bits of f32"
                          : form.isDouble ? "f64"
                                          : "f32") +
              (form.isSplit         ? " split"
               : form.hasExceptions ? " with an exception"
                                    : "") +
              " (" + std::to_string(count) + ")";
  return text;
}
