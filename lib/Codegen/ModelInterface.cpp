//===- ModelInterface.cpp - What the caller of a model must know ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the entry function's arguments and memory plan.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/TargetInfo.h"

#include <llvm/ADT/MapVector.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/Quant/IR/QuantTypes.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace quantcc;

int64_t TensorInterface::numElements() const {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

int64_t TensorInterface::numBytes() const {
  return numElements() * (format.bits / 8);
}

/// Reads argument `index`; returns nothing if its type can't be passed.
static std::optional<TensorInterface> readTensor(func::FuncOp function,
                                                 unsigned index) {
  auto type = dyn_cast<MemRefType>(function.getArgumentTypes()[index]);
  if (!type || !type.hasStaticShape() ||
      !type.getElementType().isIntOrFloat()) {
    function.emitOpError("argument ")
        << index << " expected to be a buffer of static shape, found "
        << function.getArgumentTypes()[index];
    return std::nullopt;
  }
  TensorInterface tensor;
  if (auto name = function.getArgAttrOfType<StringAttr>(index, kNameAttrName))
    tensor.name = name.str();
  tensor.shape.assign(type.getShape().begin(), type.getShape().end());
  tensor.format.isFloat = isa<FloatType>(type.getElementType());
  tensor.format.bits =
      llvm::alignTo(std::max(8u, type.getElementTypeBitWidth()), 8);

  auto typeAttr = function.getArgAttrOfType<TypeAttr>(index, kTypeAttrName);
  if (!typeAttr)
    return tensor;
  Type element = getElementTypeOrSelf(typeAttr.getValue());
  if (auto quantized = dyn_cast<quant::UniformQuantizedType>(element)) {
    tensor.format.isSigned = quantized.isSigned();
    // Scales in types are float values.
    tensor.quantization = {
        static_cast<float>(quantized.getScale()), quantized.getZeroPoint(),
        quantized.getStorageTypeMin(), quantized.getStorageTypeMax()};
  } else if (element.isUnsignedInteger()) {
    tensor.format.isSigned = false;
  }
  return tensor;
}

StringRef quantcc::findTensorName(Location location) {
  StringRef name;
  location->walk([&](Location inner) {
    auto named = dyn_cast<NameLoc>(inner);
    if (!named)
      return WalkResult::advance();
    name = named.getName().getValue();
    return WalkResult::interrupt();
  });
  return name;
}

static int64_t readInteger(Attribute attribute) {
  auto integer = dyn_cast_or_null<IntegerAttr>(attribute);
  return integer ? integer.getInt() : 0;
}

static void readPlan(func::FuncOp function, ModelInterface &model) {
  model.arenaBytes = readInteger(function->getAttr(kArenaBytesAttrName));
  model.arenaAlignment =
      readInteger(function->getAttr(kArenaAlignmentAttrName));
  model.arenaLowerBound =
      readInteger(function->getAttr(kArenaLowerBoundAttrName));
  if (auto regions = function->getAttrOfType<ArrayAttr>(kArenaRegionsAttrName))
    for (auto region : regions.getAsRange<DictionaryAttr>())
      model.regions.push_back({region.getAs<StringAttr>("name").str(),
                               readInteger(region.get("bytes"))});
  else
    model.regions.push_back({kArenaName.str(), model.arenaBytes});
  model.stateBytes = readInteger(function->getAttr(kStateBytesAttrName));
  model.stateAlignment = std::max<int64_t>(
      1, readInteger(function->getAttr(kStateAlignmentAttrName)));
  if (auto names = function->getAttrOfType<ArrayAttr>(kArenaMomentsAttrName))
    for (StringRef name : names.getAsValueRange<StringAttr>())
      model.moments.push_back(name.str());
  auto buffers = function->getAttrOfType<ArrayAttr>(kArenaBuffersAttrName);
  if (!buffers)
    return;
  for (auto entry : buffers.getAsRange<DictionaryAttr>()) {
    PlannedBuffer buffer;
    if (auto name = entry.getAs<StringAttr>("name"))
      buffer.name = name.str();
    buffer.region = readInteger(entry.get("region"));
    buffer.offset = readInteger(entry.get("offset"));
    buffer.bytes = readInteger(entry.get("bytes"));
    buffer.firstUse = readInteger(entry.get("first_use"));
    buffer.lastUse = readInteger(entry.get("last_use"));
    model.buffers.push_back(std::move(buffer));
  }
}

static void readConstants(ModuleOp module, ModelInterface &model) {
  llvm::MapVector<StringRef, int64_t> shares;
  for (auto global : module.getOps<memref::GlobalOp>()) {
    MemRefType type = global.getType();
    int64_t bytes = type.getNumElements() *
                    llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    shares[findTensorName(global.getLoc())] += bytes;
    model.constantBytes += bytes;
  }
  for (auto &[name, bytes] : shares)
    model.constants.push_back({name.str(), bytes});
}

std::optional<ModelInterface> quantcc::readModelInterface(ModuleOp module) {
  func::FuncOp entry;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function.isPublic() || function->hasAttr(kResetAttrName))
      continue;
    if (entry) {
      function.emitOpError("expected one public function, found a second");
      return std::nullopt;
    }
    entry = function;
  }
  if (!entry) {
    module.emitOpError("expected a public function, found none");
    return std::nullopt;
  }
  if (!entry->hasAttr(kArenaBytesAttrName)) {
    entry.emitOpError("expected a memory plan, found no '")
        << kArenaBytesAttrName << "'";
    return std::nullopt;
  }

  ModelInterface model;
  model.symbol = entry.getName().str();
  for (unsigned i = 0, e = entry.getNumArguments(); i != e; ++i) {
    if (entry.getArgAttr(i, kArenaAttrName) ||
        entry.getArgAttr(i, kStateBlockAttrName))
      continue;
    std::optional<TensorInterface> tensor = readTensor(entry, i);
    if (!tensor)
      return std::nullopt;
    bool isOutput = static_cast<bool>(entry.getArgAttr(i, kOutputAttrName));
    (isOutput ? model.outputs : model.inputs).push_back(std::move(*tensor));
  }
  model.pieces = readInteger(entry->getAttr(kPiecesAttrName));
  module.walk([&](scf::ForallOp) { ++model.cutLayers; });
  readPlan(entry, model);
  readConstants(module, model);
  return model;
}
