// RUN: quant-opt %s --quantcc-insert-fake-quantize --split-input-file --verify-diagnostics
// RUN: not quant-opt %s --quantcc-insert-fake-quantize='exclude=[' 2>&1 | FileCheck %s

// CHECK: error: expected a shell pattern to exclude, found '['

func.func @no_range(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expected a range of value 'x'; calibration or range propagation gives one}}
  %0 = quantcc.observe %x {name = "x"} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @weights_are_not_finite(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<0x7FC00000> : tensor<1x1xf32>
  // expected-error@+1 {{cannot quantize the weights of layer 'quantcc.linear': expected finite weights}}
  %0 = quantcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
