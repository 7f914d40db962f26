//===- BytecodeTrial.cpp - Reading bytecode at no risk --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads bytecode in a child process and reports whether that survived.
//
//===----------------------------------------------------------------------===//

#include "BytecodeTrial.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/Parser/Parser.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;

/// Seconds of processor time that a damaged file can make the reader waste.
static constexpr rlim_t kTimeLimit = 60;

/// What the child does: it reads, and ends.
[[noreturn]] static void readAndExit(llvm::MemoryBufferRef bytecode,
                                     const DialectRegistry &registry) {
  // The parent says what is wrong, and says it once: no stack trace, no core.
  int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  for (int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP})
    std::signal(signal, SIG_DFL);
  rlimit noCore = {0, 0}, time = {kTimeLimit, kTimeLimit};
  setrlimit(RLIMIT_CORE, &noCore);
  setrlimit(RLIMIT_CPU, &time);

  // The parent's context may wait for threads that the child does not have.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  parseSourceString<ModuleOp>(bytecode.getBuffer(), ParserConfig(&context));
  _exit(0);
}

llvm::Error quantcc::tryBytecode(llvm::MemoryBufferRef bytecode,
                                 MLIRContext *context) {
  pid_t child = fork();
  if (child < 0)
    return llvm::createStringError(
        std::error_code(errno, std::generic_category()),
        "cannot start a process to read bytecode in");
  if (child == 0)
    readAndExit(bytecode, context->getDialectRegistry());
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return llvm::createStringError(
          std::error_code(errno, std::generic_category()),
          "cannot wait for the process that reads bytecode");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return llvm::Error::success();
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "the bytecode is damaged");
}
