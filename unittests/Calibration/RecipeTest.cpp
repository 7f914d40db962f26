//===- RecipeTest.cpp - Tests of recipes ----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/Recipe.h"

#include <gtest/gtest.h>

using namespace quantcc;
using llvm::StringRef;

namespace {

std::string makeRecipe(StringRef rules) {
  return ("{\"format\": \"quantcc-recipe\", \"version\": 1, \"rules\": [" +
          rules + "]}")
      .str();
}

Recipe parse(StringRef rules) {
  return llvm::cantFail(Recipe::parse(makeRecipe(rules), "test"));
}

std::string refusal(StringRef text) {
  llvm::Expected<Recipe> recipe = Recipe::parse(text, "r.json");
  std::string message =
      recipe ? "no error" : llvm::toString(recipe.takeError());
  StringRef rest(message);
  EXPECT_TRUE(rest.consume_front("cannot read 'r.json': ")) << message;
  return rest.str();
}

TEST(Recipe, WithoutRulesLeavesEverythingOpen) {
  Recipe recipe = parse("");
  EXPECT_TRUE(recipe.empty());
  LayerSettings settings = recipe.lookup("conv", "quantcc.conv2d");
  EXPECT_FALSE(settings.exclude);
  EXPECT_FALSE(settings.bits);
  EXPECT_FALSE(settings.symmetric);
  EXPECT_FALSE(settings.granularity);
  EXPECT_FALSE(settings.estimator);
  EXPECT_FALSE(settings.range);
}

TEST(Recipe, EverySettingIsRead) {
  LayerSettings settings =
      parse(R"({"match": {}, "exclude": false, "bits": 8, "symmetric": true,
                "granularity": "per-tensor", "estimator": "percentile:99",
                "range": [-1, 2.5]})")
          .lookup("any", "tosa.add");
  EXPECT_EQ(settings.exclude, false);
  EXPECT_EQ(settings.bits, 8u);
  EXPECT_EQ(settings.symmetric, true);
  EXPECT_EQ(settings.granularity, Granularity::PerTensor);
  EXPECT_EQ(settings.estimator->kind, EstimatorKind::Percentile);
  EXPECT_EQ(settings.estimator->percentile, 99.0);
  EXPECT_EQ(settings.range, (RealRange{-1.0f, 2.5f}));
}

TEST(Recipe, NamesMatchAsPatterns) {
  Recipe recipe = parse(R"({"match": {"name": "encoder/*/conv[12]"},
                            "exclude": true})");
  EXPECT_TRUE(recipe.lookup("encoder/a/b/conv1", "quantcc.conv2d").exclude);
  EXPECT_FALSE(recipe.lookup("encoder/a/conv3", "quantcc.conv2d").exclude);
  EXPECT_FALSE(recipe.lookup("decoder/a/conv1", "quantcc.conv2d").exclude);
}

TEST(Recipe, OpKindsMatchWithAndWithoutTheDialect) {
  for (const char *op : {"conv2d", "quantcc.conv2d", "quantcc.*", "conv*"})
    EXPECT_TRUE(parse(std::string(R"({"match": {"op": ")") + op +
                      R"("}, "exclude": true})")
                    .lookup("x", "quantcc.conv2d")
                    .exclude)
        << op;
  for (const char *op : {"depthwise_conv2d", "tosa.conv2d", "2d"})
    EXPECT_FALSE(parse(std::string(R"({"match": {"op": ")") + op +
                       R"("}, "exclude": true})")
                     .lookup("x", "quantcc.conv2d")
                     .exclude)
        << op;
}

TEST(Recipe, BothConditionsMustHold) {
  Recipe recipe =
      parse(R"({"match": {"name": "a*", "op": "linear"}, "exclude": true})");
  EXPECT_TRUE(recipe.lookup("a1", "quantcc.linear").exclude);
  EXPECT_FALSE(recipe.lookup("b1", "quantcc.linear").exclude);
  EXPECT_FALSE(recipe.lookup("a1", "quantcc.add").exclude);
}

TEST(Recipe, LaterRulesOverrideSettingBySetting) {
  Recipe recipe = parse(
      R"({"match": {}, "exclude": true, "symmetric": true},
         {"match": {"name": "keep"}, "exclude": false})");
  LayerSettings settings = recipe.lookup("keep", "quantcc.add");
  EXPECT_EQ(settings.exclude, false);
  EXPECT_EQ(settings.symmetric, true);
  EXPECT_EQ(recipe.lookup("other", "quantcc.add").exclude, true);
}

TEST(Recipe, OtherFilesAreRefused) {
  EXPECT_EQ(refusal("{}"),
            "not a recipe: expected 'format' to be \"quantcc-recipe\"");
  EXPECT_EQ(refusal(R"({"format": "quantcc-recipe", "version": 3})"),
            "expected version 1, found 3");
  EXPECT_EQ(refusal(R"({"format": "quantcc-recipe", "version": 1})"),
            "expected 'rules' to be an array");
  EXPECT_EQ(refusal(R"({"format": "quantcc-recipe", "version": 1,
                        "rules": [], "name": "x"})"),
            "unknown key 'name'; expected one of format, version, rules");
}

TEST(Recipe, WrongRulesAreRefusedByPosition) {
  struct Case {
    const char *rule, *message;
  };
  for (Case wrong : std::initializer_list<Case>{
           {"1", "expected an object"},
           {"{}", "expected 'match' to be an object"},
           {R"({"match": {}, "skip": true})",
            "unknown key 'skip'; expected one of match, exclude, bits, "
            "symmetric, granularity, estimator, range"},
           {R"({"match": {"layer": "x"}})",
            "unknown key 'layer'; expected one of name, op"},
           {R"({"match": {"name": 1}})", "expected 'name' to be a string"},
           {R"({"match": {"name": "[a"}})",
            "'[a' is no pattern: invalid glob pattern, unmatched '['"},
           {R"({"match": {}, "exclude": 1})",
            "expected 'exclude' to be true or false"},
           {R"({"match": {}, "bits": 4})",
            "expected 'bits' to be an integer in [8, 8]"},
           {R"({"match": {}, "granularity": "per-channel"})",
            "expected 'granularity' to be \"per-tensor\" or \"per-axis\""},
           {R"({"match": {}, "range": [1, 0]})",
            "expected 'range' to be a range [min, max] of two finite numbers"},
           {R"({"match": {}, "estimator": "best"})",
            "unknown estimator 'best'; expected one of default, min-max, "
            "averaged-min-max, percentile[:P], entropy, mse"}})
    EXPECT_EQ(
        refusal(makeRecipe(std::string("{\"match\": {}}, ") + wrong.rule)),
        std::string("rule 2: ") + wrong.message);
}

} // namespace
