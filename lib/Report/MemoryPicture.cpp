//===- MemoryPicture.cpp - The arena as a picture -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Horizontal positions are percentages and vertical ones pixels, so that text
// keeps its size however wide the page is.
//
//===----------------------------------------------------------------------===//

#include "MemoryPicture.h"

#include "quantcc/Page/HtmlPage.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::formatv;

/// In pixels: the room above the boxes, for the mark of the fullest moment;
/// that of the boxes; below them, for the numbers of layers; and for what a box
/// is.
static constexpr double kAbove = 28, kHeight = 250, kAxis = 38, kCaption = 46;
/// The narrowest width of the boxes' room, and that on a wide page.
static constexpr double kNarrow = 250, kWide = 620;
/// What a character of a label takes.
static constexpr double kCharacter = 7;

static constexpr llvm::StringLiteral kStyle = R"(
.arena { margin: .8rem 0; display: grid; grid-template-columns: 3.9rem minmax(0, 1fr); }
.arena svg { width: 100%; font-size: 12px; fill: var(--text); overflow: visible; }
.arena .scale text, .arena .axis text, .arena .hint { fill: var(--quiet); }
.arena .scale .size { fill: var(--text); font-weight: 600; }
.arena .ground { fill: var(--panel); }
.arena .grid { stroke: var(--line); }
.arena .peak { font-size: 9px; }
.arena .bound { stroke: var(--text); stroke-dasharray: 5 4; }
.arena .mark { font-weight: 600; }
.buffer { --fill: #dbe3ee; --edge: #8294ab; --label: #1d232b; outline: none; cursor: pointer; }
.buffer.fullest { --fill: #3568b8; --edge: #1f4787; --label: #fff; }
@media (prefers-color-scheme: dark) {
  .buffer { --fill: #333e4b; --edge: #7488a0; --label: #e4e8ed; }
  .buffer.fullest { --fill: #7ea6ea; --edge: #c3d7f8; --label: #10151b; } }
.buffer rect { fill: var(--fill); stroke: var(--edge); }
.buffer text { fill: var(--label); pointer-events: none; }
.buffer:hover rect, .buffer:focus rect { stroke: var(--text); stroke-width: 2.5; }
.buffer .tip, .buffer .tip text { fill: var(--text); }
.buffer .tip { display: none; }
.buffer:hover .tip, .buffer:focus .tip { display: inline; }
.arena:has(.buffer:hover) .buffer:focus:not(:hover) .tip { display: none; }
.arena:has(.buffer:hover, .buffer:focus) .hint { display: none; }
.tip .name { font-weight: 600; }
.wide { display: none; }
@media (min-width: 46rem) { .wide { display: inline; } .narrow { display: none; } }
)";

llvm::StringRef quantcc::memoryPictureStyle() { return kStyle; }

static std::string grouped(int64_t number) {
  return formatv("{0:N}", number).str();
}

namespace {

/// Draws one region.
class PictureWriter {
public:
  PictureWriter(const CompileReport &report, unsigned region,
                llvm::raw_ostream &stream)
      : interface(report.model.interface), timeline(report.timeline),
        region(region),
        bytes(std::max<int64_t>(1, interface.regions[region].bytes)),
        stream(stream) {}

  void write();

private:
  double x(size_t step) const { return 100.0 * step / timeline.steps.size(); }
  double y(int64_t address) const {
    return kAbove + kHeight * (1 - static_cast<double>(address) / bytes);
  }
  void writeScale();
  void writeFullest();
  void writeBuffer(size_t index);
  void writeLabel(const PlannedBuffer &buffer, double left, double width);
  void writeTip(const PlannedBuffer &buffer, const StepRange &steps);
  void writeLayerAxis();
  void writeLayerNumbers(double room, llvm::StringRef className);
  std::string spellStep(size_t step) const;
  std::string describe(const PlannedBuffer &buffer,
                       const StepRange &steps) const;

  const ModelInterface &interface;
  const MemoryTimeline &timeline;
  unsigned region;
  int64_t bytes;
  llvm::raw_ostream &stream;
};

} // namespace

/// Addresses: round numbers with enough room between them, and the whole.
void PictureWriter::writeScale() {
  int64_t step = 1;
  while (kHeight * step / bytes < 40)
    step *= 2;
  stream << formatv("<svg class=\"scale\" height=\"{0}\" aria-hidden=\"true\" "
                    "text-anchor=\"end\">\n",
                    kAbove + kHeight + kAxis + kCaption);
  for (int64_t address = 0; address < bytes; address += step)
    if (y(address) - y(bytes) > 20)
      stream << formatv("<text x=\"92%\" y=\"{0:F1}\">{1}</text>\n",
                        y(address) + 4, grouped(address));
  stream << formatv("<text class=\"size\" x=\"92%\" y=\"{0:F1}\">{1}</text>\n",
                    y(bytes) + 4, grouped(interface.regions[region].bytes))
         << formatv("<text x=\"92%\" y=\"{0}\">layer</text>\n</svg>\n",
                    kAbove + kHeight + 18);
}

/// The fullest step, and what is alive in it, beside its mark as far as the
/// picture's sides allow.
void PictureWriter::writeFullest() {
  double middle = x(timeline.fullest) + x(1) / 2;
  int64_t alive = timeline.steps[timeline.fullest].bytesAlive, here = 0;
  for (auto [index, buffer] : llvm::enumerate(interface.buffers))
    if (buffer.region == region && timeline.isAliveAtFullest(index))
      here += buffer.bytes;
  std::string text =
      "fullest: " + (here == alive ? "" : grouped(here) + " of ") +
      grouped(alive) + " bytes";
  auto write = [&](double room, llvm::StringRef className) {
    double width = 100 * kCharacter * text.size() / room;
    double left = std::max(0.0, std::min(middle - width / 2, 100 - width));
    stream << formatv("<text class=\"{0}\" x=\"{1:F3}%\" y=\"14\">{2}</text>",
                      className, left, text);
  };
  stream << formatv("<text class=\"peak\" x=\"{0:F3}%\" y=\"{1}\" "
                    "text-anchor=\"middle\" aria-hidden=\"true\">▼</text>\n"
                    "<g class=\"mark\" data-bytes=\"{2}\">",
                    middle, kAbove - 3, here);
  write(kNarrow, "narrow");
  write(kWide, "wide");
  stream << "</g>\n";
}

/// The name of what is in the buffer where there is room for it, or its bytes.
void PictureWriter::writeLabel(const PlannedBuffer &buffer, double left,
                               double width) {
  double height = kHeight * buffer.bytes / bytes;
  if (height < 16)
    return;
  auto label = [&](double room, llvm::StringRef className) {
    size_t characters = std::max(0.0, (width / 100 * room - 6) / kCharacter);
    std::string text = shortenName(buffer.name, 200);
    if (text.empty() || text.size() > characters)
      text = grouped(buffer.bytes);
    if (text.size() > characters)
      return;
    stream << formatv("<text class=\"{0}\" x=\"{1:F3}%\" y=\"{2:F1}\" "
                      "text-anchor=\"middle\">{3}</text>",
                      className, left + width / 2,
                      y(buffer.offset) - height / 2 + 4, escapeHtml(text));
  };
  label(kNarrow, "narrow");
  label(kWide, "wide");
}

std::string PictureWriter::spellStep(size_t step) const {
  const TimelineStep &found = timeline.steps[step];
  return found.layer ? formatv("layer {0}", *found.layer + 1).str()
                     : formatv("moment {0}", found.moment).str();
}

std::string PictureWriter::describe(const PlannedBuffer &buffer,
                                    const StepRange &steps) const {
  std::string first = spellStep(steps.first), last = spellStep(steps.last);
  return formatv("{0} bytes at {1}, alive {2}", grouped(buffer.bytes),
                 grouped(buffer.offset),
                 first == last ? "in " + first
                               : "from " + first + " to " + last);
}

/// Below the picture: it does not hide what lies beside the box.
void PictureWriter::writeTip(const PlannedBuffer &buffer,
                             const StepRange &steps) {
  double line = kAbove + kHeight + kAxis + 14;
  auto name = [&](size_t limit, llvm::StringRef className) {
    stream << formatv(
        "<text class=\"name {0}\" y=\"{1}\">{2}</text>", className, line,
        escapeHtml(buffer.name.empty() ? "a value without a name"
                                       : shortenName(buffer.name, limit)));
  };
  stream << "<g class=\"tip\">";
  name(kNarrow / kCharacter, "narrow");
  name(kWide / kCharacter, "wide");
  stream << formatv("<text y=\"{0}\">{1}</text></g>", line + 18,
                    describe(buffer, steps));
}

void PictureWriter::writeBuffer(size_t index) {
  const PlannedBuffer &buffer = interface.buffers[index];
  const StepRange &steps = timeline.buffers[index];
  double left = x(steps.first), width = x(steps.last + 1) - left;
  // The smallest would be no box at all.
  double height = std::max(2.0, kHeight * buffer.bytes / bytes);
  std::string text = escapeHtml(
      (buffer.name.empty() ? "a value without a name" : buffer.name) + ": " +
      describe(buffer, steps));
  stream << formatv("<g class=\"buffer{0}\" tabindex=\"0\" role=\"img\" "
                    "aria-label=\"{1}\"><title>{1}</title>"
                    "<rect x=\"{2:F3}%\" y=\"{3:F2}\" width=\"{4:F3}%\" "
                    "height=\"{5:F2}\" rx=\"2\" data-offset=\"{6}\" "
                    "data-bytes=\"{7}\" data-first=\"{8}\" "
                    "data-last=\"{9}\"/>",
                    timeline.isAliveAtFullest(index) ? " fullest" : "", text,
                    left, y(buffer.offset) - height, width, height,
                    buffer.offset, buffer.bytes, buffer.firstUse,
                    buffer.lastUse);
  writeLabel(buffer, left, width);
  writeTip(buffer, steps);
  stream << "</g>\n";
}

/// The number of each layer below its steps, where there is room for it.
void PictureWriter::writeLayerNumbers(double room, llvm::StringRef className) {
  stream << "<g class=\"" << className << "\">";
  double free = 0; // where the last number ends, in pixels
  for (size_t first = 0, end; first != timeline.steps.size(); first = end) {
    std::optional<size_t> layer = timeline.steps[first].layer;
    for (end = first + 1;
         end != timeline.steps.size() && timeline.steps[end].layer == layer;)
      ++end;
    if (!layer)
      continue;
    double middle = (x(first) + x(end)) / 2;
    double half = kCharacter * std::to_string(*layer + 1).size() / 2;
    if (middle / 100 * room - half < free)
      continue;
    free = middle / 100 * room + half + 4;
    stream << formatv("<text x=\"{0:F3}%\" y=\"{1}\">{2}</text>", middle,
                      kAbove + kHeight + 18, *layer + 1);
  }
  stream << "</g>\n";
}

void PictureWriter::writeLayerAxis() {
  stream << "<g class=\"axis\" aria-hidden=\"true\" text-anchor=\"middle\">\n";
  for (size_t step = 1; step < timeline.steps.size(); ++step)
    if (timeline.steps[step].layer != timeline.steps[step - 1].layer)
      stream << formatv("<line class=\"grid\" x1=\"{0:F3}%\" x2=\"{0:F3}%\" "
                        "y1=\"{1}\" y2=\"{2}\"/>\n",
                        x(step), kAbove, kAbove + kHeight + 5);
  writeLayerNumbers(kNarrow, "narrow");
  writeLayerNumbers(kWide, "wide");
  stream << "</g>\n";
}

void PictureWriter::write() {
  bool isOnly = interface.regions.size() == 1;
  const std::string &name = interface.regions[region].name;
  stream << "<figure class=\"arena\""
         << " data-region=\"" << escapeHtml(name) << "\">\n";
  if (!isOnly)
    stream << formatv("<figcaption style=\"grid-column: 1 / -1\">region "
                      "{0}</figcaption>\n",
                      escapeHtml(name));
  writeScale();
  stream << formatv(
      "<svg class=\"plot\" height=\"{0}\" role=\"group\" "
      "aria-label=\"Memory over time: {1} bytes at most; the table below has "
      "the same facts\">\n",
      kAbove + kHeight + kAxis + kCaption,
      grouped(interface.regions[region].bytes));
  stream << formatv("<rect class=\"ground\" y=\"{0}\" width=\"100%\" "
                    "height=\"{1}\"/>\n",
                    kAbove, kHeight);
  writeLayerAxis();
  writeFullest();
  for (size_t index = 0; index != interface.buffers.size(); ++index)
    if (interface.buffers[index].region == region)
      writeBuffer(index);
  stream << formatv("<line class=\"bound\" x2=\"100%\" y1=\"{0}\" y2=\"{0}\" "
                    "data-bytes=\"{1}\"/>\n",
                    kAbove, interface.regions[region].bytes)
         << formatv("<text class=\"hint\" y=\"{0}\">Point at a box, or tap "
                    "it, to see what it is.</text>\n</svg>\n</figure>\n",
                    kAbove + kHeight + kAxis + 14);
}

void quantcc::writeMemoryPicture(const CompileReport &report,
                                 llvm::raw_ostream &stream) {
  const ModelInterface &interface = report.model.interface;
  for (unsigned region = 0; region != interface.regions.size(); ++region)
    if (llvm::any_of(interface.buffers, [&](const PlannedBuffer &buffer) {
          return buffer.region == region;
        }))
      PictureWriter(report, region, stream).write();
}
