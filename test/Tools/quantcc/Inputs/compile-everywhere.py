"""Compiles a model for each of --list-targets and checks what comes out.

    compile-everywhere.py MODEL RANGES FOLDER CC
"""

import os
import re
import subprocess
import sys

model, ranges, folder, compiler = sys.argv[1:]
# Of the C library, or of the Arm run-time ABI.
ALLOWED = re.compile(r"mem(cpy|move|set)|__aeabi_mem(cpy|move|set|clr)[48]?")


def output_of(*command):
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


for line in output_of("quantcc", "compile", "--list-targets").splitlines():
    target = line.split()[0]
    out = os.path.join(folder, target)
    output_of(
        *("quantcc", "compile", model, "--ranges", ranges),
        *("--target", target, "--symbol", "model", "-o", out),
    )
    needed = output_of(
        "llvm-nm", "--undefined-only", "--just-symbol-name", out + "/model.o"
    ).split()
    output_of(
        *("quantcc", "compile", model, "--ranges", ranges, "--freestanding"),
        *("--target", target, "--symbol", "model", "-o", out + "-freestanding"),
    )
    alone = output_of(
        *("llvm-nm", "--undefined-only", out + "-freestanding/model.o")
    )
    if alone:
        sys.exit(f"{target}: the freestanding object needs {alone}")
    surplus = [name for name in needed if not ALLOWED.fullmatch(name)]
    if surplus:
        sys.exit(f"{target}: the object needs {', '.join(surplus)}")
    output_of(
        *(compiler, "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"),
        *("-Wno-unused-function", "-x", "c", "-fsyntax-only"),
        out + "/model.h",
    )
    print(target, "compiled")
