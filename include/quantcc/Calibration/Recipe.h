//===- Recipe.h - How to quantize what --------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A recipe: rules that say which layers to quantize and how.
// docs/CalibrationFormat.md defines the file.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CALIBRATION_RECIPE_H
#define QUANTCC_CALIBRATION_RECIPE_H

#include "quantcc/Calibration/RangeEstimator.h"

#include <llvm/Support/GlobPattern.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quantcc {

enum class Granularity { PerTensor, PerAxis };

/// What a recipe says of one layer; what it leaves open is for the options of
/// the whole run to say.
struct LayerSettings {
  /// The layer stays float.
  std::optional<bool> exclude;
  /// Of the stored values; 8 so far.
  std::optional<unsigned> bits;
  /// Activations: zero point 0.
  std::optional<bool> symmetric;
  /// Weights: one scale, or one for each output channel.
  std::optional<Granularity> granularity;
  std::optional<RangeEstimator> estimator;
  /// The range of the layer's result, instead of any that was calibrated.
  std::optional<RealRange> range;
};

class Recipe {
public:
  /// Reads the JSON file at `path`. Errors name it, and the rule by its
  /// position from 1.
  static llvm::Expected<Recipe> read(llvm::StringRef path);
  /// Reads `text`; `name` stands for the file in errors.
  static llvm::Expected<Recipe> parse(llvm::StringRef text,
                                      llvm::StringRef name);

  /// What the rules say of the layer `name` of the kind `opKind`, such as
  /// "quantcc.conv2d", which a rule may also call "conv2d". All rules that
  /// match apply in order; a later one overrides an earlier one's settings.
  LayerSettings lookup(llvm::StringRef name, llvm::StringRef opKind) const;

  /// Whether there are no rules.
  bool empty() const { return rules.empty(); }

private:
  /// A glob pattern with the text that it refers to.
  struct Pattern {
    std::shared_ptr<const std::string> text;
    llvm::GlobPattern glob;
  };

  struct Rule {
    std::optional<Pattern> name;
    std::optional<Pattern> opKind;
    LayerSettings settings;
  };

  friend class RecipeReader;

  std::vector<Rule> rules;
};

} // namespace quantcc

#endif // QUANTCC_CALIBRATION_RECIPE_H
