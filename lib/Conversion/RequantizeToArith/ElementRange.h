//===- ElementRange.h - What values a tensor may hold -----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bounds the elements of integer tensors by the operations that make them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_REQUANTIZETOARITH_ELEMENTRANGE_H
#define QUANTCC_CONVERSION_REQUANTIZETOARITH_ELEMENTRANGE_H

#include "quantcc/Support/StoredRange.h"

#include <mlir/IR/Value.h>
#include <optional>

namespace quantcc {

/// Bounds of all elements of `tensor`, as signed values: through elementwise
/// operations, sums of a fill and so many terms, and changes of shape, from
/// constants and from what the storage of other values holds. Nothing if an
/// element may need more than 32 bits.
std::optional<StoredRange> findElementRange(mlir::Value tensor);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_REQUANTIZETOARITH_ELEMENTRANGE_H
