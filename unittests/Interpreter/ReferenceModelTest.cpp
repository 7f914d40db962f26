//===- ReferenceModelTest.cpp - Tests against TFLite's kernels ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantized models, imported and interpreted, give the bytes that TFLite's
// reference kernels gave; those of MLPerf Tiny operator by operator. The files
// are those of QUANTCC_TEST_DATA; without it the tests are skipped.
//
//===----------------------------------------------------------------------===//

#include "quantcc/ArrayFile/ArrayFile.h"
#include "quantcc/Importer/TFLite/ImportTFLite.h"
#include "quantcc/Interpreter/Interpreter.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <mlir/IR/BuiltinOps.h>
#include <optional>

using namespace mlir;
using namespace quantcc;

namespace {

/// Sample `sample` of `array`, as a tensor of `shape`.
Tensor sampleOf(const Array &array, int64_t sample,
                llvm::ArrayRef<int64_t> shape) {
  Tensor tensor;
  tensor.shape.assign(shape.begin(), shape.end());
  auto row = [&](auto values) {
    size_t size = values.size() / array.shape[0];
    return values.slice(sample * size, size);
  };
  if (array.type == ElementType::F32)
    tensor.real = row(array.getValues<float>()).vec();
  else if (array.type == ElementType::U8)
    for (int32_t value : row(array.getValues<uint8_t>()))
      tensor.stored.push_back(value);
  else
    for (int32_t value : row(array.getValues<int8_t>()))
      tensor.stored.push_back(value);
  return tensor;
}

/// The bytes of 8-bit stored values or of f32.
std::string bytesOf(const Tensor &tensor) {
  std::string bytes(tensor.stored.begin(), tensor.stored.end());
  if (!tensor.real.empty())
    bytes.append(reinterpret_cast<const char *>(tensor.real.data()),
                 tensor.real.size() * sizeof(float));
  return bytes;
}

class ReferenceModel : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    const char *folder = std::getenv("QUANTCC_TEST_DATA");
    if (!folder)
      GTEST_SKIP() << "QUANTCC_TEST_DATA is not set";
    data = folder;
  }

  /// Imports and prepares a model, `path` below the data folder.
  void prepare(const std::string &path) {
    auto file = llvm::MemoryBuffer::getFile(data + "/" + path);
    ASSERT_TRUE(static_cast<bool>(file)) << path;
    module = importTFLite(**file, &context);
    ASSERT_TRUE(module) << path;
    auto prepared =
        Interpreter::create(*module->getOps<func::FuncOp>().begin());
    ASSERT_TRUE(succeeded(prepared));
    interpreter = std::move(*prepared);
  }

  /// The array of the file `name` of the expected outputs.
  Array load(const std::string &name) {
    llvm::Expected<Array> array = readNpy(data + "/expected/" + name);
    if (!array) {
      ADD_FAILURE() << llvm::toString(array.takeError());
      return {};
    }
    return std::move(*array);
  }

  /// Sample `sample` of `array` as the model's only input.
  Tensor inputOf(const Array &array, int64_t sample) {
    auto function = *module->getOps<func::FuncOp>().begin();
    Type type = function.getArgumentTypes().front();
    return sampleOf(array, sample, cast<RankedTensorType>(type).getShape());
  }

  /// Compares the bytes of all outputs of each sample, in a row.
  void compareOutputs(const Array &inputs, const Array &expected) {
    ASSERT_FALSE(inputs.shape.empty());
    ASSERT_FALSE(expected.shape.empty());
    ASSERT_EQ(inputs.shape[0], expected.shape[0]);
    size_t size = expected.data.size() / expected.shape[0];
    InterpreterState state = interpreter->initialState();
    for (int64_t sample = 0; sample < inputs.shape[0]; ++sample) {
      llvm::Expected<std::vector<Tensor>> results =
          interpreter->run(inputOf(inputs, sample), state);
      ASSERT_TRUE(static_cast<bool>(results))
          << llvm::toString(results.takeError());
      std::string bytes;
      for (const Tensor &result : *results)
        bytes += bytesOf(result);
      std::string row(expected.data.data() + sample * size, size);
      EXPECT_TRUE(bytes == row) << "sample " << sample;
    }
  }

  std::string data;
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::optional<Interpreter> interpreter;
};

class MLPerfTinyModel : public ReferenceModel {};

TEST_P(MLPerfTinyModel, OutputsAreIdentical) {
  std::string model = GetParam();
  ASSERT_NO_FATAL_FAILURE(prepare("mlperf-tiny/" + model + "_int8.tflite"));
  compareOutputs(load(model + "_in_int8.npy"), load(model + "_out_int8.npy"));
}

TEST_P(MLPerfTinyModel, LayersAreIdentical) {
  std::string model = GetParam(), folder = "layers/" + model;
  ASSERT_NO_FATAL_FAILURE(prepare("mlperf-tiny/" + model + "_int8.tflite"));
  std::vector<std::string> files;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator
           entry(data + "/expected/" + folder, error),
       end;
       entry != end && !error; entry.increment(error))
    files.push_back(llvm::sys::path::filename(entry->path()).str());
  ASSERT_FALSE(error) << error.message();
  // Named by the number of the operator.
  llvm::sort(files);

  size_t layer = 0;
  auto compare = [&](Value, const Tensor &tensor) {
    ASSERT_LT(layer, files.size());
    Array expected = load(folder + "/" + files[layer]);
    std::vector<int64_t> stored;
    for (int8_t value : expected.getValues<int8_t>())
      stored.push_back(value);
    EXPECT_EQ(tensor.stored, stored) << files[layer];
    ++layer;
  };
  Array inputs = load(model + "_in_int8.npy");
  ASSERT_FALSE(inputs.shape.empty());
  auto results = interpreter->run(inputOf(inputs, 0), compare);
  ASSERT_TRUE(static_cast<bool>(results))
      << llvm::toString(results.takeError());
  EXPECT_EQ(layer, files.size());
}

std::string nameOf(const testing::TestParamInfo<const char *> &info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Interpreter, MLPerfTinyModel,
                         testing::Values("kws", "ic", "vww", "ad", "sww"),
                         nameOf);

/// Models with operators that MLPerf Tiny's do not have: pad, max pool, mean,
/// resize, transpose, quantize and dequantize, and LSTM, whose state goes from
/// sample to sample.
class OtherModel : public ReferenceModel {};

TEST_P(OtherModel, OutputsAreIdentical) {
  std::string model = GetParam();
  ASSERT_NO_FATAL_FAILURE(prepare("models/" + model + ".tflite"));
  compareOutputs(load("models/" + model + "_in.npy"),
                 load("models/" + model + "_out.npy"));
}

INSTANTIATE_TEST_SUITE_P(Interpreter, OtherModel,
                         testing::Values("mcunet_detection", "mcunet_vww",
                                         "micro_speech_lstm", "mnist_lstm_int8",
                                         "person_detect",
                                         "tf2_mobilenet_v2_1.0_224_ptq"),
                         nameOf);

} // namespace
