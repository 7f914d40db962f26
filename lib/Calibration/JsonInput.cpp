//===- JsonInput.cpp - Reading JSON strictly ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the members of JSON objects.
//
//===----------------------------------------------------------------------===//

#include "JsonInput.h"

#include <cmath>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/MemoryBuffer.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

/// The parser recurses; our files nest four deep.
static constexpr int kDeepestNesting = 32;

static bool isNestedTooDeeply(StringRef text) {
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      inString = c != '"';
      continue;
    }
    inString = c == '"';
    if ((c == '{' || c == '[') && ++depth > kDeepestNesting)
      return true;
    if (c == '}' || c == ']')
      --depth;
  }
  return false;
}

Expected<json::Object> quantcc::parseJsonObject(StringRef text) {
  if (isNestedTooDeeply(text))
    return llvm::createStringError("nested too deeply");
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  if (json::Object *object = value->getAsObject())
    return std::move(*object);
  return llvm::createStringError("expected a JSON object");
}

Error quantcc::expectKeys(const json::Object &object,
                          llvm::ArrayRef<StringRef> known) {
  // An object has no order: name the first unknown key in the alphabet.
  std::optional<StringRef> unknown;
  for (const auto &member : object) {
    StringRef key = member.first;
    if (!llvm::is_contained(known, key) && (!unknown || key < *unknown))
      unknown = key;
  }
  if (!unknown)
    return Error::success();
  return llvm::createStringError(
      llvm::formatv("unknown key '{0}'; expected one of {1}", *unknown,
                    llvm::join(known.begin(), known.end(), ", ")));
}

static Error makeTypeError(StringRef key, StringRef expected) {
  return llvm::createStringError(
      llvm::formatv("expected '{0}' to be {1}", key, expected));
}

Expected<const json::Object *> quantcc::readObject(const json::Object &object,
                                                   StringRef key) {
  if (const json::Object *value = object.getObject(key))
    return value;
  return makeTypeError(key, "an object");
}

Expected<const json::Array *> quantcc::readArray(const json::Object &object,
                                                 StringRef key) {
  if (const json::Array *value = object.getArray(key))
    return value;
  return makeTypeError(key, "an array");
}

Expected<StringRef> quantcc::readString(const json::Object &object,
                                        StringRef key) {
  if (std::optional<StringRef> value = object.getString(key))
    return *value;
  return makeTypeError(key, "a string");
}

Expected<uint64_t> quantcc::readCount(const json::Object &object,
                                      StringRef key) {
  const json::Value *value = object.get(key);
  std::optional<uint64_t> count;
  if (value)
    count = value->getAsUINT64();
  if (count)
    return *count;
  return makeTypeError(key, "a count");
}

Expected<int64_t> quantcc::readInteger(const json::Object &object,
                                       StringRef key, int64_t min,
                                       int64_t max) {
  std::optional<int64_t> value = object.getInteger(key);
  if (value && *value >= min && *value <= max)
    return *value;
  return makeTypeError(
      key, llvm::formatv("an integer in [{0}, {1}]", min, max).str());
}

Expected<bool> quantcc::readBool(const json::Object &object, StringRef key) {
  if (std::optional<bool> value = object.getBoolean(key))
    return *value;
  return makeTypeError(key, "true or false");
}

static std::optional<float> getFloat(const json::Value *value) {
  std::optional<double> number;
  if (value)
    number = value->getAsNumber();
  if (!number || !std::isfinite(static_cast<float>(*number)))
    return std::nullopt;
  return static_cast<float>(*number);
}

Expected<float> quantcc::readFloat(const json::Object &object, StringRef key) {
  if (std::optional<float> value = getFloat(object.get(key)))
    return *value;
  return makeTypeError(key, "a number that f32 holds");
}

Expected<RealRange> quantcc::readRange(const json::Object &object,
                                       StringRef key) {
  if (const json::Array *array = object.getArray(key))
    if (array->size() == 2) {
      std::optional<float> min = getFloat(&(*array)[0]);
      std::optional<float> max = getFloat(&(*array)[1]);
      if (min && max && *min <= *max)
        return RealRange{*min, *max};
    }
  return makeTypeError(key, "a range [min, max] of two finite numbers");
}

Expected<int64_t> quantcc::readVersion(const json::Object &object,
                                       int64_t newest) {
  std::optional<int64_t> version = object.getInteger("version");
  if (!version)
    return makeTypeError("version", "an integer");
  if (*version < 1 || *version > newest)
    return llvm::createStringError(llvm::formatv(
        "expected version 1{0}, found {1}",
        newest > 1 ? " to " + std::to_string(newest) : "", *version));
  return *version;
}

Expected<std::string> quantcc::readTextFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError(llvm::formatv("cannot read '{0}': {1}", path,
                                                 buffer.getError().message()));
  return (*buffer)->getBuffer().str();
}
