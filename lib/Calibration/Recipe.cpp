//===- Recipe.cpp - How to quantize what ----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads recipes and looks layers up in them.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/Recipe.h"

#include "JsonInput.h"

#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::GlobPattern;
using llvm::StringRef;
namespace json = llvm::json;

/// A pattern may stand for at most this many, by its braces.
static constexpr size_t kMostSubpatterns = 1024;

namespace quantcc {

/// Reads the rules of a recipe; errors do not name the file.
class RecipeReader {
public:
  static Error readRules(StringRef text, std::vector<Recipe::Rule> &rules);

private:
  static Expected<Recipe::Pattern> readPattern(const json::Object &object,
                                               StringRef key);
  static Error readRule(const json::Value &value, Recipe::Rule &rule);
  static Error readMatch(const json::Object &object, Recipe::Rule &rule);
  static Error readSettings(const json::Object &object,
                            LayerSettings &settings);
};

} // namespace quantcc

/// Reads the member `key` of `object` with `read` into `to`, if it is there.
template <typename T, typename Reader>
static Error readOptional(const json::Object &object, StringRef key,
                          std::optional<T> &to, Reader read) {
  if (!object.get(key))
    return Error::success();
  auto value = read(object, key);
  if (!value)
    return value.takeError();
  to = std::move(*value);
  return Error::success();
}

static Expected<unsigned> readBits(const json::Object &object, StringRef key) {
  Expected<int64_t> bits = readInteger(object, key, 8, 8);
  if (!bits)
    return bits.takeError();
  return *bits;
}

static Expected<Granularity> readGranularity(const json::Object &object,
                                             StringRef key) {
  Expected<StringRef> text = readString(object, key);
  if (!text)
    return text.takeError();
  if (*text == "per-tensor")
    return Granularity::PerTensor;
  if (*text == "per-axis")
    return Granularity::PerAxis;
  return llvm::createStringError(llvm::formatv(
      "expected '{0}' to be \"per-tensor\" or \"per-axis\"", key));
}

static Expected<RangeEstimator> readEstimator(const json::Object &object,
                                              StringRef key) {
  Expected<StringRef> text = readString(object, key);
  if (!text)
    return text.takeError();
  return RangeEstimator::parse(*text);
}

Expected<Recipe::Pattern> RecipeReader::readPattern(const json::Object &object,
                                                    StringRef key) {
  Expected<StringRef> found = readString(object, key);
  if (!found)
    return found.takeError();
  auto text = std::make_shared<const std::string>(found->str());
  Expected<GlobPattern> glob = GlobPattern::create(*text, kMostSubpatterns);
  if (!glob)
    return llvm::createStringError(llvm::formatv(
        "'{0}' is no pattern: {1}", *text, llvm::toString(glob.takeError())));
  return Recipe::Pattern{std::move(text), std::move(*glob)};
}

Error RecipeReader::readMatch(const json::Object &object, Recipe::Rule &rule) {
  if (Error error = expectKeys(object, {"name", "op"}))
    return error;
  if (Error error = readOptional(object, "name", rule.name, readPattern))
    return error;
  return readOptional(object, "op", rule.opKind, readPattern);
}

Error RecipeReader::readSettings(const json::Object &object,
                                 LayerSettings &settings) {
  if (Error error = readOptional(object, "exclude", settings.exclude, readBool))
    return error;
  if (Error error = readOptional(object, "bits", settings.bits, readBits))
    return error;
  if (Error error =
          readOptional(object, "symmetric", settings.symmetric, readBool))
    return error;
  if (Error error = readOptional(object, "granularity", settings.granularity,
                                 readGranularity))
    return error;
  if (Error error =
          readOptional(object, "estimator", settings.estimator, readEstimator))
    return error;
  return readOptional(object, "range", settings.range, readRange);
}

Error RecipeReader::readRule(const json::Value &value, Recipe::Rule &rule) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return llvm::createStringError("expected an object");
  if (Error error =
          expectKeys(*object, {"match", "exclude", "bits", "symmetric",
                               "granularity", "estimator", "range"}))
    return error;
  Expected<const json::Object *> match = readObject(*object, "match");
  if (!match)
    return match.takeError();
  if (Error error = readMatch(**match, rule))
    return error;
  return readSettings(*object, rule.settings);
}

Error RecipeReader::readRules(StringRef text,
                              std::vector<Recipe::Rule> &rules) {
  Expected<json::Object> object = parseJsonObject(text);
  if (!object)
    return object.takeError();
  std::optional<StringRef> format = object->getString("format");
  if (!format || *format != "quantcc-recipe")
    return llvm::createStringError(
        "not a recipe: expected 'format' to be \"quantcc-recipe\"");
  if (Expected<int64_t> version = readVersion(*object, 1); !version)
    return version.takeError();
  if (Error error = expectKeys(*object, {"format", "version", "rules"}))
    return error;
  Expected<const json::Array *> array = readArray(*object, "rules");
  if (!array)
    return array.takeError();
  for (const json::Value &value : **array) {
    rules.emplace_back();
    if (Error error = readRule(value, rules.back()))
      return llvm::createStringError("rule " + llvm::Twine(rules.size()) +
                                     ": " + llvm::toString(std::move(error)));
  }
  return Error::success();
}

Expected<Recipe> Recipe::parse(StringRef text, StringRef name) {
  Recipe recipe;
  if (Error error = RecipeReader::readRules(text, recipe.rules))
    return llvm::createStringError("cannot read '" + name +
                                   "': " + llvm::toString(std::move(error)));
  return recipe;
}

Expected<Recipe> Recipe::read(StringRef path) {
  Expected<std::string> text = readTextFile(path);
  if (!text)
    return text.takeError();
  return parse(*text, path);
}

/// Sets `to` to `from` where `from` says something.
template <typename T>
static void override(std::optional<T> &to, const std::optional<T> &from) {
  if (from)
    to = from;
}

LayerSettings Recipe::lookup(StringRef name, StringRef opKind) const {
  LayerSettings settings;
  StringRef shortKind = opKind.substr(opKind.find('.') + 1);
  for (const Rule &rule : rules) {
    if (rule.name && !rule.name->glob.match(name))
      continue;
    if (rule.opKind && !rule.opKind->glob.match(opKind) &&
        !rule.opKind->glob.match(shortKind))
      continue;
    override(settings.exclude, rule.settings.exclude);
    override(settings.bits, rule.settings.bits);
    override(settings.symmetric, rule.settings.symmetric);
    override(settings.granularity, rule.settings.granularity);
    override(settings.estimator, rule.settings.estimator);
    override(settings.range, rule.settings.range);
  }
  return settings;
}
