//===- Kernel.h - Code for one layer, by instruction set --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel packs the constants of a fused layer, and emits the code that reads
// them. Layers that differ in their constants alone share the code. A family
// has the kernels of one instruction set.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_KERNEL_H
#define QUANTCC_LIB_CODEGEN_KERNELS_KERNEL_H

#include "KernelBuilder.h"
#include "KernelConstants.h"
#include "SumNarrowing.h"

#include "quantcc/Codegen/TargetInfo.h"

#include <memory>

namespace quantcc {

class WideVectors;

/// The code of one layer on buffers.
class Kernel {
public:
  virtual ~Kernel();

  /// Prints all that the code depends on besides the layer's attributes, but
  /// for its scales, and its buffers' types: layers of equal text share it.
  virtual void describe(llvm::raw_ostream &stream) const = 0;

  /// The packed constants in memory, as many and of such types for all layers
  /// that share code.
  virtual llvm::SmallVector<mlir::Value>
  createConstants(KernelBuilder &builder) const = 0;

  /// Bytes of memory that the code needs for itself while it runs; it finds
  /// them in KernelBuilder::scratch.
  virtual int64_t scratchBytes() const { return 0; }

  /// Emits the code, from the buffers `inputs` to the buffer `output`. The
  /// values of `constants` stand for those of createConstants.
  virtual void emit(const KernelBuilder &builder, mlir::ValueRange inputs,
                    mlir::Value output, mlir::ValueRange constants) = 0;
};

/// The kernels of one instruction set.
class KernelFamily {
public:
  virtual ~KernelFamily();

  /// The one for `set`; none for the portable way.
  static const KernelFamily *find(KernelSet set);

  /// Whether input and result are stored values plus 128.
  virtual bool usesBiasedBytes() const = 0;

  /// Whether kernels that requantize in floating point round as the
  /// environment says, and so are called with rounding to nearest, ties to
  /// even.
  virtual bool usesRoundingMode() const { return false; }

  /// Of packed constants, in bytes.
  virtual int64_t alignment() const = 0;

  /// Why there is no kernel for the layer `op`, on tensors or buffers, whatever
  /// its activations; empty if there is one.
  std::string findAnyObstacle(FusedConv2DOp op,
                              const KernelConstants &constants) const;

  /// The same for layers with activations of 8 bits.
  virtual std::string findObstacle(FusedConv2DOp op,
                                   const KernelConstants &constants) const = 0;

  /// Why the kernel for `op` would not keep weights of 4 bits two to a byte;
  /// empty if it would.
  virtual std::string
  findNibbleObstacle(FusedConv2DOp op,
                     const KernelConstants &constants) const = 0;

  /// In what arithmetic the layer's channels are requantized, for remarks.
  virtual std::string
  describeRequantization(FusedConv2DOp op,
                         const KernelConstants &constants) const = 0;

  /// The kernel for `op`, on buffers, to which there is no obstacle.
  virtual std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const = 0;

  /// What the kernels for activations of 16 bits are made of; null where there
  /// are none, or the family has its own.
  virtual const WideVectors *wideVectors() const { return nullptr; }

  /// The same for layers with such activations: by default those of
  /// wideVectors.
  virtual std::string findWideObstacle(FusedConv2DOp op,
                                       const KernelConstants &constants) const;
  virtual std::unique_ptr<Kernel>
  createWide(FusedConv2DOp op, const KernelConstants &constants) const;

  /// The same for layers whose result is their accumulators; `create` makes
  /// their kernels too.
  virtual std::string
  findAccumulatorObstacle(FusedConv2DOp op,
                          const KernelConstants &constants) const;

  /// The same for sums; a family that has no kernel for any need not say so.
  virtual std::string findAddObstacle(FusedAddOp op) const;
  virtual std::unique_ptr<Kernel> createAdd(FusedAddOp op) const;

  /// What kernels for products of activations are made of; by default
  /// wideVectors, for which bytes are widened.
  virtual const WideVectors *productVectors() const { return wideVectors(); }
  /// How the sums of such products become bytes: by default in integers of 64
  /// bits. Null where they cannot.
  virtual std::unique_ptr<SumNarrowing>
  findNarrowing(const ChannelRequantization &sums) const;
  /// The same as above for products of activations.
  std::string findMatMulObstacle(FusedMatMulOp op) const;
  std::unique_ptr<Kernel> createMatMul(FusedMatMulOp op) const;
};

/// A family of kernels that requantize in floating point, all channels of a
/// layer in one form at least.
class FloatKernelFamily : public KernelFamily {
public:
  std::string findObstacle(FusedConv2DOp op,
                           const KernelConstants &constants) const override;
  std::string
  describeRequantization(FusedConv2DOp op,
                         const KernelConstants &constants) const override;

protected:
  /// The forms that there are instructions for, the cheapest first.
  virtual llvm::ArrayRef<FloatForm> forms() const { return kFloatForms; }
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_KERNEL_H
