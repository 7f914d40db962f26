//===- Benchmark.cpp - How fast a compiled network is ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles, loads and times all that is to be compared.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/Benchmark.h"

#include "quantcc/Benchmark/CompileNetwork.h"
#include "quantcc/Benchmark/HostSupport.h"
#include "quantcc/Benchmark/LayerFunctions.h"
#include "quantcc/Benchmark/MultiplyCount.h"
#include "quantcc/Benchmark/PeakKernel.h"
#include "quantcc/Target/ModelDescription.h"

#include <ctime>
#include <llvm/TargetParser/Host.h>

using namespace mlir;
using namespace quantcc;
using llvm::Expected;

namespace {

/// An object that is loaded, with the facts of its file.
struct CompiledNetwork {
  std::unique_ptr<LoadedModel> model;
  ObjectFacts facts;
};

/// The peak kernel, loaded.
struct LoadedPeak {
  PeakKernel kernel;
  std::unique_ptr<LoadedModel> model;
};

} // namespace

const BenchmarkedPeer *BenchmarkResult::betterPeer() const {
  const BenchmarkedPeer *best = nullptr;
  for (const BenchmarkedPeer &peer : peers)
    if (!best || peer.code.microseconds.median < best->code.microseconds.median)
      best = &peer;
  return best;
}

static std::string nowInUtc() {
  std::time_t now = std::time(nullptr);
  std::tm parts;
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

static BenchmarkSetting describeSetting(const TargetInfo &target) {
  BenchmarkSetting setting;
  setting.compiler = compilerVersion().str();
  setting.processor = processorName();
  setting.system = llvm::sys::getProcessTriple();
  setting.date = nowInUtc();
  setting.target = target;
  return setting;
}

static Expected<CompiledNetwork> load(FailureOr<CompiledObject> object) {
  if (failed(object))
    return llvm::createStringError("the model cannot be compiled");
  Expected<ObjectFacts> facts = inspectObject(object->bytes);
  if (!facts)
    return facts.takeError();
  Expected<std::unique_ptr<LoadedModel>> model = LoadedModel::create(*object);
  if (!model)
    return model.takeError();
  return CompiledNetwork{std::move(*model), std::move(*facts)};
}

static Expected<CompiledNetwork> compileAndLoad(ModuleOp module, Stage stage,
                                                const TargetInfo &target) {
  return load(compileNetwork(module, stage, target));
}

static Expected<std::optional<LoadedPeak>> loadPeak(const TargetInfo &target) {
  std::optional<PeakKernel> kernel = buildPeakKernel(target);
  if (!kernel)
    return std::nullopt;
  Expected<std::unique_ptr<LoadedModel>> model =
      LoadedModel::create(kernel->object);
  if (!model)
    return model.takeError();
  return LoadedPeak{std::move(*kernel), std::move(*model)};
}

/// Describes `timing` of code that multiplies `macs` times; `peak` is a
/// description of the peak kernel in the same rounds, or null.
static BenchmarkedCode describe(llvm::StringRef name, const Timing &timing,
                                int64_t macs, const BenchmarkedCode *peak) {
  BenchmarkedCode code;
  code.name = name.str();
  code.microseconds = timing.quartiles();
  code.macs = macs;
  if (peak && macs != 0)
    code.shareOfPeak = code.gops() / peak->gops();
  return code;
}

/// The one public function.
static func::FuncOp entryOf(ModuleOp module) {
  func::FuncOp entry;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic())
      entry = function;
  assert(entry && "a network has an entry");
  return entry;
}

/// Compiles and times every layer of `entry`.
static llvm::Error timeLayers(const BenchmarkRequest &request,
                              func::FuncOp entry, const LoadedPeak *peak,
                              BenchmarkResult &result) {
  std::vector<LayerFunction> layers = cutIntoLayers(entry);
  std::vector<CompiledNetwork> networks;
  std::vector<TimedCode> codes;
  for (LayerFunction &layer : layers) {
    Expected<CompiledNetwork> network =
        compileAndLoad(*layer.module, Stage::Quantized, request.target);
    if (!network)
      return llvm::createStringError(
          "layer '" + layer.name + "': " + llvm::toString(network.takeError()));
    networks.push_back(std::move(*network));
    const LoadedModel *model = networks.back().model.get();
    codes.push_back([model] { model->run(); });
  }
  if (peak)
    codes.push_back([peak] { peak->model->run(); });
  std::vector<Timing> timings = timeInterleaved(codes, request.timing);
  std::optional<BenchmarkedCode> limit;
  if (peak)
    limit = describe(peak->kernel.instruction, timings.back(),
                     peak->kernel.macs, nullptr);
  for (auto [index, layer] : llvm::enumerate(layers)) {
    BenchmarkedLayer row;
    row.code = describe(layer.name, timings[index],
                        countMultiplies(layer.module->getOperation()),
                        limit ? &*limit : nullptr);
    row.kind = layer.kind;
    row.shapes = layer.shapes;
    row.codeBytes = networks[index].facts.codeBytes;
    result.layers.push_back(std::move(row));
  }
  return llvm::Error::success();
}

/// Makes the peers ready and runs each of them once.
static Expected<std::vector<Peer>> createPeers(const BenchmarkRequest &request,
                                               func::FuncOp entry,
                                               const LoadedModel &model) {
  std::vector<Peer> peers;
  if (!request.onnxRuntime)
    return peers;
  for (OnnxForm form : {OnnxForm::QuantizeDequantize, OnnxForm::Float}) {
    Expected<Peer> peer =
        Peer::create(*request.onnxRuntime, entry, form, model);
    if (!peer)
      return peer.takeError();
    if (llvm::Error error = peer->run())
      return std::move(error);
    peers.push_back(std::move(*peer));
  }
  return peers;
}

/// Times our network, its peers, its float form and the peak kernel in the same
/// rounds; the last two may be null.
static void timeNetwork(const BenchmarkRequest &request,
                        const LoadedModel &model, std::vector<Peer> &peers,
                        const LoadedModel *floatModel, const LoadedPeak *peak,
                        BenchmarkResult &result) {
  std::vector<TimedCode> codes;
  codes.push_back([&model] { model.run(); });
  for (Peer &peer : peers)
    codes.push_back([&peer] { cantFail(peer.run()); });
  if (floatModel)
    codes.push_back([floatModel] { floatModel->run(); });
  if (peak)
    codes.push_back([peak] { peak->model->run(); });
  std::vector<Timing> timings = timeInterleaved(codes, request.timing);
  if (peak)
    result.peak = describe(peak->kernel.instruction, timings.back(),
                           peak->kernel.macs, nullptr);
  const BenchmarkedCode *limit = result.peak ? &*result.peak : nullptr;
  int64_t macs = countMultiplies(request.module);
  result.network = describe("quantcc", timings.front(), macs, limit);
  for (auto [index, peer] : llvm::enumerate(peers)) {
    const Timing &timing = timings[index + 1];
    BenchmarkedPeer row;
    row.code = describe(peer.name(), timing, macs, limit);
    row.ratio = ratioQuartiles(timing, timings.front());
    row.agreement = peer.compare(model);
    result.peers.push_back(std::move(row));
  }
  if (floatModel) {
    const Timing &timing = timings[peers.size() + 1];
    result.floatNetwork = {describe("quantcc float", timing, macs, nullptr),
                           ratioQuartiles(timing, timings.front())};
  }
}

Expected<BenchmarkResult>
quantcc::runBenchmark(const BenchmarkRequest &request) {
  if (llvm::Error error = checkRunsHere(request.target))
    return std::move(error);
  func::FuncOp entry = entryOf(request.module);

  BenchmarkResult result;
  result.modelName = request.modelName;
  result.setting = describeSetting(request.target);
  Expected<CompiledNetwork> network =
      compileAndLoad(request.module, request.stage, request.target);
  if (!network)
    return network.takeError();
  result.object = network->facts;
  result.arenaBytes = network->model->interface().arenaBytes;
  result.weightBytes = network->model->interface().constantBytes;
  Expected<std::optional<LoadedPeak>> peak = loadPeak(request.target);
  if (!peak)
    return peak.takeError();
  const LoadedPeak *limit = *peak ? &**peak : nullptr;
  for (auto [index, bytes] : llvm::enumerate(request.inputs))
    network->model->setInput(index, bytes);
  network->model->run();
  Expected<std::vector<Peer>> peers =
      createPeers(request, entry, *network->model);
  if (!peers)
    return peers.takeError();
  if (request.onnxRuntime)
    result.peerVersion =
        ("ONNX Runtime " + request.onnxRuntime->version()).str();
  CompiledNetwork floatNetwork;
  if (request.floatModule) {
    auto loaded =
        load(compileFloatNetwork(request.floatModule, request.target));
    if (!loaded)
      return loaded.takeError();
    floatNetwork = std::move(*loaded);
  }
  timeNetwork(request, *network->model, *peers, floatNetwork.model.get(), limit,
              result);
  if (request.layers)
    if (llvm::Error error = timeLayers(request, entry, limit, result))
      return std::move(error);
  return result;
}
