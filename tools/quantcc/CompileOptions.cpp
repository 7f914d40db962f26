//===- CompileOptions.cpp - Options of quantcc compile alone --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options, and the checks that need no file.
//
//===----------------------------------------------------------------------===//

#include "CompileOptions.h"

#include <llvm/ADT/StringExtras.h>

using namespace llvm;
using namespace quantcc;

CompileOptions::CompileOptions(cl::SubCommand &compile, cl::SubCommand &report,
                               cl::OptionCategory &category)
    : targetTriple(
          "target-triple", cl::value_desc("triple"),
          cl::desc("Compile for a machine that has no name instead, by LLVM's "
                   "triple such as thumbv7em-none-eabihf"),
          cl::sub(compile), cl::sub(report), cl::cat(category)),
      targetCPU("target-cpu", cl::value_desc("name"),
                cl::desc("The processor of --target-triple, in LLVM's terms"),
                cl::sub(compile), cl::sub(report), cl::cat(category)),
      targetFeatures(
          "target-features", cl::value_desc("list"),
          cl::desc("What the processor of --target-triple has (+name) and "
                   "lacks (-name), in LLVM's terms, separated by commas"),
          cl::sub(compile), cl::sub(report), cl::cat(category)),
      targetABI("target-abi", cl::value_desc("name"),
                cl::desc("The calling convention of --target-triple, such as "
                         "ilp32f (default: the triple's own)"),
                cl::sub(compile), cl::sub(report), cl::cat(category)),
      freestanding(
          "freestanding",
          cl::desc("Bring along what would be memcpy, memmove and memset of a "
                   "library, so that the object needs no other"),
          cl::sub(compile), cl::sub(report), cl::cat(category)),
      maxRAM("max-ram", cl::value_desc("bytes"),
             cl::desc("Refuse a model whose arena, state and stack together "
                      "take more; K and M are units of 2^10 and 2^20"),
             cl::sub(compile), cl::sub(report), cl::cat(category)),
      maxFlash("max-flash", cl::value_desc("bytes"),
               cl::desc("Refuse a model whose code and constants together take "
                        "more; K and M are units of 2^10 and 2^20"),
               cl::sub(compile), cl::sub(report), cl::cat(category)),
      regions("region", cl::value_desc("name=bytes"),
              cl::desc("Spread the arena over several memories, each with a "
                       "pointer of its own; the fastest is given first"),
              cl::sub(compile), cl::sub(report), cl::cat(category)),
      sections("section", cl::value_desc("part=name"),
               cl::desc("The section for a part: code, weights, or arena (or a "
                        "--region), which the header then tells"),
               cl::sub(compile), cl::sub(report), cl::cat(category)),
      timing("timing",
             cl::desc("Print what time and memory each phase took, to standard "
                      "error"),
             cl::sub(compile), cl::cat(category)),
      timingFile("timing-json", cl::value_desc("file"),
                 cl::desc("Write what time and memory each phase took, as "
                          "JSON"),
                 cl::sub(compile), cl::cat(category)),
      remarks("remarks",
              cl::desc("Print what code generation does with each layer, and "
                       "what it misses and why, to standard error"),
              cl::sub(compile), cl::cat(category)) {}

std::optional<int64_t> quantcc::parseByteSize(StringRef text) {
  unsigned shift = 0;
  if (text.consume_back("KiB") || text.consume_back("K"))
    shift = 10;
  else if (text.consume_back("MiB") || text.consume_back("M"))
    shift = 20;
  uint64_t number;
  if (!to_integer(text, number, 10) || number > (uint64_t(1) << 40) >> shift)
    return std::nullopt;
  return static_cast<int64_t>(number << shift);
}

static Error readLimit(const cl::opt<std::string> &option,
                       std::optional<int64_t> &limit) {
  if (option.getNumOccurrences() == 0)
    return Error::success();
  limit = parseByteSize(option);
  if (!limit)
    return usageError("--" + option.ArgStr +
                      " expected a number of bytes such as 65536 or 64K, "
                      "found '" +
                      option + "'");
  return Error::success();
}

Error CompileOptions::readTarget(TargetChoice &choice,
                                 bool hasTargetName) const {
  choice.triple = targetTriple;
  choice.cpu = targetCPU;
  choice.features = targetFeatures;
  choice.abi = targetABI;
  bool isDescribed = targetTriple.getNumOccurrences() != 0;
  if (isDescribed && choice.triple.empty())
    return usageError("--target-triple expected a triple");
  if (isDescribed && hasTargetName)
    return usageError("--target and --target-triple exclude each other");
  if (!isDescribed && (targetCPU.getNumOccurrences() != 0 ||
                       targetFeatures.getNumOccurrences() != 0 ||
                       targetABI.getNumOccurrences() != 0))
    return usageError("--target-cpu, --target-features and --target-abi go "
                      "with --target-triple");
  return Error::success();
}

Error CompileOptions::readPlacement(PlacementChoice &choice) const {
  for (const std::string &text : regions) {
    auto [name, size] = StringRef(text).split('=');
    std::optional<int64_t> bytes = parseByteSize(size);
    if (name.empty() || !bytes)
      return usageError("--region expected a name and its bytes, such as "
                        "fast=64K, found '" +
                        text + "'");
    choice.regions.push_back({name.str(), bytes, ""});
  }
  if (choice.regions.empty())
    choice.regions.push_back({kArenaName.str(), std::nullopt, ""});
  for (const std::string &text : sections) {
    auto [part, name] = StringRef(text).split('=');
    bool isName = !name.empty() && all_of(name, [](char c) {
      return isAlnum(c) || StringRef("._-$").contains(c);
    });
    if (!isName)
      return usageError("--section expected a part and a section's name, such "
                        "as code=.fast, found '" +
                        text + "'");
    auto region = find_if(choice.regions, [&part = part](const auto &each) {
      return each.name == part;
    });
    if (region != choice.regions.end())
      region->section = name.str();
    else if (part == "code")
      choice.codeSection = name.str();
    else if (part == "weights")
      choice.weightsSection = name.str();
    else
      return usageError("--section expected code, weights or a region of the "
                        "arena, found '" +
                        part + "'");
  }
  if (!choice.codeSection.empty() &&
      choice.codeSection == choice.weightsSection)
    return usageError("--section expected code and weights in different "
                      "sections");
  return Error::success();
}

Error CompileOptions::read(CommandLine &line, bool hasTargetName) const {
  if (Error error = readTarget(line.target, hasTargetName))
    return error;
  if (Error error = readPlacement(line.placement))
    return error;
  line.freestanding = freestanding;
  line.timing = timing;
  line.timingFile = timingFile;
  line.remarks = remarks;
  if (Error error = readLimit(maxRAM, line.sizes.maxRAM))
    return error;
  return readLimit(maxFlash, line.sizes.maxFlash);
}
