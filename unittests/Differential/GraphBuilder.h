//===- GraphBuilder.h - A random graph in the making ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function of the quantized stage that generators add ops to: the values made
// so far, new inputs, types with random parameters, and constants.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHBUILDER_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHBUILDER_H

#include "Combinations.h"
#include "RandomSource.h"

#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinOps.h>

namespace quantcc::differential {

using Shape = llvm::SmallVector<int64_t>;
using ActivationType = mlir::quant::UniformQuantizedType;
using mlir::Value;

/// The ranks and the number of elements that an op takes.
struct OperandLimits {
  unsigned minRank = 0;
  unsigned maxRank = 5;
  int64_t maxElements = 600;
};

class GraphBuilder {
public:
  /// A graph without inputs and ops, called @g<seed>.
  GraphBuilder(mlir::MLIRContext *context, uint64_t seed, bool prefersLarge);

  RandomSource random;
  /// Whether most contractions have many channels and positions.
  const bool prefersLarge;
  mlir::OpBuilder builder;

  //===--------------------------------------------------------------------===//
  // Types
  //===--------------------------------------------------------------------===//

  /// A normal f32 scale around 2^exponent, often a power of two.
  double randomScale(int exponent);

  /// The closest normal f32 value.
  static double asScale(double scale);

  /// Storage of `kind` with `scale` and a random zero point, often at an end.
  ActivationType makeType(StorageKind kind, double scale);

  /// Storage of i16 with a zero point at an end: centred values have 16 bits
  /// and a sign, the product of two of them has 32 and one.
  ActivationType extremeType(double scale);

  /// As makeType, with the scale of the graph's activations.
  ActivationType randomType(StorageKind kind);

  /// The type of a result whose accumulators have `unit` as scale and are
  /// `typical` in magnitude: mostly one that uses the storage well.
  ActivationType resultType(StorageKind kind, double unit, double typical);

  /// Mostly `kind`.
  StorageKind resultKind(StorageKind kind);

  //===--------------------------------------------------------------------===//
  // Values
  //===--------------------------------------------------------------------===//

  /// A value of storage `kind` within `limits`: one of the graph's, one that a
  /// reshape or rescale makes of it, or a new input.
  Value operand(StorageKind kind, const OperandLimits &limits);

  /// A value of storage `kind` of the rank of `shape` and at most `maxElements`
  /// elements: a new input of shape `shape`, or one of the graph's that is
  /// large.
  Value largeOperand(StorageKind kind, llvm::ArrayRef<int64_t> shape,
                     int64_t maxElements);

  /// A new input.
  Value input(ActivationType type, llvm::ArrayRef<int64_t> shape);

  /// A value of element type `type` and of a shape that `fits`: one of the
  /// graph's, but rarely `other`; if there is none, a new input or a constant
  /// of shape `otherwise`.
  Value partner(ActivationType type, llvm::ArrayRef<int64_t> otherwise,
                llvm::function_ref<bool(llvm::ArrayRef<int64_t>)> fits,
                Value other = {});

  /// As above, of any type of storage `kind`.
  Value partner(StorageKind kind, llvm::ArrayRef<int64_t> otherwise,
                llvm::function_ref<bool(llvm::ArrayRef<int64_t>)> fits,
                Value other = {});

  /// Random stored values of `type`; several patterns, among them all lowest.
  Value constant(mlir::quant::QuantizedType type,
                 llvm::ArrayRef<int64_t> shape);

  /// As above, the integers alone.
  mlir::DenseElementsAttr storedValues(mlir::quant::QuantizedType type,
                                       llvm::ArrayRef<int64_t> shape);

  /// A plain integer constant.
  Value integers(llvm::ArrayRef<int64_t> values, unsigned width);

  /// The op `quantcc.<name>` on `operands`, counted as `what`. `attributes` are
  /// completed with the rounding of `what`.
  Value op(llvm::StringRef name, mlir::ValueRange operands,
           ActivationType element, llvm::ArrayRef<int64_t> shape,
           mlir::NamedAttrList attributes, const Combination &what);

  /// The op `quantcc.<name>`, with results of types `results`, which join the
  /// graph's values where they are quantized. Counted as an op, and as `what`
  /// if there is one, whose rounding completes `attributes`.
  mlir::Operation *createOp(llvm::StringRef name, mlir::ValueRange operands,
                            mlir::TypeRange results,
                            mlir::NamedAttrList attributes,
                            const Combination *what);

  /// Counts what is made of other ops as an op, and as `what`.
  void count(const Combination &what) {
    combinations.push_back(what);
    ++numOps;
  }

  /// Plain integers as stored values of type `element`, one of the graph's
  /// values.
  Value storageCast(Value integers, ActivationType element);

  /// `value` under the shape `shape`, by a reshape.
  Value reshape(Value value, llvm::ArrayRef<int64_t> shape);

  /// Makes a result of `value`, which need not be quantized, if there is room.
  void alsoReturn(Value value);

  /// A new variable of element type `type`, whose initial values are random.
  mlir::StringAttr variable(ActivationType type, llvm::ArrayRef<int64_t> shape);

  /// What `variable`, of the type `type`, holds at this place.
  Value readVariable(mlir::StringAttr variable, mlir::Type type);

  void assignVariable(mlir::StringAttr variable, Value value);

  /// Sometimes adds a fused clamp.
  void maybeClamp(mlir::NamedAttrList &attributes, ActivationType result);

  Shape randomShape(unsigned rank, int64_t maxElements);

  static ActivationType typeOf(Value value);
  static llvm::ArrayRef<int64_t> shapeOf(Value value);

  /// Returns all values that nothing uses, and sometimes more.
  void finish();

  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<Combination> combinations;
  unsigned numOps = 0;

private:
  mlir::Location nextLocation(llvm::StringRef name);
  Value choose(llvm::function_ref<bool(Value)> fits);
  Value reshaped(Value value, const OperandLimits &limits);
  Value rescaled(Value value, StorageKind kind);

  mlir::func::FuncOp function;
  /// Arguments and results, without constants.
  llvm::SmallVector<Value> values;
  /// Results of the graph that are no quantized values.
  llvm::SmallVector<Value> plainResults;
  unsigned numVariables = 0;
  /// Whether all scales are powers of two.
  bool isDyadic;
  /// The exponent that activations' scales lie around.
  int baseExponent;
};

/// The storage that `type` is of.
StorageKind kindOf(ActivationType type);

/// The magnitude of random stored values less the zero point.
double typicalMagnitude(ActivationType type);

/// The number of elements.
int64_t sizeOf(llvm::ArrayRef<int64_t> shape);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHBUILDER_H
