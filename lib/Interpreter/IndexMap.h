//===- IndexMap.h - Positions in row-major tensors ------------ -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Positions of a tensor's elements in another tensor, computed once per op.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_INTERPRETER_INDEXMAP_H
#define QUANTCC_LIB_INTERPRETER_INDEXMAP_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>
#include <vector>

namespace quantcc::interpreter {

/// The distance between neighbours along each dimension of a row-major tensor.
llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape);

/// For every index of `shape` in row-major order, start + index . strides.
std::vector<int64_t> indexMap(llvm::ArrayRef<int64_t> shape,
                              llvm::ArrayRef<int64_t> strides,
                              int64_t start = 0);

/// For every element of `resultShape`, the element of a tensor of shape `shape`
/// that numpy's broadcasting pairs with it.
std::vector<int64_t> broadcastMap(llvm::ArrayRef<int64_t> shape,
                                  llvm::ArrayRef<int64_t> resultShape);

} // namespace quantcc::interpreter

#endif // QUANTCC_LIB_INTERPRETER_INDEXMAP_H
