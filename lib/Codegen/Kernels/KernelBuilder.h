//===- KernelBuilder.h - What all kernels are made of -----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Index arithmetic, loops, flat views and packed constants.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_KERNELBUILDER_H
#define QUANTCC_LIB_CODEGEN_KERNELS_KERNELBUILDER_H

#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/IR/PatternMatch.h>

namespace quantcc {

/// Strides of a buffer, in elements.
llvm::SmallVector<int64_t> stridesOf(mlir::Value buffer);

class KernelBuilder {
public:
  /// Constants are created in `symbols`, aligned to `alignment` bytes.
  KernelBuilder(mlir::RewriterBase &builder, mlir::Location loc,
                mlir::SymbolTable &symbols, int64_t alignment)
      : builder(builder), loc(loc), symbols(symbols), alignment(alignment) {}

  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value lhs, int64_t rhs);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value multiply(mlir::Value lhs, int64_t rhs);
  /// Of values that are not negative.
  mlir::Value remainder(mlir::Value lhs, int64_t rhs);

  /// `value`, of which the code generator knows nothing: what is loaded from
  /// there is loaded where it is used, often as an operand of an instruction,
  /// and not kept across the loops around it in registers that do not suffice.
  mlir::Value opaque(mlir::Value value);

  using LoopBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::Value, mlir::ValueRange)>;

  /// Runs `body` for `count` values 0, step, 2 step, … with the values that it
  /// carries along; without a loop where there is one iteration.
  llvm::SmallVector<mlir::Value> loop(int64_t count, int64_t step,
                                      mlir::ValueRange carried, LoopBody body);

  /// The same as a loop that LLVM keeps, though it has few iterations: what one
  /// of them loads is not loaded before the one before it is done.
  llvm::SmallVector<mlir::Value> keptLoop(int64_t count, int64_t step,
                                          mlir::ValueRange carried,
                                          LoopBody body);

  /// A loop that carries nothing.
  void forEach(int64_t count, int64_t step,
               llvm::function_ref<void(mlir::Value)> body);

  /// Runs `body` for the first positions of tiles of `size` that cover
  /// `extent`, which is `size` at least. Where it is no multiple, the last tile
  /// overlaps the one before: computing some results twice takes less code than
  /// tiles of another size.
  void forEachTile(int64_t extent, int64_t size,
                   llvm::function_ref<void(mlir::Value)> body);

  /// Remarks that the code computes `pixels`, or `rows` times `columns` of
  /// them, at once.
  void remarkTile(int64_t pixels);
  void remarkTile(int64_t rows, int64_t columns);

  /// Stores the first `count` elements of `vector` from `position` on.
  void storeElements(mlir::Value row, mlir::Value position, mlir::Value vector,
                     int64_t count);

  /// Where the first element of `buffer` is, counted from what it points to.
  mlir::OpFoldResult offsetOf(mlir::Value buffer);

  /// All bytes from the first of `buffer`, of static strides, to the last, as a
  /// buffer of rank 1.
  mlir::Value flatten(mlir::Value buffer);

  /// The address of element `position` of `row`, a buffer of rank 1, where
  /// addresses have 64 bits.
  mlir::Value pointer(mlir::Value row, mlir::Value position);

  /// A private constant of `elements`.
  mlir::Value constant(llvm::StringRef name, mlir::DenseElementsAttr elements);

  /// `elements` in a buffer of rank 1.
  template <typename T>
  mlir::Value constant(llvm::StringRef name, llvm::ArrayRef<T> elements) {
    mlir::Type type;
    if constexpr (std::is_same_v<T, float>)
      type = builder.getF32Type();
    else if constexpr (std::is_same_v<T, double>)
      type = builder.getF64Type();
    else
      type = builder.getIntegerType(sizeof(T) * 8);
    auto shape = mlir::RankedTensorType::get(elements.size(), type);
    return constant(name, mlir::DenseElementsAttr::get(shape, elements));
  }

  mlir::RewriterBase &builder;
  mlir::Location loc;
  /// The bytes that the kernel asked for, if it did.
  mlir::Value scratch;

private:
  mlir::SymbolTable &symbols;
  int64_t alignment;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_KERNELBUILDER_H
