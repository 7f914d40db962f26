//===- Peers.cpp - The same network in other libraries --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves inputs and outputs between our order and encoding and those of ONNX.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/Peers.h"

#include <cmath>
#include <cstring>

using namespace quantcc;
using llvm::ArrayRef;

/// The stored integers of `bytes`, 8 bits each, or its reals.
static std::vector<double> numbersOf(const TensorInterface &tensor,
                                     ArrayRef<char> bytes) {
  std::vector<double> numbers(tensor.numElements());
  for (auto [index, number] : llvm::enumerate(numbers)) {
    if (tensor.format.isFloat) {
      float value;
      std::memcpy(&value, bytes.data() + index * sizeof(value), sizeof(value));
      number = value;
    } else {
      number = tensor.format.isSigned ? static_cast<int8_t>(bytes[index])
                                      : static_cast<uint8_t>(bytes[index]);
    }
  }
  return numbers;
}

/// `number` of `tensor` as a real.
static double realOf(const TensorInterface &tensor, double number) {
  if (!tensor.quantization)
    return number;
  return (number - tensor.quantization->zeroPoint) * tensor.quantization->scale;
}

/// Whether the form has `tensor` as u8.
static bool isStoredIn(OnnxForm form, const TensorInterface &tensor) {
  return form == OnnxForm::QuantizeDequantize && tensor.quantization;
}

/// The elements of our input as the peer wants them, in our order.
static std::vector<char> encodeInput(OnnxForm form,
                                     const TensorInterface &tensor,
                                     ArrayRef<char> bytes) {
  std::vector<char> encoded;
  for (double number : numbersOf(tensor, bytes)) {
    if (isStoredIn(form, tensor)) {
      encoded.push_back(static_cast<char>(static_cast<int>(number) +
                                          (tensor.format.isSigned ? 128 : 0)));
      continue;
    }
    float value = static_cast<float>(realOf(tensor, number));
    char real[sizeof(value)];
    std::memcpy(real, &value, sizeof(value));
    encoded.insert(encoded.end(), real, real + sizeof(value));
  }
  return encoded;
}

llvm::Expected<Peer> Peer::create(const OnnxRuntime &runtime,
                                  mlir::func::FuncOp entry, OnnxForm form,
                                  const LoadedModel &model) {
  llvm::Expected<OnnxModel> graph = exportToOnnx(entry, form);
  if (!graph)
    return graph.takeError();
  Peer peer;
  peer.form = form;
  auto session = OnnxSession::create(runtime, *graph);
  if (!session)
    return session.takeError();
  peer.session = std::move(*session);
  for (auto [index, tensor] : llvm::enumerate(model.interface().inputs)) {
    unsigned size = isStoredIn(form, tensor) ? 1 : sizeof(float);
    std::vector<char> bytes =
        permuteElements(encodeInput(form, tensor, model.inputBytes(index)),
                        size, tensor.shape, channelsFirst(tensor.shape.size()));
    llvm::MutableArrayRef<char> input = peer.session->input(index);
    assert(bytes.size() == input.size() && "the same tensor");
    std::memcpy(input.data(), bytes.data(), bytes.size());
  }
  return peer;
}

llvm::StringRef Peer::name() const {
  return form == OnnxForm::Float ? "float" : "u8/s8 QDQ";
}

Agreement Peer::compare(const LoadedModel &model) const {
  Agreement agreement;
  double sum = 0, close = 0, count = 0;
  for (auto [index, tensor] : llvm::enumerate(model.interface().outputs)) {
    bool isStored = isStoredIn(form, tensor);
    llvm::SmallVector<int64_t> shape;
    for (int64_t dimension : channelsFirst(tensor.shape.size()))
      shape.push_back(tensor.shape[dimension]);
    std::vector<char> bytes =
        permuteElements(session->output(index), isStored ? 1 : sizeof(float),
                        shape, channelsLast(shape.size()));
    double step = tensor.quantization ? tensor.quantization->scale : 1;
    std::vector<double> ours = numbersOf(tensor, model.outputBytes(index));
    for (auto [element, number] : llvm::enumerate(ours)) {
      double steps;
      if (isStored) {
        int theirs = static_cast<uint8_t>(bytes[element]) -
                     (tensor.format.isSigned ? 128 : 0);
        steps = std::abs(number - theirs);
      } else {
        float theirs;
        std::memcpy(&theirs, bytes.data() + element * sizeof(theirs),
                    sizeof(theirs));
        steps = std::abs(realOf(tensor, number) - theirs) / step;
      }
      agreement.largestSteps = std::max(agreement.largestSteps, steps);
      sum += steps;
      close += steps <= 1;
      ++count;
    }
  }
  agreement.meanSteps = sum / count;
  agreement.withinOneStep = close / count;
  return agreement;
}
