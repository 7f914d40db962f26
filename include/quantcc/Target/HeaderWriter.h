//===- HeaderWriter.h - The C header of a compiled model --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the header that a program includes to call a compiled model.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TARGET_HEADERWRITER_H
#define QUANTCC_TARGET_HEADERWRITER_H

#include "quantcc/Target/ModelDescription.h"

#include <llvm/Support/Error.h>
#include <llvm/Support/raw_ostream.h>

namespace quantcc {

/// Writes the header, C99 and C++, to `stream`: for each input and output its
/// sizes, shape, type and quantization parameters as macros; the arena's size
/// and alignment; inline functions that quantize a real input value and
/// dequantize a stored output value (of 8 or 16 bits); the entry point.
void writeHeader(const ModelDescription &model, llvm::raw_ostream &stream);

/// Errors: `symbol` can't be the name of a C function that a program links.
llvm::Error checkSymbol(llvm::StringRef symbol);

/// Errors: two of `regions` have the same name but for case, or one can't be
/// the name of an argument beside those of every model.
llvm::Error checkRegions(llvm::ArrayRef<MemoryRegion> regions);

} // namespace quantcc

#endif // QUANTCC_TARGET_HEADERWRITER_H
