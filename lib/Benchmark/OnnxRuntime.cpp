//===- OnnxRuntime.cpp - ONNX Runtime, if it is installed -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declares the part of ONNX Runtime's C interface that is used here, and calls
// it. Its first version is frozen: later ones add functions behind it.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/OnnxRuntime.h"

#include <cstddef>
#include <cstdlib>
#include <dlfcn.h>

using namespace quantcc;
using llvm::StringRef;

namespace quantcc {

/// The functions of version 1, each at its place; what is not used here keeps
/// its room only. A function that can fail returns a status, null on success.
struct OnnxRuntimeApi {
  using Status = void *;
  void *createStatus, *getErrorCode;
  const char *(*getErrorMessage)(const void *status);
  Status (*createEnvironment)(int severity, const char *name, void **result);
  void *unused4[4];
  Status (*createSessionFromArray)(const void *environment, const void *data,
                                   size_t bytes, const void *options,
                                   void **result);
  Status (*run)(void *session, const void *options,
                const char *const *inputNames, const void *const *inputs,
                size_t numInputs, const char *const *outputNames,
                size_t numOutputs, void **outputs);
  Status (*createSessionOptions)(void **result);
  void *unused11[2];
  Status (*setExecutionMode)(void *options, int mode);
  void *unused14[9];
  Status (*setOptimizationLevel)(void *options, int level);
  Status (*setIntraOpThreads)(void *options, int threads);
  Status (*setInterOpThreads)(void *options, int threads);
  void *unused26[23];
  Status (*createTensor)(const void *memoryInfo, void *data, size_t bytes,
                         const int64_t *shape, size_t rank, int type,
                         void **result);
  void *unused50[19];
  Status (*createCpuMemoryInfo)(int allocator, int kind, void **result);
  void *unused70[22];
  void (*releaseEnvironment)(void *);
  void (*releaseStatus)(void *);
  void (*releaseMemoryInfo)(void *);
  void (*releaseSession)(void *);
  void (*releaseValue)(void *);
  void *unused97[3];
  void (*releaseSessionOptions)(void *);
};

static_assert(offsetof(OnnxRuntimeApi, releaseSessionOptions) ==
                  100 * sizeof(void *),
              "every function at its place");

} // namespace quantcc

namespace {

/// What the library exports: version by version, its functions.
struct ApiBase {
  const OnnxRuntimeApi *(*getApi)(uint32_t version);
  const char *(*getVersionString)();
};

constexpr uint32_t kApiVersion = 1;
constexpr int kReportErrorsOnly = 3;
constexpr int kSequential = 0;
constexpr int kAllOptimizations = 99;
constexpr int kDeviceAllocator = 0, kDefaultMemory = 0;

} // namespace

/// `status` as an error, and frees it.
static llvm::Error takeStatus(const OnnxRuntimeApi &api, void *status) {
  if (!status)
    return llvm::Error::success();
  std::string message = api.getErrorMessage(status);
  api.releaseStatus(status);
  return llvm::createStringError("ONNX Runtime: " + message);
}

llvm::Expected<std::unique_ptr<OnnxRuntime>> OnnxRuntime::load(StringRef path) {
  std::string file = path.str();
  if (file.empty())
    if (const char *named = std::getenv("QUANTCC_ONNXRUNTIME"))
      file = named;
  if (file.empty())
    file = "libonnxruntime.so.1";
  // Never unloaded: the library starts threads and registers exit handlers.
  void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return llvm::createStringError(
        "ONNX Runtime is not there: " + StringRef(dlerror()) +
        " (utils/install-onnxruntime fetches it; QUANTCC_ONNXRUNTIME names the "
        "file)");
  auto getBase =
      reinterpret_cast<const ApiBase *(*)()>(dlsym(library, "OrtGetApiBase"));
  if (!getBase)
    return llvm::createStringError(file + ": no ONNX Runtime");
  const ApiBase *base = getBase();
  std::unique_ptr<OnnxRuntime> runtime(new OnnxRuntime);
  runtime->api = base->getApi(kApiVersion);
  runtime->versionText = base->getVersionString();
  if (!runtime->api)
    return llvm::createStringError(file + ": ONNX Runtime " +
                                   runtime->versionText +
                                   " has no longer the C interface used here");
  const OnnxRuntimeApi &api = *runtime->api;
  if (llvm::Error error =
          takeStatus(api, api.createEnvironment(kReportErrorsOnly, "quantcc",
                                                &runtime->environment)))
    return std::move(error);
  if (llvm::Error error = takeStatus(
          api, api.createCpuMemoryInfo(kDeviceAllocator, kDefaultMemory,
                                       &runtime->memoryInfo)))
    return std::move(error);
  return runtime;
}

OnnxRuntime::~OnnxRuntime() {
  if (memoryInfo)
    api->releaseMemoryInfo(memoryInfo);
  if (environment)
    api->releaseEnvironment(environment);
}

/// One thread, one operator after another, everything optimized.
static llvm::Error configure(const OnnxRuntimeApi &api, void *options) {
  for (void *status :
       {api.setIntraOpThreads(options, 1), api.setInterOpThreads(options, 1),
        api.setExecutionMode(options, kSequential),
        api.setOptimizationLevel(options, kAllOptimizations)})
    if (llvm::Error error = takeStatus(api, status))
      return error;
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<OnnxSession>>
OnnxSession::create(const OnnxRuntime &runtime, const OnnxModel &model) {
  const OnnxRuntimeApi &api = *runtime.api;
  void *options = nullptr;
  if (llvm::Error error = takeStatus(api, api.createSessionOptions(&options)))
    return std::move(error);
  std::unique_ptr<OnnxSession> session(new OnnxSession(runtime));
  llvm::Error error = configure(api, options);
  if (!error) {
    std::string bytes = model.serialize();
    error = takeStatus(api, api.createSessionFromArray(
                                runtime.environment, bytes.data(), bytes.size(),
                                options, &session->session));
  }
  api.releaseSessionOptions(options);
  if (!error)
    error = session->bind(model);
  if (error)
    return std::move(error);
  return session;
}

llvm::Error OnnxSession::bind(const OnnxModel &model) {
  const OnnxRuntimeApi &api = *runtime.api;
  auto bindAll = [&](const std::vector<OnnxTensor> &tensors,
                     std::vector<std::vector<char>> &memory,
                     std::vector<const char *> &tensorNames,
                     std::vector<void *> &values) -> llvm::Error {
    memory.resize(tensors.size());
    values.resize(tensors.size());
    for (auto [index, tensor] : llvm::enumerate(tensors)) {
      tensorNames.push_back(tensor.name.c_str());
      memory[index].resize(tensor.elements() * onnxElementSize(tensor.type));
      if (llvm::Error error = takeStatus(
              api,
              api.createTensor(runtime.memoryInfo, memory[index].data(),
                               memory[index].size(), tensor.shape.data(),
                               tensor.shape.size(),
                               static_cast<int>(tensor.type), &values[index])))
        return error;
    }
    return llvm::Error::success();
  };
  inputTensors = model.inputs();
  outputTensors = model.outputs();
  if (llvm::Error error =
          bindAll(inputTensors, inputs, inputNames, inputValues))
    return error;
  return bindAll(outputTensors, outputs, outputNames, outputValues);
}

llvm::Error OnnxSession::run() {
  return takeStatus(*runtime.api,
                    runtime.api->run(session, nullptr, inputNames.data(),
                                     inputValues.data(), inputValues.size(),
                                     outputNames.data(), outputValues.size(),
                                     outputValues.data()));
}

OnnxSession::~OnnxSession() {
  for (void *value : inputValues)
    if (value)
      runtime.api->releaseValue(value);
  for (void *value : outputValues)
    if (value)
      runtime.api->releaseValue(value);
  if (session)
    runtime.api->releaseSession(session);
}
