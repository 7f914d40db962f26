//===- TargetProgram.cpp - Many graphs in one executable ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes, links and runs programs of graphs.
//
//===----------------------------------------------------------------------===//

#include "TargetProgram.h"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Program.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>

using namespace quantcc;
using namespace quantcc::differential;

using llvm::ArrayRef;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

static constexpr unsigned kSecondsToRun = 120;

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

namespace {

/// A machine of qemu, its memory for code and vectors, and one for the rest.
struct Board {
  const char *processor, *name;
  unsigned long codeAt, restAt;
};

} // namespace

/// The vectors lie at 0 on all of them.
static constexpr Board kBoards[] = {
    {"cortex-m4", "mps2-an386", 0x400, 0x21000000},
    {"cortex-m7", "mps2-an500", 0x400, 0x60000000},
    {"cortex-m55", "mps3-an547", 0x400, 0x60000000},
};

static const Board *findBoard(const TargetInfo &info) {
  const Board *board = llvm::find_if(
      kBoards, [&](const Board &one) { return info.cpu == one.processor; });
  return board == std::end(kBoards) ? nullptr : board;
}

static std::string linkerScriptFor(const Board &board) {
  return "SECTIONS {\n"
         "  .vectors 0 : { KEEP(*(.vectors)) }\n"
         "  . = " +
         std::to_string(board.codeAt) +
         ";\n"
         "  .text : { *(.text .text.*) }\n"
         "  . = " +
         std::to_string(board.restAt) +
         ";\n"
         "  .rodata : { *(.rodata .rodata.*) }\n"
         "  .data : { *(.data .data.*) }\n"
         "  .bss : { *(.bss .bss.*) }\n"
         "  /DISCARD/ : { *(.ARM.exidx*) }\n"
         "}\nENTRY(reset)\n";
}

static std::vector<std::string> emulatorFor(const llvm::Triple &triple,
                                            const TargetInfo &info,
                                            unsigned vectorBits) {
  llvm::Triple host(llvm::sys::getProcessTriple());
  if (triple.getArch() == host.getArch())
    return {};
  if (triple.isAArch64())
    return {"qemu-aarch64"};
  if (const Board *board = findBoard(info))
    return {"qemu-system-arm",
            "-M",
            board->name,
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "none",
            "-semihosting-config",
            "enable=on,target=native",
            "-kernel"};
  if (triple.isARM())
    return {"qemu-arm"};
  if (triple.isRISCV32())
    return {"qemu-riscv32"};
  if (triple.isRISCV64() && StringRef(info.features).contains("+v"))
    return {"qemu-riscv64", "-cpu",
            "rv64,v=true,vlen=" + std::to_string(vectorBits) +
                ",vext_spec=v1.0"};
  if (triple.isRISCV64())
    return {"qemu-riscv64"};
  return {"qemu-x86_64"};
}

/// What fixes the calling convention. Beyond that the harness needs not be
/// compiled for the very processor.
static std::vector<std::string> optionsFor(const llvm::Triple &triple,
                                           const TargetInfo &info) {
  std::vector<std::string> options = {"--target=" + info.triple};
  if (triple.isThumb())
    options.push_back("-mcpu=" + info.cpu);
  else if (triple.isARM())
    options.push_back("-march=armv7-a");
  if (triple.isRISCV64())
    options.push_back("-march=rv64gc");
  else if (triple.isRISCV32())
    options.push_back(StringRef(info.features).contains("+a")
                          ? "-march=rv32imac"
                          : "-march=rv32imc");
  if (!info.abi.empty())
    options.push_back("-mabi=" + info.abi);
  return options;
}

Expected<ExecutionTarget>
quantcc::differential::lookupExecutionTarget(StringRef name,
                                             unsigned vectorBits) {
  Expected<TargetInfo> info = lookupTarget(name);
  if (!info)
    return info.takeError();
  llvm::Triple triple(llvm::Triple::normalize(info->triple));
  const Board *board = findBoard(*info);
  if (triple.isThumb() && !board)
    return createStringError("no board with a " + info->cpu + " is known");
  ExecutionTarget target{*info, optionsFor(triple, *info),
                         emulatorFor(triple, *info, vectorBits),
                         board ? linkerScriptFor(*board) : ""};
  if (!target.emulator.empty()) {
    auto path = llvm::sys::findProgramByName(target.emulator.front());
    if (!path)
      return createStringError("cannot find the emulator " +
                               target.emulator.front());
    target.emulator.front() = *path;
  }
  return target;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

static std::string pathIn(StringRef folder, const llvm::Twine &name) {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

static Error writeFile(StringRef path, StringRef bytes) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code);
  if (!code) {
    stream << bytes;
    stream.close();
    code = stream.error();
  }
  if (code)
    return createStringError(code, "cannot write " + path);
  return Error::success();
}

/// Runs a program whose output goes to the file `output`, and returns its exit
/// code, negative where it died.
static int execute(ArrayRef<std::string> command, StringRef output) {
  llvm::SmallVector<StringRef> arguments(command.begin(), command.end());
  std::optional<StringRef> redirects[] = {StringRef(""), output, output};
  return llvm::sys::ExecuteAndWait(arguments.front(), arguments, std::nullopt,
                                   redirects, kSecondsToRun);
}

static std::string contentOf(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

Expected<TargetProgram> TargetProgram::create(ExecutionTarget target,
                                              StringRef folder) {
  TargetProgram program;
  program.machine = std::move(target);
  program.folder = folder.str();
  for (const char *name : {"clang-22", "clang"})
    if (auto path = llvm::sys::findProgramByName(name);
        path && program.compiler.empty())
      program.compiler = *path;
  if (program.compiler.empty())
    return createStringError("cannot find clang");
  const std::string &name = program.machine.info.name;
  std::string source = pathIn(folder, name + ".c");
  if (Error error = writeFile(source, kHarnessSource))
    return std::move(error);
  program.harnessObject = pathIn(folder, name + ".o");
  std::vector<std::string> command = {program.compiler};
  llvm::append_range(command, program.machine.compilerOptions);
  for (StringRef option : {"-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror",
                           "-ffreestanding", "-fno-builtin", "-fno-pic", "-c",
                           source.c_str(), "-o", program.harnessObject.c_str()})
    command.push_back(option.str());
  std::string script = program.machine.linkerScript;
  if (!script.empty()) {
    std::string path = pathIn(folder, name + ".ld");
    if (Error error = writeFile(path, script))
      return std::move(error);
    program.machine.compilerOptions.push_back("-Wl,-T," + path);
  }
  std::string log = pathIn(folder, name + ".log");
  if (execute(command, log) != 0)
    return createStringError("cannot compile the harness for " + name + ":\n" +
                             contentOf(log));
  return program;
}

static void appendWord(std::string &data, uint32_t word) {
  for (unsigned i = 0; i < 4; ++i)
    data += static_cast<char>(word >> (8 * i));
}

/// The case's part of `case_data`; see Harness.c.
static std::string encode(const CompiledCase &one) {
  const ModelInterface &interface = one.object.interface;
  std::string data;
  appendWord(data, interface.inputs.size());
  appendWord(data, interface.outputs.size());
  appendWord(data, interface.arenaBytes);
  appendWord(data, interface.arenaAlignment);
  appendWord(data, interface.stateBytes);
  appendWord(data, interface.stateAlignment);
  appendWord(data, one.samples.size());
  for (const auto &tensors : {interface.inputs, interface.outputs})
    for (const TensorInterface &tensor : tensors) {
      appendWord(data, tensor.numBytes());
      appendWord(data, tensor.format.bits / 8);
    }
  for (const Sample &sample : one.samples) {
    data += static_cast<char>(sample.startsOver);
    for (const auto &tensors : {sample.inputs, sample.outputs})
      for (const Bytes &bytes : tensors)
        data.append(bytes.begin(), bytes.end());
  }
  data.resize(llvm::alignTo(data.size(), 4));
  return data;
}

/// The table of entry points, and the data.
static std::string assemble(ArrayRef<CompiledCase> cases, unsigned pointerBits,
                            StringRef dataPath) {
  std::string pointer = pointerBits == 64 ? ".quad " : ".long ";
  std::string text =
      ".section .rodata\n.balign 8\n.globl case_entries, case_resets, "
      "case_count, case_data\ncase_entries:\n";
  for (const CompiledCase &one : cases)
    text += pointer + one.symbol + "\n";
  text += "case_resets:\n";
  for (const CompiledCase &one : cases) {
    const ModelInterface &interface = one.object.interface;
    text += pointer + (interface.isStateful() ? interface.resetSymbol() : "0") +
            "\n";
  }
  text += "case_count: .long " + std::to_string(cases.size()) +
          "\n.balign 16\ncase_data: .incbin \"" + dataPath.str() + "\"\n";
  return text;
}

/// Writes and links the program `folder`/program.
static Error build(ArrayRef<CompiledCase> cases, StringRef folder,
                   std::vector<std::string> command, const TargetInfo &target) {
  std::string data;
  for (const CompiledCase &one : cases) {
    std::string object = pathIn(folder, one.symbol + ".o");
    const auto &bytes = one.object.bytes;
    if (Error error = writeFile(object, {bytes.data(), bytes.size()}))
      return error;
    command.push_back(object);
    data += encode(one);
  }
  std::string dataPath = pathIn(folder, "cases.bin");
  std::string tablePath = pathIn(folder, "cases.s");
  if (Error error = writeFile(dataPath, data))
    return error;
  if (Error error =
          writeFile(tablePath, assemble(cases, target.indexBits, dataPath)))
    return error;
  command.insert(command.end(),
                 {tablePath, "-nostdlib", "-static", "-fuse-ld=lld", "-o",
                  pathIn(folder, "program")});
  std::string log = pathIn(folder, "link.log");
  if (execute(command, log) != 0)
    return createStringError("cannot link for " + target.name + ":\n" +
                             contentOf(log));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

static std::string describe(ArrayRef<uint32_t> numbers, char kind) {
  auto text = [&](unsigned index) { return std::to_string(numbers[index]); };
  if (kind == 'w')
    return "sample " + text(1) + ": wrote outside tensor " + text(2);
  return "sample " + text(1) + ", output " + text(2) + ", byte " + text(3) +
         ": expected " + text(4) + ", found " + text(5);
}

/// Adds the harness's report to `verdicts`; false if it breaks off.
static bool readReport(StringRef report, Verdicts &verdicts) {
  llvm::SmallVector<StringRef> lines;
  report.split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef line : lines) {
    llvm::SmallVector<StringRef> words;
    line.drop_front().split(words, ' ', -1, /*KeepEmpty=*/false);
    llvm::SmallVector<uint32_t> numbers(words.size());
    for (auto [word, number] : llvm::zip_equal(words, numbers))
      if (word.getAsInteger(16, number))
        return false;
    if (line.front() == 'e')
      return numbers.size() == 1 && numbers[0] == verdicts.size();
    size_t expected = line.front() == 'd' ? 6 : 3;
    if (numbers.size() != expected || numbers[0] >= verdicts.size())
      return false;
    verdicts[numbers[0]] = describe(numbers, line.front());
  }
  return false;
}

Expected<Verdicts> TargetProgram::run(ArrayRef<CompiledCase> cases,
                                      StringRef name) const {
  std::string place = pathIn(folder, name);
  if (std::error_code code = llvm::sys::fs::create_directory(place))
    return createStringError(code, "cannot make " + place);
  std::vector<std::string> command = {compiler};
  llvm::append_range(command, machine.compilerOptions);
  command.push_back(harnessObject);
  Error error = build(cases, place, command, machine.info);
  Verdicts verdicts(cases.size());
  bool isWhole = false;
  if (!error) {
    std::vector<std::string> invocation = machine.emulator;
    invocation.push_back(pathIn(place, "program"));
    std::string report = pathIn(place, "report");
    int code = execute(invocation, report);
    isWhole = code == 0 && readReport(contentOf(report), verdicts);
  }
  llvm::sys::fs::remove_directories(place);
  if (error)
    return std::move(error);
  if (isWhole)
    return verdicts;
  if (cases.size() == 1)
    return Verdicts{"the program died or did not end"};
  for (size_t i = 0; i < cases.size(); ++i) {
    Expected<Verdicts> one = run(cases.slice(i, 1), name);
    if (!one)
      return one.takeError();
    verdicts[i] = one->front();
  }
  return verdicts;
}
