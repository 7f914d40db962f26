//===- ApplyCalibration.cpp - Ranges from calibration ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives observers the ranges that a calibration file and a recipe hold for
// their names.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/CalibrationFile.h"
#include "quantcc/Calibration/Recipe.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_APPLYCALIBRATION
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct ApplyCalibration
    : public quantcc::impl::ApplyCalibrationBase<ApplyCalibration> {
  using ApplyCalibrationBase::ApplyCalibrationBase;
  ApplyCalibration(std::shared_ptr<const CalibrationFile> calibration,
                   ApplyCalibrationOptions options)
      : ApplyCalibrationBase(std::move(options)),
        calibration(std::move(calibration)) {}

  LogicalResult initialize(MLIRContext *context) override;
  void runOnOperation() override;

private:
  llvm::Expected<std::optional<RealRange>> findRange(ObserveOp observe) const;
  LogicalResult setChannels(ObserveOp observe) const;

  std::shared_ptr<const CalibrationFile> calibration;
  RangeEstimator defaultEstimator;
  Recipe rules;
};
} // namespace

/// Reports `error` where no op is at fault.
static LogicalResult report(MLIRContext *context, llvm::Error error) {
  return emitError(UnknownLoc::get(context))
         << llvm::toString(std::move(error));
}

LogicalResult ApplyCalibration::initialize(MLIRContext *context) {
  if (!calibration && !file.empty()) {
    llvm::Expected<CalibrationFile> read = CalibrationFile::read(file);
    if (!read)
      return report(context, read.takeError());
    calibration = std::make_shared<const CalibrationFile>(std::move(*read));
  }
  llvm::Expected<RangeEstimator> parsed = RangeEstimator::parse(estimator);
  if (!parsed)
    return report(context, parsed.takeError());
  defaultEstimator = *parsed;
  if (!recipe.empty()) {
    llvm::Expected<Recipe> read = Recipe::read(recipe);
    if (!read)
      return report(context, read.takeError());
    rules = std::move(*read);
  }
  return success();
}

llvm::Expected<std::optional<RealRange>>
ApplyCalibration::findRange(ObserveOp observe) const {
  Operation *producer = observe.getInput().getDefiningOp();
  LayerSettings settings = rules.lookup(
      observe.getName(), producer ? producer->getName().getStringRef() : "");
  if (settings.range)
    return settings.range;
  std::string name = observe.getName().str();
  if (!calibration || !calibration->tensors.count(name))
    return std::nullopt;
  RangeUse use;
  use.bits = settings.bits.value_or(use.bits);
  use.symmetric = settings.symmetric.value_or(symmetricActivations);
  llvm::Expected<RealRange> range = calibration->getRange(
      name, settings.estimator.value_or(defaultEstimator), use);
  if (!range)
    return range.takeError();
  return *range;
}

/// `range`'s part of each channel's observed range.
static void setChannelRanges(ObserveOp observe,
                             const ChannelStatistics &channels) {
  SmallVector<float> low, high;
  auto limit = [&](float value) {
    return std::clamp(value,
                      static_cast<float>(observe.getRange()->getMinValue()),
                      static_cast<float>(observe.getRange()->getMaxValue()));
  };
  for (auto [min, max] :
       llvm::zip_equal(channels.getMinima(), channels.getMaxima())) {
    low.push_back(limit(min));
    high.push_back(limit(max));
  }
  observe.setChannelMin(low);
  observe.setChannelMax(high);
}

/// Gives `observe`, which has its range, what is known of its channels. A range
/// set by hand is meant for all of them alike.
LogicalResult ApplyCalibration::setChannels(ObserveOp observe) const {
  if (!calibration)
    return success();
  auto entry = calibration->tensors.find(observe.getName().str());
  if (entry == calibration->tensors.end())
    return success();
  const TensorStatistics &statistics = entry->second.statistics;
  const ChannelStatistics &channels = statistics.getChannels();
  size_t count = channels.getNumChannels();
  if (count == 0)
    return success();
  ArrayRef<int64_t> shape =
      cast<RankedTensorType>(observe.getType()).getShape();
  if (shape.empty() || shape.back() != static_cast<int64_t>(count))
    return observe.emitOpError()
           << "cannot be calibrated: tensor '" << observe.getName() << "' has "
           << count << " channels in the calibration file, but is of type "
           << observe.getType();
  SmallVector<float> means;
  for (const ExactSum &sum : channels.getSumsOfMeans())
    means.push_back(
        static_cast<float>(sum.divideBy(statistics.getNumSamples())));
  observe.setChannelMean(means);
  Operation *producer = observe.getInput().getDefiningOp();
  bool byRule = rules
                    .lookup(observe.getName(),
                            producer ? producer->getName().getStringRef() : "")
                    .range.has_value();
  if (!entry->second.range && !byRule)
    setChannelRanges(observe, channels);
  return success();
}

void ApplyCalibration::runOnOperation() {
  WalkResult result = getOperation().walk([&](ObserveOp observe) {
    if (observe.getRange())
      return WalkResult::advance();
    llvm::Expected<std::optional<RealRange>> range = findRange(observe);
    if (!range) {
      observe.emitOpError()
          << "cannot be calibrated: " << llvm::toString(range.takeError());
      return WalkResult::interrupt();
    }
    if (!*range)
      return WalkResult::advance();
    observe.setRangeAttr(
        RangeAttr::get(&getContext(), (*range)->min, (*range)->max));
    return WalkResult(setChannels(observe));
  });
  if (result.wasInterrupted())
    signalPassFailure();
}

std::unique_ptr<Pass> quantcc::createApplyCalibration(
    std::shared_ptr<const CalibrationFile> calibration,
    ApplyCalibrationOptions options) {
  return std::make_unique<ApplyCalibration>(std::move(calibration),
                                            std::move(options));
}
