//===- LoadedModel.cpp - A model with memory to run in --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lays out a model's memory and fills its inputs.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/LoadedModel.h"

#include <cstring>
#include <llvm/Support/MathExtras.h>
#include <random>

using namespace quantcc;

llvm::Expected<std::unique_ptr<LoadedModel>>
LoadedModel::create(const CompiledObject &object) {
  std::unique_ptr<LoadedModel> model(new LoadedModel);
  auto code = CompiledModel::load(object.interface, object.bytes);
  if (!code)
    return code.takeError();
  model->code = std::move(*code);
  if (llvm::Error error = model->allocate())
    return std::move(error);
  model->fillInputs();
  if (model->state)
    model->code->reset(model->state);
  return model;
}

LoadedModel::~LoadedModel() { llvm::sys::Memory::releaseMappedMemory(memory); }

/// One block of whole pages: the arena, the state, then inputs and outputs, one
/// behind the other.
llvm::Error LoadedModel::allocate() {
  const ModelInterface &model = interface();
  int64_t bytes = 0;
  auto place = [&bytes](int64_t size, int64_t alignment) {
    int64_t offset = llvm::alignTo(bytes, std::max<int64_t>(alignment, 64));
    bytes = offset + size;
    return offset;
  };
  int64_t arenaOffset = place(model.arenaBytes, model.arenaAlignment);
  int64_t stateOffset = place(model.stateBytes, model.stateAlignment);
  llvm::SmallVector<int64_t> inputOffsets, outputOffsets;
  for (const TensorInterface &tensor : model.inputs)
    inputOffsets.push_back(place(tensor.numBytes(), 1));
  for (const TensorInterface &tensor : model.outputs)
    outputOffsets.push_back(place(tensor.numBytes(), 1));

  std::error_code code;
  memory = llvm::sys::Memory::allocateMappedMemory(
      std::max<int64_t>(bytes, 1), nullptr,
      llvm::sys::Memory::MF_READ | llvm::sys::Memory::MF_WRITE, code);
  if (code)
    return llvm::createStringError(code, "no memory for the model's arena");
  char *base = static_cast<char *>(memory.base());
  arena = base + arenaOffset;
  state = model.isStateful() ? base + stateOffset : nullptr;
  for (int64_t offset : inputOffsets)
    inputs.push_back(base + offset);
  for (int64_t offset : outputOffsets)
    outputs.push_back(base + offset);
  return llvm::Error::success();
}

/// Whole numbers of the stored range; reals from -1 to 1.
void LoadedModel::fillInputs() {
  std::mt19937 random(20240229);
  for (auto [index, tensor] : llvm::enumerate(interface().inputs)) {
    char *bytes = static_cast<char *>(const_cast<void *>(inputs[index]));
    for (int64_t i = 0; i != tensor.numElements(); ++i) {
      uint32_t bits = random();
      if (tensor.format.isFloat) {
        float value = static_cast<int32_t>(bits) * 0x1p-31f;
        std::memcpy(bytes + i * sizeof(float), &value, sizeof(float));
        continue;
      }
      int64_t value = static_cast<int32_t>(bits) >> 24;
      if (tensor.quantization) {
        auto [minimum, maximum] = std::pair(tensor.quantization->storedMin,
                                            tensor.quantization->storedMax);
        value = minimum + bits % (maximum - minimum + 1);
      }
      // The lowest bytes come first on all machines that run this.
      unsigned size = tensor.format.bits / 8;
      std::memcpy(bytes + i * size, &value, size);
    }
  }
}

void LoadedModel::setInput(size_t index, llvm::ArrayRef<char> bytes) {
  assert(bytes.size() == inputBytes(index).size() && "the same tensor");
  std::memcpy(const_cast<void *>(inputs[index]), bytes.data(), bytes.size());
}

llvm::ArrayRef<char> LoadedModel::inputBytes(size_t index) const {
  return {static_cast<const char *>(inputs[index]),
          static_cast<size_t>(interface().inputs[index].numBytes())};
}

llvm::ArrayRef<char> LoadedModel::outputBytes(size_t index) const {
  return {static_cast<const char *>(outputs[index]),
          static_cast<size_t>(interface().outputs[index].numBytes())};
}
