//===- NeonKernel.h - Kernels for NEON --------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the kernels of Armv7 and AArch64 share: channels in panels of a few
// vectors, and the way from the sums of a tile to bytes.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_NEON_NEONKERNEL_H
#define QUANTCC_LIB_CODEGEN_NEON_NEONKERNEL_H

#include "Kernels/WideVectors.h"
#include "Kernels/WindowKernel.h"
#include "NeonBuilder.h"

#include <vector>

namespace quantcc {

/// Channels [begin, begin + channels), of which `vectors` vectors are computed
/// at once. Elements beyond are computed and not stored. Where pixels follow
/// each other, channels may go on with those of the next pixel.
struct NeonPanel {
  int64_t begin, channels, vectors;

  int64_t width() const { return vectors * kNeonLanes; }
};

class NeonKernel : public WindowKernel {
public:
  void describe(llvm::raw_ostream &stream) const override;
  llvm::SmallVector<mlir::Value>
  createConstants(KernelBuilder &builder) const override;
  void emit(const KernelBuilder &builder, mlir::ValueRange inputs,
            mlir::Value output, mlir::ValueRange constants) override;

protected:
  /// Of all panels, the kernel that is being emitted.
  struct Emission {
    NeonBuilder &b;
    /// Bytes.
    mlir::Value input, output, weights;
    /// One an element of the panels.
    mlir::Value bias;
    NeonHighProducts numbers;
  };
  /// Consecutive panels of one shape, and where their constants begin.
  struct PanelGroup {
    NeonPanel shape;
    int64_t count;
    int64_t element, weights, weightBytes;
  };
  /// One panel of a group.
  struct PanelPlace {
    /// Where its constants begin: elements, bytes of weights.
    mlir::Value element, weights;
    /// Its first channel.
    mlir::Value channel;
    int64_t channels, vectors;
  };

  NeonKernel(FusedConv2DOp op, const KernelConstants &constants,
             NeonVersion version);

  /// All channels in panels of `widest` vectors, and narrower ones for the
  /// rest.
  std::vector<NeonPanel> splitChannels(int64_t widest) const;
  /// Takes `panels`, which cover all channels in their order.
  void setPanels(std::vector<NeonPanel> panels);

  /// The weights of `panel` in the order of the kernel's loops: equally many
  /// for panels of equally many vectors.
  virtual std::vector<int8_t> packWeights(const NeonPanel &panel) const = 0;
  /// All panels of a group for all pixels, by default each with emitPanel in a
  /// loop. Kernels have one of the two.
  virtual void emitGroup(const Emission &e, const PanelGroup &group);
  /// One panel for all pixels.
  virtual void emitPanel(const Emission &e, const PanelPlace &panel);

  /// Panel `index` of `group`.
  PanelPlace placeOf(const Emission &e, const PanelGroup &group,
                     mlir::Value index);

  /// The bytes of memory that `weights` weights take.
  int64_t bytesOf(int64_t weights) const {
    return hasNibbles ? weights / 2 : weights;
  }
  /// Vector `index` of those of `size` weights from `weights` on, of which
  /// there is an even number; of nibbles kNibbleScale times as large.
  mlir::Value loadWeights(const Emission &e, mlir::Value weights, int64_t index,
                          int64_t size) const;

  /// The panel's biases, one vector for each of its own.
  llvm::SmallVector<mlir::Value> loadBias(const Emission &e,
                                          const PanelPlace &panel);
  /// Requantizes `sums`, by pixel and vector, unless they are the result, and
  /// stores the panel's channels of the pixels from the elements `outputs` of
  /// the result on.
  void storeSums(const Emission &e, const PanelPlace &panel,
                 llvm::ArrayRef<mlir::Value> sums,
                 llvm::ArrayRef<mlir::Value> outputs);

  const NeonVersion version;
  /// Whether weights have 4 bits in memory. Then sums are kNibbleScale times as
  /// large until they are stored.
  const bool hasNibbles;

private:
  llvm::SmallVector<mlir::Value> roundSums(const Emission &e,
                                           const PanelPlace &panel,
                                           llvm::ArrayRef<mlir::Value> sums);

  HighProductForm form;
  std::vector<NeonPanel> panels;
  /// One an element. Shifts are negative, as instructions take them.
  std::vector<int32_t> bias, multipliers, offsets, shifts, preShifts;
};

/// Whether any weight, or 16 times one of 4 bits, is -128: two products of it
/// may not fit into 16 bits.
bool hasLowestWeight(FusedConv2DOp op, const KernelConstants &constants);

/// The vectors of 16-bit values of both versions.
const WideVectors &getNeonWideVectors(NeonVersion version);

/// All kernels for Armv7-A.
const KernelFamily &getArmNeonKernels();

/// The kernel for `op` of instructions that both versions have.
std::unique_ptr<Kernel> createNeonKernel(FusedConv2DOp op,
                                         const KernelConstants &constants,
                                         NeonVersion version);

std::unique_ptr<Kernel> createNeonWideningConvolution(
    FusedConv2DOp op, const KernelConstants &constants, NeonVersion version);
std::unique_ptr<Kernel>
createNeonWideningDepthwise(FusedConv2DOp op, const KernelConstants &constants,
                            NeonVersion version);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_NEON_NEONKERNEL_H
