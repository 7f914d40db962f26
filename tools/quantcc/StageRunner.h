//===- StageRunner.h - Executes a model at one stage ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One way to run a model, whether by compiled code or by the interpreter.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_STAGERUNNER_H
#define QUANTCC_TOOLS_QUANTCC_STAGERUNNER_H

#include "Model.h"

#include <memory>

namespace quantcc {

/// A model made ready to run at one stage.
class StageRunner {
public:
  virtual ~StageRunner();

  const std::vector<TensorSpec> &inputs() const { return inputTensors; }
  /// The model's outputs; then, where values were exposed, those.
  const std::vector<TensorSpec> &outputs() const { return outputTensors; }

  /// How many of the outputs are the model's own.
  size_t modelOutputs() const { return ownOutputs; }

  /// Whether the model keeps something from sample to sample.
  bool isStateful() const { return stateful; }

  /// Runs one sample: the bytes of each input to the bytes of each output. A
  /// stateless model's may be called from several threads at once. A stateful
  /// model's begins with the initial state, and goes on from where the last
  /// call left it: one thread, samples in order.
  virtual llvm::Expected<std::vector<TensorBytes>>
  run(llvm::ArrayRef<TensorBytes> inputs) const = 0;

protected:
  std::vector<TensorSpec> inputTensors;
  std::vector<TensorSpec> outputTensors;
  size_t ownOutputs = 0;
  bool stateful = false;
};

/// Compiles the entry of `module`, which is at the integer stage or is one of
/// the float stages, for this machine, and runs it in this process. `name`
/// starts the message of an error; results beyond `ownOutputs` are exposed
/// values.
llvm::Expected<std::unique_ptr<StageRunner>>
makeCompiledRunner(mlir::OwningOpRef<mlir::ModuleOp> module,
                   llvm::StringRef name, size_t ownOutputs);

/// Emits the object file of `module`, which is at the integer stage, for this
/// machine, and runs what was emitted; otherwise as above. With `threads`, its
/// layers are cut into up to as many pieces, which so many threads run; 0 for
/// one thread.
llvm::Expected<std::unique_ptr<StageRunner>>
makeObjectRunner(mlir::OwningOpRef<mlir::ModuleOp> module, llvm::StringRef name,
                 size_t ownOutputs, unsigned threads = 0);

/// Interprets `module`, which is at the quantized or the integer stage. With
/// `exposeValues`, the result of every op is an output behind the model's own.
llvm::Expected<std::unique_ptr<StageRunner>>
makeInterpretingRunner(mlir::OwningOpRef<mlir::ModuleOp> module,
                       llvm::StringRef name, bool exposeValues = false);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_STAGERUNNER_H
