//===- Casts.cpp - Quantize, dequantize and storage casts -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules N1 and N2 of docs/Numerics.md, and quant.scast, which keeps the bits.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "Parameters.h"

#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

static LogicalResult requirePerTensor(Operation *op, Value value) {
  if (isa_and_nonnull<quant::UniformQuantizedType>(
          getQuantizedElementType(value.getType())))
    return success();
  return op->emitOpError() << "is not supported by the interpreter on "
                           << value.getType();
}

FailureOr<Kernel> interpreter::prepareCast(Operation *op) {
  if (isa<quant::QuantizeCastOp>(op)) {
    if (failed(requirePerTensor(op, op->getResult(0))))
      return failure();
    Parameters parameters = parametersOf(op->getResult(0));
    return Kernel([=](ArrayRef<const Tensor *> operands, Tensor &result) {
      for (size_t i = 0; i < result.stored.size(); ++i)
        result.stored[i] = quantizeReal(operands[0]->real[i], parameters);
    });
  }
  if (isa<quant::DequantizeCastOp>(op)) {
    if (failed(requirePerTensor(op, op->getOperand(0))))
      return failure();
    Parameters parameters = parametersOf(op->getOperand(0));
    return Kernel([=](ArrayRef<const Tensor *> operands, Tensor &result) {
      for (size_t i = 0; i < result.real.size(); ++i)
        result.real[i] = dequantizeStored(operands[0]->stored[i], parameters);
    });
  }
  if (isa<quant::StorageCastOp>(op)) {
    Storage storage = storageOf(op->getResult(0).getType());
    return Kernel([=](ArrayRef<const Tensor *> operands, Tensor &result) {
      for (size_t i = 0; i < result.stored.size(); ++i)
        result.stored[i] = storage.reinterpret(operands[0]->stored[i]);
    });
  }
  return Kernel();
}
