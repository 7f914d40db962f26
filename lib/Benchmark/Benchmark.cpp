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

#include "quantcc/Analysis/MultiplyCount.h"
#include "quantcc/Benchmark/CompileNetwork.h"
#include "quantcc/Benchmark/HostSupport.h"
#include "quantcc/Benchmark/LayerFunctions.h"
#include "quantcc/Benchmark/PeakKernel.h"
#include "quantcc/Benchmark/ReadKernel.h"
#include "quantcc/Execution/WorkerPool.h"
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

/// All that is timed in the same rounds.
struct Contenders {
  CompiledNetwork network;
  std::vector<Peer> peers;
  /// Null where they are not asked for, or do not exist.
  std::unique_ptr<LoadedModel> floatModel;
  std::unique_ptr<LoadedModel> reading;
  int64_t readBytes = 0;
  std::optional<LoadedPeak> peak;
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

static Expected<CompiledNetwork> load(FailureOr<CompiledObject> object,
                                      const TargetInfo &target) {
  if (failed(object))
    return llvm::createStringError("the model cannot be compiled");
  Expected<ObjectFacts> facts =
      inspectObject(object->bytes, target, object->computesInFloat);
  if (!facts)
    return facts.takeError();
  Expected<std::unique_ptr<LoadedModel>> model = LoadedModel::create(*object);
  if (!model)
    return model.takeError();
  return CompiledNetwork{std::move(*model), std::move(*facts)};
}

static Expected<CompiledNetwork> compileAndLoad(ModuleOp module, Stage stage,
                                                const TargetInfo &target) {
  return load(compileNetwork(module, stage, target), target);
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

/// Loads the kernel that reads `bytes` bytes, if there is one, into `model`,
/// and returns how many it reads.
static Expected<int64_t> loadReading(const TargetInfo &target, int64_t bytes,
                                     std::unique_ptr<LoadedModel> &model) {
  std::optional<ReadKernel> kernel = buildReadKernel(target, bytes);
  if (!kernel)
    return 0;
  auto loaded = LoadedModel::create(kernel->object);
  if (!loaded)
    return loaded.takeError();
  model = std::move(*loaded);
  return kernel->bytes;
}

/// Compiles and times every layer of `entry`.
static llvm::Error timeLayers(const BenchmarkRequest &request,
                              func::FuncOp entry, const LoadedPeak *peak,
                              BenchmarkResult &result) {
  std::vector<LayerFunction> layers = cutIntoLayers(entry);
  std::vector<CompiledNetwork> networks;
  std::vector<TimedCode> codes;
  // By layer: null where there is none.
  std::vector<std::unique_ptr<LoadedModel>> readings(layers.size());
  for (LayerFunction &layer : layers) {
    Expected<CompiledNetwork> network =
        load(compileLayer(*layer.module, request.target), request.target);
    if (!network)
      return llvm::createStringError(
          "layer '" + layer.name + "': " + llvm::toString(network.takeError()));
    networks.push_back(std::move(*network));
    const LoadedModel *model = networks.back().model.get();
    codes.push_back([model] { model->run(); });
  }
  std::vector<BenchmarkedLayer> rows(layers.size());
  for (auto [index, layer] : llvm::enumerate(layers)) {
    int64_t bytes = networks[index].facts.constantBytes;
    int64_t macs = countMultiplies(layer.module->getOperation());
    if (macs == 0 || macs > bytes)
      continue;
    auto read = loadReading(request.target, bytes, readings[index]);
    if (!read)
      return read.takeError();
    if (!readings[index])
      continue;
    rows[index].reading.emplace().bytes = *read;
    const LoadedModel *model = readings[index].get();
    codes.push_back([model] { model->run(); });
  }
  if (peak)
    codes.push_back([peak] { peak->model->run(); });
  std::vector<Timing> timings = timeInterleaved(codes, request.timing);
  std::optional<BenchmarkedCode> limit;
  if (peak)
    limit = describe(peak->kernel.instruction, timings.back(),
                     peak->kernel.macs, nullptr);
  auto nextReading = timings.begin() + layers.size();
  for (auto [index, layer] : llvm::enumerate(layers)) {
    BenchmarkedLayer &row = rows[index];
    row.code = describe(layer.name, timings[index],
                        countMultiplies(layer.module->getOperation()),
                        limit ? &*limit : nullptr);
    row.kind = layer.kind;
    row.shapes = layer.shapes;
    row.codeBytes = networks[index].facts.codeBytes;
    if (row.reading)
      row.reading->microseconds = (nextReading++)->quartiles();
  }
  result.layers = std::move(rows);
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

/// Makes everything ready that `request` asks for; `entry` is its network's.
static Expected<Contenders> prepare(const BenchmarkRequest &request,
                                    func::FuncOp entry) {
  Contenders contenders;
  Expected<CompiledNetwork> network =
      compileAndLoad(request.module, request.stage, request.target);
  if (!network)
    return network.takeError();
  contenders.network = std::move(*network);
  LoadedModel &model = *contenders.network.model;
  for (auto [index, bytes] : llvm::enumerate(request.inputs))
    model.setInput(index, bytes);
  model.run();
  Expected<std::vector<Peer>> peers = createPeers(request, entry, model);
  if (!peers)
    return peers.takeError();
  contenders.peers = std::move(*peers);
  if (request.floatModule) {
    auto loaded = load(compileFloatNetwork(request.floatModule, request.target),
                       request.target);
    if (!loaded)
      return loaded.takeError();
    contenders.floatModel = std::move(loaded->model);
  }
  Expected<int64_t> bytes =
      loadReading(request.target, contenders.network.facts.constantBytes,
                  contenders.reading);
  if (!bytes)
    return bytes.takeError();
  contenders.readBytes = *bytes;
  Expected<std::optional<LoadedPeak>> peak = loadPeak(request.target);
  if (!peak)
    return peak.takeError();
  contenders.peak = std::move(*peak);
  return contenders;
}

/// Times all of `contenders` in the same rounds.
static void timeNetwork(const BenchmarkRequest &request, Contenders &contenders,
                        BenchmarkResult &result) {
  std::vector<TimedCode> codes;
  auto add = [&codes](const LoadedModel *model) {
    if (model)
      codes.push_back([model] { model->run(); });
  };
  const LoadedModel &model = *contenders.network.model;
  add(&model);
  for (Peer &peer : contenders.peers)
    codes.push_back([&peer] { cantFail(peer.run()); });
  add(contenders.floatModel.get());
  add(contenders.reading.get());
  add(contenders.peak ? contenders.peak->model.get() : nullptr);
  std::vector<Timing> timings = timeInterleaved(codes, request.timing);

  if (contenders.peak)
    result.peak = describe(contenders.peak->kernel.instruction, timings.back(),
                           contenders.peak->kernel.macs, nullptr);
  const BenchmarkedCode *limit = result.peak ? &*result.peak : nullptr;
  int64_t macs = countMultiplies(request.module);
  auto next = timings.begin();
  const Timing &ours = *next++;
  result.network = describe("quantcc", ours, macs, limit);
  for (Peer &peer : contenders.peers) {
    BenchmarkedPeer row;
    row.code = describe(peer.name(), *next, macs, limit);
    row.ratio = ratioQuartiles(*next++, ours);
    row.agreement = peer.compare(model);
    result.peers.push_back(std::move(row));
  }
  if (contenders.floatModel) {
    result.floatNetwork = {describe("quantcc float", *next, macs, nullptr),
                           ratioQuartiles(*next, ours)};
    ++next;
  }
  if (contenders.reading)
    result.reading = {next->quartiles(), contenders.readBytes};
}

/// Times `model` beside the same network cut for threads.
static llvm::Error timeThreads(const BenchmarkRequest &request,
                               const LoadedModel &model,
                               BenchmarkResult &result) {
  TargetInfo target = request.target;
  target.pieces = request.threads;
  Expected<CompiledNetwork> threaded =
      compileAndLoad(request.module, request.stage, target);
  if (!threaded)
    return threaded.takeError();
  for (auto [index, bytes] : llvm::enumerate(request.inputs))
    threaded->model->setInput(index, bytes);
  WorkerPool pool(request.threads);
  threaded->model->useThreads(pool.parallelFor());
  TimingOptions options = request.timing;
  options.clock = Clock::Wall;
  // Threads that slept while others were timed take a while to wake up.
  options.sampleMicroseconds = 10000;
  const LoadedModel *one = &model, *several = threaded->model.get();
  std::vector<Timing> timings = timeInterleaved(
      {[one] { one->run(); }, [several] { several->run(); }}, options);
  result.threads = {request.threads, timings[1].quartiles(),
                    timings[0].quartiles(),
                    ratioQuartiles(timings[0], timings[1])};
  return llvm::Error::success();
}

Expected<BenchmarkResult>
quantcc::runBenchmark(const BenchmarkRequest &request) {
  if (llvm::Error error = checkRunsHere(request.target))
    return std::move(error);
  func::FuncOp entry = entryOf(request.module);
  Expected<Contenders> contenders = prepare(request, entry);
  if (!contenders)
    return contenders.takeError();

  BenchmarkResult result;
  result.modelName = request.modelName;
  result.setting = describeSetting(request.target);
  result.object = contenders->network.facts;
  const ModelInterface &model = contenders->network.model->interface();
  result.arenaBytes = model.arenaBytes;
  result.weightBytes = model.constantBytes;
  if (request.onnxRuntime)
    result.peerVersion =
        ("ONNX Runtime " + request.onnxRuntime->version()).str();
  timeNetwork(request, *contenders, result);
  if (request.threads)
    if (llvm::Error error =
            timeThreads(request, *contenders->network.model, result))
      return std::move(error);
  const LoadedPeak *limit = contenders->peak ? &*contenders->peak : nullptr;
  if (request.layers)
    if (llvm::Error error = timeLayers(request, entry, limit, result))
      return std::move(error);
  return result;
}
