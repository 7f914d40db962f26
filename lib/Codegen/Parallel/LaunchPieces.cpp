//===- LaunchPieces.cpp - Hand pieces to the caller's threads -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds tasks, and the calls of the function that runs them.
//
// A task finds the model's arguments in an array of pointers on the stack of
// the model's caller, which stays there until all tasks are done.
//
//===----------------------------------------------------------------------===//

#include "LaunchPieces.h"
#include "Pieces/PieceAccesses.h"

#include "quantcc/Codegen/ModelInterface.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

using namespace mlir;
using namespace quantcc;

/// The only operation of the body of `pieces`; null if there is another.
static func::CallOp findCall(scf::ForallOp pieces) {
  Block *body = pieces.getBody();
  return llvm::hasNItems(body->without_terminator(), 1)
             ? dyn_cast<func::CallOp>(body->front())
             : func::CallOp();
}

/// Replaces `pieces` by the call of a function without a body.
static LogicalResult replace(scf::ForallOp pieces, func::FuncOp entry,
                             SymbolTable &symbols,
                             llvm::StringMap<PieceLaunch> &launches) {
  std::optional<int64_t> count = countPieces(pieces);
  func::CallOp call = findCall(pieces);
  if (!count || !call || !entry->hasAttr(kPiecesAttrName))
    return pieces.emitOpError(
               "expected an outlined layer of a function marked '")
           << kPiecesAttrName << "'";
  OpBuilder builder(pieces), detached(pieces.getContext());
  auto declaration = func::FuncOp::create(
      detached, pieces.getLoc(), (call.getCallee() + "_launch").str(),
      builder.getFunctionType(entry.getArgumentTypes(), {}));
  declaration.setPrivate();
  symbols.insert(declaration);
  launches[declaration.getName()] = {call.getCallee().str(), *count};
  func::CallOp::create(builder, pieces.getLoc(), declaration,
                       entry.getArguments());
  pieces.erase();
  return success();
}

LogicalResult quantcc::replacePieces(ModuleOp module,
                                     llvm::StringMap<PieceLaunch> &launches) {
  SymbolTable symbols(module);
  auto pointer = LLVM::LLVMPointerType::get(module.getContext());
  SmallVector<std::pair<scf::ForallOp, func::FuncOp>> layers;
  for (auto function : module.getOps<func::FuncOp>()) {
    function.walk(
        [&](scf::ForallOp pieces) { layers.emplace_back(pieces, function); });
    for (int i = 0; function->hasAttr(kPiecesAttrName) && i != 2; ++i)
      if (failed(function.insertArgument(function.getNumArguments(), pointer,
                                         {}, function.getLoc())))
        return failure();
  }
  for (auto [pieces, function] : layers)
    if (failed(replace(pieces, function, symbols, launches)))
      return failure();
  return success();
}

/// The task for the function `piece`: it takes its context and a number.
static LLVM::LLVMFuncOp buildTask(LLVM::LLVMFuncOp piece,
                                  SymbolTable &symbols) {
  MLIRContext *context = piece.getContext();
  Location loc = piece.getLoc();
  OpBuilder builder(context);
  auto pointer = LLVM::LLVMPointerType::get(context);
  auto task = LLVM::LLVMFuncOp::create(
      builder, loc, (piece.getName() + "_task").str(),
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context),
                                  {pointer, builder.getI32Type()}),
      LLVM::Linkage::Internal);
  symbols.insert(task);
  Block *body = task.addEntryBlock(builder);
  builder.setInsertionPointToStart(body);
  ArrayRef<Type> types = piece.getFunctionType().getParams();
  SmallVector<Value> operands;
  for (auto [index, type] : llvm::enumerate(types.drop_back())) {
    Value place = LLVM::GEPOp::create(
        builder, loc, pointer, pointer, body->getArgument(0),
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
    operands.push_back(LLVM::LoadOp::create(builder, loc, type, place));
  }
  Value number = body->getArgument(1);
  if (types.back() != number.getType())
    number = LLVM::ZExtOp::create(builder, loc, types.back(), number);
  operands.push_back(number);
  LLVM::CallOp::create(builder, loc, piece, operands);
  LLVM::ReturnOp::create(builder, loc, ValueRange());
  return task;
}

/// An array of the arguments of `entry`, but for the last two.
static Value buildContext(LLVM::LLVMFuncOp entry) {
  Location loc = entry.getLoc();
  OpBuilder builder = OpBuilder::atBlockBegin(&entry.front());
  auto pointer = LLVM::LLVMPointerType::get(entry.getContext());
  ValueRange arguments = entry.getArguments().drop_back(2);
  Value count = LLVM::ConstantOp::create(builder, loc, builder.getI32Type(),
                                         arguments.size());
  Value context = LLVM::AllocaOp::create(builder, loc, pointer, pointer, count);
  for (auto [index, argument] : llvm::enumerate(arguments))
    LLVM::StoreOp::create(
        builder, loc, argument,
        LLVM::GEPOp::create(
            builder, loc, pointer, pointer, context,
            ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)}));
  return context;
}

/// Calls the function that the model's caller gave, `void (*)(void *pool,
/// int32_t count, task, void *context)`.
static void emitLaunch(LLVM::CallOp call, int64_t count, LLVM::LLVMFuncOp task,
                       Value context) {
  OpBuilder builder(call);
  Location loc = call.getLoc();
  Type i32 = builder.getI32Type();
  auto pointer = LLVM::LLVMPointerType::get(call.getContext());
  auto entry = call->getParentOfType<LLVM::LLVMFuncOp>();
  auto [parallelFor, pool] = std::pair<Value, Value>(
      *(entry.getArguments().end() - 2), *(entry.getArguments().end() - 1));
  auto type =
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(call.getContext()),
                                  {pointer, i32, pointer, pointer});
  Value operands[] = {parallelFor, pool,
                      LLVM::ConstantOp::create(builder, loc, i32, count),
                      LLVM::AddressOfOp::create(builder, loc, task), context};
  auto launch = LLVM::CallOp::create(builder, loc, type, operands);
  // As C wants it where 32-bit numbers are passed in wider registers.
  DictionaryAttr none = builder.getDictionaryAttr({});
  launch.setArgAttrsAttr(builder.getArrayAttr(
      {none,
       builder.getDictionaryAttr(builder.getNamedAttr(
           LLVM::LLVMDialect::getSExtAttrName(), builder.getUnitAttr())),
       none, none}));
  call.erase();
}

void quantcc::launchPieces(ModuleOp module,
                           const llvm::StringMap<PieceLaunch> &launches) {
  if (launches.empty())
    return;
  SymbolTable symbols(module);
  SmallVector<LLVM::CallOp> calls;
  module.walk([&](LLVM::CallOp call) {
    if (call.getCallee() && launches.contains(*call.getCallee()))
      calls.push_back(call);
  });
  DenseMap<Operation *, Value> contexts;
  for (LLVM::CallOp call : calls) {
    auto entry = call->getParentOfType<LLVM::LLVMFuncOp>();
    Value &context = contexts[entry];
    if (!context)
      context = buildContext(entry);
    const PieceLaunch &launch = launches.at(*call.getCallee());
    Operation *declaration = symbols.lookup(*call.getCallee());
    auto piece = symbols.lookup<LLVM::LLVMFuncOp>(launch.piece);
    emitLaunch(call, launch.count, buildTask(piece, symbols), context);
    symbols.erase(declaration);
  }
}
