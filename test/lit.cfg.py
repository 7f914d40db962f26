"""The lit configuration of quantcc's tests.

Tests under Integration/ that need test data find it through the environment
variable QUANTCC_TEST_DATA; without it they are reported as unsupported.
"""

import os
import platform
import shutil
import subprocess
import tempfile

import lit.formats

config.name = "quantcc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(config.quantcc_source_dir, "test")
config.test_exec_root = os.path.join(config.quantcc_binary_dir, "test")

config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.quantcc_binary_dir, "bin"),
        config.llvm_tools_dir,
        config.environment["PATH"],
    ]
)
config.environment["FILECHECK_OPTS"] = "--enable-var-scope"

config.substitutions.append(("%quantcc_src", config.quantcc_source_dir))
config.substitutions.append(("%quantcc_build", config.quantcc_binary_dir))
config.substitutions.append(("%python", config.python_executable))

# Most of a sanitizer build's memory and time are the sanitizers' own.
limits = " --memory 4096 --timeout 60" if config.sanitizers else ""
config.substitutions.append(
    (
        "%conformance",
        "{} {}/utils/conformance --quantcc {}/bin/quantcc{}".format(
            config.python_executable,
            config.quantcc_source_dir,
            config.quantcc_binary_dir,
            limits,
        ),
    )
)
config.substitutions.append(
    (
        "%run_object",
        "{} {}/test/Integration/Inputs/run-object.py".format(
            config.python_executable, config.quantcc_source_dir
        ),
    )
)
config.substitutions.append(
    (
        "%refused",
        "{} {}/test/Tools/quantcc/Inputs/refused.py".format(
            config.python_executable, config.quantcc_source_dir
        ),
    )
)
host_compiler = next(filter(shutil.which, ("cc", "clang-22", "gcc")), "cc")
config.substitutions.append(("%cc", host_compiler))
config.substitutions.append(("%cxx", config.cxx_compiler))
config.substitutions.append(
    ("%plugin", os.path.join(config.quantcc_binary_dir, "lib", "QuantCCPlugin.so"))
)
if config.sanitizers:
    config.available_features.add("sanitizers")
    # See utils/check. Most of a leak's report would be about LLVM.
    for variable, default in (
        ("ASAN_OPTIONS", "detect_leaks=0:allow_user_poisoning=0"),
        ("UBSAN_OPTIONS", "print_stacktrace=1"),
    ):
        config.environment[variable] = os.environ.get(variable, default)

test_data = os.environ.get("QUANTCC_TEST_DATA")
if test_data and os.path.isdir(test_data):
    config.available_features.add("test-data")
    config.substitutions.append(("%data", os.path.abspath(test_data)))

# ONNX Runtime, where the environment or utils/install-onnxruntime has it.
onnxruntime = os.environ.get(
    "QUANTCC_ONNXRUNTIME",
    os.path.join(config.quantcc_binary_dir, "onnxruntime", "libonnxruntime.so.1"),
)
if os.path.isfile(onnxruntime):
    config.available_features.add("onnxruntime")
    config.environment["QUANTCC_ONNXRUNTIME"] = onnxruntime

# Each program of these that is installed is a feature of its own name.
for program in (
    "qemu-aarch64",
    "qemu-arm",
    "qemu-riscv32",
    "qemu-riscv64",
    "qemu-x86_64",
    "aarch64-linux-gnu-gcc",
    "arm-linux-gnueabihf-gcc",
    "riscv64-linux-gnu-gcc",
    "arm-none-eabi-gcc",
    "riscv64-unknown-elf-gcc",
    "qemu-system-arm",
    "qemu-system-riscv32",
    "make",
    "z3",
    "chromium-headless-shell",
):
    if shutil.which(program):
        config.available_features.add(program)
# The firmware examples with all models: half a minute more.
if os.environ.get("QUANTCC_ALL_FIRMWARE"):
    config.available_features.add("all-firmware")
# Whether a test may mount a small disk of its own.
with tempfile.TemporaryDirectory() as mount_point:
    if shutil.which("unshare") and not subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount"]
        + ["mount", "-t", "tmpfs", "-o", "size=8k", "none", mount_point],
        capture_output=True,
    ).returncode:
        config.available_features.add("unprivileged-mounts")
if platform.machine() in ("x86_64", "AMD64"):
    config.available_features.add("host-x86-64")
    # What x86-64-vnni needs of the processor.
    flags = set()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
            flags = set(cpuinfo.read().split())
    if {"avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512_vnni"} <= flags:
        config.available_features.add("host-avx512-vnni")
    # And x86-64-v4, x86-64-avxvnni and x86-64-v3.
    if {"avx512f", "avx512bw", "avx512vl", "avx512dq"} <= flags:
        config.available_features.add("host-avx512")
    if {"avx2", "fma", "avx_vnni"} <= flags:
        config.available_features.add("host-avx-vnni")
    if {"avx2", "fma"} <= flags:
        config.available_features.add("host-avx2")
