// RUN: quant-opt %s --pass-pipeline='builtin.module(func.func(quantcc-fuse-kernels{kernels=arm-dsp remarks=true}))' --verify-diagnostics | FileCheck %s

// Products of signed bytes: nothing is flipped. The result begins at the zero
// point, so that rounding double never sees a negative sum.
// CHECK-LABEL: func.func @relu
// CHECK-NOT:     arith.xori
// CHECK:         quantcc.fused_conv2d
// CHECK-NOT:     biased
// CHECK:         return
func.func @relu(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in high products with one shift}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 36>, output_zero_point = -128 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @both_signs
// CHECK:         quantcc.fused_conv2d
func.func @both_signs(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in split high products with one shift}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1073741824>, shifts = array<i32: 36>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// A multiplier of 1/2 leaves no bit above the product's upper half.
// CHECK-LABEL: func.func @large_multiplier
// CHECK-NOT:     quantcc.fused_conv2d
func.func @large_multiplier(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: no high product is proved equal to its requantization}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1073741824>, shifts = array<i32: 31>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}
