//===- FloatConstants.cpp - The values of float constants -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads dense constants and dense resources.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/FloatConstants.h"

#include <mlir/IR/BuiltinAttributes.h>
#include <mlir/IR/DialectResourceBlobManager.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

/// The attribute of the f32 tensor constant `value`, or null.
static ElementsAttr getFloatElements(Value value) {
  ElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) ||
      !elements.getElementType().isF32())
    return {};
  return elements;
}

std::optional<std::vector<float>> quantcc::getFloatConstant(Value value) {
  ElementsAttr elements = getFloatElements(value);
  if (!elements)
    return std::nullopt;
  if (auto dense = dyn_cast<DenseFPElementsAttr>(elements)) {
    auto range = dense.getValues<float>();
    return std::vector<float>(range.begin(), range.end());
  }
  if (auto resource = dyn_cast<DenseF32ResourceElementsAttr>(elements))
    if (std::optional<ArrayRef<float>> data = resource.tryGetAsArrayRef())
      return std::vector<float>(data->begin(), data->end());
  return std::nullopt;
}

bool quantcc::isFloatConstant(Value value) {
  ElementsAttr elements = getFloatElements(value);
  return isa_and_present<DenseFPElementsAttr, DenseF32ResourceElementsAttr>(
      elements);
}
