//===- CalibrationFile.cpp - The calibration file -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints, merges and queries calibration files.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/CalibrationFile.h"

#include "quantcc/Support/AtomicFile.h"

#include <cstdlib>
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::raw_ostream;
using llvm::StringRef;
namespace json = llvm::json;

/// Writes the shortest decimal that the reader turns into `value` again, by way
/// of f64 as json::Value does.
static void printFloat(raw_ostream &stream, float value) {
  for (int digits = 1; digits <= 9; ++digits) {
    std::string text;
    llvm::raw_string_ostream(text)
        << llvm::format("%.*g", digits, static_cast<double>(value));
    if (static_cast<float>(std::strtod(text.c_str(), nullptr)) == value) {
      stream << text;
      return;
    }
  }
  llvm_unreachable("nine digits identify every f32");
}

static void printRange(raw_ostream &stream, RealRange range) {
  stream << '[';
  printFloat(stream, range.min);
  stream << ", ";
  printFloat(stream, range.max);
  stream << ']';
}

static void printHistogram(json::OStream &writer, const Histogram &histogram) {
  int first = -Histogram::kBinsPerSide, end = Histogram::kBinsPerSide;
  while (end > first && histogram.getCount(end - 1) == 0)
    --end;
  while (first < end && histogram.getCount(first) == 0)
    ++first;
  writer.attribute("exponent", histogram.getExponent());
  writer.attribute("first", first == end ? 0 : first);
  // On one line: thousands of lines of one count each help nobody.
  writer.attributeBegin("counts");
  writer.rawValue([&](raw_ostream &stream) {
    stream << '[';
    for (int bin = first; bin < end; ++bin)
      stream << (bin == first ? "" : ",") << histogram.getCount(bin);
    stream << ']';
  });
  writer.attributeEnd();
}

/// Writes `values`, each as `printValue` does, on one line.
template <typename Range, typename Printer>
static void printLine(json::OStream &writer, StringRef key, const Range &values,
                      Printer printValue) {
  writer.attributeBegin(key);
  writer.rawValue([&](raw_ostream &stream) {
    stream << '[';
    llvm::interleave(
        values, [&](const auto &value) { printValue(stream, value); },
        [&] { stream << ','; });
    stream << ']';
  });
  writer.attributeEnd();
}

static void printChannels(json::OStream &writer,
                          const ChannelStatistics &channels) {
  printLine(writer, "min", channels.getMinima(), printFloat);
  printLine(writer, "max", channels.getMaxima(), printFloat);
  printLine(writer, "sums_of_means", channels.getSumsOfMeans(),
            [](raw_ostream &stream, const ExactSum &sum) {
              stream << '"' << sum.print() << '"';
            });
}

static void printStatistics(json::OStream &writer,
                            const TensorStatistics &statistics) {
  writer.attribute("samples", statistics.getNumSamples());
  writer.attribute("values", statistics.getNumValues());
  writer.attribute("zeros", statistics.getNumZeros());
  writer.attributeBegin("observed");
  writer.rawValue(
      [&](raw_ostream &stream) { printRange(stream, statistics.getRange()); });
  writer.attributeEnd();
  writer.attribute("sum_of_minima", statistics.getSumOfMinima().print());
  writer.attribute("sum_of_maxima", statistics.getSumOfMaxima().print());
  writer.attributeObject(
      "histogram", [&] { printHistogram(writer, statistics.getHistogram()); });
  if (statistics.getChannels().getNumChannels() != 0)
    writer.attributeObject(
        "channels", [&] { printChannels(writer, statistics.getChannels()); });
}

void CalibrationFile::print(raw_ostream &stream) const {
  json::OStream writer(stream, /*IndentSize=*/1);
  writer.objectBegin();
  writer.attribute("format", "quantcc-calibration");
  writer.attribute("version", kVersion);
  if (!model.empty())
    writer.attribute("model", model);
  writer.attributeBegin("tensors");
  writer.objectBegin();
  for (const auto &[name, tensor] : tensors) {
    writer.attributeBegin(name);
    writer.objectBegin();
    if (tensor.range) {
      writer.attributeBegin("range");
      writer.rawValue([&, &range = *tensor.range](raw_ostream &os) {
        printRange(os, range);
      });
      writer.attributeEnd();
    }
    if (tensor.statistics.getNumSamples() != 0)
      printStatistics(writer, tensor.statistics);
    writer.objectEnd();
    writer.attributeEnd();
  }
  writer.objectEnd();
  writer.attributeEnd();
  writer.objectEnd();
  stream << '\n';
}

Error CalibrationFile::write(StringRef path) const {
  for (const auto &entry : tensors)
    if (!json::isUTF8(entry.first))
      return llvm::createStringError(
          "cannot write '" + path + "': the name of tensor '" +
          json::fixUTF8(entry.first) + "' is not UTF-8");
  return writeFileAtomically(path, [&](raw_ostream &stream) {
    print(stream);
    return Error::success();
  });
}

static Error mergeTensor(StringRef name, CalibratedTensor &tensor,
                         const CalibratedTensor &other) {
  if (tensor.range && other.range && *tensor.range != *other.range)
    return llvm::createStringError(llvm::formatv(
        "cannot merge: tensor '{0}' has two different ranges set by hand",
        name));
  bool hasSamples = tensor.statistics.getNumSamples() != 0;
  bool otherHasSamples = other.statistics.getNumSamples() != 0;
  if (hasSamples != otherHasSamples)
    return llvm::createStringError(llvm::formatv(
        "cannot merge: tensor '{0}' has statistics in one file only", name));
  if (hasSamples && tensor.statistics.getChannels().getNumChannels() !=
                        other.statistics.getChannels().getNumChannels())
    return llvm::createStringError(
        llvm::formatv("cannot merge: tensor '{0}' has {1} channels in one file "
                      "and {2} in the other",
                      name, tensor.statistics.getChannels().getNumChannels(),
                      other.statistics.getChannels().getNumChannels()));
  if (other.range)
    tensor.range = other.range;
  tensor.statistics.merge(other.statistics);
  return Error::success();
}

Error CalibrationFile::merge(const CalibrationFile &other) {
  if (!model.empty() && !other.model.empty() && model != other.model)
    return llvm::createStringError(llvm::formatv(
        "cannot merge: the files are of two models, '{0}' and '{1}'", model,
        other.model));
  if (model.empty())
    model = other.model;
  // A tensor that only one has is merged with one of which nothing is known.
  for (auto &[name, tensor] : tensors)
    if (!other.tensors.count(name))
      if (Error error = mergeTensor(name, tensor, CalibratedTensor()))
        return error;
  for (const auto &[name, tensor] : other.tensors)
    if (Error error = mergeTensor(name, tensors[name], tensor))
      return error;
  return Error::success();
}

Error CalibrationFile::addSample(StringRef name, llvm::ArrayRef<float> sample,
                                 size_t channels) {
  return tensors[name.str()].statistics.add(name, sample, channels);
}

Expected<RealRange> CalibrationFile::getRange(StringRef name,
                                              const RangeEstimator &estimator,
                                              RangeUse use) const {
  auto it = tensors.find(name.str());
  if (it != tensors.end() && it->second.range)
    return *it->second.range;
  if (it == tensors.end() || it->second.statistics.getNumSamples() == 0)
    return llvm::createStringError(
        llvm::formatv("no range is known for tensor '{0}'", name));
  return estimateRange(it->second.statistics, estimator, use);
}
