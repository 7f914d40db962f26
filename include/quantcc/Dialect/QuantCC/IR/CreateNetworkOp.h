//===- CreateNetworkOp.h - Network ops of any form --------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes a network op in the form that its types ask for, from the attributes of
// its float form.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_CREATENETWORKOP_H
#define QUANTCC_DIALECT_QUANTCC_IR_CREATENETWORKOP_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

namespace quantcc {

/// Makes the network op `name` on `operands`, yielding `resultTypes`, in place
/// of `source`, whose location it takes. `attributes` are those of the float
/// form; where the results are quantized, real values become stored ones, and
/// `rounding` is added where the op takes one. Fails with a diagnostic on
/// `source`.
mlir::FailureOr<mlir::Operation *>
createNetworkOp(mlir::OpBuilder &builder, mlir::Operation *source,
                mlir::OperationName name, mlir::ValueRange operands,
                mlir::TypeRange resultTypes, mlir::NamedAttrList attributes,
                Rounding rounding);

} // namespace quantcc

#endif // QUANTCC_DIALECT_QUANTCC_IR_CREATENETWORKOP_H
