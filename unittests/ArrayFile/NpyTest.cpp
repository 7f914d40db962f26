//===- NpyTest.cpp - Tests of .npy files ----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TemporaryFolder.h"
#include "quantcc/ArrayFile/ArrayFile.h"

#include <cstdlib>
#include <limits>
#include <llvm/Support/MemoryBuffer.h>

using namespace quantcc;
using llvm::StringRef;

namespace {

/// An .npy file, format version 1, of the given dictionary and elements.
std::string makeNpy(StringRef dictionary, StringRef elements) {
  std::string text = dictionary.str() + "\n";
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(text.size() & 255);
  file += static_cast<char>(text.size() >> 8);
  return file + text + elements.str();
}

std::string makeDictionary(StringRef descriptor, StringRef shape,
                           StringRef order = "False") {
  return ("{'descr': '" + descriptor + "', 'fortran_order': " + order +
          ", 'shape': " + shape + ", }")
      .str();
}

class Npy : public TemporaryFolder {
protected:
  Array read(StringRef content) {
    llvm::Expected<Array> array = readNpy(write("a.npy", content));
    if (array)
      return std::move(*array);
    ADD_FAILURE() << llvm::toString(array.takeError());
    return Array();
  }

  /// The message that reading `content` ends with, less the file's name.
  std::string refusal(StringRef content) {
    std::string path = write("bad.npy", content);
    std::string message = messageOf(readNpy(path));
    StringRef rest(message);
    EXPECT_TRUE(rest.consume_front("cannot read '" + path + "': ")) << message;
    return rest.str();
  }
};

TEST_F(Npy, ReadsLittleEndian) {
  Array array = read(makeNpy(makeDictionary("<i2", "(2, 2)"),
                             StringRef("\x01\0\xff\xff\0\x80\x2c\x01", 8)));
  EXPECT_EQ(array.type, ElementType::I16);
  EXPECT_EQ(array.shape, (llvm::SmallVector<int64_t>{2, 2}));
  EXPECT_EQ(array.getValues<int16_t>(),
            (llvm::ArrayRef<int16_t>{1, -1, -32768, 300}));
}

TEST_F(Npy, ReadsBigEndian) {
  Array array = read(makeNpy(makeDictionary(">f4", "(2,)"),
                             StringRef("\x3f\x80\0\0\xc0\0\0\0", 8)));
  EXPECT_EQ(array.getValues<float>(), (llvm::ArrayRef<float>{1.0f, -2.0f}));
}

TEST_F(Npy, ReadsEveryElementType) {
  for (auto [descriptor, size] :
       {std::pair("|b1", 1), std::pair("|i1", 1), std::pair("|u1", 1),
        std::pair("<i2", 2), std::pair("<u2", 2), std::pair("<i4", 4),
        std::pair("<u4", 4), std::pair("<i8", 8), std::pair("<u8", 8),
        std::pair("<f4", 4), std::pair("<f8", 8)}) {
    std::string elements(3 * size, '\1');
    Array array = read(makeNpy(makeDictionary(descriptor, "(3,)"), elements));
    EXPECT_EQ(getElementSize(array.type), size_t(size));
    EXPECT_EQ(array.getNumElements(), 3);
  }
}

TEST_F(Npy, ReadsScalarAndEmptyArray) {
  EXPECT_EQ(read(makeNpy(makeDictionary("|u1", "()"), "x")).shape.size(), 0u);
  Array empty = read(makeNpy(makeDictionary("<f8", "(0, 99999999999999)"), ""));
  EXPECT_EQ(empty.getNumElements(), 0);
}

TEST_F(Npy, ReadsPythonTwoShapeAndVersionTwo) {
  std::string file = makeNpy(makeDictionary("|u1", "(3L,)"), "abc");
  EXPECT_EQ(read(file).shape.front(), 3);
  file[6] = 2;
  file.insert(10, 2, '\0');
  EXPECT_EQ(read(file).shape.front(), 3);
}

TEST_F(Npy, ReadsColumnMajorOnlyWhereTheOrderIsTheSame) {
  EXPECT_EQ(read(makeNpy(makeDictionary("|u1", "(1, 3)", "True"), "abc"))
                .getNumElements(),
            3);
  EXPECT_EQ(refusal(makeNpy(makeDictionary("|u1", "(2, 2)", "True"), "abcd")),
            "column-major (Fortran) order is not supported; save a "
            "C-contiguous array");
}

TEST_F(Npy, RefusesOtherFiles) {
  EXPECT_EQ(refusal(""), "not an .npy file: too short");
  EXPECT_EQ(refusal("hello, this is a text"),
            "not an .npy file: wrong magic string");
  std::string file = makeNpy(makeDictionary("|u1", "(1,)"), "x");
  file[6] = 9;
  EXPECT_EQ(refusal(file), "unsupported .npy format version 9");
}

TEST_F(Npy, RefusesHugeHeader) {
  EXPECT_EQ(refusal(StringRef("\x93NUMPY\x02\0\xff\xff\xff\xff{", 13)),
            "the header of 4294967295 bytes exceeds the 13 bytes there are");
  std::string file("\x93NUMPY\x02\0\0\0\x02\0", 12);
  EXPECT_EQ(refusal(file + std::string(200000, ' ')),
            "the header of 131072 bytes is longer than 65536");
}

TEST_F(Npy, RefusesMalformedDictionaries) {
  for (const char *text :
       {"", "{", "}", "[]", "{'descr'}", "{'descr': 3}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}"})
    EXPECT_EQ(refusal(makeNpy(text, "1234")), "malformed header") << text;
  EXPECT_EQ(refusal(makeNpy("{'descr': '<f4', 'shape': (1,)}", "1234")),
            "the header has no 'fortran_order'");
  EXPECT_EQ(refusal(makeNpy("{'name': '<f4'}", "1234")),
            "unexpected or repeated key in the header");
}

TEST_F(Npy, RefusesUnsupportedElements) {
  EXPECT_EQ(refusal(makeNpy(makeDictionary("<c16", "(1,)"), "")),
            "unsupported element type '<c16'; expected bool, an integer, "
            "float32 or float64");
  EXPECT_NE(refusal(makeNpy(makeDictionary("<f2", "(1,)"), ""))
                .find("unsupported element type"),
            std::string::npos);
  EXPECT_EQ(refusal(makeNpy("{'descr': [('x', '<f4')], 'shape': ()}", "")),
            "elements with fields are not supported");
}

TEST_F(Npy, RefusesWrongSizes) {
  EXPECT_EQ(refusal(makeNpy(makeDictionary("<f4", "(2,)"), "1234567")),
            "expected 8 bytes of elements, found 7");
  EXPECT_EQ(refusal(makeNpy(makeDictionary("<f4", "(1,)"), "12345")),
            "expected 4 bytes of elements, found 5");
  std::string overflow = "the shape holds more elements than any file can";
  EXPECT_EQ(refusal(makeNpy(
                makeDictionary("<f4", "(4294967296, 4294967296, 16)"), "")),
            overflow);
  EXPECT_EQ(
      refusal(makeNpy(makeDictionary("<f8", "(2305843009213693952,)"), "")),
      overflow);
  std::string axes = "(";
  for (int i = 0; i < 33; ++i)
    axes += "1, ";
  EXPECT_EQ(refusal(makeNpy(makeDictionary("|u1", axes + ")"), "x")),
            "more than 32 axes");
}

TEST_F(Npy, RefusesMissingFilesAndFolders) {
  std::string path = pathOf("none.npy");
  EXPECT_EQ(messageOf(readNpy(path)),
            "cannot read '" + path + "': No such file or directory");
  EXPECT_EQ(messageOf(readNpy(folder)),
            ("cannot read '" + folder + "': not a regular file").str());
}

TEST_F(Npy, WritesWhatItReads) {
  std::string path = pathOf("out.npy");
  Array array = Array::of<float>({2, 1, 2}, {1.5f, -0.0f, 3.0f, 4.0f});
  ASSERT_FALSE(!!writeNpy(path, array));
  llvm::Expected<Array> back = readNpy(path);
  ASSERT_TRUE(!!back) << llvm::toString(back.takeError());
  EXPECT_EQ(back->shape, array.shape);
  EXPECT_EQ(back->data, array.data);
}

TEST_F(Npy, WritesTheBytesOfNumpy) {
  // numpy.save of numpy.array([7], dtype=numpy.uint8): padded to 128 bytes.
  std::string path = pathOf("out.npy");
  ASSERT_FALSE(!!writeNpy(path, Array::of<uint8_t>({1}, {7})));
  auto content = llvm::MemoryBuffer::getFile(path);
  ASSERT_TRUE(!!content);
  std::string expected("\x93NUMPY\x01\x00\x76\x00", 10);
  expected += "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }";
  expected.resize(127, ' ');
  expected += "\n\x07";
  EXPECT_EQ((*content)->getBuffer(), expected);
}

TEST(ElementTypeConversion, ToFloatKeepsTheValue) {
  int64_t large = (int64_t(1) << 24) + 1;
  float result[1];
  convertToFloat(ElementType::I64, {reinterpret_cast<const char *>(&large), 8},
                 result);
  EXPECT_EQ(result[0], 16777216.0f);
  uint8_t byte = 255;
  convertToFloat(ElementType::U8, {reinterpret_cast<const char *>(&byte), 1},
                 result);
  EXPECT_EQ(result[0], 255.0f);
  double number = 0.1;
  convertToFloat(ElementType::F64, {reinterpret_cast<const char *>(&number), 8},
                 result);
  EXPECT_EQ(result[0], 0.1f);
}

TEST(ElementTypeConversion, ToIntegerChecksTheRange) {
  auto convert = [](auto value, int64_t min, int64_t max) {
    int64_t result[1];
    llvm::Error error = convertToInteger(
        elementTypeOf<decltype(value)>(),
        {reinterpret_cast<const char *>(&value), sizeof(value)}, min, max,
        result);
    return error ? llvm::toString(std::move(error)) : std::to_string(result[0]);
  };
  EXPECT_EQ(convert(int16_t(-128), -128, 127), "-128");
  EXPECT_EQ(convert(int16_t(128), -128, 127),
            "expected values in [-128, 127], found 128");
  EXPECT_EQ(convert(std::numeric_limits<uint64_t>::max(), INT64_MIN, INT64_MAX),
            "expected values in [-9223372036854775808, 9223372036854775807], "
            "found 18446744073709551615");
  EXPECT_EQ(convert(1.0f, 0, 1), "expected integers, found float32");
}

} // namespace
