//===- OnnxModelTest.cpp - Tests of ONNX models as bytes ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes by hand from the encoding of Protocol Buffers and the field numbers of
// onnx.proto.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/OnnxModel.h"
#include "quantcc/Benchmark/OnnxExport.h"

#include <gtest/gtest.h>
#include <llvm/ADT/StringExtras.h>

using namespace quantcc;

static std::string hex(llvm::StringRef bytes) {
  return llvm::toHex(bytes, /*LowerCase=*/true);
}

TEST(Protobuf, IntegersAreBaseOf128) {
  ProtobufMessage message;
  message.addInteger(1, 1);
  message.addInteger(3, 300);
  message.addInteger(20, 2);
  EXPECT_EQ(hex(message.data()), "0801"
                                 "18ac02"
                                 "a00102");
}

TEST(Protobuf, NegativeIntegersTakeTenBytes) {
  ProtobufMessage message;
  message.addInteger(1, -1);
  EXPECT_EQ(hex(message.data()), "08ffffffffffffffffff01");
}

TEST(Protobuf, BytesAndMessagesHaveTheirLength) {
  ProtobufMessage inner, outer;
  inner.addBytes(2, "ab");
  outer.addMessage(1, inner);
  outer.addFloat(4, 1.0f);
  EXPECT_EQ(hex(outer.data()), "0a04"
                               "12026162"
                               "250000803f");
}

TEST(OnnxModel, HoldsItsNodesInOrder) {
  OnnxModel model;
  model.addInput({"x", OnnxType::F32, {2}});
  model.addNode("Relu", {"x"}, "y");
  model.addOutput({"y", OnnxType::F32, {2}});
  // ValueInfoProto: name, type { tensor_type { elem_type, shape { dim } } }.
  std::string x = "0a0178"
                  "120a"
                  "0a08"
                  "0801"
                  "12040a020802";
  std::string y = x;
  y.replace(4, 2, "79");
  // NodeProto: input, output, name, op_type.
  std::string node = "0a0178"
                     "120179"
                     "1a0179"
                     "220452656c75";
  // The graph has 17 bytes for each of x, y and the node, and 7 for its name.
  EXPECT_EQ(hex(model.serialize()), "0808"
                                    "12077175616e746363"
                                    "3a3a"
                                    "5a0f" +
                                        x + "0a0f" + node + "620f" + y +
                                        "12056d6f64656c"
                                        "42040a001011");
}

TEST(OnnxModel, HoldsTextsAndLeavesInputsOut) {
  OnnxModel model;
  model.addNode("Resize", {"x", ""}, "y",
                OnnxAttributes().add("mode", "linear"));
  // NodeProto: inputs, output, name, op_type, AttributeProto: name, s, type.
  std::string node = "0a0178"
                     "0a00"
                     "120179"
                     "1a0179"
                     "2206526573697a65"
                     "2a11"
                     "0a046d6f6465"
                     "22066c696e656172"
                     "a00103";
  EXPECT_NE(hex(model.serialize()).find(node), std::string::npos)
      << hex(model.serialize());
}

TEST(PermuteElements, MovesChannelsFirstAndBack) {
  // [1,2,1,3]: two pixels of three channels.
  std::vector<char> pixels{1, 2, 3, 4, 5, 6};
  std::vector<char> planes{1, 4, 2, 5, 3, 6};
  EXPECT_EQ(permuteElements(pixels, 1, {1, 2, 1, 3}, channelsFirst(4)), planes);
  EXPECT_EQ(permuteElements(planes, 1, {1, 3, 2, 1}, channelsLast(4)), pixels);
}

TEST(PermuteElements, KeepsTheBytesOfAnElementTogether) {
  std::vector<char> rows{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(permuteElements(rows, 2, {2, 2}, {1, 0}),
            (std::vector<char>{1, 2, 5, 6, 3, 4, 7, 8}));
}
