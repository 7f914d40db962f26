//===- FixedPointFunctions.h - TFLite's fixed-point functions ---*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions of 8-bit values as TFLite's reference kernels compute them, in
// fixed point. Models quantized for TFLite were judged by these very results,
// which differ from the rounded real function by one here and there.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_FIXEDPOINTFUNCTIONS_H
#define QUANTCC_LIB_IMPORTER_TFLITE_FIXEDPOINTFUNCTIONS_H

#include "quantcc/Support/QuantizationParameters.h"

#include <llvm/ADT/SmallVector.h>

namespace quantcc::tflite {

/// Stored results for the stored inputs -128 to 127.
using Int8Table = llvm::SmallVector<int8_t, 256>;

/// 1 / (1 + exp(-x)). Expects a result of scale 1/256 and zero point -128.
/// Errors: another result; a scale of the input below 2^-27.
/// Source: TFLite's reference_integer_ops::Logistic.
llvm::Expected<Int8Table>
logisticTable(const quantcc::QuantizationParameters &input,
              const quantcc::QuantizationParameters &result);

/// tanh(x). Expects a result of scale 1/128 and zero point 0. Errors as above.
/// Source: TFLite's reference_integer_ops::Tanh.
llvm::Expected<Int8Table>
tanhTable(const quantcc::QuantizationParameters &input,
          const quantcc::QuantizationParameters &result);

/// x * min(max(x + 3, 0), 6) / 6. Errors: the input's scale is more than 128
/// times the result's. Source: TFLite's reference_ops::HardSwish.
llvm::Expected<Int8Table>
hardSwishTable(const quantcc::QuantizationParameters &input,
               const quantcc::QuantizationParameters &result);

/// x >= 0 ? x : alpha * x. Errors: a multiplier that does not fit, or overflows
/// on the stored values. Source: TFLite's QuantizeLeakyRelu.
llvm::Expected<llvm::SmallVector<int32_t, 256>>
leakyReluTable(const quantcc::QuantizationParameters &input,
               StoredRange inputBounds,
               const quantcc::QuantizationParameters &result,
               StoredRange resultBounds, float alpha);

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_FIXEDPOINTFUNCTIONS_H
