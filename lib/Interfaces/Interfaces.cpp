//===- Interfaces.cpp - The op interfaces ---------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The generated halves of the op interfaces.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Interfaces/FloatRangeOpInterface.h"
#include "quantcc/Interfaces/IntegerLoweringOpInterface.h"
#include "quantcc/Interfaces/QuantizableOpInterface.h"

#include "quantcc/Interfaces/FloatRangeOpInterface.cpp.inc"
#include "quantcc/Interfaces/IntegerLoweringOpInterface.cpp.inc"
#include "quantcc/Interfaces/QuantizableOpInterface.cpp.inc"
