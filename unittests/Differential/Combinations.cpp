//===- Combinations.cpp - What random graphs have to cover ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of ops that the generators make, and what is counted of them.
//
//===----------------------------------------------------------------------===//

#include "Combinations.h"

#include "OpGenerators.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Format.h>

using namespace quantcc;
using namespace quantcc::differential;
using llvm::ArrayRef;
using llvm::StringRef;

StringRef quantcc::differential::nameOf(StorageKind kind) {
  switch (kind) {
  case StorageKind::I8:
    return "i8";
  case StorageKind::U8:
    return "u8";
  case StorageKind::Narrow:
    return "narrow";
  case StorageKind::I16:
    return "i16";
  }
  llvm_unreachable("unknown storage");
}

static constexpr StorageKind kAnyStorage[] = {
    StorageKind::I8, StorageKind::U8, StorageKind::Narrow, StorageKind::I16};
static constexpr StorageKind kSigned[] = {StorageKind::I8};
static constexpr StorageKind kWide[] = {StorageKind::I16};
static constexpr Rounding kAll[] = {Rounding::Double, Rounding::Single,
                                    Rounding::HalfEven, Rounding::Reduced};
static constexpr Rounding kThree[] = {Rounding::Double, Rounding::Single,
                                      Rounding::HalfEven};
static constexpr Rounding kTwo[] = {Rounding::Double, Rounding::Single};

ArrayRef<OpDescriptor> quantcc::differential::opDescriptors() {
  static const OpDescriptor table[] = {
      {"conv2d", kAnyStorage, kAll, true, generateDenseConvolution},
      {"conv2d depthwise", kAnyStorage, kAll, true, generateDepthwise},
      {"conv2d multiplied", kAnyStorage, kAll, true, generateMultiplied},
      {"conv2d grouped", kAnyStorage, kAll, true, generateGrouped},
      {"conv2d int4", kAnyStorage, kAll, true, generateInt4Convolution},
      {"transpose_conv2d", kAnyStorage, kAll, true, generateTransposed},
      {"linear", kAnyStorage, kAll, true, generateLinear},
      {"linear int4", kAnyStorage, kAll, true, generateInt4Linear},
      {"matmul", kAnyStorage, kAll, false, generateMatMul},
      {"accumulators", kAnyStorage, kThree, false, generateAccumulators},
      {"add", kAnyStorage, kTwo, false, generateAdd},
      {"sub", kAnyStorage, kTwo, false, generateSub},
      {"mul", kAnyStorage, kThree, false, generateMul},
      {"rescale", kAnyStorage, kThree, false, generateRescale},
      {"rescale to other", kAnyStorage, kThree, false, generateConversion},
      {"prelu", kAnyStorage, kTwo, false, generatePRelu},
      {"leaky_relu", kAnyStorage, kTwo, false, generateLeakyRelu},
      {"gate", kWide, {}, false, generateGate},
      {"mean", kAnyStorage, kTwo, false, generateMean},
      {"lstm", kSigned, kTwo, false, generateLstm},
      {"lstm stateful", kSigned, kTwo, false, generateStatefulLstm},
      {"svdf", kSigned, kTwo, false, generateSvdf},
      {"svdf stateful", kSigned, kTwo, false, generateStatefulSvdf},
      {"variable", kAnyStorage, {}, false, generateVariable},
      {"lookup", kAnyStorage, {}, false, generateLookup},
      {"softmax", kAnyStorage, {}, false, generateSoftmax},
      {"maximum", kAnyStorage, {}, false, generateMaximum},
      {"minimum", kAnyStorage, {}, false, generateMinimum},
      {"avg_pool2d", kAnyStorage, {}, false, generateAvgPool},
      {"max_pool2d", kAnyStorage, {}, false, generateMaxPool},
      {"reshape", kAnyStorage, {}, false, generateReshape},
      {"transpose", kAnyStorage, {}, false, generateTranspose},
      {"slice", kAnyStorage, {}, false, generateSlice},
      {"broadcast", kAnyStorage, {}, false, generateBroadcast},
      {"pad", kAnyStorage, {}, false, generatePad},
      {"concat", kAnyStorage, {}, false, generateConcat},
      {"resize nearest", kAnyStorage, {}, false, generateNearest},
      {"resize bilinear", kAnyStorage, {}, false, generateBilinear},
  };
  return table;
}

size_t quantcc::differential::indexOfOp(StringRef name) {
  ArrayRef<OpDescriptor> all = opDescriptors();
  const OpDescriptor *found = llvm::find_if(
      all, [&](const OpDescriptor &op) { return op.name == name; });
  assert(found != all.end() && "no such op");
  return found - all.begin();
}

static std::vector<Combination> declare() {
  std::vector<Combination> all;
  for (auto [index, op] : llvm::enumerate(opDescriptors()))
    for (StorageKind storage : op.storages) {
      llvm::SmallVector<std::optional<Rounding>> roundings(op.roundings.begin(),
                                                           op.roundings.end());
      if (roundings.empty())
        roundings.push_back(std::nullopt);
      for (std::optional<Rounding> rounding : roundings)
        if (op.hasWeights)
          for (bool perAxis : {false, true})
            all.push_back({index, storage, rounding, perAxis});
        else
          all.push_back({index, storage, rounding, std::nullopt});
    }
  return all;
}

ArrayRef<Combination> quantcc::differential::declaredCombinations() {
  static const std::vector<Combination> all = declare();
  return all;
}

ArrayRef<Combination> quantcc::differential::declaredCases() {
  static const std::vector<Combination> all = [] {
    std::vector<Combination> cases;
    for (Combination combination : declaredCombinations()) {
      combination.perAxis = std::nullopt;
      if (cases.empty() || !(cases.back() == combination))
        cases.push_back(combination);
    }
    return cases;
  }();
  return all;
}

std::string Combination::describe() const {
  std::string text =
      opDescriptors()[op].name.str() + " " + nameOf(storage).str();
  if (rounding)
    text += " " + stringifyRounding(*rounding).str();
  if (perAxis)
    text += *perAxis ? " per-axis" : " per-tensor";
  return text;
}

void Coverage::add(ArrayRef<Combination> combinations) {
  size_t next = 0;
  for (const Combination &declared : declaredCombinations())
    counts[next++] += llvm::is_contained(combinations, declared);
  for (const Combination &declared : declaredCases())
    counts[next++] += llvm::any_of(combinations, [&](Combination found) {
      found.perAxis = std::nullopt;
      return found == declared;
    });
}

void Coverage::merge(const Coverage &other) {
  for (auto [mine, theirs] : llvm::zip_equal(counts, other.counts))
    mine += theirs;
}

void Coverage::print(llvm::raw_ostream &stream) const {
  ArrayRef<Combination> all = declaredCombinations();
  for (size_t i = 0; i < all.size();) {
    size_t first = i;
    stream << llvm::format("%-20s%-8s", opDescriptors()[all[i].op].name.data(),
                           nameOf(all[i].storage).data());
    for (; i < all.size() && all[i].op == all[first].op &&
           all[i].storage == all[first].storage;
         ++i) {
      std::string label =
          all[i].rounding ? stringifyRounding(*all[i].rounding).str() : "";
      if (all[i].perAxis)
        label += *all[i].perAxis ? "/axis" : "/tensor";
      stream << "  " << label << (label.empty() ? "" : " ") << counts[i];
    }
    stream << "\n";
  }
}

std::vector<std::string> Coverage::missing(unsigned required) const {
  std::vector<std::string> result;
  size_t next = 0;
  auto add = [&](ArrayRef<Combination> all, unsigned least) {
    for (const Combination &declared : all)
      if (unsigned count = counts[next++]; count < least)
        result.push_back(declared.describe() + ": " + std::to_string(count));
  };
  add(declaredCombinations(), std::min(required, 1u));
  add(declaredCases(), required);
  return result;
}
