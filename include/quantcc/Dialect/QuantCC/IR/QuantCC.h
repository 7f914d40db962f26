//===- QuantCC.h - The quantcc dialect --------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect, its attributes and its ops. Their documentation is in the .td
// files beside this one, and generated from there.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_QUANTCC_H
#define QUANTCC_DIALECT_QUANTCC_IR_QUANTCC_H

#include "quantcc/Interfaces/FloatRangeOpInterface.h"
#include "quantcc/Interfaces/QuantizableOpInterface.h"
#include "quantcc/Support/Rounding.h"

#include <mlir/Bytecode/BytecodeOpInterface.h>
#include <mlir/Dialect/Quant/IR/QuantTypes.h>
#include <mlir/IR/BuiltinTypes.h>
#include <mlir/IR/Dialect.h>
#include <mlir/IR/OpDefinition.h>
#include <mlir/IR/OpImplementation.h>
#include <mlir/IR/SymbolTable.h>
#include <mlir/Interfaces/ControlFlowInterfaces.h>
#include <mlir/Interfaces/DestinationStyleOpInterface.h>
#include <mlir/Interfaces/InferTypeOpInterface.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

#include "quantcc/Dialect/QuantCC/IR/QuantCCEnums.h.inc"

#include "quantcc/Dialect/QuantCC/IR/QuantCCDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "quantcc/Dialect/QuantCC/IR/QuantCCAttributes.h.inc"

namespace quantcc {

/// The name of the attribute of an entry function's argument or result that
/// holds the tensor's name in the source model.
inline constexpr llvm::StringLiteral kNameAttrName = "quantcc.name";

/// The name of the attribute of an op that is to stay in floating point; it
/// holds the reason.
inline constexpr llvm::StringLiteral kKeepFloatAttrName = "quantcc.keep_float";

/// The name of the attribute of an argument or result that holds, as a TypeAttr
/// of an element type, the quantized type it had before the integer stage.
inline constexpr llvm::StringLiteral kTypeAttrName = "quantcc.type";

/// Whether `type` is a tensor with a quantized element type.
bool isQuantized(mlir::Type type);

/// The quantized element type of the tensor `type`, or null.
mlir::quant::QuantizedType getQuantizedElementType(mlir::Type type);

/// Whether `op` is a network op with a state (lstm, svdf), in whatever form. No
/// pass quantizes these, so that QuantizableOpInterface is not theirs.
bool isRecurrentOp(mlir::Operation *op);

namespace detail {
/// Makes the same network op on other operands and result types: the shared
/// body of the ops' `rebuild`. Turns the float form's real-valued attributes
/// into stored values where the results are quantized.
mlir::FailureOr<mlir::Operation *> rebuildNetworkOp(mlir::Operation *op,
                                                    mlir::OpBuilder &builder,
                                                    mlir::ValueRange operands,
                                                    mlir::TypeRange resultTypes,
                                                    Rounding rounding);
} // namespace detail

} // namespace quantcc

namespace quantcc {

/// The memory behind all variables, as far as effects are concerned.
struct VariableResource : mlir::SideEffects::Resource::Base<VariableResource> {
  llvm::StringRef getName() final { return "quantcc.variables"; }
};

} // namespace quantcc

#define GET_OP_CLASSES
#include "quantcc/Dialect/QuantCC/IR/QuantCCOps.h.inc"

#endif // QUANTCC_DIALECT_QUANTCC_IR_QUANTCC_H
