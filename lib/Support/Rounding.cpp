//===- Rounding.cpp - Rounding modes of requantization --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names of the rounding modes, generated from Rounding.td.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/Rounding.h"

#include <llvm/ADT/StringSwitch.h>

#include "quantcc/Support/RoundingEnum.cpp.inc"
