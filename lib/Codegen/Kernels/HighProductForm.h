//===- HighProductForm.h - Integer forms of a layer -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How a whole layer is requantized from upper halves of products, and what
// families have in common whose kernels do so.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_HIGHPRODUCTFORM_H
#define QUANTCC_LIB_CODEGEN_KERNELS_HIGHPRODUCTFORM_H

#include "Kernel.h"
#include "KernelConstants.h"

#include "quantcc/Support/HighProductRequantization.h"

namespace quantcc {

/// The high products of all channels of a layer, each proved exact.
struct HighProductForm {
  /// For all channels.
  HighProductKind kind = HighProductKind::Line;
  /// The bits by which accumulators are shifted to the left, if all channels
  /// have them in common.
  std::optional<int32_t> preShift = 0;
  /// Of all channels, if they have one in common: then it need not be loaded.
  std::optional<int32_t> shift;
  /// One a channel.
  llvm::SmallVector<HighProduct> channels;
};

/// The cheapest form that serves all channels of `op`; nothing if none does.
std::optional<HighProductForm>
findHighProductForm(FusedConv2DOp op, const KernelConstants &constants);

/// What a remark says of the form's preShift; empty if it has none.
llvm::StringRef describePreShift(const HighProductForm &form);

/// A family of kernels that requantize by high products.
class HighProductFamily : public KernelFamily {
public:
  bool usesBiasedBytes() const override { return false; }
  std::string findObstacle(FusedConv2DOp op,
                           const KernelConstants &constants) const override;
  std::string
  findNibbleObstacle(FusedConv2DOp op,
                     const KernelConstants &constants) const override;
  std::string
  describeRequantization(FusedConv2DOp op,
                         const KernelConstants &constants) const override;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_HIGHPRODUCTFORM_H
