//===- Rounding.h - Rounding modes of requantization ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The enumeration quantcc::Rounding: `double`, `single`, `half_even` and
// `reduced`, as docs/Numerics.md defines them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_ROUNDING_H
#define QUANTCC_SUPPORT_ROUNDING_H

#include <cstdint>
#include <llvm/ADT/DenseMapInfo.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/Support/LLVM.h>
#include <optional>
#include <string>

#include "quantcc/Support/RoundingEnum.h.inc"

#endif // QUANTCC_SUPPORT_ROUNDING_H
