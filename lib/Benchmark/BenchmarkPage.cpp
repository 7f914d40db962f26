//===- BenchmarkPage.cpp - The results of a benchmark as a page -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// HTML with bars drawn as SVG: no scripts, nothing from elsewhere, light or
// dark as the reader has it.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/BenchmarkReport.h"
#include "quantcc/Page/HtmlPage.h"

#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::formatv;

static constexpr llvm::StringLiteral kStyle = R"(
body { max-width: 46rem; }
.bars { width: 100%; max-width: 32rem; height: auto; }
)";

namespace {

/// A bar with its quartiles.
struct Bar {
  std::string label;
  Quartiles value;
  bool isOurs = true;
};

} // namespace

/// One bar a line, its label above it, the quartiles as a line across its end.
static void writeBars(llvm::ArrayRef<Bar> bars, llvm::StringRef unit,
                      llvm::raw_ostream &stream) {
  constexpr double kWidth = 400, kRoom = 315, kStep = 40;
  double largest = 0;
  for (const Bar &bar : bars)
    largest = std::max(largest, bar.value.upper);
  double scale = largest > 0 ? kRoom / largest : 0;
  stream << formatv("<svg class=\"bars\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
                    "font-size=\"13\" fill=\"currentColor\">\n",
                    kWidth, kStep * bars.size());
  for (auto [index, bar] : llvm::enumerate(bars)) {
    double top = kStep * index;
    stream << formatv("<text x=\"0\" y=\"{0:F0}\">{1}</text>\n", top + 14,
                      escapeHtml(bar.label))
           << formatv("<rect x=\"0\" y=\"{0:F0}\" width=\"{1:F1}\" "
                      "height=\"14\" fill=\"var(--{2})\"/>\n",
                      top + 19, scale * bar.value.median,
                      bar.isOurs ? "bar" : "other")
           << formatv("<line x1=\"{0:F1}\" x2=\"{1:F1}\" y1=\"{2:F0}\" "
                      "y2=\"{2:F0}\" stroke=\"currentColor\" "
                      "stroke-width=\"2\"/>\n",
                      scale * bar.value.lower, scale * bar.value.upper,
                      top + 26)
           << formatv("<text x=\"{0:F1}\" y=\"{1:F0}\">{2:F2} {3}</text>\n",
                      scale * bar.value.upper + 6, top + 31, bar.value.median,
                      unit);
  }
  stream << "</svg>\n";
}

static std::string percent(std::optional<double> share) {
  return share ? formatv("{0:F1} %", 100 * *share).str() : "";
}

static void writeRow(llvm::StringRef label, const BenchmarkedCode &code,
                     llvm::raw_ostream &stream) {
  stream << formatv("<tr><td>{0}</td><td>{1:F2}</td><td>{2:F2}</td>"
                    "<td>{3:F2}</td><td>{4}</td><td>{5}</td></tr>\n",
                    escapeHtml(label), code.microseconds.median,
                    code.microseconds.lower, code.microseconds.upper,
                    code.macs ? formatv("{0:F1}", code.gops()).str() : "",
                    percent(code.shareOfPeak));
}

static void writeTableHead(llvm::StringRef label, llvm::StringRef what,
                           llvm::raw_ostream &stream) {
  writeTableTop(label, {what, "µs", "25 %", "75 %", "GOPS", "of peak"}, stream);
}

static void writeNetwork(const BenchmarkResult &result,
                         llvm::raw_ostream &stream) {
  std::vector<Bar> bars{{"quantcc", result.network.microseconds}};
  for (const BenchmarkedPeer &peer : result.peers)
    bars.push_back({result.peerVersion + " " + peer.code.name,
                    peer.code.microseconds, false});
  if (result.floatNetwork)
    bars.push_back({result.floatNetwork->code.name,
                    result.floatNetwork->code.microseconds, false});
  stream << "<h2>One inference</h2>\n";
  writeBars(bars, "µs", stream);
  writeTableHead("One inference", "", stream);
  writeRow("quantcc", result.network, stream);
  for (const BenchmarkedPeer &peer : result.peers)
    writeRow(result.peerVersion + " " + peer.code.name, peer.code, stream);
  if (result.floatNetwork)
    writeRow(result.floatNetwork->code.name, result.floatNetwork->code, stream);
  writeTableEnd(stream);
  if (const BenchmarkedPeer *better = result.betterPeer())
    stream << formatv("<p>{0} takes {1:F2} times as long (quartiles {2:F2} to "
                      "{3:F2}).</p>\n",
                      escapeHtml(result.peerVersion + " " + better->code.name),
                      better->ratio.median, better->ratio.lower,
                      better->ratio.upper);
}

static void writeLayers(const BenchmarkResult &result,
                        llvm::raw_ostream &stream) {
  if (result.layers.empty())
    return;
  std::vector<Bar> bars;
  for (const BenchmarkedLayer &layer : result.layers)
    bars.push_back({layer.kind + " " + layer.shapes + "  " +
                        percent(layer.code.shareOfPeak),
                    layer.code.microseconds});
  stream << "<h2>Layers, each compiled alone</h2>\n";
  writeBars(bars, "µs", stream);
  writeTableHead("Layers", "layer", stream);
  for (const BenchmarkedLayer &layer : result.layers)
    writeRow(layer.kind + " " + layer.shapes, layer.code, stream);
  writeTableEnd(stream);
}

void quantcc::writeBenchmarkPage(const BenchmarkResult &result,
                                 llvm::raw_ostream &stream) {
  const BenchmarkSetting &setting = result.setting;
  writePageTop(result.modelName, kStyle, stream);
  stream << formatv("<p>{0}, target {1} ({2}), on {3}, {4}<br>\n",
                    escapeHtml(setting.compiler),
                    escapeHtml(setting.target.name),
                    escapeHtml(setting.target.cpu),
                    escapeHtml(setting.processor), setting.date)
         << formatv("{0} bytes of code, {1} of constants, {2} of arena; {3} "
                    "multiply-accumulates.</p>\n",
                    result.object.codeBytes, result.object.constantBytes,
                    result.arenaBytes, result.network.macs);
  writeNetwork(result, stream);
  writeLayers(result, stream);
  stream << "<p><small>Medians and quartiles of interleaved samples of the "
            "thread's processor time.";
  if (result.peak)
    stream << formatv(" Peak: {0}, {1:F0} GOPS in the same run.",
                      result.peak->name, result.peak->gops());
  stream << "</small></p>\n";
  writePageEnd(stream);
}
