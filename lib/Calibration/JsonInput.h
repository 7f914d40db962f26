//===- JsonInput.h - Reading JSON strictly ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the members of JSON objects with one clear error for each thing that is
// not as expected. Errors name what is wrong, not the file.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CALIBRATION_JSONINPUT_H
#define QUANTCC_LIB_CALIBRATION_JSONINPUT_H

#include "quantcc/Calibration/TensorStatistics.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/JSON.h>
#include <optional>

namespace quantcc {

/// Parses `text` as one JSON object. Errors: it is not, or nested too deeply.
llvm::Expected<llvm::json::Object> parseJsonObject(llvm::StringRef text);

/// Errors if `object` has a key that is not in `known`.
llvm::Error expectKeys(const llvm::json::Object &object,
                       llvm::ArrayRef<llvm::StringRef> known);

/// The member `key`, of the type in the name. Errors: it is missing or of
/// another type.
llvm::Expected<const llvm::json::Object *>
readObject(const llvm::json::Object &object, llvm::StringRef key);
llvm::Expected<const llvm::json::Array *>
readArray(const llvm::json::Object &object, llvm::StringRef key);
llvm::Expected<llvm::StringRef> readString(const llvm::json::Object &object,
                                           llvm::StringRef key);
llvm::Expected<uint64_t> readCount(const llvm::json::Object &object,
                                   llvm::StringRef key);
llvm::Expected<int64_t> readInteger(const llvm::json::Object &object,
                                    llvm::StringRef key, int64_t min,
                                    int64_t max);
llvm::Expected<bool> readBool(const llvm::json::Object &object,
                              llvm::StringRef key);
/// A number that f32 holds, to nearest.
llvm::Expected<float> readFloat(const llvm::json::Object &object,
                                llvm::StringRef key);
/// A range [min, max] with min <= max.
llvm::Expected<RealRange> readRange(const llvm::json::Object &object,
                                    llvm::StringRef key);

/// Reads the member "version", which must lie in [1, newest].
llvm::Expected<int64_t> readVersion(const llvm::json::Object &object,
                                    int64_t newest);

/// The text of the file at `path`. Errors name it.
llvm::Expected<std::string> readTextFile(llvm::StringRef path);

} // namespace quantcc

#endif // QUANTCC_LIB_CALIBRATION_JSONINPUT_H
