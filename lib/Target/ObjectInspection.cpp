//===- ObjectInspection.cpp - What an object holds and needs --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks the symbols and sections of an ELF object.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/ObjectInspection.h"

#include <algorithm>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Object/ELFObjectFile.h>

using namespace quantcc;
using llvm::StringRef;
namespace ELF = llvm::ELF;

bool quantcc::isAllowedUndefinedSymbol(StringRef symbol) {
  return llvm::StringSwitch<bool>(symbol)
      .Cases({"memcpy", "memmove", "memset"}, true)
      .Cases({"__aeabi_memcpy", "__aeabi_memcpy4", "__aeabi_memcpy8"}, true)
      .Cases({"__aeabi_memmove", "__aeabi_memmove4", "__aeabi_memmove8"}, true)
      .Cases({"__aeabi_memset", "__aeabi_memset4", "__aeabi_memset8"}, true)
      .Cases({"__aeabi_memclr", "__aeabi_memclr4", "__aeabi_memclr8"}, true)
      .Default(false);
}

static llvm::Error collectUndefined(const llvm::object::ObjectFile &object,
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
    if (!isAllowedUndefinedSymbol(*name))
      return llvm::createStringError(
          "the target lacks an instruction: the code would call '" + *name +
          "', but the object must not need a library");
    facts.undefinedSymbols.push_back(name->str());
  }
  llvm::sort(facts.undefinedSymbols);
  return llvm::Error::success();
}

static llvm::Error addSection(const llvm::object::ELFSectionRef &section,
                              ObjectFacts &facts) {
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
    return llvm::createStringError("the object has writable data in section '" +
                                   *name + "'");
  else
    facts.constantBytes += section.getSize();
  return llvm::Error::success();
}

llvm::Expected<ObjectFacts> quantcc::inspectObject(llvm::ArrayRef<char> bytes) {
  auto object = llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef(StringRef(bytes.data(), bytes.size()), "object"));
  if (!object)
    return object.takeError();
  ObjectFacts facts;
  if (llvm::Error error = collectUndefined(**object, facts))
    return std::move(error);
  for (const llvm::object::SectionRef &section : (*object)->sections())
    if (llvm::Error error =
            addSection(llvm::object::ELFSectionRef(section), facts))
      return std::move(error);
  return facts;
}
