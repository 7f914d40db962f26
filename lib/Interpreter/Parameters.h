//===- Parameters.h - Quantization parameters of values ------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scale, zero point and storage range as read from types, and the end of every
// op that requantizes: round, add the zero point, clamp.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_INTERPRETER_PARAMETERS_H
#define QUANTCC_LIB_INTERPRETER_PARAMETERS_H

#include "FixedPoint.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Interpreter/Interpreter.h"

#include <vector>

namespace quantcc::interpreter {

/// Per-tensor quantization parameters and the storage range [lo, hi].
struct Parameters {
  double scale;
  int64_t zeroPoint;
  int64_t lo;
  int64_t hi;

  /// The largest magnitude of a stored value less the zero point.
  int64_t reach() const { return std::max(hi - zeroPoint, zeroPoint - lo); }
};

/// The parameters of `value`, of per-tensor quantized type.
Parameters parametersOf(mlir::Value value);

/// An interval of integers, ends included.
struct Interval {
  int64_t lo, hi;
};

/// N37: the stored values that `value` may have. `constants` finds constants.
Interval
storedRangeOf(mlir::Value value,
              llvm::function_ref<const Tensor *(mlir::Value)> constants);

/// The width and signedness of stored values.
struct Storage {
  unsigned width;
  bool isSigned;

  /// The value that the low `width` bits of `bits` stand for.
  int64_t reinterpret(int64_t bits) const;
  int64_t min() const { return isSigned ? -(int64_t(1) << (width - 1)) : 0; }
};

/// The storage of a quantized or integer tensor type; signless integers count
/// as signed.
Storage storageOf(mlir::Type tensorType);

/// N1.
int64_t quantizeReal(float real, const Parameters &parameters);

/// N2.
float dequantizeStored(int64_t stored, const Parameters &parameters);

/// Turns accumulators of one op into stored values of its result.
class Requantizer {
public:
  /// `real` holds the multiplier M of each channel, or one for all; `bounds`
  /// holds a bound of the accumulator's magnitude beside each. Emits an error
  /// on `op` and fails where N3, N22 or the precondition of N4 to N6 refuses,
  /// which knows `wide` accumulators.
  static mlir::FailureOr<Requantizer>
  create(mlir::Operation *op, llvm::ArrayRef<double> real,
         llvm::ArrayRef<int64_t> bounds, Rounding rounding, bool wide = false);

  /// As above, with fixed-point multipliers.
  static mlir::FailureOr<Requantizer>
  create(mlir::Operation *op, std::vector<Multiplier> multipliers,
         llvm::ArrayRef<int64_t> bounds, Rounding rounding, bool wide = false);

  /// Of quantcc.requantize, which states all there is.
  static Requantizer create(RequantizeOp op);

  /// Gives accumulators as they are, for the accumulator form.
  static Requantizer none() { return Requantizer(); }

  /// The stored value for `accumulator` of `channel`.
  int64_t operator()(int64_t accumulator, size_t channel = 0) const {
    if (multipliers.empty())
      return accumulator;
    Multiplier multiplier =
        multipliers.size() == 1 ? multipliers[0] : multipliers[channel];
    Wide stored =
        Wide(requantize(accumulator, multiplier, rounding)) + zeroPoint;
    return static_cast<int64_t>(std::clamp<Wide>(stored, lo, hi));
  }

private:
  std::vector<Multiplier> multipliers;
  Rounding rounding;
  int64_t zeroPoint;
  int64_t lo;
  int64_t hi;
};

/// N3 with a diagnostic on `op` where it refuses.
mlir::FailureOr<Multiplier> normalizeFor(mlir::Operation *op, double real);

/// The bounds that `op`'s stored_clamp sets, or else its result's storage
/// range.
std::pair<int64_t, int64_t> clampBoundsOf(mlir::Operation *op);

/// The op's rounding, which C2 guarantees.
Rounding roundingOf(mlir::Operation *op);

/// Emits an error on `op` and fails if its rounding is half_even, which N3
/// defines for few ops only.
mlir::LogicalResult refuseHalfEven(mlir::Operation *op);

} // namespace quantcc::interpreter

#endif // QUANTCC_LIB_INTERPRETER_PARAMETERS_H
