//===- RegisterTosaModels.cpp - Interfaces of tosa ops --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attaches all families of models when the tosa dialect is loaded.
//
//===----------------------------------------------------------------------===//

#include "quantcc/ExternalModels/Tosa/RegisterTosaModels.h"
#include "TosaModels.h"

using namespace mlir;
using namespace quantcc;

void quantcc::registerTosaExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tosa::TosaDialect *) {
    // The models make ops of this dialect, which may not be loaded yet.
    context->loadDialect<QuantCCDialect>();
    tosa_models::attachContractionModels(*context);
    tosa_models::attachElementwiseModels(*context);
    tosa_models::attachPoolingModels(*context);
    tosa_models::attachShapeModels(*context);
  });
}
