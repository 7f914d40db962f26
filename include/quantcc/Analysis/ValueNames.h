//===- ValueNames.h - Names of a model's values -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names under which values are calibrated, compared and reported. They are
// those of the source model, so that a calibration file outlives changes of
// the graph.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ANALYSIS_VALUENAMES_H
#define QUANTCC_ANALYSIS_VALUENAMES_H

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringMap.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Location.h>
#include <string>

namespace quantcc {

/// All names that `location` holds: of a fused location, that of the op's
/// result comes first.
llvm::SmallVector<llvm::StringRef> getLocationNames(mlir::Location location);

/// The first of these names, or an empty string.
llvm::StringRef getLocationName(mlir::Location location);

/// How a diagnostic names `op`: the name of its location, or else of the op.
llvm::StringRef getLayerName(mlir::Operation *op);

/// Gives each name once: a repeated name becomes `name#2`, `name#3`, ...
class UniqueNames {
public:
  std::string add(llvm::StringRef name);

private:
  llvm::StringMap<unsigned> uses;
};

/// The unique name of each tensor of a function, in order: an argument's is
/// its `quantcc.name` attribute, a result's that of its op's location; without
/// these, `argN` and the op's name. The result of an `observe` has its `name`,
/// and that of a `fake_quantize` the name of its operand. Constants have none.
class ValueNames {
public:
  explicit ValueNames(mlir::func::FuncOp function);

  /// The name of `value`, empty for a value that has none.
  llvm::StringRef lookup(mlir::Value value) const;

private:
  llvm::DenseMap<mlir::Value, std::string> names;
};

} // namespace quantcc

#endif // QUANTCC_ANALYSIS_VALUENAMES_H
