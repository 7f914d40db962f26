//===- SampleReader.cpp - Samples from array files ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads samples in order from one array per input.
//
//===----------------------------------------------------------------------===//

#include "quantcc/ArrayFile/SampleReader.h"

#include "ArrayStream.h"

#include <algorithm>
#include <cassert>
#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::MutableArrayRef;
using llvm::StringRef;

SampleReader::SampleReader(SampleReader &&) = default;
SampleReader &SampleReader::operator=(SampleReader &&) = default;
SampleReader::~SampleReader() = default;

/// Takes the array named `name` out of `streams`.
static Expected<std::unique_ptr<ArrayStream>>
takeStream(std::vector<NamedStream> &streams, StringRef name) {
  auto it = llvm::find_if(
      streams, [&](const NamedStream &stream) { return stream.name == name; });
  if (it == streams.end())
    return llvm::createStringError(
        llvm::formatv("no array for the model's input '{0}'", name));
  std::unique_ptr<ArrayStream> stream = std::move(it->stream);
  streams.erase(it);
  return stream;
}

/// The arrays of `file` in the order of `inputNames`.
static Expected<std::vector<std::unique_ptr<ArrayStream>>>
openStreams(std::shared_ptr<InputFile> file, ArrayRef<std::string> inputNames) {
  std::vector<std::unique_ptr<ArrayStream>> result;
  if (!isZipArchive(*file)) {
    if (inputNames.size() != 1)
      return llvm::createStringError(
          llvm::formatv("an .npy file has samples of one input, and the model "
                        "has {0}; expected an .npz file",
                        inputNames.size()));
    Expected<std::unique_ptr<ArrayStream>> stream = openNpy(std::move(file));
    if (!stream)
      return stream.takeError();
    result.push_back(std::move(*stream));
    return result;
  }
  Expected<std::vector<NamedStream>> streams = openNpz(std::move(file));
  if (!streams)
    return streams.takeError();
  for (const std::string &name : inputNames) {
    Expected<std::unique_ptr<ArrayStream>> stream = takeStream(*streams, name);
    if (!stream)
      return stream.takeError();
    result.push_back(std::move(*stream));
  }
  if (!streams->empty())
    return llvm::createStringError(llvm::formatv(
        "the model has no input for array '{0}'", streams->front().name));
  return result;
}

Expected<SampleReader> SampleReader::open(StringRef path,
                                          ArrayRef<std::string> inputNames) {
  SampleReader reader;
  reader.path = path.str();
  std::string prefix = "cannot read '" + path.str() + "'";
  Expected<std::shared_ptr<InputFile>> file = InputFile::open(path);
  if (!file)
    return prefixError(prefix, file.takeError());
  Expected<std::vector<std::unique_ptr<ArrayStream>>> streams =
      openStreams(std::move(*file), inputNames);
  if (!streams)
    return prefixError(prefix, streams.takeError());
  for (auto [name, stream] : llvm::zip_equal(inputNames, *streams))
    if (Error error = reader.addInput(name, std::move(stream)))
      return std::move(error);
  return reader;
}

Error SampleReader::addInput(StringRef name,
                             std::unique_ptr<ArrayStream> stream) {
  const NpyHeader &header = stream->getHeader();
  ArrayRef<int64_t> shape = header.shape;
  Input input{name.str(), std::move(stream), 0};
  if (shape.empty())
    return fail(input, llvm::createStringError(
                           "expected an array of samples, found a scalar"));
  if (header.dataSize == 0)
    return fail(input, llvm::createStringError("there are no samples"));
  if (!inputs.empty() && shape.front() != numSamples)
    return fail(input, llvm::createStringError(llvm::formatv(
                           "expected {0} samples, as for input '{1}', found "
                           "{2}",
                           numSamples, inputs.front().name, shape.front())));
  numSamples = shape.front();
  input.sampleElements =
      header.dataSize / getElementSize(header.type) / numSamples;
  inputs.push_back(std::move(input));
  return Error::success();
}

Error SampleReader::fail(const Input &input, Error error) const {
  return prefixError("cannot read '" + path + "': input '" + input.name + "'",
                     std::move(error));
}

ElementType SampleReader::getElementType(unsigned input) const {
  return inputs[input].stream->getHeader().type;
}

ArrayRef<int64_t> SampleReader::getSampleShape(unsigned input) const {
  return ArrayRef<int64_t>(inputs[input].stream->getHeader().shape)
      .drop_front();
}

size_t SampleReader::getSampleElements(unsigned input) const {
  return inputs[input].sampleElements;
}

static ArrayRef<int64_t> dropLeadingOnes(ArrayRef<int64_t> shape) {
  return shape.drop_while([](int64_t extent) { return extent == 1; });
}

static std::string formatShape(ArrayRef<int64_t> shape) {
  return llvm::formatv("[{0:$[, ]}]",
                       llvm::make_range(shape.begin(), shape.end()));
}

Error SampleReader::requireSampleShape(unsigned input,
                                       ArrayRef<int64_t> shape) const {
  ArrayRef<int64_t> found = getSampleShape(input);
  if (dropLeadingOnes(found) == dropLeadingOnes(shape))
    return Error::success();
  return fail(inputs[input], llvm::createStringError(llvm::formatv(
                                 "expected samples of shape {0}, found {1}",
                                 formatShape(shape), formatShape(found))));
}

Error SampleReader::readRaw(unsigned input, MutableArrayRef<char> result) {
  assert(result.size() ==
             getSampleElements(input) * getElementSize(getElementType(input)) &&
         "wrong size of a sample");
  return fail(inputs[input], inputs[input].stream->read(result));
}

Error SampleReader::readFloat(unsigned input, MutableArrayRef<float> result) {
  assert(result.size() == getSampleElements(input) && "wrong size of a sample");
  ElementType type = getElementType(input);
  std::vector<char> chunk;
  while (!result.empty()) {
    size_t count = std::min<size_t>(result.size(), 8192);
    chunk.resize(count * getElementSize(type));
    if (Error error = inputs[input].stream->read(chunk))
      return fail(inputs[input], std::move(error));
    convertToFloat(type, chunk, result.take_front(count));
    result = result.drop_front(count);
  }
  return Error::success();
}

Error SampleReader::seek(int64_t sample) {
  assert(sample >= 0 && sample <= numSamples && "no such sample");
  for (Input &input : inputs) {
    ElementType type = input.stream->getHeader().type;
    uint64_t offset = sample * input.sampleElements * getElementSize(type);
    if (Error error = input.stream->seek(offset))
      return fail(input, std::move(error));
  }
  return Error::success();
}
