//===- RescaleRules.h - Multipliers of each operator ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The real multipliers that requantize each operator's accumulator, in the very
// floating-point arithmetic that TFLite computes them with: a multiplier
// computed in another order of roundings differs in its last bits, and a result
// then by one. All scales are positive f32.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_RESCALERULES_H
#define QUANTCC_SUPPORT_RESCALERULES_H

#include "quantcc/Support/FixedPointMultiplier.h"

namespace quantcc {

/// Convolutions, per-tensor or per-axis weights, and per-axis linear:
/// f64(input) * f64(weight) / f64(output).
double convolutionMultiplier(float inputScale, float weightScale,
                             float outputScale);

/// Linear and matmul with per-tensor weights: the product of the two scales is
/// rounded to f32 first, f64(f32(input * weight)) / f64(output).
double linearMultiplier(float inputScale, float weightScale, float outputScale);

/// Multiplication of two tensors, and the negative side of prelu:
/// f64(lhs) * f64(rhs) / f64(output), as TFLite Micro computes it. TFLite's own
/// mul.cc rounds each step to f32.
double mulMultiplier(float lhsScale, float rhsScale, float outputScale);

/// A change of parameters alone (requantize, mean, concat, relu):
/// f64(input) / f64(output).
double rescaleMultiplier(float inputScale, float outputScale);

/// The negative side of leaky relu: f32(f32(input * alpha) / output).
double leakyReluMultiplier(float inputScale, float alpha, float outputScale);

/// The positive side of leaky relu: f32(input / output). That of prelu is a
/// rescaleMultiplier.
double reluIdentityMultiplier(float inputScale, float outputScale);

/// ONNX's QLinear operators, rounding half_even: f32(f32(x * w) / y).
float onnxMultiplier(float inputScale, float weightScale, float outputScale);

/// Addition and subtraction of tensors of up to 16 bits:
///   stored = zp + output(lhs(a << leftShift) + rhs(b << leftShift))
/// with a, b the stored values less their zero points.
struct AddMultipliers {
  int32_t leftShift;
  FixedPointMultiplier lhs;
  FixedPointMultiplier rhs;
  FixedPointMultiplier output;
};

/// twice = 2 * max(lhs, rhs); lhs: lhs / twice; rhs: rhs / twice; output:
/// twice / (2^leftShift * output), in f64. The left shift is 20 for operands of
/// up to 8 bits, 15 for wider ones. Errors: a multiplier that does not fit.
/// Source: TFLite's add.cc and sub.cc.
llvm::Expected<AddMultipliers> addMultipliers(float lhsScale, float rhsScale,
                                              float outputScale,
                                              unsigned width = 8);

/// Softmax over 8-bit values, whose differences from the row's maximum are
/// scaled to Q5.26: (difference << leftShift) times multiplier * 2^-31.
/// Differences below `minDifference` contribute 0.
struct SoftmaxScaling {
  int32_t multiplier;
  int32_t leftShift;
  int32_t minDifference;
};

/// The scaling of beta * inputScale, capped below 2^31 in Q5.26. Errors:
/// beta * inputScale is not above 2^-26. Source: TFLite's
/// PreprocessSoftmaxScaling and CalculateInputRadius, 5 integer bits.
llvm::Expected<SoftmaxScaling> softmaxScaling(float inputScale, float beta);

/// Softmax over 16-bit values: differences from the row's maximum are scaled so
/// that 65535 stands for 10, f64(scale * beta) / (10 / 65535). Source: TFLite's
/// softmax.cc.
double wideSoftmaxMultiplier(float inputScale, float beta);

/// The smallest scale, at least `weightScale`, that a weight channel may have
/// so that its bias, stored at inputScale * weightScale, has magnitude at most
/// 2^30, which leaves the accumulator as much room again. Expects a finite
/// bias.
float weightScaleForBias(float weightScale, float inputScale, float bias);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_RESCALERULES_H
