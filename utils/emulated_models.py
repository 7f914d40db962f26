# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models compiled for targets that are not here, linked and run under qemu.

For utils/count-instructions and utils/inner-loops.
"""

import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


class Machine:
    """How programs for a target are linked and run."""

    def __init__(self, compiler, flags, emulator, arguments, program=None):
        self.compiler, self.flags = compiler, flags
        self.emulator, self.arguments = emulator, arguments
        # The arguments before the program's path, other than none.
        self.program = program or []


def linux(prefix, emulator, *arguments):
    return Machine(f"{prefix}gcc", ["-static", "-O1"], emulator, arguments)


def bare_metal(compiler, flags, flash, ram, emulator, *arguments):
    symbols = {"__flash": flash[0], "__flash_size": flash[1],
               "__ram": ram[0], "__ram_size": ram[1], "__stack_size": 0x4000}
    return Machine(
        compiler,
        [*flags, "-O1", "--specs=picolibc.specs", "--crt0=hosted",
         "--oslib=semihost", "-Tpicolibc.ld",
         *(f"-Wl,--defsym={name}={value:#x}" for name, value in symbols.items())],
        emulator,
        [*arguments, "-display", "none", "-monitor", "none", "-serial", "none",
         "-chardev", "stdio,id=console", "-semihosting-config",
         "enable=on,target=native,chardev=console"],
        ["-kernel"])


def cortex_m(board, flash_size, ram_size, *flags):
    return bare_metal("arm-none-eabi-gcc", ["-mthumb", *flags],
                      (0, flash_size), (0x20000000, ram_size),
                      "qemu-system-arm", "-M", board)


def riscv32(name):
    return bare_metal("riscv64-unknown-elf-gcc",
                      [f"-march={name}", "-mabi=ilp32", "-mcmodel=medany"],
                      (0x80000000, 0x400000), (0x80400000, 0x400000),
                      "qemu-system-riscv32", "-M", "virt", "-cpu", "rv32",
                      "-bios", "none")


def triple_of(quantcc, target):
    """The target's triple, or an empty string for an unknown one."""
    listing = run([quantcc, "compile", "--list-targets", "--json"])
    return {row["name"]: row["triple"]
            for row in json.loads(listing)}.get(target, "")


def machine_of(quantcc, target, vlen):
    """How to run `target`, or None where there is no way."""
    triple = triple_of(quantcc, target)
    if triple.startswith("aarch64"):
        return linux("aarch64-linux-gnu-", "qemu-aarch64", "-cpu", "max")
    if triple.startswith("armv7"):
        return linux("arm-linux-gnueabihf-", "qemu-arm", "-cpu", "max")
    if triple.startswith("riscv64"):
        return linux("riscv64-linux-gnu-", "qemu-riscv64", "-cpu",
                     f"rv64,v=true,vlen={vlen},vext_spec=v1.0")
    if target in ("x86-64-v2", "x86-64-v3"):
        return linux("", "qemu-x86_64", "-cpu", "max")
    hard = "-mfloat-abi=hard"
    big, small = 0x400000, 0x80000
    if target == "cortex-m4":
        return cortex_m("mps2-an386", big, big, "-mcpu=cortex-m4",
                        "-mfpu=fpv4-sp-d16", hard)
    if target == "cortex-m7":
        return cortex_m("mps2-an500", big, big, "-mcpu=cortex-m7",
                        "-mfpu=fpv5-d16", hard)
    if target == "cortex-m55":
        return cortex_m("mps3-an547", small, small, "-mcpu=cortex-m55", hard)
    if target in ("rv32imc", "rv32imac"):
        return riscv32(target)
    return None


def fail(message):
    sys.exit(f"error: {os.path.basename(sys.argv[0])}: {message}")


def run(command, **options):
    """Runs a command, whose failure is this program's."""
    if not shutil.which(command[0]):
        fail(f"{command[0]} is missing")
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False,
                          **options)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it says nothing"]
        fail(f"{os.path.basename(command[0])}: "
             f"{lines[0].removeprefix('error: ')}")
    return done.stdout


def build_plugin(folder, emulator):
    """The plugin for the version of qemu that is installed."""
    found = re.search(r"version (\d+)", run([emulator, "--version"]))
    version = 1 if found and int(found.group(1)) < 9 else 2
    plugin = os.path.join(folder, f"count{version}.so")
    if not os.path.exists(plugin):
        run(["cc", "-shared", "-fPIC", "-O2", f"-DPLUGIN_VERSION={version}",
             "-o", plugin, os.path.join(HERE, "instruction-count", "plugin.c")])
    return plugin


def write_program(report, path):
    """A program in C that calls the model of `report` twice."""
    tensors = [("in", tensor["bytes"]) for tensor in report["inputs"]]
    tensors += [("out", tensor["bytes"]) for tensor in report["outputs"]]
    tensors.append(("arena", report["arena"]["bytes"]))
    state = report.get("state")
    if state:
        tensors.append(("state", state["bytes"]))
    lines = []
    for index, (_, size) in enumerate(tensors):
        # Aligned for any target's arena, and never of no size.
        lines.append(f"static unsigned char block{index}[{max(size, 1)}] "
                     "__attribute__((aligned(64)));")
    arguments = ", ".join(["void *"] * len(tensors))
    lines.append(f"void model({arguments});")
    if state:
        lines.append(f"void {state['reset_symbol']}(void *);")
    lines.append("__attribute__((noinline)) void model_returned(void) "
                 "{ __asm__ volatile(\"\"); }")
    lines.append("int main(void) {")
    lines.append("  unsigned random = 1;")
    for index, (kind, size) in enumerate(tensors):
        if kind == "in":
            lines.append(f"  for (int i = 0; i < {size}; ++i)")
            lines.append(f"    block{index}[i] = (random = random * 1664525u + "
                         "1013904223u) >> 24;")
    call = ", ".join(f"block{index}" for index in range(len(tensors)))
    for _ in range(2):
        if state:
            lines.append(f"  {state['reset_symbol']}"
                         f"(block{len(tensors) - 1});")
        lines.append(f"  model({call});")
        lines.append("  model_returned();")
    lines.append("  return 0;")
    lines.append("}")
    with open(path, "w", encoding="utf-8") as text:
        text.write("\n".join(lines) + "\n")


def addresses_of(machine, program):
    """Where the model and the end marker lie."""
    nm = run([machine.compiler, "-print-prog-name=nm"]).strip()
    symbols = {}
    for line in run([nm, program]).splitlines():
        parts = line.split()
        if len(parts) == 3:
            symbols[parts[2]] = int(parts[0], 16)
    # The lowest bit says that code is Thumb; the instruction is not there.
    mask = ~1 if machine.compiler.startswith("arm-") else ~0
    return symbols["model"] & mask, symbols["model_returned"] & mask


class EmulatedModel:
    """A model on one target: what qemu counted, and what the compiler reports."""

    def __init__(self, quantcc, machine, model, target, folder, passed_on,
                 plugins):
        """Compiles, links and runs; `plugins` is a folder to build those in."""
        run([quantcc, "compile", model, "--target", target, "--symbol",
             "model", "-o", folder, *passed_on])
        with open(os.path.join(folder, "model.json"), encoding="utf-8") as text:
            self.report = json.load(text)
        self.machine = machine
        source = os.path.join(folder, "program.c")
        self.program = os.path.join(folder, "program")
        write_program(self.report, source)
        run([machine.compiler, source, os.path.join(folder, "model.o"),
             *machine.flags, "-o", self.program])
        begin, end = addresses_of(machine, self.program)
        counts = os.path.join(folder, "counts")
        profile = os.path.join(folder, "profile")
        run([machine.emulator, *machine.arguments, "-plugin",
             f"{build_plugin(plugins, machine.emulator)},begin={begin:#x},"
             f"end={end:#x},out={counts},profile={profile}",
             *machine.program, self.program], stdin=subprocess.DEVNULL)
        with open(counts, encoding="utf-8") as text:
            runs = [int(line) for line in text]
        if len(runs) != 2 or runs[0] != runs[1]:
            fail(f"{model}, {target}: two runs took {runs} instructions")
        self.instructions = runs[0]
        self.executions = {}
        with open(profile, encoding="utf-8") as text:
            for line in text:
                address, count = line.split()
                address = int(address, 16)
                self.executions[address] = (self.executions.get(address, 0) +
                                            int(count) / 2)


def cut_into_layers(quantcc, model, folder, passed_on):
    """The layers of a model, each with the path of a model of its own."""
    run([quantcc, "bench", model, "--write-layers", folder, *passed_on])
    with open(os.path.join(folder, "index.json"), encoding="utf-8") as text:
        layers = json.load(text)
    return [{**layer, "path": os.path.join(folder, layer["file"])}
            for layer in layers]


def split_arguments():
    """The program's own arguments, and what follows -- for quantcc."""
    arguments = sys.argv[1:]
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1:]
