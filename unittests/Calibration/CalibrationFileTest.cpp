//===- CalibrationFileTest.cpp - Tests of the calibration file ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/CalibrationFile.h"

#include <gtest/gtest.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <random>

using namespace quantcc;
using llvm::StringRef;

namespace {

std::string print(const CalibrationFile &file) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  file.print(stream);
  return text;
}

CalibrationFile parse(StringRef text) {
  return llvm::cantFail(CalibrationFile::parse(text, "test"));
}

std::string messageOf(llvm::Error error) {
  return error ? llvm::toString(std::move(error)) : "no error";
}

/// The message that reading `text` ends with.
std::string refusal(StringRef text) {
  llvm::Expected<CalibrationFile> file =
      CalibrationFile::parse(text, "ranges.json");
  std::string message = file ? "no error" : llvm::toString(file.takeError());
  StringRef rest(message);
  EXPECT_TRUE(rest.consume_front("cannot read 'ranges.json': ")) << message;
  return rest.str();
}

std::string makeFile(StringRef tensors, int version = 2) {
  return ("{\"format\": \"quantcc-calibration\", \"version\": " +
          llvm::Twine(version) + ", \"tensors\": {" + tensors + "}}")
      .str();
}

// The samples [1, 0, 2.5] and [-3, 0.1]: 1024 to 2047 bins reach 3, so their
// width is 2^-9: 0.1 is in bin 51, 1 in bin 512, 2.5 in 1280, -3 in -1537.
const char *const kTensor =
    R"("conv/out": {"samples": 2, "values": 5, "zeros": 1,
        "observed": [-3, 2.5], "sum_of_minima": "-0x3p+0",
        "sum_of_maxima": "0x14cccccdp-27",
        "histogram": {"exponent": -9, "first": -1537, "counts": [COUNTS]}})";

std::string makeTensor() {
  std::string counts = "1";
  for (int bin = -1536; bin <= 1280; ++bin)
    counts += bin == 51 || bin == 512 || bin == 1280 ? ",1" : ",0";
  std::string text = kTensor;
  return text.replace(text.find("COUNTS"), 6, counts);
}

using Sample = std::pair<std::string, std::vector<float>>;

std::vector<std::vector<Sample>> makeRuns(unsigned count) {
  std::mt19937 random(9);
  std::normal_distribution<float> normal;
  std::vector<std::vector<Sample>> runs(count);
  for (std::vector<Sample> &run : runs)
    for (const char *name : {"input", "a/b:0", "logits \"x\"", "\xc3\xa9"}) {
      // One tensor is of fixed shape, so that channels can be told apart.
      std::vector<float> values(
          name == StringRef("input") ? 30 : 31 + random() % 50);
      for (float &value : values)
        value =
            std::max(-0.5f, std::exp(4.0f * normal(random)) *
                                (random() % 3 == 0 ? 0.0f : normal(random)));
      run.push_back({name, values});
    }
  return runs;
}

CalibrationFile calibrate(llvm::ArrayRef<std::vector<Sample>> runs) {
  CalibrationFile file;
  file.model = "sha256:0123";
  for (const std::vector<Sample> &run : runs)
    for (const auto &[name, values] : run)
      llvm::cantFail(file.addSample(name, values, values.size() == 30 ? 3 : 0));
  return file;
}

TEST(CalibrationFile, ReadsWhatTheFormatSays) {
  CalibrationFile file = parse(makeFile(makeTensor()));
  CalibrationFile expected;
  llvm::cantFail(expected.addSample("conv/out", {1.0f, 0.0f, 2.5f}));
  llvm::cantFail(expected.addSample("conv/out", {-3.0f, 0.1f}));
  ASSERT_EQ(file.tensors.size(), 1u);
  EXPECT_EQ(file.tensors["conv/out"].statistics,
            expected.tensors["conv/out"].statistics);
  EXPECT_EQ(print(file), print(expected));
}

// The samples (1, 2), (3, -4) and (5, 0) of two channels, in bins of 2^-8:
// means 2, -1 and 5, 0.
const char *const kChannels =
    R"("x": {"samples": 2, "values": 6, "zeros": 1, "observed": [-4, 5],
        "sum_of_minima": "-0x1p+2", "sum_of_maxima": "0x1p+3",
        "histogram": {"exponent": -8, "first": -1025, "counts": [COUNTS]},
        "channels": {"min": [1, -4], "max": [5, 2],
                     "sums_of_means": ["0x7p+0", "-0x1p+0"]}})";

std::string makeChannels() {
  std::string counts = "1";
  for (int bin = -1024; bin <= 1280; ++bin)
    counts +=
        bin == 256 || bin == 512 || bin == 768 || bin == 1280 ? ",1" : ",0";
  std::string text = kChannels;
  return text.replace(text.find("COUNTS"), 6, counts);
}

TEST(CalibrationFile, ReadsChannels) {
  CalibrationFile file = parse(makeFile(makeChannels()));
  CalibrationFile expected;
  llvm::cantFail(expected.addSample("x", {1.0f, 2.0f, 3.0f, -4.0f}, 2));
  llvm::cantFail(expected.addSample("x", {5.0f, 0.0f}, 2));
  EXPECT_EQ(file.tensors["x"].statistics, expected.tensors["x"].statistics);
  EXPECT_EQ(print(file), print(expected));
}

TEST(CalibrationFile, VersionOneKnowsNoChannels) {
  EXPECT_EQ(parse(makeFile(makeTensor(), 1)).tensors.size(), 1u);
  EXPECT_EQ(refusal(makeFile(makeChannels(), 1)),
            "tensor 'x': unknown key 'channels'; expected one of range, "
            "samples, values, zeros, observed, sum_of_minima, sum_of_maxima, "
            "histogram");
}

TEST(CalibrationFile, WrongChannelsAreRefused) {
  struct Case {
    const char *from, *to, *message;
  };
  for (Case wrong : std::initializer_list<Case>{
           {"{\"min\": [1, -4]", "{\"min\": [1e39, -4]",
            "expected 'min' to be finite numbers"},
           {"\"max\": [5, 2]", "\"max\": [\"5\", 2]",
            "expected 'max' to be finite numbers"},
           {"\"max\": [5, 2]", "\"max\": 5", "expected 'max' to be an array"},
           {"\"max\": [5, 2]", "\"max\": [5]",
            "expected 'min', 'max' and 'sums_of_means' to have one value a "
            "channel"},
           {"\"0x7p+0\"", "\"0xep-1\"",
            "expected 'sums_of_means' to be exact sums"},
           {"\"0x7p+0\"", "7", "expected 'sums_of_means' to be exact sums"},
           {"\"sums_of_means\"", "\"means\"",
            "unknown key 'means'; expected one of min, max, sums_of_means"},
           {"\"0x7p+0\"", "\"0x21p+0\"",
            "the statistics contradict each other: a channel's mean is out of "
            "its range"}}) {
    std::string text = makeFile(makeChannels());
    size_t at = text.find(wrong.from);
    ASSERT_NE(at, std::string::npos) << wrong.from;
    text.replace(at, StringRef(wrong.from).size(), wrong.to);
    EXPECT_EQ(refusal(text), std::string("tensor 'x': ") + wrong.message);
  }
}

TEST(CalibrationFile, MergeOfOtherChannelsIsAnError) {
  CalibrationFile a, b;
  llvm::cantFail(a.addSample("x", {1.0f, 2.0f}, 2));
  llvm::cantFail(b.addSample("x", {1.0f, 2.0f}));
  EXPECT_EQ(messageOf(CalibrationFile(a).merge(b)),
            "cannot merge: tensor 'x' has 2 channels in one file and 0 in the "
            "other");
}

TEST(CalibrationFile, RoundTrips) {
  CalibrationFile file = calibrate(makeRuns(20));
  file.tensors["input"].range = RealRange{-1.0f, 0.1f};
  file.tensors["by hand"].range = RealRange{0.0f, 1e-30f};
  std::string text = print(file);
  CalibrationFile back = parse(text);
  EXPECT_EQ(print(back), text);
  EXPECT_EQ(back.model, "sha256:0123");
  EXPECT_EQ(back.tensors["input"].range, (RealRange{-1.0f, 0.1f}));
  EXPECT_EQ(back.tensors["\xc3\xa9"].statistics,
            file.tensors["\xc3\xa9"].statistics);
  // Short decimals, in the order of the names.
  EXPECT_NE(text.find("\"range\": [-1, 0.1]"), std::string::npos);
  EXPECT_LT(text.find("\"a/b:0\""), text.find("\"by hand\""));
}

TEST(CalibrationFile, MergedShardsAreTheBytesOfOneRun) {
  std::vector<std::vector<Sample>> runs = makeRuns(40);
  std::string expected = print(calibrate(runs));
  std::mt19937 random(4);
  for (int i = 0; i < 10; ++i) {
    std::shuffle(runs.begin(), runs.end(), random);
    std::vector<CalibrationFile> shards;
    for (llvm::ArrayRef<std::vector<Sample>> rest = runs; !rest.empty();) {
      size_t count = std::min<size_t>(rest.size(), 1 + random() % 15);
      // By way of the file, as real shards go.
      shards.push_back(parse(print(calibrate(rest.take_front(count)))));
      rest = rest.drop_front(count);
    }
    while (shards.size() > 1) {
      size_t into = random() % (shards.size() - 1);
      ASSERT_EQ(messageOf(shards[into].merge(shards.back())), "no error");
      shards.pop_back();
    }
    EXPECT_EQ(print(shards.front()), expected);
  }
}

TEST(CalibrationFile, MergeOfDifferentModelsIsAnError) {
  CalibrationFile a = calibrate(makeRuns(1)), b = a;
  b.model = "other";
  EXPECT_EQ(messageOf(a.merge(b)), "cannot merge: the files are of two models, "
                                   "'sha256:0123' and 'other'");
  b.model.clear();
  EXPECT_EQ(messageOf(a.merge(b)), "no error");
}

TEST(CalibrationFile, MergeOfOtherTensorsIsAnError) {
  CalibrationFile a, b;
  llvm::cantFail(a.addSample("x", {1.0f}));
  llvm::cantFail(b.addSample("x", {1.0f}));
  llvm::cantFail(b.addSample("y", {1.0f}));
  std::string expected =
      "cannot merge: tensor 'y' has statistics in one file only";
  EXPECT_EQ(messageOf(CalibrationFile(a).merge(b)), expected);
  EXPECT_EQ(messageOf(CalibrationFile(b).merge(a)), expected);
}

TEST(CalibrationFile, RangesSetByHandAreMerged) {
  CalibrationFile a, b;
  a.tensors["x"].range = RealRange{0.0f, 1.0f};
  EXPECT_EQ(messageOf(b.merge(a)), "no error");
  EXPECT_EQ(b.tensors["x"].range, (RealRange{0.0f, 1.0f}));
  EXPECT_EQ(messageOf(b.merge(a)), "no error");
  b.tensors["x"].range = RealRange{0.0f, 2.0f};
  EXPECT_EQ(messageOf(b.merge(a)),
            "cannot merge: tensor 'x' has two different ranges set by hand");
}

TEST(CalibrationFile, RangeSetByHandWins) {
  CalibrationFile file = parse(makeFile(makeTensor()));
  RangeEstimator estimator;
  EXPECT_EQ(llvm::cantFail(file.getRange("conv/out", estimator, {})),
            (RealRange{-3.0f, 2.5f}));
  file.tensors["conv/out"].range = RealRange{-1.0f, 1.0f};
  EXPECT_EQ(llvm::cantFail(file.getRange("conv/out", estimator, {})),
            (RealRange{-1.0f, 1.0f}));
  EXPECT_EQ(llvm::toString(file.getRange("y", estimator, {}).takeError()),
            "no range is known for tensor 'y'");
}

TEST(CalibrationFile, OtherFilesAreRefused) {
  EXPECT_NE(refusal("").find("Unexpected EOF"), std::string::npos);
  EXPECT_EQ(refusal("[]"), "expected a JSON object");
  EXPECT_EQ(refusal(std::string(100000, '[')), "nested too deeply");
  EXPECT_EQ(refusal("{}"), "not a calibration file: expected 'format' to be "
                           "\"quantcc-calibration\"");
  EXPECT_EQ(refusal(R"({"format": "quantcc-calibration"})"),
            "expected 'version' to be an integer");
  EXPECT_EQ(refusal(R"({"format": "quantcc-calibration", "version": 3})"),
            "expected version 1 to 2, found 3");
  EXPECT_EQ(refusal(R"({"format": "quantcc-calibration", "version": 1})"),
            "expected 'tensors' to be an object");
  EXPECT_EQ(refusal(R"({"format": "quantcc-calibration", "version": 1,
                        "tensors": {}, "estimator": "mse"})"),
            "unknown key 'estimator'; expected one of format, version, model, "
            "tensors");
}

TEST(CalibrationFile, WrongTensorsAreRefusedByName) {
  EXPECT_EQ(refusal(makeFile("\"x\": 1")), "tensor 'x': expected an object");
  EXPECT_EQ(refusal(makeFile("\"x\": {}")),
            "tensor 'x': expected 'samples' to be a count");
  for (const char *range : {"1", "[1]", "[2, 1]", "[0, 1e39]", "[\"0\", 1]"})
    EXPECT_EQ(
        refusal(makeFile(std::string("\"x\": {\"range\": ") + range + "}")),
        "tensor 'x': expected 'range' to be a range [min, max] of two finite "
        "numbers");
}

TEST(CalibrationFile, EveryWrongMemberIsRefused) {
  struct Case {
    const char *from, *to, *message;
  };
  for (Case wrong : std::initializer_list<Case>{
           {"\"samples\": 2", "\"samples\": -2",
            "expected 'samples' to be a count"},
           {"\"values\": 5", "\"values\": 5.5",
            "expected 'values' to be a count"},
           {"\"zeros\": 1", "\"zeros\": 2",
            "the statistics contradict each other: the histogram does not "
            "count every value"},
           {"[-3, 2.5]", "null",
            "expected 'observed' to be a range [min, max] of two finite "
            "numbers"},
           {"-0x3p+0", "-3", "expected 'sum_of_minima' to be an exact sum"},
           {"\"0x14cccccdp-27\"", "1",
            "expected 'sum_of_maxima' to be a string"},
           {"-9", "200", "expected 'exponent' to be an integer in [-50, 117]"},
           {"\"first\": -1537", "\"first\": -3000",
            "expected 'first' to be an integer in [-2048, 2047]"},
           {"\"first\": -1537", "\"first\": 2000", "more counts than bins"},
           {"\"counts\": [1", "\"counts\": [-1",
            "expected 'counts' to be counts"},
           {"\"counts\": [1", "\"count\": [1",
            "unknown key 'count'; expected one of exponent, first, counts"},
           {"\"zeros\"", "\"zeroes\"",
            "unknown key 'zeroes'; expected one of range, samples, values, "
            "zeros, observed, sum_of_minima, sum_of_maxima, histogram, "
            "channels"}}) {
    std::string text = makeFile(makeTensor());
    size_t at = text.find(wrong.from);
    ASSERT_NE(at, std::string::npos) << wrong.from;
    text.replace(at, StringRef(wrong.from).size(), wrong.to);
    EXPECT_EQ(refusal(text),
              std::string("tensor 'conv/out': ") + wrong.message);
  }
}

TEST(CalibrationFile, IsWrittenAndRead) {
  llvm::SmallString<128> path;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("ranges", "json", path));
  CalibrationFile file = calibrate(makeRuns(3));
  EXPECT_EQ(messageOf(file.write(path)), "no error");
  llvm::Expected<CalibrationFile> back = CalibrationFile::read(path);
  ASSERT_TRUE(!!back) << llvm::toString(back.takeError());
  EXPECT_EQ(print(*back), print(file));
  llvm::sys::fs::remove(path);
  EXPECT_EQ(llvm::toString(CalibrationFile::read(path).takeError()),
            ("cannot read '" + path + "': No such file or directory").str());
}

TEST(CalibrationFile, NameThatIsNotUtf8IsAnError) {
  CalibrationFile file;
  llvm::cantFail(file.addSample("\xff", {1.0f}));
  EXPECT_EQ(messageOf(file.write("never-written.json")),
            "cannot write 'never-written.json': the name of tensor "
            "'\xef\xbf\xbd' is not UTF-8");
}

} // namespace
