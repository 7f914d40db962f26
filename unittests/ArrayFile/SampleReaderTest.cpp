//===- SampleReaderTest.cpp - Tests of sample reading ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/ArrayFile/SampleReader.h"
#include "TemporaryFolder.h"
#include "quantcc/ArrayFile/ArrayFile.h"

#include <cstdlib>
#include <llvm/ADT/StringExtras.h>

using namespace quantcc;
using llvm::StringRef;

namespace {

// numpy.savez_compressed(x=arange(6, dtype=float32).reshape(2, 3),
//                        y=array([[-1], [300]], dtype='>i2'))
const char *const kDeflated =
    "504b0304140000000800000021004fe9002a550000009800000005001400782e6e707901"
    "001000980000000000000055000000000000009bec17ea1b10c9c850c650ad9e925a9c5c"
    "a46ea5a06e9366a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416"
    "a402f91a463a0ac69a3a0ab50a64032e063068b007120e4004c40d40bcc00100504b0304"
    "1400000008000000210074ba1f9d4a0000008400000005001400792e6e70790100100084"
    "000000000000004a000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a0"
    "6e9769a4aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a"
    "463a0a869a3a0ab50a6403aeffff197500504b01021403140000000800000021004fe900"
    "2a5500000098000000050000000000000000000000800100000000782e6e7079504b0102"
    "14031400000008000000210074ba1f9d4a00000084000000050000000000000000000000"
    "80018c000000792e6e7079504b05060000000002000200660000000d0100000000";

class Samples : public TemporaryFolder {
protected:
  SampleReader open(StringRef path, llvm::ArrayRef<std::string> inputs) {
    return llvm::cantFail(SampleReader::open(path, inputs));
  }

  static std::vector<float> next(SampleReader &reader, unsigned input) {
    std::vector<float> values(reader.getSampleElements(input));
    llvm::cantFail(reader.readFloat(input, values));
    return values;
  }

  /// Three samples of shape [2], 0 to 5.
  std::string writeThree() {
    std::string path = pathOf("three.npy");
    llvm::cantFail(
        writeNpy(path, Array::of<uint8_t>({3, 2}, {0, 1, 2, 3, 4, 5})));
    return path;
  }
};

TEST_F(Samples, OfAnNpyComeInOrder) {
  SampleReader reader = open(writeThree(), {"input"});
  EXPECT_EQ(reader.getNumSamples(), 3);
  EXPECT_EQ(reader.getElementType(0), ElementType::U8);
  EXPECT_EQ(reader.getSampleShape(0), llvm::ArrayRef<int64_t>{2});
  EXPECT_EQ(next(reader, 0), (std::vector<float>{0, 1}));
  EXPECT_EQ(next(reader, 0), (std::vector<float>{2, 3}));
  char raw[2];
  ASSERT_FALSE(!!reader.readRaw(0, raw));
  EXPECT_EQ(raw[0], 4);
  EXPECT_EQ(raw[1], 5);
}

TEST_F(Samples, CanBeSought) {
  SampleReader reader = open(writeThree(), {"input"});
  ASSERT_FALSE(!!reader.seek(2));
  EXPECT_EQ(next(reader, 0), (std::vector<float>{4, 5}));
  ASSERT_FALSE(!!reader.seek(0));
  EXPECT_EQ(next(reader, 0), (std::vector<float>{0, 1}));
}

TEST_F(Samples, OfADeflatedNpzComeInTheOrderOfTheInputs) {
  SampleReader reader =
      open(write("a.npz", llvm::fromHex(kDeflated)), {"y", "x"});
  EXPECT_EQ(reader.getNumSamples(), 2);
  EXPECT_EQ(next(reader, 0), std::vector<float>{-1});
  EXPECT_EQ(next(reader, 1), (std::vector<float>{0, 1, 2}));
  EXPECT_EQ(next(reader, 1), (std::vector<float>{3, 4, 5}));
  ASSERT_FALSE(!!reader.seek(1));
  EXPECT_EQ(next(reader, 0), std::vector<float>{300});
  EXPECT_EQ(next(reader, 1), (std::vector<float>{3, 4, 5}));
  ASSERT_FALSE(!!reader.seek(0));
  EXPECT_EQ(next(reader, 1), (std::vector<float>{0, 1, 2}));
}

TEST_F(Samples, MayHaveOtherLeadingOnesThanTheModel) {
  SampleReader reader = open(writeThree(), {"input"});
  EXPECT_FALSE(!!reader.requireSampleShape(0, {1, 2}));
  EXPECT_FALSE(!!reader.requireSampleShape(0, {2}));
  EXPECT_EQ(llvm::toString(reader.requireSampleShape(0, {1, 2, 1})),
            "cannot read '" + pathOf("three.npy") +
                "': input 'input': expected samples of shape [1, 2, 1], found "
                "[2]");
}

TEST_F(Samples, ThatDoNotMatchTheInputsAreRefused) {
  std::string npy = writeThree();
  EXPECT_EQ(messageOf(SampleReader::open(npy, {"x", "y"})),
            "cannot read '" + npy +
                "': an .npy file has samples of one input, and the model has "
                "2; expected an .npz file");
  std::string npz = write("a.npz", llvm::fromHex(kDeflated));
  EXPECT_EQ(messageOf(SampleReader::open(npz, {"x", "z"})),
            "cannot read '" + npz + "': no array for the model's input 'z'");
  EXPECT_EQ(messageOf(SampleReader::open(npz, {"x"})),
            "cannot read '" + npz + "': the model has no input for array 'y'");
}

TEST_F(Samples, OfDifferentNumbersAreRefused) {
  std::string path = pathOf("a.npz");
  NamedArray arrays[] = {{"x", Array::of<uint8_t>({2}, {1, 2})},
                         {"y", Array::of<uint8_t>({1}, {3})}};
  ASSERT_FALSE(!!writeNpz(path, arrays));
  EXPECT_EQ(messageOf(SampleReader::open(path, {"x", "y"})),
            "cannot read '" + path +
                "': input 'y': expected 2 samples, as for input 'x', found 1");
}

TEST_F(Samples, OfNoneOrAScalarAreRefused) {
  std::string path = pathOf("a.npy");
  ASSERT_FALSE(!!writeNpy(path, Array::of<float>({0, 4}, {})));
  EXPECT_EQ(messageOf(SampleReader::open(path, {"x"})),
            "cannot read '" + path + "': input 'x': there are no samples");
  ASSERT_FALSE(!!writeNpy(path, Array::of<float>({}, {1.0f})));
  EXPECT_EQ(messageOf(SampleReader::open(path, {"x"})),
            "cannot read '" + path +
                "': input 'x': expected an array of samples, found a scalar");
}

TEST(MalformedArrayFiles, AreRefusedOrRead) {
  const char *data = std::getenv("QUANTCC_TEST_DATA");
  if (!data)
    GTEST_SKIP() << "QUANTCC_TEST_DATA is not set";
  std::string folder = std::string(data) + "/malformed/";
  for (const char *name :
       {"npy_bad-magic.npy", "npy_dtype.npy", "npy_hugehdr.npy",
        "npy_overflow.npy", "npy_truncated.npy", "npz_crc.npz", "npz_cut.npz"})
    EXPECT_EQ(messageOf(SampleReader::open(folder + name, {"a"}))
                  .find("cannot read '" + folder + name + "': "),
              0u)
        << name;
  // NaN is for the calibration to refuse.
  for (const char *name : {"npy_bigendian.npy", "npy_const.npy", "npy_nan.npy"})
    EXPECT_EQ(messageOf(SampleReader::open(folder + name, {"a"})), "no error")
        << name;
}

} // namespace
