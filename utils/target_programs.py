# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a compiled model on a processor of another architecture, byte for byte.

The object is linked with unittests/Differential/Harness.c, which needs no C
library and describes the data of `encode`, and runs under qemu-user.
"""

import dataclasses
import functools
import json
import os
import re
import shutil
import struct
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HARNESS = os.path.join(ROOT, "unittests", "Differential", "Harness.c")


@dataclasses.dataclass(frozen=True)
class Target:
    """How programs are linked for a target, and what executes them here."""
    options: tuple
    emulator: tuple
    # Flags of /proc/cpuinfo with which an x86-64 machine executes them itself.
    flags: tuple = ()
    pointer: str = ".quad"

    def command(self):
        """What to write before the program; nothing if nothing executes it."""
        if self.flags and set(self.flags) <= machine_flags():
            return []
        if self.emulator and shutil.which(self.emulator[0]):
            return list(self.emulator)
        return None


@functools.lru_cache
def machine_flags():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as text:
            flags = re.search(r"^flags\s*:(.*)$", text.read(), re.MULTILINE)
    except OSError:
        return set()
    return set(flags.group(1).split()) if flags else set()


X86 = ("--target=x86_64-unknown-linux-gnu",)
AARCH64 = ("--target=aarch64-unknown-linux-gnu",)
RISCV64 = ("--target=riscv64-unknown-linux-gnu", "-mabi=lp64d")

# Those that code is generated for in ways of their own. Emulators have no
# AVX-512, nor AVX-VNNI.
TARGETS = {
    "x86-64-v2": Target(X86, ("qemu-x86_64", "-cpu", "max"), ("sse4_2",)),
    "x86-64-v3": Target(X86, ("qemu-x86_64", "-cpu", "max"), ("avx2", "fma")),
    "x86-64-avxvnni": Target(X86, (), ("avx2", "fma", "avx_vnni")),
    "x86-64-v4": Target(X86, (), ("avx512bw", "avx512dq", "avx512vl")),
    "x86-64-vnni": Target(X86, (), ("avx512_vnni", "avx512vl")),
    "aarch64": Target(AARCH64, ("qemu-aarch64",)),
    "neoverse-n1": Target(AARCH64, ("qemu-aarch64", "-cpu", "max")),
    "neoverse-n2": Target(AARCH64, ("qemu-aarch64", "-cpu", "max")),
    "armv7-a": Target(("--target=armv7-unknown-linux-gnueabihf",
                       "-march=armv7-a"), ("qemu-arm",), pointer=".long"),
    "rv64gc": Target((*RISCV64, "-march=rv64gc"), ("qemu-riscv64",)),
    "rv64gcv": Target((*RISCV64, "-march=rv64gcv"),
                      ("qemu-riscv64", "-cpu",
                       "rv64,v=true,vlen=256,vext_spec=v1.0")),
    "rv32imac": Target(("--target=riscv32-unknown-elf", "-march=rv32imac",
                        "-mabi=ilp32"), ("qemu-riscv32",), pointer=".long"),
}


class ProgramFailed(Exception):
    """The program was not built, died, or reported; the message says which."""


def find_program(*names):
    for name in names:
        if shutil.which(name):
            return name
    raise ProgramFailed(f"cannot find {names[0]}")


def execute(command, seconds):
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False,
                             errors="replace", timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ProgramFailed(f"no end within {seconds} s") from None
    return run.returncode, run.stdout


def encode(description, inputs, outputs):
    """`case_data` of a model of one input and one output, for all samples.

    A stateful model goes through them with one state.
    """
    tensors = description["inputs"] + description["outputs"]
    if len(tensors) != 2:
        raise ProgramFailed("expected one input and one output")
    arena = description["arena"]
    state = description.get("state", {"bytes": 0, "alignment": 1})
    words = [1, 1, arena["bytes"], arena["alignment"], state["bytes"],
             state["alignment"], len(inputs)]
    for tensor in tensors:
        words += [tensor["bytes"], tensor["bytes"] // tensor["elements"]]
    data = struct.pack(f"<{len(words)}I", *words)
    sizes = [tensor["bytes"] for tensor in tensors]
    for number, (given, expected) in enumerate(zip(inputs, outputs,
                                                   strict=True)):
        if [given.nbytes, expected.nbytes] != sizes:
            raise ProgramFailed(f"expected samples of {sizes} bytes")
        data += bytes([number == 0]) + given.tobytes() + expected.tobytes()
    return data + bytes(-len(data) % 4)


def build(target, folder, data, reset):
    """Links `folder`/model.o, whose symbols are `model` and, for a stateful
    model, `reset`, into a program."""
    options, pointer = TARGETS[target].options, TARGETS[target].pointer
    cases, table, program = (os.path.join(folder, name)
                             for name in ("cases.bin", "cases.s", "program"))
    with open(cases, "wb") as file:
        file.write(data)
    with open(table, "w", encoding="utf-8") as file:
        file.write(f".section .rodata\n.balign 8\n.globl case_entries, "
                   f"case_resets, case_count, case_data\n"
                   f"case_entries: {pointer} model\n"
                   f"case_resets: {pointer} {reset}\n"
                   f"case_count: .long 1\n.balign 16\ncase_data: .incbin "
                   f"\"{cases}\"\n")
    code, text = execute(
        [find_program("clang-22", "clang"), *options, "-std=gnu11", "-O1",
         "-ffreestanding", "-fno-builtin", "-fno-pic", "-nostdlib", "-static",
         "-fuse-ld=lld", HARNESS, os.path.join(folder, "model.o"), table,
         "-o", program], 60)
    if code:
        raise ProgramFailed(f"cannot link: {text.strip()[-300:]}")
    return program


def run(target, folder, inputs, outputs, seconds=600):
    """Checks each sample's bytes: `folder` holds model.o and model.json."""
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as text:
        description = json.load(text)
    reset = "model_reset" if "state" in description else "0"
    program = build(target, folder, encode(description, inputs, outputs), reset)
    command = TARGETS[target].command()
    if command is None:
        raise ProgramFailed(f"nothing here executes code for {target}")
    code, report = execute([*command, program], seconds)
    differs = re.search(r"^d ([0-9a-f ]+)$", report, re.MULTILINE)
    if differs:
        _, sample, _, at, expected, found = (
            int(word, 16) for word in differs.group(1).split())
        raise ProgramFailed(f"sample {sample}, byte {at}: expected {expected}, "
                            f"found {found}")
    if re.search("^w ", report, re.MULTILINE):
        raise ProgramFailed(f"wrote outside its tensors: {report.strip()}")
    if code != 0 or report != "e 1\n":
        raise ProgramFailed(f"the program ended with {code}: "
                            f"{report.strip()[-300:]}")
