//===- HostSupport.cpp - What this machine can execute --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asks LLVM's tables of processors, and Linux for the processor's name.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/HostSupport.h"

#include <llvm/Support/LineIterator.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>
#include <llvm/TargetParser/X86TargetParser.h>

using namespace quantcc;
using llvm::StringRef;

llvm::StringSet<> quantcc::x86FeaturesOf(const TargetInfo &target) {
  llvm::StringSet<> features;
  llvm::SmallVector<StringRef> ofProcessor;
  // The features of the host come one by one: its processor may lack some that
  // others of the same name have.
  if (target.name != "host")
    llvm::X86::getFeaturesForCPU(target.cpu, ofProcessor);
  for (StringRef feature : ofProcessor)
    features.insert(feature);
  llvm::SmallVector<StringRef> written;
  StringRef(target.features).split(written, ',', -1, false);
  for (StringRef feature : written)
    if (feature.consume_front("+"))
      features.insert(feature);
  return features;
}

llvm::Error quantcc::checkRunsHere(const TargetInfo &target) {
  if (target.name == "host")
    return llvm::Error::success();
  llvm::Triple here(llvm::sys::getProcessTriple());
  llvm::Triple there(target.triple);
  if (here.getArch() != there.getArch() || !target.isHosted)
    return llvm::createStringError(
        "code for target '" + target.name + "' (" + there.getArchName() +
        ") does not run on this machine (" + here.getArchName() + ")");
  if (here.getArch() != llvm::Triple::x86_64)
    return llvm::createStringError(
        "whether code for target '" + target.name +
        "' runs on this machine is not known: give --target host");
  llvm::StringMap<bool> present = llvm::sys::getHostCPUFeatures();
  for (const auto &feature : x86FeaturesOf(target)) {
    auto found = present.find(feature.getKey());
    // What the processor does not report on is part of every x86-64.
    if (found != present.end() && !found->second)
      return llvm::createStringError("code for target '" + target.name +
                                     "' does not run on this machine, which "
                                     "lacks " +
                                     feature.getKey());
  }
  return llvm::Error::success();
}

std::string quantcc::processorName() {
  auto text = llvm::MemoryBuffer::getFileAsStream("/proc/cpuinfo");
  if (text)
    for (llvm::line_iterator line(**text); !line.is_at_end(); ++line) {
      auto [key, value] = line->split(':');
      if (key.trim() == "model name")
        return value.trim().str();
    }
  return llvm::sys::getHostCPUName().str();
}
