// RUN: quant-opt %s --quantcc-expand-kernels --split-input-file --verify-diagnostics

memref.global "private" constant @w : memref<2x1x1x4xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<0>
func.func @signed_input(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x4xi8>
  %b = memref.get_global @b : memref<2xi32>
  // expected-error @+1 {{has no kernel: the target's take unsigned bytes, that is, biased ones}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<2x1x1x4xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

memref.global "private" constant @w : memref<2x1x1x4xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<2147483647>
func.func @sums_too_large(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x4xi8>
  %b = memref.get_global @b : memref<2xi32>
  // expected-error @+1 {{has no kernel: no float form is proved equal to its requantization}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<2x1x1x4xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

memref.global "private" constant @b : memref<2xi32> = dense<0>
func.func @variable_weights(%x: memref<1x1x1x4xi8>, %w: memref<2x1x1x4xi8>, %y: memref<1x1x1x2xi8>) {
  %b = memref.get_global @b : memref<2xi32>
  // expected-error @+1 {{expected buffers, and constant weights and bias}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<2x1x1x4xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

func.func @signed_sum(%a: memref<4x16xi8>, %y: memref<4x16xi8>) {
  // expected-error @+1 {{has no kernel: the target's take unsigned bytes, that is, biased ones}}
  quantcc.fused_add ins(%a, %a : memref<4x16xi8>, memref<4x16xi8>) outs(%y : memref<4x16xi8>) {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

func.func @sums_that_are_ties(%a: memref<4x16xi8>, %y: memref<4x16xi8>) {
  // expected-error @+1 {{has no kernel: no float form is proved equal to it}}
  quantcc.fused_add ins(%a, %a : memref<4x16xi8>, memref<4x16xi8>) outs(%y : memref<4x16xi8>) {biased_operands, lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1073741824 : i32, output_shift = 50 : i32, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

memref.global "private" constant @w : memref<2x1x1x4xi4> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<0>
func.func @nibbles_of_few_channels(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x4xi4>
  %b = memref.get_global @b : memref<2xi32>
  // expected-error @+1 {{has no kernel: layers of few channels have few}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<2x1x1x4xi4>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

memref.global "private" constant @w : memref<3x1x1x4xi4> = dense<1>
memref.global "private" constant @b : memref<3xi32> = dense<0>
func.func @accumulators_of_nibbles(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x3xi32>) {
  %w = memref.get_global @w : memref<3x1x1x4xi4>
  %b = memref.get_global @b : memref<3xi32>
  // expected-error @+1 {{has no kernel: accumulators are stored as they are}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<3x1x1x4xi4>, memref<3xi32>) outs(%y : memref<1x1x1x3xi32>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32>, shifts = array<i32>, output_zero_point = 0 : i32, clamp_min = -2147483648 : i32, clamp_max = 2147483647 : i32, rounding = #quantcc.rounding<single>}
  return
}
