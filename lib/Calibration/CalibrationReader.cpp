//===- CalibrationReader.cpp - Reads calibration files --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads calibration files, which may have been edited by hand, and validates
// all of them.
//
//===----------------------------------------------------------------------===//

#include "JsonInput.h"
#include "quantcc/Calibration/CalibrationFile.h"

#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

/// Moves the value of `from` to `to`, or returns its error.
template <typename T> static Error assign(T &to, Expected<T> from) {
  if (!from)
    return from.takeError();
  to = std::move(*from);
  return Error::success();
}

static Expected<Histogram> readHistogram(const json::Object &object) {
  if (Error error = expectKeys(object, {"exponent", "first", "counts"}))
    return std::move(error);
  int64_t exponent, first;
  const json::Array *array;
  // f32 ends below 2^128, and there are 2^11 bins.
  if (Error error =
          assign(exponent, readInteger(object, "exponent",
                                       Histogram::kLeastExponent, 117)))
    return std::move(error);
  if (Error error =
          assign(first, readInteger(object, "first", -Histogram::kBinsPerSide,
                                    Histogram::kBinsPerSide - 1)))
    return std::move(error);
  if (Error error = assign(array, readArray(object, "counts")))
    return std::move(error);
  if (array->size() > uint64_t(Histogram::kBinsPerSide - first))
    return llvm::createStringError("more counts than bins");
  std::vector<uint64_t> counts;
  for (const json::Value &value : *array) {
    std::optional<uint64_t> count = value.getAsUINT64();
    if (!count)
      return llvm::createStringError("expected 'counts' to be counts");
    counts.push_back(*count);
  }
  return Histogram::of(exponent, first, counts);
}

static Expected<ExactSum> readSum(const json::Object &object, StringRef key) {
  Expected<StringRef> text = readString(object, key);
  if (!text)
    return text.takeError();
  if (std::optional<ExactSum> sum = ExactSum::parse(*text))
    return *sum;
  return llvm::createStringError(
      llvm::formatv("expected '{0}' to be an exact sum", key));
}

static Expected<TensorStatistics> readStatistics(const json::Object &object) {
  TensorStatistics::Parts parts;
  const json::Object *histogram;
  if (Error error = assign(parts.numSamples, readCount(object, "samples")))
    return std::move(error);
  if (Error error = assign(parts.numValues, readCount(object, "values")))
    return std::move(error);
  if (Error error = assign(parts.numZeros, readCount(object, "zeros")))
    return std::move(error);
  if (Error error = assign(parts.range, readRange(object, "observed")))
    return std::move(error);
  if (Error error = assign(parts.sumOfMinima, readSum(object, "sum_of_minima")))
    return std::move(error);
  if (Error error = assign(parts.sumOfMaxima, readSum(object, "sum_of_maxima")))
    return std::move(error);
  if (Error error = assign(histogram, readObject(object, "histogram")))
    return std::move(error);
  if (Error error = assign(parts.histogram, readHistogram(*histogram)))
    return std::move(error);
  return TensorStatistics::fromParts(parts);
}

static Error readTensor(const json::Value &value, CalibratedTensor &tensor) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return llvm::createStringError("expected an object");
  if (Error error = expectKeys(*object, {"range", "samples", "values", "zeros",
                                         "observed", "sum_of_minima",
                                         "sum_of_maxima", "histogram"}))
    return error;
  bool hasRange = object->get("range");
  if (hasRange) {
    Expected<RealRange> range = readRange(*object, "range");
    if (!range)
      return range.takeError();
    tensor.range = *range;
  }
  // A range alone will do.
  if (hasRange && object->size() == 1)
    return Error::success();
  return assign(tensor.statistics, readStatistics(*object));
}

static Error readFile(StringRef text, StringRef name, CalibrationFile &file) {
  Expected<json::Object> object = parseJsonObject(text);
  if (!object)
    return object.takeError();
  std::optional<StringRef> format = object->getString("format");
  if (!format || *format != "quantcc-calibration")
    return llvm::createStringError("not a calibration file: expected 'format' "
                                   "to be \"quantcc-calibration\"");
  if (Error error = expectVersion(*object, 1))
    return error;
  if (Error error =
          expectKeys(*object, {"format", "version", "model", "tensors"}))
    return error;
  if (object->get("model")) {
    Expected<StringRef> model = readString(*object, "model");
    if (!model)
      return model.takeError();
    file.model = model->str();
  }
  Expected<const json::Object *> tensors = readObject(*object, "tensors");
  if (!tensors)
    return tensors.takeError();
  // Sorted first, so that of several errors always the same is reported.
  std::map<std::string, const json::Value *> sorted;
  for (const auto &member : **tensors)
    sorted[StringRef(member.first).str()] = &member.second;
  for (const auto &[key, value] : sorted)
    if (Error error = readTensor(*value, file.tensors[key]))
      return llvm::createStringError("tensor '" + key +
                                     "': " + llvm::toString(std::move(error)));
  return Error::success();
}

Expected<CalibrationFile> CalibrationFile::parse(StringRef text,
                                                 StringRef name) {
  CalibrationFile file;
  if (Error error = readFile(text, name, file))
    return llvm::createStringError("cannot read '" + name +
                                   "': " + llvm::toString(std::move(error)));
  return file;
}

Expected<CalibrationFile> CalibrationFile::read(StringRef path) {
  Expected<std::string> text = readTextFile(path);
  if (!text)
    return text.takeError();
  return parse(*text, path);
}
