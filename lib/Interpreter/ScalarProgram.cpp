//===- ScalarProgram.cpp - Bodies of integer arithmetic -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Translation of the ops of arith, math, tensor and linalg that bodies are made
// of, and their execution. (docs/Numerics.md, N38)
//
//===----------------------------------------------------------------------===//

#include "ScalarProgram.h"

#include <llvm/ADT/TypeSwitch.h>
#include <llvm/Support/MathExtras.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

using Code = ScalarProgram::Code;

int64_t interpreter::signExtend(int64_t value, unsigned width) {
  return width >= 64 ? value : llvm::SignExtend64(value, width);
}

uint64_t interpreter::zeroExtend(int64_t value, unsigned width) {
  uint64_t bits = static_cast<uint64_t>(value);
  return width >= 64 ? bits : bits & ((uint64_t(1) << width) - 1);
}

/// The bits of a scalar's type; 0 where the interpreter holds no such scalars.
static unsigned widthOf(Type type) {
  if (type.isIndex())
    return 64;
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.getWidth() <= 64 ? integer.getWidth() : 0;
}

/// The instruction that `op` is, where its operands and result alone say it.
static std::optional<Code> codeOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<Code>>(op)
      .Case([](arith::AddIOp) { return Code::Add; })
      .Case([](arith::SubIOp) { return Code::Sub; })
      .Case([](arith::MulIOp) { return Code::Mul; })
      .Case([](arith::DivSIOp) { return Code::DivSigned; })
      .Case([](arith::RemSIOp) { return Code::RemSigned; })
      .Case([](arith::AndIOp) { return Code::And; })
      .Case([](arith::OrIOp) { return Code::Or; })
      .Case([](arith::XOrIOp) { return Code::Xor; })
      .Case([](arith::ShLIOp) { return Code::ShiftLeft; })
      .Case([](arith::ShRSIOp) { return Code::ShiftRight; })
      .Case([](arith::ShRUIOp) { return Code::ShiftRightLogical; })
      .Case([](arith::MaxSIOp) { return Code::MaxSigned; })
      .Case([](arith::MinSIOp) { return Code::MinSigned; })
      .Case([](arith::MaxUIOp) { return Code::MaxUnsigned; })
      .Case([](arith::MinUIOp) { return Code::MinUnsigned; })
      .Case([](arith::SelectOp) { return Code::Select; })
      .Case([](arith::CmpIOp) { return Code::Compare; })
      // Registers hold the sign extended already; a copy cuts to the width.
      .Case<arith::ExtSIOp, arith::TruncIOp, arith::IndexCastOp>(
          [](auto) { return Code::Copy; })
      .Case<arith::ExtUIOp, arith::IndexCastUIOp>(
          [](auto) { return Code::ZeroExtend; })
      .Case([](math::CountLeadingZerosOp) { return Code::CountLeadingZeros; })
      .Case([](linalg::IndexOp) { return Code::LoopIndex; })
      .Case([](tensor::ExtractOp) { return Code::Extract; })
      .Default([](Operation *) { return std::nullopt; });
}

/// The register of `value`; a constant or a scalar from outside gets one, and
/// the instruction that fills it.
unsigned ScalarProgram::number(Value value, ArrayRef<Value> captured) {
  auto [place, isNew] = numbers.try_emplace(value, count);
  if (!isNew)
    return place->second;
  unsigned result = count++;
  unsigned width = widthOf(value.getType());
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant))) {
    instructions.push_back({Code::Constant,
                            width,
                            width,
                            result,
                            {},
                            constant.getSExtValue(),
                            {}});
    return result;
  }
  const Value *outside = llvm::find(captured, value);
  assert(outside != captured.end() && "a value from nowhere");
  instructions.push_back({Code::CapturedScalar,
                          width,
                          width,
                          result,
                          {},
                          outside - captured.begin(),
                          {}});
  return result;
}

LogicalResult ScalarProgram::translate(Operation &op,
                                       ArrayRef<Value> captured) {
  auto unknown = [&]() -> LogicalResult {
    return op.emitOpError() << "is not supported by the interpreter in a body";
  };
  if (isa<arith::ConstantOp>(op))
    return widthOf(op.getResult(0).getType()) ? success() : unknown();
  std::optional<Code> code = codeOf(&op);
  if (!code || !widthOf(op.getResult(0).getType()))
    return unknown();
  Instruction instruction;
  instruction.code = *code;
  instruction.width = widthOf(op.getResult(0).getType());
  instruction.operandWidth = instruction.width;
  instruction.immediate = 0;
  SmallVector<Value> operands(op.getOperands());
  if (auto compare = dyn_cast<arith::CmpIOp>(op))
    instruction.immediate = static_cast<int64_t>(compare.getPredicate());
  if (auto index = dyn_cast<linalg::IndexOp>(op))
    instruction.immediate = index.getDim();
  if (auto extract = dyn_cast<tensor::ExtractOp>(op)) {
    const Value *outside = llvm::find(captured, extract.getTensor());
    auto type = extract.getTensor().getType();
    if (outside == captured.end() || !type.hasStaticShape())
      return unknown();
    instruction.immediate = outside - captured.begin();
    instruction.shape.assign(type.getShape().begin(), type.getShape().end());
    operands.assign(extract.getIndices().begin(), extract.getIndices().end());
  }
  for (Value operand : operands) {
    if (!widthOf(operand.getType()))
      return unknown();
    instruction.operands.push_back(number(operand, captured));
    instruction.operandWidth = widthOf(operand.getType());
  }
  instruction.result = count;
  numbers[op.getResult(0)] = count++;
  instructions.push_back(std::move(instruction));
  return success();
}

FailureOr<ScalarProgram> ScalarProgram::create(Block &block,
                                               ArrayRef<Value> captured) {
  ScalarProgram program;
  for (BlockArgument argument : block.getArguments()) {
    if (!widthOf(argument.getType()))
      return block.getParentOp()->emitOpError()
             << "is not supported by the interpreter on " << argument.getType();
    program.numbers[argument] = program.count++;
  }
  for (Operation &op : block.without_terminator())
    if (failed(program.translate(op, captured)))
      return failure();
  Operation *terminator = block.getTerminator();
  if (terminator->getNumOperands() != 1)
    return block.getParentOp()->emitOpError()
           << "is not supported by the interpreter with "
           << terminator->getNumOperands() << " results";
  program.yielded = program.number(terminator->getOperand(0), captured);
  return program;
}

/// Where an element of a tensor of `shape` lies, or nothing outside of it.
static std::optional<int64_t> offsetIn(ArrayRef<int64_t> shape,
                                       ArrayRef<unsigned> indices,
                                       ArrayRef<int64_t> registers) {
  int64_t offset = 0;
  for (auto [size, index] : llvm::zip_equal(shape, indices)) {
    int64_t position = registers[index];
    if (position < 0 || position >= size)
      return std::nullopt;
    offset = offset * size + position;
  }
  return offset;
}

int64_t ScalarProgram::evaluate(const Instruction &instruction,
                                ArrayRef<int64_t> registers,
                                ArrayRef<int64_t> index,
                                ArrayRef<const Tensor *> captured) const {
  auto value = [&](unsigned operand) {
    return registers[instruction.operands[operand]];
  };
  auto bits = [&](unsigned operand) {
    return zeroExtend(value(operand), instruction.operandWidth);
  };
  auto wrapped = [](uint64_t result) { return static_cast<int64_t>(result); };
  auto shiftCount = [&]() -> uint64_t {
    uint64_t shift = bits(1);
    if (shift < instruction.width)
      return shift;
    reportUndefined("a shift by a width or more");
    return 0;
  };
  switch (instruction.code) {
  case Code::Constant:
    return instruction.immediate;
  case Code::Copy:
    return value(0);
  case Code::Add:
    return wrapped(uint64_t(value(0)) + uint64_t(value(1)));
  case Code::Sub:
    return wrapped(uint64_t(value(0)) - uint64_t(value(1)));
  case Code::Mul:
    return wrapped(uint64_t(value(0)) * uint64_t(value(1)));
  case Code::DivSigned:
  case Code::RemSigned: {
    int64_t lowest = signExtend(int64_t(uint64_t(1) << (instruction.width - 1)),
                                instruction.width);
    if (value(1) == 0 || (value(1) == -1 && value(0) == lowest)) {
      reportUndefined("a division without a quotient");
      return 0;
    }
    return instruction.code == Code::DivSigned ? value(0) / value(1)
                                               : value(0) % value(1);
  }
  case Code::And:
    return value(0) & value(1);
  case Code::Or:
    return value(0) | value(1);
  case Code::Xor:
    return value(0) ^ value(1);
  case Code::ShiftLeft:
    return wrapped(uint64_t(value(0)) << shiftCount());
  case Code::ShiftRight:
    return value(0) >> shiftCount();
  case Code::ShiftRightLogical:
    return wrapped(bits(0) >> shiftCount());
  case Code::MaxSigned:
    return std::max(value(0), value(1));
  case Code::MinSigned:
    return std::min(value(0), value(1));
  case Code::MaxUnsigned:
    return bits(0) > bits(1) ? value(0) : value(1);
  case Code::MinUnsigned:
    return bits(0) < bits(1) ? value(0) : value(1);
  case Code::Select:
    return value(0) ? value(1) : value(2);
  case Code::Compare:
    return arith::applyCmpPredicate(
        static_cast<arith::CmpIPredicate>(instruction.immediate),
        APInt(64, value(0), /*isSigned=*/true),
        APInt(64, value(1), /*isSigned=*/true));
  case Code::ZeroExtend:
    return wrapped(bits(0));
  case Code::CountLeadingZeros:
    return llvm::countl_zero(bits(0)) - (64 - int64_t(instruction.width));
  case Code::LoopIndex:
    return index[instruction.immediate];
  case Code::CapturedScalar:
    return captured[instruction.immediate]->stored.front();
  case Code::Extract: {
    auto offset = offsetIn(instruction.shape, instruction.operands, registers);
    if (offset)
      return captured[instruction.immediate]->stored[*offset];
    reportUndefined("a read outside of a tensor");
    return 0;
  }
  }
  llvm_unreachable("unknown instruction");
}

int64_t ScalarProgram::run(MutableArrayRef<int64_t> registers,
                           ArrayRef<int64_t> index,
                           ArrayRef<const Tensor *> captured) const {
  for (const Instruction &instruction : instructions)
    registers[instruction.result] = signExtend(
        evaluate(instruction, registers, index, captured), instruction.width);
  return registers[yielded];
}
