//===- SumNarrowing.h - From sums to bytes ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the sums of one layer, all of one multiplier, become bytes: in the
// arithmetic that suits an instruction set, as long as it is exact.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_SUMNARROWING_H
#define QUANTCC_LIB_CODEGEN_KERNELS_SUMNARROWING_H

#include "KernelBuilder.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/ChannelRequantization.h"

#include <memory>

namespace quantcc {

class SumNarrowing {
public:
  virtual ~SumNarrowing();

  /// The arithmetic, for remarks.
  virtual std::string describe() const = 0;

  /// As many i8 as there are i32 in the vector `sums`.
  virtual mlir::Value emit(KernelBuilder &b, mlir::Value sums) const = 0;
};

/// Requantization by N4 and N5 themselves, in integers of 64 bits; null for
/// other roundings.
std::unique_ptr<SumNarrowing>
findWideNarrowing(const ChannelRequantization &sums);

/// What `op` does to its sums, with all those that there can be.
ChannelRequantization requantizationOf(FusedMatMulOp op);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_SUMNARROWING_H
