//===- KernelBuilder.cpp - What all kernels are made of -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds what kernels share.
//
//===----------------------------------------------------------------------===//

#include "KernelBuilder.h"
#include "Remarks.h"

#include "LoopAnnotation.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

SmallVector<int64_t> quantcc::stridesOf(Value buffer) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(cast<MemRefType>(buffer.getType())
                 .getStridesAndOffset(strides, offset)))
    llvm_unreachable("buffers of the laid-out stage are strided");
  return strides;
}

Value KernelBuilder::index(int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value KernelBuilder::add(Value lhs, int64_t rhs) {
  return rhs == 0 ? lhs : add(lhs, index(rhs));
}

Value KernelBuilder::add(Value lhs, Value rhs) {
  return builder.createOrFold<arith::AddIOp>(loc, lhs, rhs);
}

Value KernelBuilder::multiply(Value lhs, int64_t rhs) {
  return builder.createOrFold<arith::MulIOp>(loc, lhs, index(rhs));
}

Value KernelBuilder::remainder(Value lhs, int64_t rhs) {
  return builder.createOrFold<arith::RemUIOp>(loc, lhs, index(rhs));
}

Value KernelBuilder::opaque(Value value) {
  Type i64 = builder.getI64Type();
  Value zero = arith::ConstantIntOp::create(builder, loc, i64, 0);
  // No instruction, but the optimizer may neither move nor look into it.
  auto hidden = LLVM::InlineAsmOp::create(
      builder, loc, i64, zero, /*asm_string=*/"", /*constraints=*/"=r,0",
      /*has_side_effects=*/true, /*is_align_stack=*/false,
      LLVM::tailcallkind::TailCallKind::None, LLVM::AsmDialectAttr(),
      /*operand_attrs=*/ArrayAttr());
  Value index = arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                           hidden.getResult(0));
  return arith::AddIOp::create(builder, loc, value, index);
}

SmallVector<Value> KernelBuilder::loop(int64_t count, int64_t step,
                                       ValueRange carried, LoopBody body) {
  if (count == 1)
    return body(index(0), carried);
  auto loop = scf::ForOp::create(builder, loc, index(0), index(count * step),
                                 index(step), carried);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> results =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  // Without values to carry, the loop has its terminator already.
  if (!carried.empty()) {
    builder.setInsertionPointToEnd(loop.getBody());
    scf::YieldOp::create(builder, loc, results);
  }
  return loop.getResults();
}

SmallVector<Value> KernelBuilder::keptLoop(int64_t count, int64_t step,
                                           ValueRange carried, LoopBody body) {
  SmallVector<Value> results = loop(count, step, carried, body);
  if (auto made = results.front().getDefiningOp<scf::ForOp>(); count != 1)
    keepLoop(made);
  return results;
}

void KernelBuilder::forEach(int64_t count, int64_t step,
                            function_ref<void(Value)> body) {
  if (count == 0)
    return;
  loop(count, step, {}, [&](Value position, ValueRange) {
    body(position);
    return SmallVector<Value>();
  });
}

void KernelBuilder::forEachTile(int64_t extent, int64_t size,
                                function_ref<void(Value)> body) {
  assert(size <= extent && "a tile that fits");
  forEach(llvm::divideCeil(extent, size), size, [&](Value position) {
    if (extent % size != 0)
      position =
          arith::MinUIOp::create(builder, loc, position, index(extent - size));
    body(position);
  });
}

void KernelBuilder::remarkTile(int64_t pixels) {
  remarkPassed(loc, "expand-kernels")
      << remark::add("pixels at once: {0}", pixels);
}

void KernelBuilder::remarkTile(int64_t rows, int64_t columns) {
  remarkPassed(loc, "expand-kernels")
      << remark::add("pixels at once: {0}x{1}", rows, columns);
}

void KernelBuilder::storeElements(Value row, Value position, Value vector,
                                  int64_t count) {
  if (count == cast<VectorType>(vector.getType()).getNumElements()) {
    vector::StoreOp::create(builder, loc, vector, row, position);
    return;
  }
  for (int64_t i = 0; i != count; ++i) {
    Value value =
        vector::ExtractOp::create(builder, loc, vector, ArrayRef<int64_t>{i});
    memref::StoreOp::create(builder, loc, value, row, add(position, i));
  }
}

OpFoldResult KernelBuilder::offsetOf(Value buffer) {
  int64_t offset =
      cast<MemRefType>(buffer.getType()).getStridesAndOffset().second;
  if (!ShapedType::isDynamic(offset))
    return builder.getIndexAttr(offset);
  return memref::ExtractStridedMetadataOp::create(builder, loc, buffer)
      .getOffset();
}

Value KernelBuilder::flatten(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)))
    llvm_unreachable("buffers of the laid-out stage are strided");
  int64_t span = 1;
  for (auto [extent, stride] : llvm::zip_equal(type.getShape(), strides))
    span += (extent - 1) * stride;
  auto layout = StridedLayoutAttr::get(builder.getContext(), offset, {1});
  auto rowType = MemRefType::get({span}, type.getElementType(), layout,
                                 type.getMemorySpace());
  return memref::ReinterpretCastOp::create(
      builder, loc, rowType, buffer, offsetOf(buffer),
      ArrayRef<OpFoldResult>{builder.getIndexAttr(span)},
      ArrayRef<OpFoldResult>{builder.getIndexAttr(1)});
}

Value KernelBuilder::pointer(Value row, Value position) {
  auto type = cast<MemRefType>(row.getType());
  OpFoldResult offset = offsetOf(row);
  std::optional<int64_t> constant = getConstantIntValue(offset);
  Value first =
      constant ? add(position, *constant) : add(position, cast<Value>(offset));
  Type i64 = builder.getI64Type();
  auto pointerType = LLVM::LLVMPointerType::get(builder.getContext());
  Value base =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, row);
  base = arith::IndexCastOp::create(builder, loc, i64, base);
  base = LLVM::IntToPtrOp::create(builder, loc, pointerType, base);
  Value place = arith::IndexCastOp::create(builder, loc, i64, first);
  return LLVM::GEPOp::create(builder, loc, pointerType, type.getElementType(),
                             base, ValueRange{place});
}

Value KernelBuilder::constant(StringRef name, DenseElementsAttr elements) {
  auto type = MemRefType::get(elements.getType().getShape(),
                              elements.getType().getElementType());
  // The table places it in the module, and makes its name unique.
  OpBuilder detached(builder.getContext());
  auto global = memref::GlobalOp::create(
      detached, loc, name, builder.getStringAttr("private"), type, elements,
      /*constant=*/true, builder.getI64IntegerAttr(alignment));
  symbols.insert(global);
  return memref::GetGlobalOp::create(builder, loc, type, global.getSymName());
}
