//===- X86Kernel.h - Kernels for x86 ----------------------------*- C++ -*-===//
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

#ifndef QUANTCC_LIB_CODEGEN_X86_X86KERNEL_H
#define QUANTCC_LIB_CODEGEN_X86_X86KERNEL_H

#include "Kernels/WindowKernel.h"
#include "X86Builder.h"

#include "quantcc/Support/FloatAddition.h"

#include <vector>

namespace quantcc {

/// Consecutive panels of one shape, with their constants.
struct PanelGroup {
  std::vector<ColumnPanel> panels;
  /// One a vector, the same for all panels.
  std::vector<FloatForm> forms;
  /// One an accumulator, in the order of the panels' elements. With dot
  /// products of bytes, the bias makes up for inputs that are 128 too large.
  /// With nibbles that are not split it is kNibbleScale times as large, and the
  /// scales as many times smaller. In vectors whose form takes bits, it makes
  /// the sums bits.
  std::vector<int32_t> bias;
  /// By panel and vector, as X86Builder::loadScales wants them.
  std::vector<int8_t> scales;
  /// In the order of the kernel's loops.
  std::vector<int8_t> weights;

  /// Bytes of the scales of one panel's first `vectors` vectors.
  int64_t scaleBytes(int64_t vectors) const;
};

/// A group's constants in memory.
struct GroupBuffers {
  mlir::Value bias, weights;
  /// None where the accumulators are the result.
  mlir::Value scales;
};

class X86Kernel : public WindowKernel {
public:
  void describe(llvm::raw_ostream &stream) const override;
  llvm::SmallVector<mlir::Value>
  createConstants(KernelBuilder &builder) const override;
  void emit(const KernelBuilder &builder, mlir::ValueRange inputs,
            mlir::Value output, mlir::ValueRange constants) override;

protected:
  /// One group of panels in the making.
  struct Emission {
    X86Builder &b;
    const PanelGroup &group;
    const GroupBuffers &buffers;
    /// Bytes of input, output, and scratch memory, if the kernel asked for it.
    mlir::Value input, output, scratch;

    int64_t vectors() const { return group.panels.front().vectors; }
    int64_t lanes() const { return group.panels.front().lanes; }
    /// Of the panel `panel` of the group.
    mlir::Value loadBias(mlir::Value panel, int64_t vector) const;
    VectorScales loadScales(mlir::Value panel, int64_t vector) const;
  };

  virtual void emitGroup(const Emission &e) = 0;

  X86Kernel(FusedConv2DOp op, const KernelConstants &constants,
            const X86Vectors &vectors);

  /// Makes groups of `panels`, without weights. Their channels may run on
  /// beyond the last and begin again.
  void groupPanels(llvm::ArrayRef<ColumnPanel> panels);

  /// Some bytes of one pixel of the result.
  struct Run {
    /// From the first pixel's first byte.
    int64_t offset;
    int64_t length;
  };
  /// Requantizes `accumulators`, `vectorsPerRun` a run, unless they are the
  /// result, and stores the runs from `position` on. `scales` begin again after
  /// their last.
  void storeRuns(const Emission &e, mlir::Value position,
                 llvm::ArrayRef<Run> runs, int64_t vectorsPerRun,
                 llvm::ArrayRef<mlir::Value> accumulators,
                 llvm::ArrayRef<VectorScales> scales) const;

  const X86Vectors &vectors;
  std::vector<PanelGroup> groups;

private:
  void storeAccumulators(const Emission &e, mlir::Value position,
                         llvm::ArrayRef<Run> runs, int64_t vectorsPerRun,
                         llvm::ArrayRef<mlir::Value> accumulators) const;
  void findForms(PanelGroup &group);
  /// Whether products take 16 times a weight of 4 bits: those of bytes do.
  bool hasScaledNibbles() const {
    return hasNibbles(op) && vectors.hasDotProduct;
  }
  int32_t findBias(int64_t channel) const;
};

/// All kernels for x86 with the instructions of `set`, which is one of x86.
const KernelFamily &getX86Kernels(KernelSet set);

std::unique_ptr<Kernel> createX86Convolution(FusedConv2DOp op,
                                             const KernelConstants &constants,
                                             const X86Vectors &vectors);
/// Of AVX-512 VNNI alone. Nothing where the layer has too many channels for it,
/// or too few pixels.
std::unique_ptr<Kernel>
createX86NarrowConvolution(FusedConv2DOp op, const KernelConstants &constants,
                           const X86Vectors &vectors);
/// Of AVX-512 VNNI alone. Nothing where the window is not 3x3, or the channels
/// of a pixel do not fill vectors.
std::unique_ptr<Kernel>
createX86ColumnDepthwise(FusedConv2DOp op, const KernelConstants &constants,
                         const X86Vectors &vectors);
/// Of AVX-512 VNNI alone. Nothing where the window is not 3x3 with stride 2, or
/// pixels do not have 32 channels.
std::unique_ptr<Kernel>
createX86RowPairDepthwise(FusedConv2DOp op, const KernelConstants &constants,
                          const X86Vectors &vectors);
std::unique_ptr<Kernel> createX86Depthwise(FusedConv2DOp op,
                                           const KernelConstants &constants,
                                           const X86Vectors &vectors);

/// The form of a sum, if there is one.
std::optional<FloatAddition> findFloatAddition(FusedAddOp op,
                                               const X86Vectors &vectors);
std::unique_ptr<Kernel> createX86Add(FusedAddOp op, const X86Vectors &vectors);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_X86KERNEL_H
