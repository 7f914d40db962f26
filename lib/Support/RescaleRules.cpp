//===- RescaleRules.cpp - Multipliers of each operator --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The real multipliers of each operator. Every cast below is a rounding that
// belongs to the rule.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/RescaleRules.h"

#include <algorithm>
#include <cmath>

using namespace quantcc;
using llvm::Expected;

double quantcc::convolutionMultiplier(float inputScale, float weightScale,
                                      float outputScale) {
  return double(inputScale) * double(weightScale) / double(outputScale);
}

double quantcc::linearMultiplier(float inputScale, float weightScale,
                                 float outputScale) {
  float product = inputScale * weightScale;
  return double(product) / double(outputScale);
}

double quantcc::mulMultiplier(float lhsScale, float rhsScale,
                              float outputScale) {
  return double(lhsScale) * double(rhsScale) / double(outputScale);
}

double quantcc::rescaleMultiplier(float inputScale, float outputScale) {
  return double(inputScale) / double(outputScale);
}

double quantcc::leakyReluMultiplier(float inputScale, float alpha,
                                    float outputScale) {
  return onnxMultiplier(inputScale, alpha, outputScale);
}

double quantcc::reluIdentityMultiplier(float inputScale, float outputScale) {
  float quotient = inputScale / outputScale;
  return quotient;
}

float quantcc::onnxMultiplier(float inputScale, float weightScale,
                              float outputScale) {
  float product = inputScale * weightScale;
  return product / outputScale;
}

Expected<AddMultipliers> quantcc::addMultipliers(float lhsScale, float rhsScale,
                                                 float outputScale,
                                                 unsigned width) {
  int32_t leftShift = width > 8 ? 15 : 20;
  double twice = 2.0 * std::max(lhsScale, rhsScale);
  Expected<FixedPointMultiplier> lhs = quantizeMultiplier(lhsScale / twice);
  if (!lhs)
    return lhs.takeError();
  Expected<FixedPointMultiplier> rhs = quantizeMultiplier(rhsScale / twice);
  if (!rhs)
    return rhs.takeError();
  Expected<FixedPointMultiplier> output =
      quantizeMultiplier(twice / (std::ldexp(1.0, leftShift) * outputScale));
  if (!output)
    return output.takeError();
  return AddMultipliers{leftShift, *lhs, *rhs, *output};
}

Expected<SoftmaxScaling> quantcc::softmaxScaling(float inputScale, float beta) {
  constexpr int integerBits = 5;
  double real =
      std::min(double(beta) * double(inputScale) * 0x1p26, 0x1p31 - 1.0);
  // Written so that NaN fails too.
  if (!(real > 1.0))
    return llvm::createStringError("expected a softmax input scale above 2^-26 "
                                   "/ beta, found scale %g, beta %g",
                                   inputScale, beta);
  int leftShift;
  double mantissa = std::frexp(real, &leftShift);
  int64_t multiplier = static_cast<int64_t>(std::round(mantissa * 0x1p31));
  if (multiplier == int64_t(1) << 31) {
    multiplier /= 2;
    ++leftShift;
  }
  double largest = ((1 << integerBits) - 1) * 0x1p26;
  double radius = std::floor(std::ldexp(largest, -leftShift));
  return SoftmaxScaling{static_cast<int32_t>(multiplier), leftShift,
                        -static_cast<int32_t>(radius)};
}

double quantcc::wideSoftmaxMultiplier(float inputScale, float beta) {
  return double(inputScale) * double(beta) / (10.0 / 65535.0);
}

float quantcc::weightScaleForBias(float weightScale, float inputScale,
                                  float bias) {
  double smallest = std::fabs(double(bias)) / (0x1p30 * double(inputScale));
  if (weightScale >= smallest)
    return weightScale;
  float scale = static_cast<float>(smallest);
  return scale >= smallest ? scale : std::nextafter(scale, INFINITY);
}
