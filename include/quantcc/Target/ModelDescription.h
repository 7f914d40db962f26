//===- ModelDescription.h - A compiled model's description ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the header and the report of a compiled model tell their reader.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TARGET_MODELDESCRIPTION_H
#define QUANTCC_TARGET_MODELDESCRIPTION_H

#include "quantcc/Analysis/NetworkLayers.h"
#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Target/ObjectInspection.h"

#include <string>

namespace quantcc {

/// What a model was made from.
struct ModelSource {
  /// Such as a file's name without its folder.
  std::string name;
  /// SHA-256 of the model's file, in hexadecimal digits; empty if unknown.
  std::string hash;
  /// SHA-256 of the calibration file that its ranges are from, or would be had
  /// it been written; empty if it came with its own.
  std::string rangesHash;
  /// Of its quantized stage; none for a model that came at a later one.
  std::vector<NetworkLayer> layers;
};

struct ModelDescription {
  ModelSource source;
  TargetInfo target;
  ModelInterface interface;
  ObjectFacts facts;
};

/// SHA-256 of `bytes` in hexadecimal digits, as sha256sum prints it.
std::string hashContent(llvm::StringRef bytes);

/// "quantcc" and its version.
llvm::StringRef compilerVersion();

/// "int8_t", "float", ...: how C spells elements of `format`.
std::string spellInC(const ElementFormat &format);

/// "" for a single tensor, the position otherwise: inputs are called `input`,
/// or `input0`, `input1`, ... if there are several.
std::string positionSuffix(size_t position, size_t count);

} // namespace quantcc

#endif // QUANTCC_TARGET_MODELDESCRIPTION_H
