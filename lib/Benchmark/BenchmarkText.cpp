//===- BenchmarkText.cpp - The results of a benchmark as text -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One line a piece of code, with its quartiles.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/BenchmarkReport.h"

#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::formatv;

/// `share` as a percentage, or nothing.
static std::string percent(std::optional<double> share) {
  return share ? formatv("{0:F1} %", 100 * *share).str() : "";
}

/// GOPS, where there is anything to multiply.
static std::string gops(const BenchmarkedCode &code) {
  return code.macs != 0 ? formatv("{0:F1}", code.gops()).str() : "";
}

static void writeRow(llvm::raw_ostream &stream, llvm::StringRef name,
                     const BenchmarkedCode &code) {
  stream << formatv("  {0,-28}{1,10:F2}{2,10:F2}{3,10:F2}{4,10}{5,10}\n", name,
                    code.microseconds.median, code.microseconds.lower,
                    code.microseconds.upper, gops(code),
                    percent(code.shareOfPeak));
}

static void writePeers(const BenchmarkResult &result,
                       llvm::raw_ostream &stream) {
  const BenchmarkedPeer *better = result.betterPeer();
  if (!better)
    return;
  stream << formatv("  ratio to the better of both {0:F2} (quartiles {1:F2} to "
                    "{2:F2}), {3}\n",
                    better->ratio.median, better->ratio.lower,
                    better->ratio.upper, better->code.name);
  for (const BenchmarkedPeer &peer : result.peers)
    stream << formatv(
        "  outputs of {0}: {1} within one step, {2:F2} steps apart on average, "
        "{3:F1} at most\n",
        peer.code.name, percent(peer.agreement.withinOneStep),
        peer.agreement.meanSteps, peer.agreement.largestSteps);
}

static void writeLayers(const BenchmarkResult &result,
                        llvm::raw_ostream &stream) {
  if (result.layers.empty())
    return;
  double sum = 0;
  stream << "layers, each compiled alone\n";
  for (const BenchmarkedLayer &layer : result.layers) {
    std::string row = layer.kind + " " + layer.shapes;
    stream << formatv("  {0,-42}{1,10:F2}{2,10:F2}{3,10:F2}{4,10}{5,10}  {6}\n",
                      row, layer.code.microseconds.median,
                      layer.code.microseconds.lower,
                      layer.code.microseconds.upper, gops(layer.code),
                      percent(layer.code.shareOfPeak), layer.code.name);
    sum += layer.code.microseconds.median;
    if (layer.reading)
      stream << formatv(
          "    {0,-40}{1,10:F2}  {2} of the time\n",
          formatv("reading its {0} bytes alone", layer.reading->bytes).str(),
          layer.reading->microseconds.median,
          percent(layer.reading->microseconds.median /
                  layer.code.microseconds.median));
  }
  stream << formatv("  {0,-42}{1,10:F2}  ({2} of the whole network's time)\n",
                    "sum", sum,
                    percent(sum / result.network.microseconds.median));
}

void quantcc::writeBenchmarkText(const BenchmarkResult &result,
                                 llvm::raw_ostream &stream) {
  const BenchmarkSetting &setting = result.setting;
  stream << formatv("{0} for {1} ({2}) on {3}\n", result.modelName,
                    setting.target.name, setting.target.cpu, setting.processor)
         << formatv("  {0}, {1}\n", setting.compiler, setting.date)
         << formatv("  code {0} bytes, constants {1}, arena {2}, {3} "
                    "multiply-accumulates\n",
                    result.object.codeBytes, result.object.constantBytes,
                    result.arenaBytes, result.network.macs)
         << formatv("  {0,-28}{1,10}{2,10}{3,10}{4,10}{5,10}\n", "microseconds",
                    "median", "25 %", "75 %", "GOPS", "of peak");
  writeRow(stream, "quantcc", result.network);
  for (const BenchmarkedPeer &peer : result.peers)
    writeRow(stream, (result.peerVersion + " " + peer.code.name).c_str(),
             peer.code);
  if (result.floatNetwork)
    writeRow(stream, result.floatNetwork->code.name, result.floatNetwork->code);
  if (result.peak)
    stream << formatv("  peak ({0}): {1:F1} GOPS\n", result.peak->name,
                      result.peak->gops());
  if (result.reading)
    stream << formatv("  reading {0} bytes and nothing else: {1:F2} "
                      "microseconds, {2} of the time\n",
                      result.reading->bytes,
                      result.reading->microseconds.median,
                      percent(result.reading->microseconds.median /
                              result.network.microseconds.median));
  if (result.floatNetwork)
    stream << formatv("  ratio to quantcc float {0:F2} (quartiles {1:F2} to "
                      "{2:F2})\n",
                      result.floatNetwork->ratio.median,
                      result.floatNetwork->ratio.lower,
                      result.floatNetwork->ratio.upper);
  if (const auto &threads = result.threads)
    stream << formatv("  {0} threads, by the clock: {1:F2} microseconds, one "
                      "thread {2:F2}, ratio {3:F2} (quartiles {4:F2} to "
                      "{5:F2})\n",
                      threads->threads, threads->microseconds.median,
                      threads->oneThread.median, threads->ratio.median,
                      threads->ratio.lower, threads->ratio.upper);
  writePeers(result, stream);
  writeLayers(result, stream);
}
