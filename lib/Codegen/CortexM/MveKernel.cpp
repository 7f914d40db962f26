//===- MveKernel.cpp - Kernels for Helium ---------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The family, and requantization with MVE.
//
//===----------------------------------------------------------------------===//

#include "MveKernel.h"
#include "DspKernel.h"
#include "Kernels/WideVectors.h"

using namespace mlir;
using namespace quantcc;

namespace {

class MveKernels : public StreamFamily {
public:
  int64_t alignment() const override { return 16; }

  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    // Cores with MVE have the DSP extension too: it takes what is too narrow.
    if (constants.channels() < 4)
      return getDspKernels().create(op, constants);
    return op.getDepthwise() ? createMveDepthwise(op, constants)
                             : createMveConvolution(op, constants);
  }
  std::string
  findWideObstacle(FusedConv2DOp op,
                   const KernelConstants &constants) const override {
    // What LLVM makes of the portable way takes less.
    if (op.getDepthwise())
      return "depthwise layers of 16 bits take less so";
    return StreamFamily::findWideObstacle(op, constants);
  }
  const WideVectors *wideVectors() const override {
    return &getMveWideVectors();
  }
  const WideVectors *productVectors() const override {
    return &getMveByteProducts();
  }
};

} // namespace

const KernelFamily &quantcc::getMveKernels() {
  static const MveKernels kernels;
  return kernels;
}

MveKernel::MveKernel(FusedConv2DOp op, const KernelConstants &constants)
    : StreamKernel(op, constants) {
  groupChannels = kChannels;
}

Value MveKernel::loadNumbers(MveBuilder &b, Value header, int64_t kind) {
  return b.loadWords(header, 4 * kChannels * kind);
}

void MveKernel::storePixels(MveBuilder &b, Value output, Value header,
                            ValueRange sums) {
  HighProductVectors values{loadNumbers(b, header, 1),
                            loadNumbers(b, header, 2),
                            form.shift ? Value() : loadNumbers(b, header, 3)};
  Value up;
  if (form.preShift != 0)
    up = form.preShift ? b.splat(*form.preShift)
                       : loadNumbers(b, header, preShiftKind());
  SmallVector<Value> results;
  for (Value sum : sums)
    results.push_back(b.requantize(up ? b.shiftUp(sum, up) : sum, values,
                                   form.kind, form.shift, op.getClampMin(),
                                   op.getClampMax()));
  for (auto [pixel, result] : llvm::enumerate(results))
    b.storeNarrowed(output, pixel * tileOutStep, result);
}
