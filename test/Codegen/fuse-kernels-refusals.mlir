// RUN: quant-opt %s --pass-pipeline='builtin.module(func.func(quantcc-fuse-kernels{kernels=avx2}))' --remark-format=emitRemark --remarks-filter=quantcc --verify-diagnostics | FileCheck %s

// What no target has a kernel for, each for its own reason.

// CHECK-LABEL: func.func @input_of_other_width
// CHECK-NOT:     quantcc.fused_conv2d
func.func @input_of_other_width(%x: tensor<4x8xi32>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi32>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: its input has 32 bits: kernels take 8 and 16}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @sums_of_64_bits
// CHECK-NOT:     quantcc.fused_conv2d
func.func @sums_of_64_bits(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi64>
  %e = tensor.empty() : tensor<4x3xi64>
  %init = linalg.broadcast ins(%b : tensor<3xi64>) outs(%e : tensor<4x3xi64>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi64>) -> tensor<4x3xi64>
  // expected-remark @+1 {{takes the portable way: its sums take 64 bits: kernels add up 32, which a bias of 32 bits and weights of less magnitude leave}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi64> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @wide_weights_beside_wide_input
// CHECK-NOT:     quantcc.fused_conv2d
func.func @wide_weights_beside_wide_input(%x: tensor<4x8xi16>) -> tensor<4x3xi16> {
  %w = arith.constant dense<2> : tensor<3x8xi16>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi16>, tensor<3x8xi16>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: its weights less their zero point take 16 bits: beside an input of 16 bits kernels take up to 8, and weights without a zero point have 8}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi16>
  return %y : tensor<4x3xi16>
}

// CHECK-LABEL: func.func @weights_of_32_bits
// CHECK-NOT:     quantcc.fused_conv2d
func.func @weights_of_32_bits(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi32>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi32>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: its weights less their zero point take 32 bits: beside an input of 8 bits kernels take up to 16, and weights without a zero point have 8}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @one_bias_for_all
// CHECK-NOT:     quantcc.fused_conv2d
func.func @one_bias_for_all(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant 7 : i32
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.fill ins(%b : i32) outs(%e : tensor<4x3xi32>) -> tensor<4x3xi32>
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: its bias is not one constant a channel}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @rows_without_number
// CHECK-NOT:     quantcc.fused_conv2d
func.func @rows_without_number(%x: tensor<?x8xi8>, %e: tensor<?x3xi32>) -> tensor<?x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<?x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<?x8xi8>, tensor<3x8xi8>) outs(%init : tensor<?x3xi32>) -> tensor<?x3xi32>
  // expected-remark @+1 {{takes the portable way: its shapes are not static}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<?x3xi32> -> tensor<?x3xi8>
  return %y : tensor<?x3xi8>
}

// CHECK-LABEL: func.func @sum_of_16_bits
// CHECK-NOT:     quantcc.fused_add
func.func @sum_of_16_bits(%a: tensor<4x8xi16>, %b: tensor<4x8xi16>) -> tensor<4x8xi16> {
  // expected-remark @+1 {{takes the portable way: its operands have more than 8 bits}}
  %y = quantcc.integer_add %a, %b {lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 0 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 12 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>} : (tensor<4x8xi16>, tensor<4x8xi16>) -> tensor<4x8xi16>
  return %y : tensor<4x8xi16>
}
