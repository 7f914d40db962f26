//===- Passes.td - The stage verifier -------------------- -*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass that states and proves what holds after each stage.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_VERIFICATION_PASSES_TD
#define QUANTCC_VERIFICATION_PASSES_TD

include "mlir/Pass/PassBase.td"

def VerifyStage : Pass<"quantcc-verify-stage", "::mlir::ModuleOp"> {
  let summary = "prove that a module keeps a stage's contract";
  let description = [{
    Fails with one error, on the first op that breaks the contract of the stage
    it is given: `--quantcc-verify-stage=NAME` or, with the option's name,
    `--quantcc-verify-stage=stage=NAME`.

    | stage | contract |
    |---|---|
    | imported | no observation, no simulated quantization, no quantized type, no integer op |
    | observed | as imported, but each f32 result of a quantizable op is observed |
    | calibrated | as observed, and each observation has a range |
    | fake-quantized | no observation, no quantized type, no integer op |
    | quantized | network ops are quantized; f32 only at the edges, between function and `quant.qcast` or `quant.dcast`; islands may hold f32 |
    | integer | no float type, no quantized type, no network op, no op of the earlier stages; islands may hold them unless `integer-only` |
  }];
  let options = [
    Option<"stage", "stage", "std::string", "",
           "the stage: imported, observed, calibrated, fake-quantized, "
           "quantized or integer">,
    Option<"integerOnly", "integer-only", "bool", "false",
           "refuse float islands in the integer stage">
  ];
}

#endif // QUANTCC_VERIFICATION_PASSES_TD
