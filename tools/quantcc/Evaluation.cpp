//===- Evaluation.cpp - How good a model is -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs every form of a model on the samples, and counts.
//
//===----------------------------------------------------------------------===//

#include "Evaluation.h"

#include "Metrics.h"
#include "SampleLoop.h"
#include "quantcc/ArrayFile/ArrayFile.h"

#include <algorithm>
#include <chrono>
#include <cmath>

using namespace llvm;
using namespace quantcc;

namespace {

/// The labels file, read as the metric needs it.
struct Labels {
  /// top1, auc: one a sample or group.
  std::vector<int64_t> classes;
  /// top1: how many name no class of the model's, such as 255 for "unsure".
  size_t unlabelled = 0;
  /// mse: one row a sample.
  std::vector<float> outputs;
};

/// One form of the model under judgement.
struct Contestant {
  std::string name;
  std::unique_ptr<StageRunner> runner;
  /// One figure a sample: the predicted class, or an error.
  std::vector<double> verdicts;
  /// The time each sample took.
  std::vector<double> microseconds;
};

} // namespace

static Error labelError(const CommandLine &line, const Twine &message) {
  return createStringError(inconvertibleErrorCode(),
                           line.labels + ": " + message);
}

static StringRef metricName(Metric metric) {
  switch (metric) {
  case Metric::Top1:
    return "top1";
  case Metric::MeanSquaredError:
    return "mse";
  case Metric::AreaUnderCurve:
    return "auc";
  }
  llvm_unreachable("every metric has a name");
}

static Expected<Labels> readLabels(const CommandLine &line, size_t samples,
                                   const TensorSpec &output) {
  Expected<Array> array = readNpy(line.labels);
  if (!array)
    return array.takeError();
  Labels labels;
  int64_t count = array->getNumElements();
  if (line.metric == Metric::MeanSquaredError) {
    if (count != static_cast<int64_t>(samples) * output.elements())
      return labelError(line, "expected " + Twine(samples) + " outputs of " +
                                  Twine(output.elements()) + " values, found " +
                                  Twine(count) + " values");
    labels.outputs.resize(count);
    convertToFloat(array->type, array->data, labels.outputs);
    if (!all_of(labels.outputs,
                [](float value) { return std::isfinite(value); }))
      return labelError(line, "holds a value that is not finite");
    return labels;
  }
  size_t groups = samples;
  if (line.metric == Metric::AreaUnderCurve) {
    if (samples % line.group != 0)
      return createStringError(inconvertibleErrorCode(),
                               line.input + ": " + Twine(samples) +
                                   " samples do not divide into groups of " +
                                   Twine(line.group));
    groups = samples / line.group;
  }
  if (count != static_cast<int64_t>(groups))
    return labelError(line, "expected " + Twine(groups) + " labels, found " +
                                Twine(count));
  bool isTop1 = line.metric == Metric::Top1;
  int64_t largest = isTop1 ? std::numeric_limits<int64_t>::max() : 1;
  labels.classes.resize(count);
  if (Error error = convertToInteger(array->type, array->data, 0, largest,
                                     labels.classes))
    return labelError(line, toString(std::move(error)));
  if (isTop1)
    labels.unlabelled = count_if(labels.classes, [&](int64_t label) {
      return label >= output.elements();
    });
  if (isTop1 && labels.unlabelled == labels.classes.size())
    return labelError(line, "no label names one of the model's " +
                                Twine(output.elements()) + " classes");
  return labels;
}

/// What one output says of one sample.
static double judge(Metric metric, size_t index, ArrayRef<float> output,
                    ArrayRef<float> input, const Labels &labels) {
  switch (metric) {
  case Metric::Top1:
    return largestIndex(output);
  case Metric::MeanSquaredError:
    return meanSquaredError(output,
                            ArrayRef<float>(labels.outputs)
                                .slice(index * output.size(), output.size()));
  case Metric::AreaUnderCurve:
    return meanSquaredError(output, input);
  }
  llvm_unreachable("every metric is handled");
}

/// The means of `group` consecutive values each.
static std::vector<double> groupMeans(ArrayRef<double> values, size_t group) {
  std::vector<double> means;
  for (; !values.empty(); values = values.drop_front(group)) {
    double sum = 0.0;
    for (double value : values.take_front(group))
      sum += value;
    means.push_back(sum / group);
  }
  return means;
}

static double figureOf(const CommandLine &line, ArrayRef<double> verdicts,
                       const Labels &labels) {
  switch (line.metric) {
  case Metric::Top1: {
    size_t right = 0;
    for (auto [verdict, label] : zip_equal(verdicts, labels.classes))
      right += verdict == static_cast<double>(label);
    return static_cast<double>(right) / (verdicts.size() - labels.unlabelled);
  }
  case Metric::MeanSquaredError:
    return groupMeans(verdicts, verdicts.size()).front();
  case Metric::AreaUnderCurve:
    return areaUnderCurve(groupMeans(verdicts, line.group), labels.classes);
  }
  llvm_unreachable("every metric is handled");
}

/// top1: the share of samples with equal answers. Else: 1 - the mean absolute
/// difference of the samples' errors, relative to the reference's mean error.
static double agreementOf(Metric metric, ArrayRef<double> reference,
                          ArrayRef<double> other) {
  double equal = 0.0, difference = 0.0, total = 0.0;
  for (auto [a, b] : zip_equal(reference, other)) {
    equal += a == b;
    difference += std::abs(a - b);
    total += std::abs(a);
  }
  if (metric == Metric::Top1)
    return equal / reference.size();
  return total == 0.0 ? (difference == 0.0 ? 1.0 : 0.0)
                      : 1.0 - difference / total;
}

/// The median, which one interrupted run does not move; 0 of nothing.
static double medianOf(std::vector<double> values) {
  if (values.empty())
    return 0.0;
  auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

static Expected<std::vector<Contestant>>
makeContestants(const Compilation &compilation) {
  std::vector<Contestant> contestants;
  auto add = [&](StringRef name, Stage stage) -> Error {
    Expected<std::unique_ptr<StageRunner>> runner = compilation.runnerAt(stage);
    if (!runner)
      return runner.takeError();
    contestants.push_back({name.str(), std::move(*runner), {}, {}});
    return Error::success();
  };
  if (!compilation.isQuantizedAtSource()) {
    if (!compilation.source().isFakeQuantized())
      if (Error error = add("float", Stage::Imported))
        return std::move(error);
    if (Error error = add("fake-quantized", Stage::FakeQuantized))
      return std::move(error);
  }
  if (Error error = add("integer", Stage::Object))
    return std::move(error);
  return contestants;
}

Expected<Accuracy> quantcc::evaluateModel(const CommandLine &line,
                                          const Compilation &compilation) {
  Expected<std::vector<Contestant>> contestants = makeContestants(compilation);
  if (!contestants)
    return contestants.takeError();

  // Samples are read as the source model takes them; every form of the model
  // then gets them in its own encoding.
  std::vector<TensorSpec> specs =
      inputSpecs(entryOf(compilation.source().get()));
  Expected<std::unique_ptr<SampleSource>> source =
      SampleSource::open(line.input, specs, SampleKind::StoredWhereTyped);
  if (!source)
    return source.takeError();
  size_t samples = (*source)->size();
  const TensorSpec &output = contestants->front().runner->outputs().front();
  if (line.metric == Metric::AreaUnderCurve &&
      (specs.size() != 1 || specs.front().elements() != output.elements()))
    return createStringError(inconvertibleErrorCode(),
                             line.model() +
                                 ": auc needs one input of the output's size");
  Expected<Labels> labels = readLabels(line, samples, output);
  if (!labels)
    return labels.takeError();
  for (Contestant &contestant : *contestants) {
    contestant.verdicts.resize(samples);
    contestant.microseconds.resize(samples);
  }

  auto judgeSample = [&](size_t index, ArrayRef<TensorBytes> inputs,
                         size_t) -> Error {
    std::vector<float> reference = realValues(specs.front(), inputs.front());
    for (Contestant &contestant : *contestants) {
      std::vector<TensorBytes> encoded =
          encodeInputs(specs, inputs, contestant.runner->inputs());
      auto start = std::chrono::steady_clock::now();
      Expected<std::vector<TensorBytes>> outputs =
          contestant.runner->run(encoded);
      contestant.microseconds[index] =
          std::chrono::duration<double, std::micro>(
              std::chrono::steady_clock::now() - start)
              .count();
      if (!outputs)
        return outputs.takeError();
      std::vector<float> reals =
          realValues(contestant.runner->outputs().front(), outputs->front());
      contestant.verdicts[index] =
          judge(line.metric, index, reals, reference, *labels);
    }
    return Error::success();
  };
  if (Error error = forEachSample(
          **source, "evaluating", judgeSample,
          llvm::any_of(*contestants, [](const Contestant &contestant) {
            return contestant.runner->isStateful();
          })))
    return std::move(error);

  Accuracy accuracy;
  accuracy.metric = metricName(line.metric).str();
  accuracy.samples = samples;
  accuracy.unlabelled = labels->unlabelled;
  for (const Contestant &contestant : *contestants)
    accuracy.stages.push_back(
        {contestant.name, figureOf(line, contestant.verdicts, *labels),
         agreementOf(line.metric, contestants->front().verdicts,
                     contestant.verdicts),
         medianOf(contestant.microseconds)});
  return accuracy;
}
