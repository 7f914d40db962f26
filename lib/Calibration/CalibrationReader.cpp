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

#include <cmath>
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

/// The numbers under `key`, each finite as f32.
static Expected<std::vector<float>> readFloats(const json::Object &object,
                                               StringRef key) {
  const json::Array *array;
  if (Error error = assign(array, readArray(object, key)))
    return std::move(error);
  std::vector<float> values;
  for (const json::Value &value : *array) {
    std::optional<double> number = value.getAsNumber();
    if (!number || !std::isfinite(static_cast<float>(*number)))
      return llvm::createStringError(
          llvm::formatv("expected '{0}' to be finite numbers", key));
    // As in the statistics, -0 is 0.
    values.push_back(static_cast<float>(*number) + 0.0f);
  }
  return values;
}

static Expected<ChannelStatistics> readChannels(const json::Object &object) {
  if (Error error = expectKeys(object, {"min", "max", "sums_of_means"}))
    return std::move(error);
  std::vector<float> minima, maxima;
  const json::Array *array;
  if (Error error = assign(minima, readFloats(object, "min")))
    return std::move(error);
  if (Error error = assign(maxima, readFloats(object, "max")))
    return std::move(error);
  if (Error error = assign(array, readArray(object, "sums_of_means")))
    return std::move(error);
  if (minima.empty() || maxima.size() != minima.size() ||
      array->size() != minima.size())
    return llvm::createStringError(
        "expected 'min', 'max' and 'sums_of_means' to have one value a "
        "channel");
  std::vector<ExactSum> sums;
  for (const json::Value &value : *array) {
    std::optional<StringRef> text = value.getAsString();
    std::optional<ExactSum> sum;
    if (text)
      sum = ExactSum::parse(*text);
    if (!sum)
      return llvm::createStringError(
          "expected 'sums_of_means' to be exact sums");
    sums.push_back(std::move(*sum));
  }
  return ChannelStatistics::of(std::move(minima), std::move(maxima),
                               std::move(sums));
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
  if (object.get("channels")) {
    const json::Object *channels;
    if (Error error = assign(channels, readObject(object, "channels")))
      return std::move(error);
    if (Error error = assign(parts.channels, readChannels(*channels)))
      return std::move(error);
  }
  return TensorStatistics::fromParts(parts);
}

static Error readTensor(const json::Value &value, int64_t version,
                        CalibratedTensor &tensor) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return llvm::createStringError("expected an object");
  std::vector<StringRef> keys = {"range",         "samples",  "values",
                                 "zeros",         "observed", "sum_of_minima",
                                 "sum_of_maxima", "histogram"};
  if (version >= 2)
    keys.push_back("channels");
  if (Error error = expectKeys(*object, keys))
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
  int64_t version;
  if (Error error =
          assign(version, readVersion(*object, CalibrationFile::kVersion)))
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
    if (Error error = readTensor(*value, version, file.tensors[key]))
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
