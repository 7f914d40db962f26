//===- RegisterTosaModels.h - Interfaces of tosa ops ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attaches the quantization interfaces to the ops of the tosa dialect.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_EXTERNALMODELS_TOSA_REGISTERTOSAMODELS_H
#define QUANTCC_EXTERNALMODELS_TOSA_REGISTERTOSAMODELS_H

#include <mlir/IR/DialectRegistry.h>

namespace quantcc {

/// Attaches QuantizableOpInterface and FloatRangeOpInterface to the tosa ops
/// that have a counterpart among the network ops, as soon as the tosa dialect
/// is loaded.
void registerTosaExternalModels(mlir::DialectRegistry &registry);

} // namespace quantcc

#endif // QUANTCC_EXTERNALMODELS_TOSA_REGISTERTOSAMODELS_H
