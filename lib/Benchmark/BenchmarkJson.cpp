//===- BenchmarkJson.cpp - The results of a benchmark as JSON -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The whole of a BenchmarkResult, member by member.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/BenchmarkReport.h"

#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>

using namespace quantcc;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

/// `text`, which a model may have in any encoding, as JSON wants it.
static std::string asUTF8(llvm::StringRef text) {
  return llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
}

static Object describe(const Quartiles &quartiles) {
  return Object{{"median", quartiles.median},
                {"lower_quartile", quartiles.lower},
                {"upper_quartile", quartiles.upper}};
}

static Object describe(const BenchmarkedCode &code) {
  Object object{{"name", asUTF8(code.name)},
                {"microseconds", describe(code.microseconds)},
                {"macs", code.macs}};
  if (code.macs != 0) {
    object["gops"] = code.gops();
    object["macs_per_second"] = 1e6 * code.macs / code.microseconds.median;
  }
  if (code.shareOfPeak)
    object["share_of_peak"] = *code.shareOfPeak;
  return object;
}

static Object describe(const BenchmarkedRival &rival) {
  Object object = describe(rival.code);
  object["ratio"] = describe(rival.ratio);
  return object;
}

static Object describe(const BenchmarkedPeer &peer) {
  Object object = describe(static_cast<const BenchmarkedRival &>(peer));
  object["agreement"] =
      Object{{"within_one_step", peer.agreement.withinOneStep},
             {"mean_steps", peer.agreement.meanSteps},
             {"largest_steps", peer.agreement.largestSteps}};
  return object;
}

static Object describe(const BenchmarkedReading &reading) {
  return Object{{"microseconds", describe(reading.microseconds)},
                {"bytes", reading.bytes},
                {"gigabytes_per_second", reading.gigabytesPerSecond()}};
}

static Object describe(const BenchmarkedLayer &layer) {
  Object object = describe(layer.code);
  object["kind"] = layer.kind;
  object["shapes"] = layer.shapes;
  object["code_bytes"] = layer.codeBytes;
  if (layer.reading)
    object["reading"] = describe(*layer.reading);
  return object;
}

static Object describe(const BenchmarkSetting &setting) {
  return Object{{"compiler", setting.compiler},
                {"processor", asUTF8(setting.processor)},
                {"system", setting.system},
                {"date", setting.date},
                {"target", setting.target.name},
                {"cpu", setting.target.cpu},
                {"features", setting.target.features}};
}

void quantcc::writeBenchmarkJson(const BenchmarkResult &result,
                                 llvm::raw_ostream &stream) {
  Object object{{"model", asUTF8(result.modelName)},
                {"setting", describe(result.setting)},
                {"code_bytes", result.object.codeBytes},
                {"constant_bytes", result.object.constantBytes},
                {"weight_bytes", result.weightBytes},
                {"arena_bytes", result.arenaBytes},
                {"network", describe(result.network)}};
  if (result.peak)
    object["peak"] = describe(*result.peak);
  if (result.reading)
    object["reading"] = describe(*result.reading);
  if (result.floatNetwork)
    object["float_network"] = describe(*result.floatNetwork);
  if (const auto &threads = result.threads)
    object["threads"] =
        Object{{"threads", static_cast<int64_t>(threads->threads)},
               {"wall_microseconds", describe(threads->microseconds)},
               {"one_thread_wall_microseconds", describe(threads->oneThread)},
               {"ratio", describe(threads->ratio)}};
  if (!result.peers.empty()) {
    Array peers;
    for (const BenchmarkedPeer &peer : result.peers)
      peers.push_back(describe(peer));
    object["peer"] = result.peerVersion;
    object["peers"] = std::move(peers);
    object["ratio_to_better_peer"] = describe(result.betterPeer()->ratio);
    object["better_peer"] = result.betterPeer()->code.name;
  }
  if (!result.layers.empty()) {
    Array layers;
    for (const BenchmarkedLayer &layer : result.layers)
      layers.push_back(describe(layer));
    object["layers"] = std::move(layers);
  }
  stream << llvm::formatv("{0:2}\n", Value(std::move(object)));
}
