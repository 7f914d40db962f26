//===- WideKernel.h - Kernels for values of 16 bits -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers with activations of i16 and weights of i8, whose sums fit i32: for all
// instruction sets that have vectors of 64-bit integers, in which the sums are
// requantized just as docs/Numerics.md defines it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_WIDEKERNEL_H
#define QUANTCC_LIB_CODEGEN_KERNELS_WIDEKERNEL_H

#include "WidePanel.h"
#include "WindowKernel.h"

namespace quantcc {

/// Positions and strides are in elements, those of WindowKernel too.
class WideKernel : public WindowKernel {
public:
  void describe(llvm::raw_ostream &stream) const override;
  llvm::SmallVector<mlir::Value>
  createConstants(KernelBuilder &builder) const override;
  void emit(const KernelBuilder &builder, mlir::ValueRange inputs,
            mlir::Value output, mlir::ValueRange constants) override;

protected:
  struct Emission {
    KernelBuilder &b;
    mlir::Value input, output, weights;
    /// One an element of the panels.
    mlir::Value bias, multipliers, shifts;
  };
  /// A panel in the making: where its elements and weights begin, and its first
  /// channel.
  struct Place {
    const WidePanel &panel;
    mlir::Value element, weights, channel;
  };

  WideKernel(FusedConv2DOp op, const KernelConstants &constants,
             const WideVectors &vectors)
      : WindowKernel(op, constants), vectors(vectors) {}

  /// The weights of `panel` in the order of the kernel's loops: equally many
  /// for panels of one width.
  virtual std::vector<int8_t> packWeights(const WidePanel &panel) const = 0;
  /// One panel for all pixels.
  virtual void emitPanel(const Emission &e, const Place &place) = 0;

  /// One vector of biases for each of the panel's.
  llvm::SmallVector<mlir::Value> loadBias(const Emission &e,
                                          const Place &place) const;
  /// Requantizes `sums`, by pixel and vector, and stores them from `outputs`
  /// on, one a pixel.
  void storeSums(const Emission &e, const Place &place,
                 llvm::ArrayRef<mlir::Value> sums,
                 llvm::ArrayRef<mlir::Value> outputs) const;

  const WideVectors &vectors;
  /// In the order of their channels; equal ones follow each other.
  std::vector<WidePanel> panels;

private:
  /// Once by N5 or N6, or by N4 in two steps; or in two where the channel's
  /// shift leaves bits for the second, and in one where it does not.
  enum class Steps { Up, Even, Twice, Mixed };
  /// Of one vector, as i64. A half is that of the last bit that a shift keeps;
  /// ones are those of N4's second step for negative values, -1 or 0.
  struct Scales {
    mlir::Value multipliers, shifts, halves, firstShifts, firstHalves, ones;
  };
  Scales loadScales(const Emission &e, mlir::Value element,
                    int64_t lanes) const;
  mlir::Value requantize(KernelBuilder &b, mlir::Value sums,
                         const Scales &scales) const;
  Steps steps() const;
};

std::unique_ptr<Kernel> createWideKernel(FusedConv2DOp op,
                                         const KernelConstants &constants,
                                         const WideVectors &vectors);
std::unique_ptr<Kernel> createWideConvolution(FusedConv2DOp op,
                                              const KernelConstants &constants,
                                              const WideVectors &vectors);
std::unique_ptr<Kernel> createWideDepthwise(FusedConv2DOp op,
                                            const KernelConstants &constants,
                                            const WideVectors &vectors);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_WIDEKERNEL_H
