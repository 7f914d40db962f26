//===- WideVectors.h - Vectors for values of 16 bits ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels for activations of 16 bits, and for products of activations, ask
// of an instruction set: products of i16 with weights that are widened from i8,
// or of bytes, added to sums of i32.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_WIDEVECTORS_H
#define QUANTCC_LIB_CODEGEN_KERNELS_WIDEVECTORS_H

#include "KernelBuilder.h"

namespace quantcc {

/// One load of taps of each of several pixels: `count` elements of `row` from
/// each of `places` on.
struct TapLoads {
  mlir::Value row;
  llvm::ArrayRef<mlir::Value> places;
  int64_t count;
};

/// The weights that belong to them, from `place` on: by step, `vectors` vectors
/// of channels each.
struct StepWeights {
  mlir::Value row, place;
  int64_t vectors;
};

class WideVectors {
public:
  virtual ~WideVectors();

  /// Sums of one vector.
  virtual int64_t lanes() const = 0;
  /// Whether taps are bytes, not i16, and what is added to stored values to
  /// make them: 0, or 128 for unsigned ones.
  virtual bool hasByteTaps() const { return false; }
  virtual int64_t tapOffset() const { return 0; }
  /// Taps of each channel that one instruction multiplies, and taps of a pixel
  /// that are loaded at once: a multiple.
  virtual int64_t tapsOfStep() const = 0;
  virtual int64_t tapsOfLoad() const = 0;
  /// The tap that weight `index` of a step is of.
  virtual int64_t tapOfWeight(int64_t index) const { return index; }
  /// Vectors of channels that a tile has at most, and the pixels that go with
  /// `vectors` of them.
  virtual int64_t mostVectors() const = 0;
  virtual int64_t pixelsFor(int64_t vectors) const = 0;
  /// Pixels of a depthwise layer that are computed at once.
  virtual int64_t depthwisePixels() const { return 8; }

  /// The taps from `position` on: tapsOfLoad() of them, or one.
  virtual mlir::Value loadTaps(KernelBuilder &b, mlir::Value row,
                               mlir::Value position, int64_t count) const = 0;
  /// The weights of one step for a vector of channels, widened: by channel,
  /// tapsOfStep() each.
  virtual mlir::Value loadWeights(KernelBuilder &b, mlir::Value weights,
                                  mlir::Value position) const = 0;
  /// sums[i] + the products of step `step` of `taps` with those of channel i.
  virtual mlir::Value multiplyAdd(KernelBuilder &b, mlir::Value sums,
                                  mlir::Value taps, int64_t step,
                                  mlir::Value weights) const = 0;

  /// Adds the products of one load to `sums`, by pixel and vector.
  void multiplyAddLoad(KernelBuilder &b, const TapLoads &loads,
                       const StepWeights &weights,
                       llvm::MutableArrayRef<mlir::Value> sums) const;

  /// sums[i] + values[i] * weights[i] of as many i16 and i8, whatever their
  /// number.
  virtual mlir::Value multiplyAddLanes(KernelBuilder &b, mlir::Value sums,
                                       mlir::Value values,
                                       mlir::Value weights) const;
  /// Stores the first `count` of `values`.
  virtual void store(KernelBuilder &b, mlir::Value row, mlir::Value position,
                     mlir::Value values, int64_t count) const;
};

/// Cortex-M's with the DSP extension, and with MVE: vectors of one sum.
const WideVectors &getDspWideVectors();
const WideVectors &getMveWideVectors();
/// The same of MVE for products of bytes.
const WideVectors &getMveByteProducts();

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_WIDEVECTORS_H
