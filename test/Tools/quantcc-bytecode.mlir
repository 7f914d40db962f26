// MLIR's bytecode reader is tried in a child process: whatever a damaged file
// does to it, quantcc says one line and leaves nothing behind.

// RUN: rm -rf %t && mkdir %t
// RUN: quant-opt %s --emit-bytecode -o %t/whole.mlirbc
// RUN: quantcc compile %t/whole.mlirbc --stop-after imported -o %t/out
// RUN: FileCheck %s --input-file %t/out/whole.mlir

// CHECK: quantcc.function

// Bytes become the first of a number of nine bytes, which makes
// counts that no memory holds. How MLIR lays out its sections is its own
// affair; that at least one of them ends the reader is why the trial is there.
// RUN: %python %S/Inputs/damage.py quantcc %t/whole.mlirbc | FileCheck %s --check-prefix=DAMAGE

// DAMAGE-NOT: FAIL
// DAMAGE:     the bytecode is damaged
// DAMAGE-NOT: FAIL

func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tosa.tanh %a : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
