//===- Avx512Kernel.h - Kernels for AVX-512 VNNI ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What they share: channels in panels, whose constants are packed in the order
// of the panels' elements.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_X86_AVX512KERNEL_H
#define QUANTCC_LIB_CODEGEN_X86_AVX512KERNEL_H

#include "Avx512.h"
#include "Kernels/Kernel.h"

#include "quantcc/Support/FloatAddition.h"

#include <vector>

namespace quantcc {

/// Consecutive panels of one shape, with their constants.
struct PanelGroup {
  std::vector<ColumnPanel> panels;
  /// One a vector, the same for all panels.
  std::vector<FloatForm> forms;
  /// One an accumulator, in the order of the panels' elements. The bias makes
  /// up for input bytes that are 128 too large.
  std::vector<int32_t> bias;
  /// By panel and vector, as Avx512Builder::loadScales wants them.
  std::vector<int8_t> scales;
  /// In the order of the kernel's loops.
  std::vector<int8_t> weights;

  /// Bytes of the scales of one panel's first `vectors` vectors.
  int64_t scaleBytes(int64_t vectors) const;
};

/// A group's constants in memory.
struct GroupBuffers {
  mlir::Value bias, scales, weights;
};

class Avx512Kernel : public Kernel {
public:
  void describe(llvm::raw_ostream &stream) const override;
  llvm::SmallVector<mlir::Value>
  createConstants(KernelBuilder &builder) const override;
  void emit(const KernelBuilder &builder, mlir::ValueRange inputs,
            mlir::Value output, mlir::ValueRange constants) override;

protected:
  /// One group of panels in the making.
  struct Emission {
    Avx512Builder &b;
    const PanelGroup &group;
    const GroupBuffers &buffers;
    /// Bytes of input and output.
    mlir::Value input, output;

    int64_t vectors() const { return group.panels.front().vectors; }
    /// Of the panel `panel` of the group.
    mlir::Value loadBias(mlir::Value panel, int64_t vector) const;
    VectorScales loadScales(mlir::Value panel, int64_t vector) const;
  };

  virtual void emitGroup(const Emission &e) = 0;

  Avx512Kernel(FusedConv2DOp op, const KernelConstants &constants);

  /// Makes groups of `panels`, without weights. Their channels may run on
  /// beyond the last and begin again.
  void groupPanels(llvm::ArrayRef<ColumnPanel> panels);

  FusedConv2DOp op;
  const KernelConstants &constants;
  /// Shapes, and strides in bytes.
  llvm::ArrayRef<int64_t> in, out;
  llvm::SmallVector<int64_t> inStrides, outStrides;
  std::vector<PanelGroup> groups;

private:
  void findForms(PanelGroup &group);
};

/// All kernels for AVX-512 VNNI.
const KernelFamily &getAvx512Kernels();

std::unique_ptr<Kernel>
createAvx512Convolution(FusedConv2DOp op, const KernelConstants &constants);
/// Nothing where the layer has too many channels for it, or too few pixels.
std::unique_ptr<Kernel>
createAvx512NarrowConvolution(FusedConv2DOp op,
                              const KernelConstants &constants);
std::unique_ptr<Kernel> createAvx512Depthwise(FusedConv2DOp op,
                                              const KernelConstants &constants);

/// The form of a sum, if there is one.
std::optional<FloatAddition> findFloatAddition(FusedAddOp op);
std::unique_ptr<Kernel> createAvx512Add(FusedAddOp op);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_AVX512KERNEL_H
