//===- NpzTest.cpp - Tests of .npz files ----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TemporaryFolder.h"
#include "quantcc/ArrayFile/ArrayFile.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/MemoryBuffer.h>

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

// Python's zipfile, forced to write every ZIP64 record, of x.npy with the uint8
// elements 1, 2.
const char *const kZip64 =
    "504b03042d0000000000000021006202655fffffffffffffffff05001400782e6e707901"
    "00100082000000000000008200000000000000934e554d5059010076007b276465736372"
    "273a20277c7531272c2027666f727472616e5f6f72646572273a2046616c73652c202773"
    "68617065273a2028322c292c207d20202020202020202020202020202020202020202020"
    "202020202020202020202020202020202020202020202020202020202020202020202020"
    "20200a0102504b01022d032d0000000000000021006202655fffffffffffffffff050014"
    "000000000000000000800100000000782e6e707901001000820000000000000082000000"
    "00000000504b06062c000000000000002d002d0000000000000000000100000000000000"
    "01000000000000004700000000000000b900000000000000504b06070000000000010000"
    "0000000001000000504b0506000000000100010047000000b90000000000";

class Npz : public TemporaryFolder {
protected:
  /// A stored archive of the uint8 arrays a = [1, 2] and b = [3].
  std::string makeStored() {
    std::string path = pathOf("stored.npz");
    NamedArray arrays[] = {{"a", Array::of<uint8_t>({2}, {1, 2})},
                           {"b", Array::of<uint8_t>({1}, {3})}};
    EXPECT_FALSE(!!writeNpz(path, arrays));
    return (*llvm::MemoryBuffer::getFile(path))->getBuffer().str();
  }

  std::vector<NamedArray> read(StringRef content) {
    llvm::Expected<std::vector<NamedArray>> arrays =
        readNpz(write("a.npz", content));
    if (arrays)
      return std::move(*arrays);
    ADD_FAILURE() << llvm::toString(arrays.takeError());
    return {};
  }

  std::string refusal(StringRef content) {
    std::string path = write("bad.npz", content);
    std::string message = messageOf(readNpz(path));
    StringRef rest(message);
    EXPECT_TRUE(rest.consume_front("cannot read '" + path + "': ")) << message;
    return rest.str();
  }
};

TEST_F(Npz, ReadsDeflatedMembers) {
  std::vector<NamedArray> arrays = read(llvm::fromHex(kDeflated));
  ASSERT_EQ(arrays.size(), 2u);
  EXPECT_EQ(arrays[0].name, "x");
  EXPECT_EQ(arrays[0].array.shape, (llvm::SmallVector<int64_t>{2, 3}));
  EXPECT_EQ(arrays[0].array.getValues<float>(),
            (llvm::ArrayRef<float>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(arrays[1].name, "y");
  EXPECT_EQ(arrays[1].array.getValues<int16_t>(),
            (llvm::ArrayRef<int16_t>{-1, 300}));
}

TEST_F(Npz, ReadsZip64) {
  std::vector<NamedArray> arrays = read(llvm::fromHex(kZip64));
  ASSERT_EQ(arrays.size(), 1u);
  EXPECT_EQ(arrays[0].array.getValues<uint8_t>(),
            (llvm::ArrayRef<uint8_t>{1, 2}));
}

TEST_F(Npz, WritesWhatItReads) {
  std::vector<NamedArray> arrays = read(makeStored());
  ASSERT_EQ(arrays.size(), 2u);
  EXPECT_EQ(arrays[0].name, "a");
  EXPECT_EQ(arrays[0].array.getValues<uint8_t>(),
            (llvm::ArrayRef<uint8_t>{1, 2}));
  EXPECT_EQ(arrays[1].name, "b");
  EXPECT_EQ(arrays[1].array.getValues<uint8_t>(), llvm::ArrayRef<uint8_t>{3});
  EXPECT_EQ(makeStored(), makeStored());
}

TEST_F(Npz, WritingTwoArraysOfOneNameIsAnError) {
  std::string path = pathOf("twice.npz");
  NamedArray arrays[] = {{"a", Array::of<uint8_t>({1}, {1})},
                         {"a", Array::of<uint8_t>({1}, {2})}};
  EXPECT_EQ(llvm::toString(writeNpz(path, arrays)),
            "cannot write '" + path + "': two arrays are named 'a'");
  EXPECT_FALSE(llvm::sys::fs::exists(path));
}

TEST_F(Npz, EveryCutIsRefused) {
  for (std::string content :
       {llvm::fromHex(kDeflated), llvm::fromHex(kZip64), makeStored()})
    for (size_t size = 0; size < content.size(); ++size)
      EXPECT_EQ(refusal(StringRef(content).take_front(size)),
                "the archive is cut short or corrupt: no end record");
}

TEST_F(Npz, EveryChangedByteIsRefusedOrHarmless) {
  // Must neither crash nor change the elements unnoticed. The date, the
  // attributes and the like may change; anything else is an error.
  for (std::string content :
       {llvm::fromHex(kDeflated), llvm::fromHex(kZip64), makeStored()}) {
    std::vector<NamedArray> original = read(content);
    for (size_t i = 0; i < content.size(); ++i)
      for (char flip : {'\x01', '\xff'}) {
        std::string changed = content;
        changed[i] ^= flip;
        llvm::Expected<std::vector<NamedArray>> arrays =
            readNpz(write("changed.npz", changed));
        if (!arrays) {
          llvm::consumeError(arrays.takeError());
          continue;
        }
        ASSERT_EQ(arrays->size(), original.size()) << i;
        for (size_t k = 0; k < original.size(); ++k)
          ASSERT_EQ((*arrays)[k].array.data, original[k].array.data) << i;
      }
  }
}

TEST_F(Npz, WrongChecksumIsRefused) {
  std::string content = makeStored();
  // The first element of a, behind a local header of 35 bytes and the 128 of
  // the array's own.
  ASSERT_EQ(content[35 + 128], 1);
  content[35 + 128] = 9;
  EXPECT_EQ(refusal(content),
            "member 'a.npy': the checksum does not match the data");
}

TEST_F(Npz, CorruptDeflatedDataIsRefused) {
  std::string content = llvm::fromHex(kDeflated);
  // The data of x begin behind a local header of 55 bytes; block type 3 does
  // not exist.
  content[55] |= 6;
  EXPECT_EQ(refusal(content), "member 'x.npy': the deflated data is corrupt");
}

TEST_F(Npz, OtherMembersAreRefused) {
  std::string content = makeStored();
  for (size_t at = content.find("a.npy"); at != std::string::npos;
       at = content.find("a.npy", at))
    content.replace(at, 5, "a.txt");
  EXPECT_EQ(refusal(content), "member 'a.txt': not an array: expected a name "
                              "ending in '.npy'");
}

TEST_F(Npz, UnsupportedArchivesAreRefused) {
  std::string stored = makeStored();
  size_t entry = stored.find("PK\x01\x02");
  ASSERT_NE(entry, std::string::npos);
  std::string content = stored;
  content[entry + 8] |= 1;
  EXPECT_EQ(refusal(content), "encrypted archives are not supported");
  content = stored;
  content[entry + 10] = 12;
  EXPECT_EQ(refusal(content), "unsupported compression method 12; expected "
                              "stored or deflated");
  content = stored;
  content[stored.size() - 18] = 1;
  EXPECT_EQ(refusal(content), "split archives are not supported");
}

TEST_F(Npz, MembersOfOneNameAreRefused) {
  std::string content = makeStored();
  for (size_t at = content.find("b.npy"); at != std::string::npos;
       at = content.find("b.npy", at))
    content.replace(at, 5, "a.npy");
  EXPECT_EQ(refusal(content), "the archive is cut short or corrupt: two "
                              "members of one name");
}

} // namespace
