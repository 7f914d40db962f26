//===- Registration.cpp - Everything a tool needs -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registers dialects, external models, passes and pipelines.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Pipelines/Registration.h"

#include "quantcc/Codegen/CodegenPipeline.h"
#include "quantcc/Codegen/LLVMBackend.h"
#include "quantcc/Codegen/Passes.h"
#include "quantcc/Conversion/Passes.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/ExternalModels/Tosa/RegisterTosaModels.h"
#include "quantcc/Pipelines/Pipelines.h"
#include "quantcc/Transforms/Passes.h"
#include "quantcc/Verification/Passes.h"

#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Bufferization/IR/Bufferization.h>
#include <mlir/Dialect/ControlFlow/IR/ControlFlow.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Index/IR/IndexDialect.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Linalg/Passes.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/SMT/IR/SMTDialect.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Dialect/Tosa/IR/TosaOps.h>
#include <mlir/Dialect/Tosa/Transforms/Passes.h>
#include <mlir/Dialect/UB/IR/UBOps.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/Transforms/Passes.h>

void quantcc::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<
      mlir::affine::AffineDialect, mlir::arith::ArithDialect,
      mlir::bufferization::BufferizationDialect, mlir::cf::ControlFlowDialect,
      mlir::func::FuncDialect, mlir::index::IndexDialect,
      mlir::linalg::LinalgDialect, mlir::LLVM::LLVMDialect,
      mlir::math::MathDialect, mlir::memref::MemRefDialect,
      mlir::quant::QuantDialect, mlir::scf::SCFDialect, mlir::smt::SMTDialect,
      mlir::tensor::TensorDialect, mlir::tosa::TosaDialect, mlir::ub::UBDialect,
      mlir::vector::VectorDialect, QuantCCDialect>();
  registerCodegenModels(registry);
  registerTosaExternalModels(registry);
}

void quantcc::registerAllPasses() {
  mlir::registerTransformsPasses();
  mlir::registerLinalgPasses();
  mlir::tosa::registerTosaPasses();
  registerQuantCCTransformsPasses();
  registerConversionPasses();
  registerVerificationPasses();
  registerCodegenPasses();
  registerCodegenPipelines();
  registerPipelines();
}
