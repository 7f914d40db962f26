//===- ModelReport.cpp - The facts of a compiled model as JSON ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints a model's description as JSON.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/ModelReport.h"
#include "quantcc/Target/LayerShares.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/JSON.h>

using namespace quantcc;
using llvm::StringRef;
using JSONStream = llvm::json::OStream;

/// `text`, which a model may have in any encoding, as JSON wants it.
static std::string asUTF8(StringRef text) {
  return llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
}

static std::string spellType(const ElementFormat &format) {
  StringRef kind = format.isFloat ? "float" : format.isSigned ? "int" : "uint";
  return (kind + llvm::Twine(format.bits)).str();
}

static void writeTensor(const TensorInterface &tensor, JSONStream &json) {
  json.object([&] {
    json.attribute("name", asUTF8(tensor.name));
    json.attributeArray("shape", [&] {
      for (int64_t extent : tensor.shape)
        json.value(extent);
    });
    json.attribute("type", spellType(tensor.format));
    json.attribute("elements", tensor.numElements());
    json.attribute("bytes", tensor.numBytes());
    if (!tensor.quantization)
      return;
    json.attribute("scale", tensor.quantization->scale);
    json.attribute("zero_point", tensor.quantization->zeroPoint);
    json.attribute("stored_min", tensor.quantization->storedMin);
    json.attribute("stored_max", tensor.quantization->storedMax);
  });
}

static void writeTensors(StringRef key, llvm::ArrayRef<TensorInterface> tensors,
                         JSONStream &json) {
  json.attributeArray(key, [&] {
    for (const TensorInterface &tensor : tensors)
      writeTensor(tensor, json);
  });
}

static void writeTarget(const TargetInfo &target, JSONStream &json) {
  json.attributeObject("target", [&] {
    json.attribute("name", asUTF8(target.name));
    json.attribute("triple", asUTF8(target.triple));
    json.attribute("cpu", asUTF8(target.cpu));
    json.attribute("features", asUTF8(target.features));
    json.attribute("abi", asUTF8(target.abi));
  });
}

static void writeArena(const ModelInterface &model, JSONStream &json) {
  json.attributeObject("arena", [&] {
    json.attribute("bytes", model.arenaBytes);
    json.attribute("alignment", model.arenaAlignment);
    json.attribute("lower_bound", model.arenaLowerBound);
    json.attributeArray("regions", [&] {
      for (const ArenaRegion &region : model.regions)
        json.object([&] {
          json.attribute("name", region.name);
          json.attribute("bytes", region.bytes);
        });
    });
    json.attributeArray("buffers", [&] {
      for (const PlannedBuffer &buffer : model.buffers)
        json.object([&] {
          json.attribute("name", asUTF8(buffer.name));
          json.attribute("region", model.regions[buffer.region].name);
          json.attribute("offset", buffer.offset);
          json.attribute("bytes", buffer.bytes);
          json.attribute("first_use", buffer.firstUse);
          json.attribute("last_use", buffer.lastUse);
        });
    });
  });
}

static void writeState(const ModelInterface &model, JSONStream &json) {
  if (!model.isStateful())
    return;
  json.attributeObject("state", [&] {
    json.attribute("bytes", model.stateBytes);
    json.attribute("alignment", model.stateAlignment);
    json.attribute("reset_symbol", model.resetSymbol());
  });
}

static void writeObject(const ModelDescription &model, JSONStream &json) {
  json.attributeObject("object", [&] {
    json.attribute("code_bytes", model.facts.codeBytes);
    json.attribute("constant_bytes", model.facts.constantBytes);
    json.attribute("writable_bytes", model.facts.writableBytes);
    json.attribute("weight_bytes", model.interface.constantBytes);
    json.attributeArray("weights", [&] {
      for (const LayerConstants &layer : model.interface.constants)
        json.object([&] {
          json.attribute("name", asUTF8(layer.name));
          json.attribute("bytes", layer.bytes);
        });
    });
    if (model.interface.stackBytes)
      json.attribute("stack_bytes", *model.interface.stackBytes);
    if (model.interface.isThreaded()) {
      json.attribute("threads", model.interface.pieces);
      json.attribute("cut_layers", model.interface.cutLayers);
      if (model.interface.taskStackBytes)
        json.attribute("task_stack_bytes", *model.interface.taskStackBytes);
    }
    json.attribute("float_instructions", model.facts.floatInstructions);
    json.attributeArray("undefined_symbols", [&] {
      for (const std::string &symbol : model.facts.undefinedSymbols)
        json.value(symbol);
    });
  });
}

static void writeStorage(StringRef key, const StorageFacts &facts,
                         JSONStream &json) {
  json.attributeObject(key, [&] {
    json.attribute("type", facts.type);
    if (facts.parameters == 0)
      return;
    json.attribute("parameters", facts.parameters);
    json.attribute("smallest_scale", facts.smallestScale);
    json.attribute("largest_scale", facts.largestScale);
    json.attribute("smallest_zero_point", facts.smallestZeroPoint);
    json.attribute("largest_zero_point", facts.largestZeroPoint);
    json.attribute("stored_min", facts.storedMin);
    json.attribute("stored_max", facts.storedMax);
  });
}

static void writeLayers(const ModelDescription &model, JSONStream &json) {
  std::vector<LayerShare> shares = shareOut(model);
  json.attributeArray("layers", [&] {
    for (auto [layer, share] : llvm::zip_equal(model.source.layers, shares))
      json.object([&, &layer = layer, &share = share] {
        json.attribute("name", asUTF8(layer.name));
        json.attribute("kind", layer.kind);
        json.attribute("shapes", layer.shapes);
        json.attribute("macs", layer.macs);
        json.attribute("constant_bytes", share.constantBytes);
        if (share.arenaBytes)
          json.attribute("arena_bytes", *share.arenaBytes);
        writeStorage("result", layer.result, json);
        if (layer.weights)
          writeStorage("weights", *layer.weights, json);
        if (layer.isFloat())
          json.attribute("float_reason", asUTF8(layer.floatReason));
      });
  });
}

void quantcc::writeReport(const ModelDescription &model,
                          llvm::raw_ostream &stream) {
  JSONStream json(stream, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("compiler", compilerVersion());
    json.attribute("model", asUTF8(model.source.name));
    if (!model.source.hash.empty())
      json.attribute("model_sha256", model.source.hash);
    if (!model.source.rangesHash.empty())
      json.attribute("ranges_sha256", model.source.rangesHash);
    json.attribute("symbol", model.interface.symbol);
    writeTarget(model.target, json);
    writeTensors("inputs", model.interface.inputs, json);
    writeTensors("outputs", model.interface.outputs, json);
    writeLayers(model, json);
    writeArena(model.interface, json);
    writeState(model.interface, json);
    writeObject(model, json);
  });
  json.flush();
  stream << "\n";
}
