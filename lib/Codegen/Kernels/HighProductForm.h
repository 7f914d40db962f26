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

/// The same for channels that belong to no layer.
std::optional<HighProductForm>
findHighProductForm(llvm::ArrayRef<ChannelRequantization> channels);

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

/// A form for the sums of one multiplier.
class HighProductNarrowing : public SumNarrowing {
public:
  explicit HighProductNarrowing(HighProductForm form, StoredRange clamp)
      : form(std::move(form)), clamp(clamp) {}

  std::string describe() const override;

protected:
  HighProductForm form;
  StoredRange clamp;
};

/// That of a single sum, or by findWideNarrowing if no form is proved for it;
/// null if neither serves.
std::unique_ptr<SumNarrowing>
findWordNarrowing(const ChannelRequantization &sums);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_HIGHPRODUCTFORM_H
