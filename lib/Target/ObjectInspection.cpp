//===- ObjectInspection.cpp - What an object holds and needs --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks the symbols, relocations, sections and instructions of an ELF object.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/ObjectInspection.h"
#include "InstructionScan.h"
#include "quantcc/Codegen/DispatchVariants.h"

#include <algorithm>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Object/ELFObjectFile.h>

using namespace quantcc;
using llvm::StringRef;
using llvm::object::ELFObjectFileBase;
namespace ELF = llvm::ELF;

bool quantcc::isMemoryFunction(StringRef symbol) {
  return llvm::StringSwitch<bool>(symbol)
      .Cases({"memcpy", "memmove", "memset"}, true)
      .Cases({"__aeabi_memcpy", "__aeabi_memcpy4", "__aeabi_memcpy8"}, true)
      .Cases({"__aeabi_memmove", "__aeabi_memmove4", "__aeabi_memmove8"}, true)
      .Cases({"__aeabi_memset", "__aeabi_memset4", "__aeabi_memset8"}, true)
      .Cases({"__aeabi_memclr", "__aeabi_memclr4", "__aeabi_memclr8"}, true)
      .Default(false);
}

/// The function of `object` that a relocation makes depend on `symbol`, or "".
static StringRef findDependent(const ELFObjectFileBase &object,
                               const llvm::object::SymbolRef &symbol) {
  for (const llvm::object::SectionRef &section : object.sections()) {
    auto patched = section.getRelocatedSection();
    if (!patched) {
      llvm::consumeError(patched.takeError());
      continue;
    }
    if (*patched == object.section_end())
      continue;
    for (const llvm::object::RelocationRef &relocation : section.relocations())
      if (relocation.getSymbol() == symbol)
        return findFunction(object, **patched, relocation.getOffset());
  }
  return {};
}

static llvm::Error collectUndefined(const ELFObjectFileBase &object,
                                    const TargetInfo &target,
                                    ObjectFacts &facts) {
  for (const llvm::object::SymbolRef &symbol : object.symbols()) {
    auto flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    auto name = symbol.getName();
    if (!name)
      return name.takeError();
    // The first entry of an ELF symbol table is undefined and has no name.
    if (!(*flags & llvm::object::SymbolRef::SF_Undefined) || name->empty())
      continue;
    if (!target.hasMemoryFunctions || !isMemoryFunction(*name))
      return llvm::createStringError(
          "function '" + findDependent(object, symbol) + "' calls '" + *name +
          "', but the object must need " +
          (target.hasMemoryFunctions
               ? "no library beside memcpy, memmove and memset"
               : "no library"));
    facts.undefinedSymbols.push_back(name->str());
  }
  llvm::sort(facts.undefinedSymbols);
  return llvm::Error::success();
}

static llvm::Error addSection(const llvm::object::ELFSectionRef &section,
                              const TargetInfo &target, ObjectFacts &facts) {
  uint64_t flags = section.getFlags();
  if (!(flags & ELF::SHF_ALLOC) || section.getSize() == 0)
    return llvm::Error::success();
  auto name = section.getName();
  if (!name)
    return name.takeError();
  uint32_t type = section.getType();
  if (type == ELF::SHT_INIT_ARRAY || type == ELF::SHT_PREINIT_ARRAY ||
      type == ELF::SHT_FINI_ARRAY)
    return llvm::createStringError("the object has constructors in section '" +
                                   *name + "'");
  if (flags & ELF::SHF_EXECINSTR)
    facts.codeBytes += section.getSize();
  else if (flags & ELF::SHF_WRITE)
    facts.writableBytes += section.getSize();
  else
    facts.constantBytes += section.getSize();
  // An object for several processors remembers which it runs on.
  if (facts.writableBytes > (target.variants.empty() ? 0 : kVariantBytes))
    return llvm::createStringError("the object has writable data in section '" +
                                   *name + "'");
  return llvm::Error::success();
}

static llvm::Error countFloatInstructions(const ELFObjectFileBase &object,
                                          const TargetInfo &target,
                                          bool mayComputeInFloat,
                                          ObjectFacts &facts) {
  bool allowsFloat = mayComputeInFloat && target.hasFPU;
  return scanInstructions(
      object, target,
      [&](const ScannedInstruction &instruction) -> llvm::Error {
        if (!computesInFloat(instruction, target))
          return llvm::Error::success();
        if (!allowsFloat)
          return llvm::createStringError(
              "function '" + instruction.function +
              "' computes in floating point, with '" + instruction.text +
              "', but the object must compute in integers alone");
        ++facts.floatInstructions;
        return llvm::Error::success();
      });
}

llvm::Expected<ObjectFacts> quantcc::inspectObject(llvm::ArrayRef<char> bytes,
                                                   const TargetInfo &target,
                                                   bool mayComputeInFloat) {
  auto object = llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef(StringRef(bytes.data(), bytes.size()), "object"));
  if (!object)
    return object.takeError();
  auto &elf = llvm::cast<ELFObjectFileBase>(**object);
  ObjectFacts facts;
  if (llvm::Error error = collectUndefined(elf, target, facts))
    return std::move(error);
  for (const llvm::object::SectionRef &section : elf.sections())
    if (llvm::Error error =
            addSection(llvm::object::ELFSectionRef(section), target, facts))
      return std::move(error);
  if (llvm::Error error =
          countFloatInstructions(elf, target, mayComputeInFloat, facts))
    return std::move(error);
  return facts;
}
