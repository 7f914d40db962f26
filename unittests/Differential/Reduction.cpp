//===- Reduction.cpp - The smallest part that differs ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts a graph down: first its end, then its beginning, then its samples.
//
//===----------------------------------------------------------------------===//

#include "Reduction.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

using llvm::Expected;

using Inputs = std::vector<std::vector<Bytes>>;

static func::FuncOp entryOf(ModuleOp module) {
  return *module.getOps<func::FuncOp>().begin();
}

Expected<std::string>
quantcc::differential::compareOn(const TargetProgram &target, ModuleOp module,
                                 const Inputs &inputs, const Mutant *mutant) {
  Interpretation reference = interpret(module, inputs);
  Lowering lowering = lower(module, mutant, &target.target().info);
  if (reference.refusal || lowering.refusal)
    return reference.refusal && lowering.refusal &&
                   reference.refusal->op == lowering.refusal->op
               ? std::string()
               : "only one side refuses the graph";
  auto object = compileFor(*lowering.module, target.target().info);
  if (!object)
    return llvm::toString(object.takeError());
  CompiledCase one{entryOf(module).getName().str(), std::move(*object),
                   reference.samples};
  Expected<Verdicts> verdicts = target.run(one, "reduction");
  if (!verdicts)
    return verdicts.takeError();
  return verdicts->front();
}

/// A clone of `module` whose only result is that of its op number `last`,
/// without the ops after it and those that nothing needs. Operands of `last`
/// whose numbers are in `cut` become arguments, whose values are taken from
/// what `inputs` make of them.
static std::optional<Reproducer> cutGraph(ModuleOp module, const Inputs &inputs,
                                          unsigned last,
                                          ArrayRef<unsigned> cut) {
  Reproducer result{module.clone(), inputs, ""};
  func::FuncOp entry = entryOf(*result.module);
  Block &body = entry.getBody().front();
  Operation *op = &*std::next(body.begin(), last);
  OpBuilder builder(body.getTerminator());
  auto finish = [&](ValueRange results) {
    body.getTerminator()->setOperands(results);
    SmallVector<Operation *> backwards;
    for (Operation &each : body.without_terminator())
      backwards.insert(backwards.begin(), &each);
    for (Operation *each : backwards)
      if (each->getNumResults() && each->use_empty())
        each->erase();
    for (unsigned i = body.getNumArguments(); i-- > 0;)
      if (body.getArgument(i).use_empty()) {
        body.eraseArgument(i);
        for (std::vector<Bytes> &sample : result.inputs)
          sample.erase(sample.begin() + i);
      }
    entry.setFunctionType(
        builder.getFunctionType(body.getArgumentTypes(), results.getTypes()));
  };
  if (cut.empty()) {
    finish(op->getResults());
    return result;
  }
  // What the operands hold: the graph that returns them tells.
  OwningOpRef<ModuleOp> values = result.module->clone();
  {
    func::FuncOp clone = entryOf(*values);
    Block &block = clone.getBody().front();
    Operation *same = &*std::next(block.begin(), last);
    SmallVector<Value> operands;
    for (unsigned i : cut)
      operands.push_back(same->getOperand(i));
    block.getTerminator()->setOperands(operands);
    clone.setFunctionType(builder.getFunctionType(
        block.getArgumentTypes(), ValueRange(operands).getTypes()));
  }
  Interpretation known = interpret(*values, inputs);
  if (known.refusal)
    return std::nullopt;
  for (auto [index, i] : llvm::enumerate(cut)) {
    body.addArgument(op->getOperand(i).getType(), op->getLoc());
    op->setOperand(i, body.getArguments().back());
    for (auto [sample, outputs] : llvm::zip_equal(result.inputs, known.samples))
      sample.push_back(outputs.outputs[index]);
  }
  finish(op->getResults());
  return result;
}

/// Whether `value` is computed from an argument.
static bool isComputed(Value value) {
  Operation *op = value.getDefiningOp();
  return op && op->getName().getDialectNamespace() == "quantcc";
}

Expected<std::optional<Reproducer>>
quantcc::differential::reduceGraph(const TargetProgram &target, ModuleOp graph,
                                   Inputs inputs, const Mutant *mutant) {
  auto differs = [&](Reproducer &candidate) -> Expected<bool> {
    Expected<std::string> text =
        compareOn(target, *candidate.module, candidate.inputs, mutant);
    if (!text)
      return text.takeError();
    candidate.text = *text;
    return !text->empty();
  };
  std::optional<Reproducer> found;
  unsigned last = 0;
  for (Operation &op : entryOf(graph).getBody().front().without_terminator()) {
    unsigned number = last++;
    if (!op.getNumResults() || !isComputed(op.getResult(0)))
      continue;
    std::optional<Reproducer> candidate = cutGraph(graph, inputs, number, {});
    Expected<bool> result = differs(*candidate);
    if (!result)
      return result.takeError();
    if (!*result)
      continue;
    found = std::move(candidate);
    SmallVector<unsigned> cut;
    for (auto [index, operand] : llvm::enumerate(op.getOperands()))
      if (isComputed(operand))
        cut.push_back(index);
    if (cut.empty())
      break;
    candidate = cutGraph(graph, inputs, number, cut);
    result = candidate ? differs(*candidate) : Expected<bool>(false);
    if (!result)
      return result.takeError();
    if (*result)
      found = std::move(candidate);
    break;
  }
  // What a stateful graph does follows from the samples before.
  bool isStateful = found && !found->module->getOps<VariableOp>().empty();
  for (size_t i = 0;
       found && !isStateful && found->inputs.size() > 1 && i < inputs.size();
       ++i) {
    Reproducer single{found->module->clone(), {found->inputs[i]}, ""};
    Expected<bool> result = differs(single);
    if (!result)
      return result.takeError();
    if (*result)
      found = std::move(single);
  }
  return std::move(found);
}
