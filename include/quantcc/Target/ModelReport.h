//===- ModelReport.h - The facts of a compiled model as JSON ----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes what the header says, and the memory plan, for programs to read.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TARGET_MODELREPORT_H
#define QUANTCC_TARGET_MODELREPORT_H

#include "quantcc/Target/ModelDescription.h"

#include <llvm/Support/raw_ostream.h>

namespace quantcc {

/// Writes one JSON object: compiler, model, symbol, target, inputs, outputs,
/// layers, arena (with its lower bound and every buffer) and the object's sizes
/// (with each layer's share of the weights). All sizes are in bytes;
/// `first_use` and `last_use` are positions in the order of execution. Equal
/// descriptions give equal bytes.
void writeReport(const ModelDescription &model, llvm::raw_ostream &stream);

} // namespace quantcc

#endif // QUANTCC_TARGET_MODELREPORT_H
