//===- ReportPage.cpp - A compiled model, as a page -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One section a question: how much, when, which layer, on what grid, how good.
//
//===----------------------------------------------------------------------===//

#include "MemoryPicture.h"
#include "quantcc/Page/HtmlPage.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::formatv;
using llvm::StringRef;

static constexpr llvm::StringLiteral kStyle = R"(
.sums { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .7rem;
  margin: 1.2rem 0; }
.sums div { background: var(--panel); border-radius: .5rem; padding: .7rem .9rem; }
.sums dt { color: var(--quiet); font-size: .875rem; }
.sums dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.sums dd + dd { font-size: .8125rem; font-weight: 400; color: var(--quiet); line-height: 1.4; }
.sums small { font-size: .875rem; font-weight: 400; }
td .kind, td .shapes { display: block; color: var(--quiet); font-size: .8125rem; }
.layer { white-space: normal; min-width: 8.5rem; max-width: 22rem; overflow-wrap: anywhere; }
.layer i { color: var(--quiet); font-style: normal; margin-right: .4rem; }
.float { color: var(--warn); font-weight: 600; }
.meter { display: block; height: .3rem; margin-top: .2rem; border-radius: .15rem;
  background: var(--bar); margin-left: auto; min-width: 1px; }
details { margin: .6rem 0; } summary { cursor: pointer; padding: .3rem 0; }
ul { padding-left: 1.2rem; } li { margin: .4rem 0; overflow-wrap: anywhere; }
.range { white-space: normal; min-width: 5.5rem; }
@media (max-width: 26rem) { td, th { padding-left: .3rem; padding-right: .3rem; } }
)";

static std::string grouped(int64_t number) {
  return formatv("{0:N}", number).str();
}

/// `name` as the content of an element, which may break behind a slash.
static std::string breakable(StringRef name) {
  std::string text;
  for (char c : escapeHtml(name)) {
    text += c;
    if (c == '/')
      text += "<wbr>";
  }
  return text;
}

/// A short name whose whole form a pointer shows.
static std::string spellName(StringRef name) {
  std::string shortened = shortenName(name, 36);
  if (shortened.empty())
    return "(no name)";
  if (shortened == name)
    return breakable(name);
  return formatv("<span title=\"{0}\">{1}</span>", escapeHtml(name),
                 breakable(shortened));
}

static void writeSum(StringRef what, int64_t number, StringRef unit,
                     StringRef parts, llvm::raw_ostream &stream) {
  stream << formatv("<div><dt>{0}</dt><dd>{1} <small>{2}</small></dd>"
                    "<dd>{3}</dd></div>\n",
                    what, grouped(number), unit, parts);
}

static void writeSums(const CompileReport &report, llvm::raw_ostream &stream) {
  const ModelDescription &model = report.model;
  const ModelInterface &interface = model.interface;
  stream << "<dl class=\"sums\">\n";
  writeSum("Flash", report.flashBytes(), "bytes",
           formatv("code {0}, constants {1}", grouped(model.facts.codeBytes),
                   grouped(model.facts.constantBytes))
               .str(),
           stream);
  std::string parts = "arena " + grouped(interface.arenaBytes);
  if (interface.isStateful())
    parts += ", state " + grouped(interface.stateBytes);
  parts += interface.stackBytes ? ", stack " + grouped(*interface.stackBytes)
                                : ", and a stack without a bound";
  writeSum("RAM", report.ramBytes(), "bytes", parts, stream);
  if (!model.source.layers.empty()) {
    writeSum("MACs of one run", report.macs(), "", "multiply-accumulates",
             stream);
    writeSum("Layers", model.source.layers.size(), "",
             report.floatLayers() == 0
                 ? "all integer"
                 : formatv("{0} in float", report.floatLayers()).str(),
             stream);
  }
  stream << "</dl>\n";
}

static void writeBuffers(const CompileReport &report,
                         llvm::raw_ostream &stream) {
  const ModelInterface &interface = report.model.interface;
  bool hasRegions = interface.regions.size() > 1;
  stream << formatv("<details><summary>The {0} buffers as a table</summary>\n",
                    interface.buffers.size());
  llvm::SmallVector<StringRef> columns = {"tensor", "bytes", "offset",
                                          "first use", "last use"};
  if (hasRegions)
    columns.push_back("region");
  writeTableTop("Buffers", columns, stream);
  for (const PlannedBuffer &buffer : interface.buffers) {
    stream << formatv("<tr class=\"planned\"><td>{0}</td><td>{1}</td>"
                      "<td>{2}</td><td>{3}</td><td>{4}</td>",
                      spellName(buffer.name), grouped(buffer.bytes),
                      grouped(buffer.offset), buffer.firstUse, buffer.lastUse);
    if (hasRegions)
      stream << "<td>" << escapeHtml(interface.regions[buffer.region].name)
             << "</td>";
    stream << "</tr>\n";
  }
  writeTableEnd(stream);
  stream << "</details>\n";
}

static void writeMemory(const CompileReport &report,
                        llvm::raw_ostream &stream) {
  const ModelInterface &interface = report.model.interface;
  stream << "<h2>Memory over time</h2>\n";
  if (interface.buffers.empty()) {
    stream << "<p>The model needs no arena.</p>\n";
    return;
  }
  stream << formatv(
      "<p class=\"quiet\">Each box is a buffer: as wide as its life is long, "
      "as high as it has bytes. The arena has {0} bytes; no plan of these "
      "buffers could do with fewer than {1}. Boxes in the stronger color are "
      "alive when the arena is fullest.</p>\n",
      grouped(interface.arenaBytes), grouped(interface.arenaLowerBound));
  writeMemoryPicture(report, stream);
  writeBuffers(report, stream);
}

/// `value` with a bar of its share in `most`.
static std::string spellShare(int64_t value, int64_t most) {
  if (value == 0)
    return "<td>0</td>";
  return formatv("<td>{0}<span class=\"meter\" "
                 "style=\"width:{1:F1}%\"></span></td>",
                 grouped(value), 100.0 * value / most);
}

static void writeLayers(const CompileReport &report,
                        llvm::raw_ostream &stream) {
  stream << "<h2>Flash, RAM and work by layer</h2>\n";
  int64_t macs = 1, constants = 1, arena = 1;
  for (auto [layer, share] :
       llvm::zip_equal(report.model.source.layers, report.shares)) {
    macs = std::max(macs, layer.macs);
    constants = std::max(constants, share.constantBytes);
    arena = std::max(arena, share.arenaBytes.value_or(0));
  }
  constants = std::max(constants, report.model.facts.codeBytes);
  writeTableTop("Layers", {"layer", "flash", "RAM", "MACs"}, stream);
  for (auto [index, layer] : llvm::enumerate(report.model.source.layers)) {
    const LayerShare &share = report.shares[index];
    stream << formatv("<tr class=\"network\"><td class=\"layer\"><i>{0}</i>{1}"
                      "<span class=\"kind\">{2}{3}</span>"
                      "<span class=\"shapes\">{4}</span></td>",
                      index + 1, spellName(layer.name), escapeHtml(layer.kind),
                      layer.isFloat() ? ", <span class=\"float\">float</span>"
                                      : "",
                      layer.shapes)
           << spellShare(share.constantBytes, constants)
           << (share.arenaBytes ? spellShare(*share.arenaBytes, arena)
                                : "<td>–</td>")
           << spellShare(layer.macs, macs) << "</tr>\n";
  }
  auto rest = [&](StringRef what, int64_t bytes) {
    stream << "<tr><td class=\"layer\">" << what << "</td>"
           << spellShare(bytes, constants) << "<td></td><td></td></tr>\n";
  };
  rest("constants beside the layers'", report.otherConstantBytes());
  rest("code, which layers share", report.model.facts.codeBytes);
  writeTableEnd(stream);
  stream << "<p><small>In bytes. Flash: weights, biases, multipliers and "
            "tables. RAM: what "
            "is alive in the arena while the layer is computed. A dash: "
            "computed together with another layer.</small></p>\n";
}

static std::string spellScale(double scale) {
  return formatv("{0}", llvm::format("%.4g", scale)).str();
}

/// The cells type, scale, zero point and range of real values.
static std::string spellStorage(const StorageFacts &facts) {
  std::string type = "<td>" + facts.type + "</td>";
  if (facts.parameters == 0)
    return type + "<td></td><td></td><td></td>";
  std::string scale = spellScale(facts.smallestScale);
  std::string zeroPoint = std::to_string(facts.smallestZeroPoint);
  if (facts.parameters > 1) {
    scale += " to " + spellScale(facts.largestScale);
    if (facts.smallestZeroPoint != facts.largestZeroPoint)
      zeroPoint += " to " + std::to_string(facts.largestZeroPoint);
  }
  double low = facts.largestScale *
               static_cast<double>(facts.storedMin - facts.largestZeroPoint);
  double high = facts.largestScale *
                static_cast<double>(facts.storedMax - facts.smallestZeroPoint);
  return type + formatv("<td class=\"range\">{0}</td><td>{1}</td>"
                        "<td>{2} to {3}</td>",
                        scale, zeroPoint, spellScale(low), spellScale(high))
                    .str();
}

static void writeTensors(StringRef role,
                         llvm::ArrayRef<TensorInterface> tensors,
                         llvm::raw_ostream &stream) {
  for (const TensorInterface &tensor : tensors) {
    StorageFacts facts;
    facts.type = (tensor.format.isFloat    ? "f"
                  : tensor.format.isSigned ? "i"
                                           : "u") +
                 std::to_string(tensor.format.bits);
    if (const auto &format = tensor.quantization) {
      facts.parameters = 1;
      facts.smallestScale = facts.largestScale = format->scale;
      facts.smallestZeroPoint = facts.largestZeroPoint = format->zeroPoint;
      facts.storedMin = format->storedMin;
      facts.storedMax = format->storedMax;
    }
    stream << formatv("<tr><td class=\"layer\">{0}<span class=\"kind\">{1}"
                      "</span></td>{2}</tr>\n",
                      spellName(tensor.name), role, spellStorage(facts));
  }
}

static void writeQuantization(const CompileReport &report,
                              llvm::raw_ostream &stream) {
  stream << "<h2>Quantization parameters</h2>\n"
            "<p class=\"quiet\">real = scale × (stored − zero point)</p>\n";
  writeTableTop("Quantization parameters",
                {"layer", "type", "scale", "zero point", "real values"},
                stream);
  writeTensors("input", report.model.interface.inputs, stream);
  for (auto [index, layer] : llvm::enumerate(report.model.source.layers)) {
    stream << formatv("<tr><td class=\"layer\"><i>{0}</i>{1}</td>{2}</tr>\n",
                      index + 1, spellName(layer.name),
                      spellStorage(layer.result));
    if (layer.weights)
      stream << formatv(
          "<tr><td class=\"layer\"><span class=\"kind\">weights"
          "{0}</span></td>{1}</tr>\n",
          layer.weights->parameters > 1
              ? formatv(" of {0} channels", layer.weights->parameters).str()
              : "",
          spellStorage(*layer.weights));
  }
  writeTensors("output", report.model.interface.outputs, stream);
  writeTableEnd(stream);
}

static void writeFloatLayers(const CompileReport &report,
                             llvm::raw_ostream &stream) {
  if (report.model.source.layers.empty())
    return;
  stream << "<h2>Layers in float</h2>\n";
  if (report.floatLayers() == 0) {
    stream << "<p>None: the whole model computes in integers.</p>\n";
    return;
  }
  stream << "<ul class=\"islands\">\n";
  for (auto [index, layer] : llvm::enumerate(report.model.source.layers))
    if (layer.isFloat())
      stream << formatv(
          "<li>Layer {0}, {1} <span class=\"quiet\">({2})</span>: "
          "<span class=\"float\">{3}</span></li>\n",
          index + 1, spellName(layer.name), escapeHtml(layer.kind),
          escapeHtml(layer.floatReason));
  stream << "</ul>\n";
}

static void writeAccuracy(const CompileReport &report,
                          llvm::raw_ostream &stream) {
  stream << "<h2>Accuracy</h2>\n";
  if (!report.accuracy) {
    stream << "<p>Not evaluated.</p>\n";
    return;
  }
  const Accuracy &accuracy = *report.accuracy;
  stream << formatv("<p class=\"quiet\">{0} over {1} samples", accuracy.metric,
                    grouped(accuracy.samples));
  if (accuracy.unlabelled != 0)
    stream << formatv(", of which {0} have a label that is no class: they "
                      "count for the agreement alone",
                      grouped(accuracy.unlabelled));
  stream << "</p>\n";
  std::string agreement =
      "agreement with " + escapeHtml(accuracy.stages.front().stage);
  writeTableTop("Accuracy", {"stage", escapeHtml(accuracy.metric), agreement},
                stream);
  for (auto [index, stage] : llvm::enumerate(accuracy.stages))
    stream << formatv("<tr class=\"stage\"><td>{0}</td><td>{1:F4}</td><td>{2}"
                      "</td></tr>\n",
                      escapeHtml(stage.stage), stage.figure,
                      index == 0 ? ""
                                 : formatv("{0:F4}", stage.agreement).str());
  writeTableEnd(stream);
}

void quantcc::writeReportPage(const CompileReport &report,
                              llvm::raw_ostream &stream) {
  const ModelDescription &model = report.model;
  std::string style = (kStyle + memoryPictureStyle()).str();
  writePageTop(model.source.name, style, stream);
  stream << formatv("<p class=\"quiet\">compiled for {0} ({1}) by {2}</p>\n",
                    escapeHtml(model.target.name),
                    escapeHtml(model.target.triple +
                               (model.target.cpu.empty() ? "" : ", ") +
                               model.target.cpu),
                    compilerVersion());
  writeSums(report, stream);
  writeMemory(report, stream);
  writeLayers(report, stream);
  writeQuantization(report, stream);
  writeFloatLayers(report, stream);
  writeAccuracy(report, stream);
  writePageEnd(stream);
}
