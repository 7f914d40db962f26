//===- AArch64Kernels.cpp - Kernels for AArch64 ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which kernel serves a layer with which instructions.
//
//===----------------------------------------------------------------------===//

#include "AArch64Kernels.h"

#include "Neon/NeonProducts.h"

using namespace mlir;
using namespace quantcc;

namespace {

class AArch64Kernels : public HighProductFamily {
public:
  explicit AArch64Kernels(KernelSet set) : set(set) {}

  int64_t alignment() const override { return kNeonBytes; }
  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    if (set == KernelSet::Neon)
      return createNeonKernel(op, constants, NeonVersion::AArch64);
    if (op.getDepthwise())
      return createNeonDotDepthwise(op, constants);
    // Products of matrices take eight bytes of two pixels at once.
    auto in = cast<ShapedType>(op.getInput().getType());
    auto out = cast<ShapedType>(op.getInit().getType());
    bool isOnePixel = out.getNumElements() == out.getShape().back();
    bool isNarrow = op.getKernelWidth() * in.getShape().back() < 8;
    if (set != KernelSet::NeonI8mm || isOnePixel || isNarrow)
      return createNeonDotConvolution(op, constants);
    // What is packed serves all panels of channels.
    if (out.getShape().back() > kNeonBytes)
      return createNeonPackedConvolution(op, constants);
    return createNeonMatrixConvolution(op, constants);
  }
  const WideVectors *wideVectors() const override {
    return &getNeonWideVectors(NeonVersion::AArch64);
  }
  const WideVectors *productVectors() const override {
    return set == KernelSet::Neon ? wideVectors() : &getNeonByteProducts();
  }
  std::unique_ptr<SumNarrowing>
  findNarrowing(const ChannelRequantization &sums) const override {
    if (auto found = findNeonNarrowing(sums, NeonVersion::AArch64))
      return found;
    return HighProductFamily::findNarrowing(sums);
  }

private:
  KernelSet set;
};

} // namespace

const KernelFamily &quantcc::getAArch64Kernels(KernelSet set) {
  static const AArch64Kernels plain(KernelSet::Neon),
      dot(KernelSet::NeonDotprod), matrix(KernelSet::NeonI8mm);
  return set == KernelSet::Neon          ? plain
         : set == KernelSet::NeonDotprod ? dot
                                         : matrix;
}
