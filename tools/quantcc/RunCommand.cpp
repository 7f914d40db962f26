//===- RunCommand.cpp - quantcc run ---------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a model at one stage over a file of inputs.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compilation.h"
#include "SampleLoop.h"
#include "quantcc/ArrayFile/ArrayFile.h"
#include "quantcc/Support/AtomicFile.h"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace quantcc;

/// The element type of the array that holds stored values of `spec`.
static ElementType storageElementType(const TensorSpec &spec) {
  bool isSigned = spec.isSignedStorage();
  switch (spec.storageWidth()) {
  case 8:
    return isSigned ? ElementType::I8 : ElementType::U8;
  case 16:
    return isSigned ? ElementType::I16 : ElementType::U16;
  case 32:
    return isSigned ? ElementType::I32 : ElementType::U32;
  default:
    return isSigned ? ElementType::I64 : ElementType::U64;
  }
}

/// An array of shape [N, ...] for `count` samples of `spec`. The samples' batch
/// dimension of 1 becomes the first one.
static Array makeArray(const TensorSpec &spec, size_t count, bool raw) {
  Array array;
  array.type = raw && !spec.elementType.isF32() ? storageElementType(spec)
                                                : ElementType::F32;
  array.shape.push_back(count);
  ArrayRef<int64_t> shape = spec.shape;
  if (!shape.empty() && shape.front() == 1)
    shape = shape.drop_front();
  array.shape.append(shape.begin(), shape.end());
  array.data.resize(count * spec.elements() * getElementSize(array.type));
  return array;
}

/// Writes `bytes` into row `index` of `array`.
static void storeRow(Array &array, const TensorSpec &spec, size_t index,
                     const TensorBytes &bytes) {
  size_t rowBytes = spec.elements() * getElementSize(array.type);
  char *row = array.data.data() + index * rowBytes;
  if (array.type == ElementType::F32) {
    std::vector<float> reals = realValues(spec, bytes);
    std::memcpy(row, reals.data(), rowBytes);
  } else {
    std::memcpy(row, bytes.data(), rowBytes);
  }
}

/// Writes each layer's result for one sample as NNN.npy, numbered in the order
/// of execution, and index.json with their names.
static Error writeLayers(StringRef folder, ArrayRef<TensorSpec> specs,
                         ArrayRef<TensorBytes> values, bool raw) {
  if (std::error_code code = sys::fs::create_directories(folder))
    return createStringError(code, "%s: %s", folder.str().c_str(),
                             code.message().c_str());
  json::Array index;
  for (auto [number, spec] : enumerate(specs)) {
    Array array = makeArray(spec, 1, raw);
    array.shape.assign(spec.shape.begin(), spec.shape.end());
    storeRow(array, spec, 0, values[number]);
    std::string file = formatv("{0,0+3}.npy", number).str();
    SmallString<128> path(folder);
    sys::path::append(path, file);
    if (Error error = writeNpy(path, array))
      return error;
    index.push_back(json::Object{{"file", file}, {"name", spec.name}});
  }
  SmallString<128> path(folder);
  sys::path::append(path, "index.json");
  return writeFileAtomically(
      path, formatv("{0:2}\n", json::Value(std::move(index))).str());
}

/// Runs the first sample with every layer's result exposed and writes them.
static Error dumpLayers(const CommandLine &line, const Compilation &compilation,
                        SampleKind kind) {
  Expected<std::unique_ptr<StageRunner>> runner =
      compilation.runnerAt(line.stage, /*exposeLayers=*/true);
  if (!runner)
    return runner.takeError();
  Expected<std::unique_ptr<SampleSource>> source =
      SampleSource::open(line.input, (*runner)->inputs(), kind);
  if (!source)
    return source.takeError();
  Expected<std::vector<TensorBytes>> inputs = (*source)->read();
  if (!inputs)
    return inputs.takeError();
  Expected<std::vector<TensorBytes>> outputs = (*runner)->run(*inputs);
  if (!outputs)
    return outputs.takeError();
  size_t own = (*runner)->modelOutputs();
  return writeLayers(line.layers,
                     ArrayRef<TensorSpec>((*runner)->outputs()).drop_front(own),
                     ArrayRef<TensorBytes>(*outputs).drop_front(own), line.raw);
}

/// Writes one output as .npy, several as .npz with one array per output name.
static Error writeOutputs(StringRef path, ArrayRef<TensorSpec> specs,
                          std::vector<Array> arrays) {
  if (path.ends_with(".npz") || arrays.size() > 1) {
    if (!path.ends_with(".npz"))
      return createStringError(inconvertibleErrorCode(),
                               path + ": the model has " +
                                   Twine(arrays.size()) +
                                   " outputs, which need an .npz file");
    std::vector<NamedArray> named;
    for (auto [spec, array] : zip_equal(specs, arrays))
      named.push_back({spec.name, std::move(array)});
    return writeNpz(path, named);
  }
  return writeNpy(path, arrays.front());
}

Error quantcc::runRunCommand(const CommandLine &line,
                             mlir::MLIRContext *context) {
  Expected<Compilation> compilation =
      Compilation::create(line, line.stage, context);
  if (!compilation)
    return compilation.takeError();
  std::optional<TargetInfo> layout;
  if (line.interpretsLayout) {
    Expected<TargetInfo> target = lookupTarget(line.target.name);
    if (!target)
      return target.takeError();
    layout = std::move(*target);
  }
  Expected<std::unique_ptr<StageRunner>> runner =
      line.interpret
          ? compilation->interpreterOf(line.stage, layout ? &*layout : nullptr)
          : compilation->runnerAt(line.stage);
  if (!runner)
    return runner.takeError();
  SampleKind kind = line.raw || compilation->isQuantizedAtSource()
                        ? SampleKind::StoredWhereTyped
                        : SampleKind::Real;
  Expected<std::unique_ptr<SampleSource>> source =
      SampleSource::open(line.input, (*runner)->inputs(), kind);
  if (!source)
    return source.takeError();

  ArrayRef<TensorSpec> outputs = (*runner)->outputs();
  std::vector<Array> arrays;
  for (const TensorSpec &output : outputs)
    arrays.push_back(makeArray(output, (*source)->size(), line.raw));
  if (Error error = forEachSample(
          **source, "running",
          [&](size_t index, ArrayRef<TensorBytes> inputs, size_t) -> Error {
            Expected<std::vector<TensorBytes>> results = (*runner)->run(inputs);
            if (!results)
              return results.takeError();
            for (auto [spec, array, bytes] :
                 zip_equal(outputs, arrays, *results))
              storeRow(array, spec, index, bytes);
            return Error::success();
          },
          (*runner)->isStateful()))
    return error;
  if (!line.layers.empty())
    if (Error error = dumpLayers(line, *compilation, kind))
      return error;
  size_t count = (*source)->size();
  if (Error error = writeOutputs(line.output, outputs, std::move(arrays)))
    return error;
  if (line.json)
    outs() << formatv("{0:2}\n", json::Value(json::Object{
                                     {"samples", static_cast<int64_t>(count)},
                                     {"stage", stringifyStage(line.stage)},
                                     {"output", line.output}}));
  return Error::success();
}
