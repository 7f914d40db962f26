//===- LayoutMutants.cpp - Mistakes in layers that have kernels -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wrong numbers, constants, borders and encodings of fused layers.
//
//===----------------------------------------------------------------------===//

#include "MutationRules.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

//===----------------------------------------------------------------------===//
// Requantization
//===----------------------------------------------------------------------===//

static int64_t attributeOf(Operation *op, StringRef name) {
  return op->getAttrOfType<IntegerAttr>(name).getInt();
}

/// Whether `op` requantizes, and does not give its accumulators.
static bool requantizes(FusedConv2DOp op) {
  return !op.getMultipliers().empty();
}

static bool requantizes(FusedAddOp) { return true; }
static bool requantizes(FusedMatMulOp) { return true; }

/// Adds `by` to the i32 attribute `name` of each `OpTy` that requantizes.
template <typename OpTy> static Mutation addTo(StringRef name, int32_t by) {
  return onEach<OpTy>([=](OpTy op) {
    return requantizes(op) && setNumber(op, name, attributeOf(op, name) + by);
  });
}

/// Gives each channel of kernels the number in `name` of the next one.
static Mutation numbersOfNextChannel(StringRef name) {
  return onEach<FusedConv2DOp>([name](FusedConv2DOp op) {
    if (!requantizes(op))
      return false;
    auto numbers = op->getAttrOfType<DenseI32ArrayAttr>(name);
    auto moved = llvm::to_vector(numbers.asArrayRef());
    std::rotate(moved.begin(), moved.begin() + 1, moved.end());
    auto attribute = DenseI32ArrayAttr::get(op.getContext(), moved);
    op->setAttr(name, attribute);
    return attribute != numbers;
  });
}

/// Shifts all channels of kernels one bit further.
static bool shiftFurther(FusedConv2DOp op) {
  auto shifts = llvm::to_vector(op.getShifts());
  for (int32_t &shift : shifts)
    ++shift;
  op.setShifts(shifts);
  return requantizes(op);
}

static bool roundOtherwise(FusedConv2DOp op) {
  op.setRounding(op.getRounding() == Rounding::Single ? Rounding::Double
                                                      : Rounding::Single);
  return requantizes(op);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Replaces the constant operand `index` of kernels by what `rule` makes of its
/// values and shape.
template <typename Rule> static Mutation onConstant(unsigned index, Rule rule) {
  return onEach<FusedConv2DOp>([=](FusedConv2DOp op) {
    DenseElementsAttr attribute;
    if (!matchPattern(op->getOperand(index), m_Constant(&attribute)))
      return false;
    auto values = llvm::to_vector(attribute.getValues<APInt>());
    auto changed = values;
    rule(op, changed, attribute.getType().getShape());
    if (changed == values)
      return false;
    replaceConstant(op, index,
                    DenseElementsAttr::get(attribute.getType(), changed));
    return true;
  });
}

using Values = SmallVector<APInt>;

/// Channels are the fastest dimension of depthwise weights `[i, j, o]`, and the
/// slowest of others, `[o, i, j, c]`.
static void takeNextChannel(FusedConv2DOp op, Values &values,
                            ArrayRef<int64_t> shape) {
  bool isFastest = op.getDepthwise() && shape.size() == 3;
  int64_t channels = isFastest ? shape.back() : shape.front();
  int64_t inner = values.size() / channels;
  if (!isFastest) {
    std::rotate(values.begin(), values.begin() + inner, values.end());
    return;
  }
  for (auto row = values.begin(); row != values.end(); row += channels)
    std::rotate(row, row + 1, row + channels);
}

static void reverseTaps(FusedConv2DOp op, Values &values,
                        ArrayRef<int64_t> shape) {
  int64_t inner = shape.back();
  int64_t taps = op.getKernelHeight() * op.getKernelWidth();
  Values from(values);
  for (int64_t i = 0, e = values.size(); i < e; ++i) {
    int64_t tap = i / inner % taps;
    values[i] = from[i + (taps - 1 - 2 * tap) * inner];
  }
}

//===----------------------------------------------------------------------===//
// Borders and encodings
//===----------------------------------------------------------------------===//

static bool feedsKernel(Operation *op) {
  return llvm::any_of(op->getUsers(),
                      [](Operation *user) { return isa<FusedConv2DOp>(user); });
}

/// Replaces the border of kernels' inputs by what `rule` makes of it.
static Mutation onBorder(int64_t (*rule)(int64_t)) {
  return onEach<tensor::PadOp>([rule](tensor::PadOp op) {
    Operation *yield = op.getBody()->getTerminator();
    std::optional<int64_t> value = constantOf(yield->getOperand(0));
    if (!value || !feedsKernel(op))
      return false;
    yield->setOperand(0, createConstant(op, yield->getOperand(0),
                                        static_cast<int8_t>(rule(*value))));
    return true;
  });
}

/// Puts what is before the input of kernels behind it, and the reverse.
static bool exchangeBorders(tensor::PadOp op) {
  auto low = llvm::to_vector(op.getStaticLow());
  auto high = llvm::to_vector(op.getStaticHigh());
  if (low == high || !feedsKernel(op))
    return false;
  op.setStaticLow(high);
  op.setStaticHigh(low);
  return true;
}

/// Takes the first flip of the highest bit away, of the function's input.
static bool leaveSigned(linalg::GenericOp op) {
  if (!isa<BlockArgument>(op->getOperand(0)) ||
      op.getBody()->getOperations().size() != 2 ||
      !isa<arith::XOrIOp>(op.getBody()->front()) || op->getNumResults() != 1)
    return false;
  return replaceBy(op, op->getOperand(0));
}

/// Takes what is stored plus 128 for what is stored.
static bool forgetBias(FusedConv2DOp op) {
  if (!op.getBiasedResult())
    return false;
  op.setBiasedResult(false);
  return true;
}

static std::vector<Mutant> biasMutants() {
  return {
      {"kernel's input is left signed",
       {},
       {},
       onEach<linalg::GenericOp>(leaveSigned)},
      {"kernel's result is not biased",
       {},
       {},
       onEach<FusedConv2DOp>(forgetBias)},
      {"kernel's border is of signed bytes",
       {},
       {},
       onBorder([](int64_t value) { return value ^ 0x80; })},
  };
}

static std::vector<Mutant> productMutants() {
  return {
      {"kernel's product has another left zero point",
       {},
       {},
       addTo<FusedMatMulOp>("lhs_zero_point", 1)},
      {"kernel's product has another right zero point",
       {},
       {},
       addTo<FusedMatMulOp>("rhs_zero_point", 1)},
      {"kernel's product shifts further",
       {},
       {},
       addTo<FusedMatMulOp>("shift", 1)},
  };
}

static bool exchangeOperands(FusedAddOp op) {
  auto exchange = [&](StringRef lhs, StringRef rhs) {
    int32_t left = attributeOf(op, lhs), right = attributeOf(op, rhs);
    bool isChanged = setNumber(op, lhs, right);
    return setNumber(op, rhs, left) || isChanged;
  };
  bool isChanged = exchange("lhs_multiplier", "rhs_multiplier");
  return exchange("lhs_shift", "rhs_shift") || isChanged;
}

static bool subtractInstead(FusedAddOp op) {
  op.setSubtract(!op.getSubtract());
  return true;
}

static std::vector<Mutant> sumMutants() {
  return {
      {"kernel's summands have each other's scales",
       {},
       {},
       onEach<FusedAddOp>(exchangeOperands)},
      {"kernel's sum is a difference",
       {},
       {},
       onEach<FusedAddOp>(subtractInstead)},
      {"kernel's left zero point one more",
       {},
       {},
       addTo<FusedAddOp>("lhs_zero_point", 1)},
      {"kernel's sum's clamp one more",
       {},
       {},
       addTo<FusedAddOp>("clamp_min", 1)},
  };
}

std::vector<Mutant> quantcc::differential::layoutMutants(KernelSet kernels) {
  std::vector<Mutant> mutants = {
      {"kernel's multipliers of the next channel",
       {},
       {},
       numbersOfNextChannel("multipliers")},
      {"kernel's shifts of the next channel",
       {},
       {},
       numbersOfNextChannel("shifts")},
      {"kernel shifts further", {}, {}, onEach<FusedConv2DOp>(shiftFurther)},
      {"kernel rounds otherwise",
       {},
       {},
       onEach<FusedConv2DOp>(roundOtherwise)},
      {"kernel's zero point one more",
       {},
       {},
       addTo<FusedConv2DOp>("output_zero_point", 1)},
      {"kernel's lower clamp one more",
       {},
       {},
       addTo<FusedConv2DOp>("clamp_min", 1)},
      {"kernel's upper clamp one less",
       {},
       {},
       addTo<FusedConv2DOp>("clamp_max", -1)},
      {"kernel's weights of the next channel",
       {},
       {},
       onConstant(1, takeNextChannel)},
      {"kernel's taps reversed", {}, {}, onConstant(1, reverseTaps)},
      {"kernel's bias of the next channel",
       {},
       {},
       onConstant(2, takeNextChannel)},
      {"kernel's border one more", {}, {}, onBorder([](int64_t value) {
         return value + 1;
       })},
      {"kernel's borders exchanged",
       {},
       {},
       onEach<tensor::PadOp>(exchangeBorders)},
  };
  if (!hasRiscvVectors(kernels))
    llvm::append_range(mutants, productMutants());
  switch (kernels) {
  case KernelSet::AvxVnni:
  case KernelSet::Avx512Vnni:
    llvm::append_range(mutants, biasMutants());
    [[fallthrough]];
  case KernelSet::Sse41:
  case KernelSet::Avx2:
  case KernelSet::Avx512:
    llvm::append_range(mutants, sumMutants());
    break;
  default:
    // They take signed bytes, and have no kernels for sums.
    break;
  }
  return mutants;
}
