//===- Combinations.h - What random graphs have to cover --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The combinations of op, storage, rounding and granularity of weights that
// docs/Numerics.md defines, and the count of graphs that have each.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_COMBINATIONS_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_COMBINATIONS_H

#include "quantcc/Support/Rounding.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/IR/Value.h>
#include <optional>
#include <string>
#include <vector>

namespace quantcc::differential {

class GraphBuilder;

/// How the activations of an op are stored. `Narrow` is 8 bits, signed or not,
/// of which the type allows a part.
enum class StorageKind { I8, U8, Narrow, I16 };

llvm::StringRef nameOf(StorageKind kind);

/// One kind of op that a generator makes.
struct OpDescriptor {
  llvm::StringLiteral name;
  llvm::ArrayRef<StorageKind> storages;
  /// Empty if the op does not requantize.
  llvm::ArrayRef<Rounding> roundings;
  /// Whether weights may be quantized per tensor and per axis.
  bool hasWeights;
  /// Adds one such op, and what else it needs; null if there is no room.
  mlir::Value (*generate)(GraphBuilder &builder,
                          const struct Combination &combination);
};

/// All that are declared, in a fixed order.
llvm::ArrayRef<OpDescriptor> opDescriptors();

/// The place of the op `name` among them.
size_t indexOfOp(llvm::StringRef name);

/// What is counted. `storage` is that of the op's first operand.
struct Combination {
  size_t op = 0;
  StorageKind storage = StorageKind::I8;
  std::optional<Rounding> rounding;
  std::optional<bool> perAxis;

  bool operator==(const Combination &other) const {
    return op == other.op && storage == other.storage &&
           rounding == other.rounding && perAxis == other.perAxis;
  }
  std::string describe() const;
};

/// All that opDescriptors() allow.
llvm::ArrayRef<Combination> declaredCombinations();

/// The same whatever the granularity of the weights, which is none here.
llvm::ArrayRef<Combination> declaredCases();

/// The graphs that have each of the declared combinations and cases.
class Coverage {
public:
  Coverage()
      : counts(declaredCombinations().size() + declaredCases().size(), 0) {}

  /// `cases` has a number for each declared combination and then for each case,
  /// in order.
  explicit Coverage(std::vector<unsigned> cases) : counts(std::move(cases)) {}

  llvm::ArrayRef<unsigned> cases() const { return counts; }

  /// Counts a graph that has `combinations`, each once.
  void add(llvm::ArrayRef<Combination> combinations);

  void merge(const Coverage &other);

  /// Prints a line an op and storage.
  void print(llvm::raw_ostream &stream) const;

  /// The cases that fewer than `required` graphs have, and if there is such a
  /// number the combinations that none has.
  std::vector<std::string> missing(unsigned required) const;

private:
  std::vector<unsigned> counts;
};

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_COMBINATIONS_H
