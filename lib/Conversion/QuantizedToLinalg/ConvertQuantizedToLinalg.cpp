//===- ConvertQuantizedToLinalg.cpp - Quantized stage to integers ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass that takes the quantized stage to the integer stage.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/MovingToLinalg/MovingToLinalg.h"
#include "quantcc/Conversion/Passes.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Interfaces/IntegerLoweringOpInterface.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Func/Transforms/FuncConversions.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

namespace quantcc {
#define GEN_PASS_DEF_CONVERTQUANTIZEDTOLINALG
#include "quantcc/Conversion/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

static Value createStorageCast(OpBuilder &builder, Type type, ValueRange inputs,
                               Location loc) {
  return quant::StorageCastOp::create(builder, loc, type, inputs.front());
}

StorageTypeConverter::StorageTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](RankedTensorType type) -> Type {
    quant::QuantizedType element = getQuantizedElementType(type);
    return element ? type.clone(element.getStorageType()) : type;
  });
  addSourceMaterialization(createStorageCast);
  addTargetMaterialization(createStorageCast);
}

namespace {

/// An op of another dialect that brings its own lowering.
struct ForeignOpPattern
    : OpInterfaceConversionPattern<IntegerLoweringOpInterface> {
  using OpInterfaceConversionPattern::OpInterfaceConversionPattern;

  LogicalResult
  matchAndRewrite(IntegerLoweringOpInterface op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    auto results = op.lowerToInteger(rewriter, operands);
    if (failed(results))
      return failure();
    rewriter.replaceOp(op, *results);
    return success();
  }
};

struct ConvertQuantizedToLinalgPass
    : public quantcc::impl::ConvertQuantizedToLinalgBase<
          ConvertQuantizedToLinalgPass> {
  using ConvertQuantizedToLinalgBase::ConvertQuantizedToLinalgBase;

  void runOnOperation() override;
};

} // namespace

/// Keeps the quantized type of each argument and result for the header.
static void recordTypes(func::FuncOp function) {
  auto toAttr = [](Type type) -> TypeAttr {
    quant::QuantizedType element = getQuantizedElementType(type);
    return element ? TypeAttr::get(element) : TypeAttr();
  };
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    if (TypeAttr attr = toAttr(type))
      function.setArgAttr(index, kTypeAttrName, attr);
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    if (TypeAttr attr = toAttr(type))
      function.setResultAttr(index, kTypeAttrName, attr);
}

/// Casts to and from f32 keep their quantized type.
static void setLegality(ConversionTarget &target,
                        const TypeConverter &converter) {
  target.addLegalDialect<arith::ArithDialect, linalg::LinalgDialect,
                         math::MathDialect, scf::SCFDialect,
                         tensor::TensorDialect>();
  target.addLegalOp<ModuleOp, quant::QuantizeCastOp, quant::DequantizeCastOp>();
  target.addIllegalOp<quant::StorageCastOp>();
  target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp op) {
    return converter.isSignatureLegal(op.getFunctionType());
  });
  target.addDynamicallyLegalOp<VariableOp>(
      [&](VariableOp op) { return converter.isLegal(op.getType()); });
  target.markUnknownOpDynamicallyLegal(
      [&](Operation *op) { return converter.isLegal(op); });
}

void ConvertQuantizedToLinalgPass::runOnOperation() {
  ModuleOp module = getOperation();
  MLIRContext *context = &getContext();
  module.walk(recordTypes);

  StorageTypeConverter converter;
  RewritePatternSet patterns(context);
  populateConvolutionPatterns(converter, patterns);
  populateTransposeConvolutionPatterns(converter, patterns);
  populateMatrixPatterns(converter, patterns);
  populateElementwisePatterns(converter, patterns);
  populatePoolingPatterns(converter, patterns);
  populateGatePatterns(converter, patterns);
  populateWideSoftmaxPatterns(converter, patterns);
  populateResizePatterns(converter, patterns);
  populateLstmPatterns(converter, patterns);
  populateSvdfPatterns(converter, patterns);
  populateMovingToLinalgPatterns(converter, patterns);
  populateStatePatterns(converter, patterns);
  populateCastPatterns(converter, patterns);
  populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns,
                                                                 converter);
  patterns.add<ForeignOpPattern>(converter, context);
  ConversionTarget target(*context);
  setLegality(target, converter);

  // A pattern that refuses an op says why; what the driver adds to it, that
  // the op was not converted, is no news.
  bool refused = false;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return failure();
    return success(std::exchange(refused, true));
  });
  if (failed(applyPartialConversion(module, target, std::move(patterns))))
    return signalPassFailure();
  // The constants that others were folded into.
  module.walk([](arith::ConstantOp constant) {
    if (constant->use_empty())
      constant.erase();
  });
}
