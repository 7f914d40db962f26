//===- Remarks.h - What the code generator decides --------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes tell what they chose and what they missed through MLIR's remarks,
// which cost nothing unless the context's remark engine wants them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_REMARKS_H
#define QUANTCC_LIB_CODEGEN_REMARKS_H

#include <mlir/IR/Operation.h>
#include <mlir/IR/Remarks.h>

namespace quantcc {

/// That `pass`, given without "quantcc-", did for the op at `loc` what it is
/// there for. Converts to false if nobody wants to know.
inline mlir::remark::detail::InFlightRemark remarkPassed(mlir::Location loc,
                                                         llvm::StringRef pass) {
  return mlir::remark::passed(
      loc, mlir::remark::RemarkOpts::name(pass).category("quantcc"));
}

/// That it did not, and why.
inline mlir::remark::detail::InFlightRemark remarkMissed(mlir::Location loc,
                                                         llvm::StringRef pass) {
  return mlir::remark::missed(
      loc, mlir::remark::RemarkOpts::name(pass).category("quantcc"));
}

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_REMARKS_H
