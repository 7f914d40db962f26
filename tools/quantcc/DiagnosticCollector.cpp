//===- DiagnosticCollector.cpp - Diagnostics as one error -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns what MLIR reports into one error for the user.
//
//===----------------------------------------------------------------------===//

#include "DiagnosticCollector.h"

#include <llvm/ADT/StringSet.h>
#include <llvm/ADT/TypeSwitch.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

std::string quantcc::describeLocation(Location location) {
  return llvm::TypeSwitch<LocationAttr, std::string>(location)
      .Case([](NameLoc name) { return name.getName().str(); })
      .Case([](FileLineColLoc line) {
        return (line.getFilename().getValue() + ":" + Twine(line.getLine()) +
                ":" + Twine(line.getColumn()))
            .str();
      })
      .Case([](FusedLoc fused) {
        for (Location inner : fused.getLocations())
          if (std::string text = describeLocation(inner); !text.empty())
            return text;
        return std::string();
      })
      .Case([](CallSiteLoc call) { return describeLocation(call.getCallee()); })
      .Default([](LocationAttr) { return std::string(); });
}

DiagnosticCollector::DiagnosticCollector(MLIRContext *context, StringRef file)
    : file(file), handler(context, [this](Diagnostic &diagnostic) {
        return handle(diagnostic);
      }) {}

void quantcc::printOnce(const std::string &line) {
  static llvm::StringSet<> printed;
  if (printed.insert(line).second)
    errs() << line << "\n";
}

LogicalResult DiagnosticCollector::handle(Diagnostic &diagnostic) {
  std::string place = describeLocation(diagnostic.getLocation());
  std::string text = file;
  // A location in the model's own text already starts with the file.
  if (StringRef(place).starts_with(file))
    text = place;
  else if (!place.empty() && !StringRef(diagnostic.str()).contains(place))
    text += ": '" + place + "'";
  text += ": " + diagnostic.str();
  // One error is one line.
  std::replace(text.begin(), text.end(), '\n', ' ');
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    if (!firstError)
      firstError = text;
    break;
  case DiagnosticSeverity::Warning:
    printOnce("warning: " + text);
    break;
  case DiagnosticSeverity::Remark:
    printOnce("remark: " + text);
    break;
  case DiagnosticSeverity::Note:
    break;
  }
  return success();
}

llvm::Error DiagnosticCollector::takeError(const Twine &fallback) {
  std::string message =
      firstError ? *firstError : (file + ": " + fallback).str();
  firstError.reset();
  return createStringError(inconvertibleErrorCode(), message);
}
