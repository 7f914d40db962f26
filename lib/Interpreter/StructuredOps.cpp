//===- StructuredOps.cpp - Loops over integer tensors ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The linalg ops of the integer stage, named and generic: by their maps and
// bodies, whatever their names. (docs/Numerics.md, N38)
//
//===----------------------------------------------------------------------===//

#include "IndexMap.h"
#include "Kernel.h"
#include "ScalarProgram.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Transforms/RegionUtils.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

namespace {

/// Where an operand is read: start + the loops' positions . coefficients.
struct LinearAccess {
  int64_t start = 0;
  SmallVector<int64_t> coefficients;
};

/// One structured op, ready to run.
struct Loops {
  SmallVector<int64_t> sizes;
  /// Of the inputs, and last of the result.
  SmallVector<LinearAccess> accesses;
  ScalarProgram body;

  void run(ArrayRef<const Tensor *> operands, Tensor &result) const;
};

} // namespace

/// Whether `map` is a sum of multiples of dimensions, result by result.
static bool isLinear(AffineMap map) {
  bool linear = map.getNumSymbols() == 0;
  for (AffineExpr expr : map.getResults())
    expr.walk([&](AffineExpr part) {
      linear &= part.getKind() == AffineExprKind::Add ||
                part.getKind() == AffineExprKind::Mul ||
                part.getKind() == AffineExprKind::Constant ||
                part.getKind() == AffineExprKind::DimId;
    });
  return linear;
}

/// The access of an operand of `shape` through `map` by loops of `sizes`.
/// Fails if the map is not linear, or leaves the operand.
static FailureOr<LinearAccess> linearize(AffineMap map, ArrayRef<int64_t> shape,
                                         ArrayRef<int64_t> sizes) {
  if (!isLinear(map) || map.getNumResults() != shape.size())
    return failure();
  SmallVector<int64_t> strides = rowMajorStrides(shape);
  SmallVector<int64_t> point(sizes.size(), 0);
  SmallVector<int64_t> origin = map.compose(point);
  SmallVector<int64_t> low(origin), high(origin);
  LinearAccess access;
  for (size_t i = 0; i < shape.size(); ++i)
    access.start += origin[i] * strides[i];
  for (size_t dim = 0; dim < sizes.size(); ++dim) {
    point[dim] = 1;
    SmallVector<int64_t> next = map.compose(point);
    point[dim] = 0;
    int64_t coefficient = 0;
    for (size_t i = 0; i < shape.size(); ++i) {
      int64_t step = next[i] - origin[i];
      coefficient += step * strides[i];
      (step < 0 ? low : high)[i] += step * (sizes[dim] - 1);
    }
    access.coefficients.push_back(coefficient);
  }
  for (size_t i = 0; i < shape.size(); ++i)
    if (low[i] < 0 || high[i] >= shape[i])
      return failure();
  return access;
}

void Loops::run(ArrayRef<const Tensor *> operands, Tensor &result) const {
  size_t inputs = accesses.size() - 1;
  result.stored = operands[inputs]->stored;
  if (llvm::is_contained(sizes, 0))
    return;
  ArrayRef<const Tensor *> captured = operands.drop_front(accesses.size());
  SmallVector<int64_t> index(sizes.size(), 0), offsets;
  for (const LinearAccess &access : accesses)
    offsets.push_back(access.start);
  std::vector<int64_t> registers(body.registers());
  while (true) {
    for (size_t i = 0; i < inputs; ++i)
      registers[i] = operands[i]->stored[offsets[i]];
    registers[inputs] = result.stored[offsets[inputs]];
    result.stored[offsets[inputs]] = body.run(registers, index, captured);
    size_t dim = sizes.size();
    for (; dim > 0; --dim) {
      bool wraps = ++index[dim - 1] == sizes[dim - 1];
      int64_t steps = wraps ? 1 - sizes[dim - 1] : 1;
      for (size_t i = 0; i < accesses.size(); ++i)
        offsets[i] += steps * accesses[i].coefficients[dim - 1];
      if (!wraps)
        break;
      index[dim - 1] = 0;
    }
    if (dim == 0)
      return;
  }
}

FailureOr<Kernel> interpreter::prepareStructuredOp(Operation *op) {
  auto structured = dyn_cast<linalg::LinalgOp>(op);
  if (!structured)
    return Kernel();
  if (structured.getNumDpsInits() != 1 || !structured.hasPureTensorSemantics())
    return op->emitOpError() << "is not supported by the interpreter with "
                             << structured.getNumDpsInits() << " results";
  Loops loops;
  loops.sizes = structured.getStaticLoopRanges();
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    ArrayRef<int64_t> shape = type ? type.getShape() : ArrayRef<int64_t>();
    FailureOr<LinearAccess> access = linearize(
        structured.getMatchingIndexingMap(&operand), shape, loops.sizes);
    if (failed(access))
      return op->emitOpError()
             << "is not supported by the interpreter: operand "
             << operand.getOperandNumber() << " is not read along lines";
    loops.accesses.push_back(std::move(*access));
  }
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  FailureOr<ScalarProgram> body =
      ScalarProgram::create(*structured.getBlock(), captured.getArrayRef());
  if (failed(body))
    return failure();
  loops.body = std::move(*body);
  return Kernel([loops = std::move(loops)](ArrayRef<const Tensor *> operands,
                                           Tensor &result) {
    loops.run(operands, result);
  });
}
