//===- ValueNames.cpp - Names of a model's values -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names from locations and argument attributes, made unique.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

using namespace mlir;
using namespace quantcc;

SmallVector<StringRef> quantcc::getLocationNames(Location location) {
  SmallVector<StringRef> names;
  location->walk([&](Location part) {
    if (auto named = dyn_cast<NameLoc>(part))
      names.push_back(named.getName());
    return WalkResult::advance();
  });
  return names;
}

StringRef quantcc::getLocationName(Location location) {
  SmallVector<StringRef> names = getLocationNames(location);
  return names.empty() ? StringRef() : names.front();
}

StringRef quantcc::getLayerName(Operation *op) {
  StringRef name = getLocationName(op->getLoc());
  return name.empty() ? op->getName().getStringRef() : name;
}

std::string UniqueNames::add(StringRef name) {
  unsigned use = ++uses[name];
  if (use == 1)
    return name.str();
  // The numbered name may itself be taken by the model.
  std::string numbered;
  do
    numbered = (name + "#" + Twine(use++)).str();
  while (uses.contains(numbered));
  uses[name] = use - 1;
  uses[numbered] = 1;
  return numbered;
}

ValueNames::ValueNames(func::FuncOp function) {
  UniqueNames unique;
  for (BlockArgument argument : function.getArguments()) {
    auto attribute = function.getArgAttrOfType<StringAttr>(
        argument.getArgNumber(), kNameAttrName);
    StringRef given =
        attribute ? attribute.getValue() : getLocationName(argument.getLoc());
    names[argument] = unique.add(
        given.empty() ? ("arg" + Twine(argument.getArgNumber())).str() : given);
  }
  for (Operation &op : function.getOps()) {
    if (op.hasTrait<OpTrait::ConstantLike>())
      continue;
    if (auto observe = dyn_cast<ObserveOp>(op)) {
      names[observe.getResult()] = observe.getName().str();
      continue;
    }
    if (auto fake = dyn_cast<FakeQuantizeOp>(op)) {
      names[fake.getResult()] = lookup(fake.getInput()).str();
      continue;
    }
    for (OpResult result : op.getResults())
      if (isa<RankedTensorType>(result.getType()))
        names[result] = unique.add(getLayerName(&op));
  }
}

StringRef ValueNames::lookup(Value value) const {
  auto it = names.find(value);
  return it == names.end() ? StringRef() : StringRef(it->second);
}
