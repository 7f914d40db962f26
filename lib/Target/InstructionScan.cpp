//===- InstructionScan.cpp - Read the instructions of an object -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's disassembler over the sections of code, without the data that lies
// among it.
//
//===----------------------------------------------------------------------===//

#include "InstructionScan.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <algorithm>
#include <llvm/ADT/STLExtras.h>
#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInst.h>
#include <llvm/MC/MCInstPrinter.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/MCTargetOptions.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>

using namespace quantcc;
using llvm::StringRef;
using llvm::object::ELFObjectFileBase;
using llvm::object::SectionRef;
using llvm::object::SymbolRef;

namespace {

/// LLVM's tables and disassembler for one target.
class TargetDisassembler {
public:
  static llvm::Expected<std::unique_ptr<TargetDisassembler>>
  create(const TargetInfo &target);

  /// Reads the instruction at the beginning of `bytes`; returns how long it
  /// is, 0 if it is none. `text` receives its spelling.
  uint64_t read(llvm::ArrayRef<uint8_t> bytes, uint64_t address,
                llvm::MCInst &instruction, std::string &text) const;

  const llvm::MCInstrDesc &describe(const llvm::MCInst &instruction) const {
    return instructions->get(instruction.getOpcode());
  }

private:
  llvm::Triple triple;
  llvm::MCTargetOptions options;
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> spelling;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCContext> context;
  std::unique_ptr<llvm::MCDisassembler> disassembler;
  std::unique_ptr<llvm::MCInstPrinter> printer;
};

/// A symbol of a section, by address.
struct Mark {
  uint64_t address;
  StringRef name;
};

/// What the symbols of one section say of its bytes.
struct SectionMarks {
  /// By address.
  std::vector<Mark> functions;
  /// Where the kind of bytes changes: "$d" for data, others for code.
  std::vector<Mark> kinds;
};

} // namespace

llvm::Expected<std::unique_ptr<TargetDisassembler>>
TargetDisassembler::create(const TargetInfo &info) {
  initializeCodeGenerators();
  llvm::InitializeAllDisassemblers();
  auto result = std::make_unique<TargetDisassembler>();
  llvm::Triple &triple = result->triple;
  triple = llvm::Triple(llvm::Triple::normalize(info.triple));
  std::string reason;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, reason);
  auto refuse = [&] {
    return llvm::createStringError("no disassembler for target '" +
                                   info.triple + "'");
  };
  if (!target)
    return refuse();
  result->registers.reset(target->createMCRegInfo(triple));
  if (!result->registers)
    return refuse();
  result->spelling.reset(
      target->createMCAsmInfo(*result->registers, triple, result->options));
  result->subtarget.reset(
      target->createMCSubtargetInfo(triple, info.cpu, info.features));
  result->instructions.reset(target->createMCInstrInfo());
  if (!result->spelling || !result->subtarget || !result->instructions)
    return refuse();
  result->context = std::make_unique<llvm::MCContext>(
      triple, result->spelling.get(), result->registers.get(),
      result->subtarget.get());
  result->disassembler.reset(
      target->createMCDisassembler(*result->subtarget, *result->context));
  result->printer.reset(target->createMCInstPrinter(
      triple, result->spelling->getAssemblerDialect(), *result->spelling,
      *result->instructions, *result->registers));
  if (!result->disassembler || !result->printer)
    return refuse();
  return result;
}

uint64_t TargetDisassembler::read(llvm::ArrayRef<uint8_t> bytes,
                                  uint64_t address, llvm::MCInst &instruction,
                                  std::string &text) const {
  uint64_t size = 0;
  if (disassembler->getInstruction(instruction, size, bytes, address,
                                   llvm::nulls()) !=
      llvm::MCDisassembler::Success)
    return 0;
  text.clear();
  llvm::raw_string_ostream stream(text);
  printer->printInst(&instruction, address, "", *subtarget, stream);
  std::replace(text.begin(), text.end(), '\t', ' ');
  text.erase(0, text.find_first_not_of(' '));
  return size;
}

/// Adds `mark` to `marks`, behind those of the same address: of several kinds
/// the last counts.
static void insertMark(std::vector<Mark> &marks, Mark mark) {
  marks.insert(llvm::upper_bound(marks, mark,
                                 [](const Mark &a, const Mark &b) {
                                   return a.address < b.address;
                                 }),
               mark);
}

static llvm::Expected<SectionMarks> findMarks(const ELFObjectFileBase &object,
                                              const SectionRef &section) {
  SectionMarks marks;
  llvm::Triple triple = object.makeTriple();
  // The lowest bit of a Thumb function's address is no part of it.
  uint64_t addressBits =
      triple.isThumb() || triple.isARM() ? ~uint64_t(1) : ~uint64_t(0);
  for (const llvm::object::ELFSymbolRef symbol : object.symbols()) {
    auto home = symbol.getSection();
    if (!home)
      return home.takeError();
    if (*home == object.section_end() || **home != section)
      continue;
    auto name = symbol.getName();
    if (!name)
      return name.takeError();
    auto address = symbol.getAddress();
    if (!address)
      return address.takeError();
    if (symbol.getELFType() == llvm::ELF::STT_FUNC)
      insertMark(marks.functions, {*address & addressBits, *name});
    else if (name->starts_with("$"))
      insertMark(marks.kinds, {*address, *name});
  }
  return marks;
}

/// The last of `marks` at or before `address`, or "".
static StringRef markAt(llvm::ArrayRef<Mark> marks, uint64_t address) {
  auto after =
      llvm::upper_bound(marks, address, [](uint64_t at, const Mark &mark) {
        return at < mark.address;
      });
  return after == marks.begin() ? StringRef() : std::prev(after)->name;
}

StringRef quantcc::findFunction(const ELFObjectFileBase &object,
                                const SectionRef &section, uint64_t offset) {
  auto marks = findMarks(object, section);
  if (!marks) {
    llvm::consumeError(marks.takeError());
    return {};
  }
  StringRef name = markAt(marks->functions, section.getAddress() + offset);
  if (!name.empty())
    return name;
  auto sectionName = section.getName();
  if (sectionName)
    return *sectionName;
  llvm::consumeError(sectionName.takeError());
  return {};
}

static llvm::Error
scanSection(const ELFObjectFileBase &object, const SectionRef &section,
            const TargetDisassembler &disassembler,
            llvm::function_ref<llvm::Error(const ScannedInstruction &)> visit) {
  auto marks = findMarks(object, section);
  if (!marks)
    return marks.takeError();
  auto contents = section.getContents();
  if (!contents)
    return contents.takeError();
  llvm::ArrayRef<uint8_t> bytes(
      reinterpret_cast<const uint8_t *>(contents->data()), contents->size());
  uint64_t base = section.getAddress();
  for (uint64_t at = 0; at < bytes.size();) {
    if (markAt(marks->kinds, base + at).starts_with("$d")) {
      ++at;
      continue;
    }
    StringRef function = markAt(marks->functions, base + at);
    llvm::MCInst instruction;
    std::string text;
    uint64_t size =
        disassembler.read(bytes.drop_front(at), base + at, instruction, text);
    if (size == 0)
      return llvm::createStringError(
          "function '" + function +
          "' holds bytes that are no instruction of the target, at offset " +
          llvm::Twine(at) + " of its section");
    if (llvm::Error error =
            visit({function, text, disassembler.describe(instruction)}))
      return error;
    at += size;
  }
  return llvm::Error::success();
}

llvm::Error quantcc::scanInstructions(
    const ELFObjectFileBase &object, const TargetInfo &target,
    llvm::function_ref<llvm::Error(const ScannedInstruction &)> visit) {
  auto disassembler = TargetDisassembler::create(target);
  if (!disassembler)
    return disassembler.takeError();
  for (const SectionRef &section : object.sections())
    if (section.isText() && section.getSize() != 0)
      if (llvm::Error error =
              scanSection(object, section, **disassembler, visit))
        return error;
  return llvm::Error::success();
}
