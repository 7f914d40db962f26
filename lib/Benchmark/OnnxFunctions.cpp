//===- OnnxFunctions.cpp - Tables as ONNX nodes ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A table of a quantized network does not tell its function. A converter would
// have the function, so that it is looked for among those that there are.
//
//===----------------------------------------------------------------------===//

#include "OnnxOps.h"
#include "quantcc/Dialect/QuantCC/IR/FloatFunctions.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"
#include "quantcc/Support/LookupTable.h"

#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;
using llvm::Expected;

namespace {

/// A function of one operator of ONNX.
struct OnnxFunction {
  FloatFunction function;
  const char *node;
};

} // namespace

static constexpr OnnxFunction kFunctions[] = {
    {FloatFunction::Sigmoid, "Sigmoid"},
    {FloatFunction::Tanh, "Tanh"},
    {FloatFunction::HardSwish, "HardSwish"},
    {FloatFunction::Elu, "Elu"},
    {FloatFunction::Exp, "Exp"},
    {FloatFunction::Abs, "Abs"},
    {FloatFunction::Neg, "Neg"},
    {FloatFunction::Sqrt, "Sqrt"},
    {FloatFunction::Sign, "Sign"},
    {FloatFunction::Round, "Round"},
};

Expected<OnnxName> quantcc::convertToOnnx(LookupOp op, OnnxGraph &graph) {
  auto elementType = [](Value value) {
    return dyn_cast<quant::UniformQuantizedType>(
        typeOf(value).getElementType());
  };
  auto from = elementType(op.getInput()), to = elementType(op.getResult());
  DenseElementsAttr table;
  if (!from || !to || from.getStorageTypeIntegralWidth() != 8 ||
      !matchPattern(op.getTable(), m_Constant(&table)))
    return noEquivalent("a table of these types");
  auto isTableOf = [&](const OnnxFunction &known) {
    auto exact = buildTable(
        [&](double x) { return evaluateFunction(known.function, 0, x); },
        getParameters(from), getFullStoredRange(from), getParameters(to),
        getStoredRange(to));
    // Tables of other tools round in other ways, now and then.
    int64_t equal = 0;
    for (auto [expected, entry] :
         llvm::zip_equal(exact, table.getValues<APInt>())) {
      int64_t value =
          to.isSigned() ? entry.getSExtValue() : entry.getZExtValue();
      if (std::abs(value - expected) > 1)
        return false;
      equal += value == expected;
    }
    return 10 * equal >= 9 * table.getNumElements();
  };
  auto input = graph.lookup(op.getInput(), typeOf(op.getInput()).getRank());
  if (!input)
    return input;
  for (const OnnxFunction &known : kFunctions)
    if (isTableOf(known))
      return graph.addNode(known.node, {*input});
  return noEquivalent("a table of no function of ONNX");
}
