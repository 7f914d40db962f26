//===- ModelDescription.cpp - All that is known of a compiled model -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The spellings that the header and the report share.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/ModelDescription.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>

using namespace quantcc;

std::string quantcc::hashContent(llvm::StringRef bytes) {
  llvm::SHA256 hash;
  hash.update(bytes);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

llvm::StringRef quantcc::compilerVersion() {
  return "quantcc " QUANTCC_VERSION;
}

std::string quantcc::spellInC(const ElementFormat &format) {
  if (format.isFloat)
    return format.bits == 64 ? "double" : "float";
  return (format.isSigned ? "int" : "uint") + std::to_string(format.bits) +
         "_t";
}

std::string quantcc::positionSuffix(size_t position, size_t count) {
  return count == 1 ? "" : std::to_string(position);
}
