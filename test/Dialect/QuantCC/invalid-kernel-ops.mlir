// RUN: quant-opt %s --split-input-file --verify-diagnostics

func.func @rank(%x: tensor<4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected images of rank 4 and of one number, found 'tensor<4x4x8xi8>' and 'tensor<1x4x4x4xi8>' (C80)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @channels(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x7xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected weights for 8 channels and 4 results, found 'tensor<4x1x1x7xi8>' (C80)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x7xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @depthwise_channels(%x: tensor<1x4x4x8xi8>, %w: tensor<1x1x4xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected weights for 8 channels and 4 results, found 'tensor<1x1x4xi8>' (C80)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<1x1x4xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @bias(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<3xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected a bias of 4 values, found 'tensor<3xi32>' (C80)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<3xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @no_result(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) {
  // expected-error @+1 {{expected a result like outs on tensors, and none on buffers (C80)}}
  quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

func.func @mixed(%x: memref<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected all operands of static shape, tensors or buffers (C80)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : memref<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @strides(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected two positive strides and dilations (C80)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 0>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @window(%x: tensor<1x4x4x8xi8>, %w: tensor<4x3x3x8xi8>, %b: tensor<4xi32>, %init: tensor<1x2x4x4xi8>) -> tensor<1x2x4x4xi8> {
  // expected-error @+1 {{expected windows within the input, found one that ends at 5 of 4 (C80)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x3x3x8xi8>, tensor<4xi32>) outs(%init : tensor<1x2x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x2x4x4xi8>
  return %r : tensor<1x2x4x4xi8>
}

// -----

func.func @multipliers(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected 1 or 4 multipliers and as many shifts, found 2 and 2 (C81)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1, 2>, shifts = array<i32: 38, 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @shift(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected a shift within [2, 62], found 63 (C81)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 63>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @rounding(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected rounding double, single or half_even, found reduced (C81)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<reduced>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @clamp(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected clamp bounds in order and a zero point, all within [-128, 127], found [-128, 128] and 0 (C81)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 128 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @shapes(%a: tensor<4x8xi8>, %init: tensor<4x7xi8>) -> tensor<4x7xi8> {
  // expected-error @+1 {{expected operands of the shape of outs, found 'tensor<4x8xi8>' and 'tensor<4x8xi8>' for 'tensor<4x7xi8>' (C88)}}
  %r = quantcc.fused_add ins(%a, %a : tensor<4x8xi8>, tensor<4x8xi8>) outs(%init : tensor<4x7xi8>) {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<4x7xi8>
  return %r : tensor<4x7xi8>
}

// -----

func.func @multiplier(%a: tensor<4x8xi8>, %init: tensor<4x8xi8>) -> tensor<4x8xi8> {
  // expected-error @+1 {{expected a shift within [2, 62], found 1 (C88)}}
  %r = quantcc.fused_add ins(%a, %a : tensor<4x8xi8>, tensor<4x8xi8>) outs(%init : tensor<4x8xi8>) {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 1 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<4x8xi8>
  return %r : tensor<4x8xi8>
}

// -----

func.func @left_shift(%a: tensor<4x8xi8>, %init: tensor<4x8xi8>) -> tensor<4x8xi8> {
  // expected-error @+1 {{expected a left shift within [0, 22], found 23 (C88)}}
  %r = quantcc.fused_add ins(%a, %a : tensor<4x8xi8>, tensor<4x8xi8>) outs(%init : tensor<4x8xi8>) {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 23 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<4x8xi8>
  return %r : tensor<4x8xi8>
}

// -----

func.func @zero_point(%a: tensor<4x8xi8>, %init: tensor<4x8xi8>) -> tensor<4x8xi8> {
  // expected-error @+1 {{expected zero points within [-128, 127], found 128 (C88)}}
  %r = quantcc.fused_add ins(%a, %a : tensor<4x8xi8>, tensor<4x8xi8>) outs(%init : tensor<4x8xi8>) {lhs_zero_point = 128 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<4x8xi8>
  return %r : tensor<4x8xi8>
}

// -----

func.func @clamp(%a: tensor<4x8xi8>, %init: tensor<4x8xi8>) -> tensor<4x8xi8> {
  // expected-error @+1 {{expected clamp bounds in order and a zero point, all within [-128, 127], found [-128, 128] and -3 (C88)}}
  %r = quantcc.fused_add ins(%a, %a : tensor<4x8xi8>, tensor<4x8xi8>) outs(%init : tensor<4x8xi8>) {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 128 : i32, rounding = #quantcc.rounding<single>} -> tensor<4x8xi8>
  return %r : tensor<4x8xi8>
}

// -----

func.func @sum_rounding(%a: tensor<4x8xi8>, %init: tensor<4x8xi8>) -> tensor<4x8xi8> {
  // expected-error @+1 {{expected rounding double, single or half_even, found reduced (C88)}}
  %r = quantcc.fused_add ins(%a, %a : tensor<4x8xi8>, tensor<4x8xi8>) outs(%init : tensor<4x8xi8>) {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<reduced>} -> tensor<4x8xi8>
  return %r : tensor<4x8xi8>
}

// -----

func.func @widths(%x: tensor<1x4x4x8xi16>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
  // expected-error @+1 {{expected input and outs of one element type, found 'i16' and 'i8' (C100)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi16>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
  return %r : tensor<1x4x4x4xi8>
}

// -----

func.func @wide_nibbles(%x: tensor<1x4x4x8xi16>, %w: tensor<4x1x1x8xi4>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi16>) -> tensor<1x4x4x4xi16> {
  // expected-error @+1 {{expected values of i16 that are not biased, and weights of i8 for them (C100)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi16>, tensor<4x1x1x8xi4>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi16>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi16>
  return %r : tensor<1x4x4x4xi16>
}

// -----

func.func @wide_clamp(%x: tensor<1x4x4x8xi16>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi16>) -> tensor<1x4x4x4xi16> {
  // expected-error @+1 {{expected clamp bounds in order and a zero point, all within [-32768, 32767], found [-32769, 127] and 0 (C81)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi16>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi16>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -32769 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi16>
  return %r : tensor<1x4x4x4xi16>
}

// -----

func.func @accumulators_with_multipliers(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi32>) -> tensor<1x4x4x4xi32> {
  // expected-error @+1 {{expected an input of i8, no multipliers, zero point 0, the bounds of i32 and no biased result for outs of i32 (C101)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi32>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -2147483648 : i32, clamp_max = 2147483647 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi32>
  return %r : tensor<1x4x4x4xi32>
}

// -----

func.func @clamped_accumulators(%x: tensor<1x4x4x8xi8>, %w: tensor<4x1x1x8xi8>, %b: tensor<4xi32>, %init: tensor<1x4x4x4xi32>) -> tensor<1x4x4x4xi32> {
  // expected-error @+1 {{the bounds of i32 and no biased result for outs of i32 (C101)}}
  %r = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x4x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi32>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32>, shifts = array<i32>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi32>
  return %r : tensor<1x4x4x4xi32>
}

// -----

func.func @flat_matrices(%a: tensor<4x8xi8>, %b: tensor<2x8x6xi8>, %init: tensor<2x4x6xi8>) -> tensor<2x4x6xi8> {
  // expected-error @+1 {{expected matrices of rank 3, found 'tensor<4x8xi8>', 'tensor<2x8x6xi8>' and 'tensor<2x4x6xi8>' (C108)}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<4x8xi8>, tensor<2x8x6xi8>) outs(%init : tensor<2x4x6xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} -> tensor<2x4x6xi8>
  return %r : tensor<2x4x6xi8>
}

// -----

func.func @unlike_depths(%a: tensor<2x4x8xi8>, %b: tensor<2x6x8xi8>, %init: tensor<2x4x6xi8>) -> tensor<2x4x6xi8> {
  // expected-error @+1 {{expected operands whose product is of the shape of outs, found 'tensor<2x4x8xi8>' and 'tensor<2x6x8xi8>' for 'tensor<2x4x6xi8>' (C108)}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<2x4x8xi8>, tensor<2x6x8xi8>) outs(%init : tensor<2x4x6xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} -> tensor<2x4x6xi8>
  return %r : tensor<2x4x6xi8>
}

// -----

func.func @unlike_batches(%a: tensor<2x4x8xi8>, %b: tensor<1x8x6xi8>, %init: tensor<2x4x6xi8>) -> tensor<2x4x6xi8> {
  // expected-error @+1 {{expected operands whose product is of the shape of outs}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<2x4x8xi8>, tensor<1x8x6xi8>) outs(%init : tensor<2x4x6xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} -> tensor<2x4x6xi8>
  return %r : tensor<2x4x6xi8>
}

// -----

func.func @not_transposed(%a: tensor<2x4x8xi8>, %b: tensor<2x8x6xi8>, %init: tensor<2x4x6xi8>) -> tensor<2x4x6xi8> {
  // expected-error @+1 {{expected operands whose product is of the shape of outs}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<2x4x8xi8>, tensor<2x8x6xi8>) outs(%init : tensor<2x4x6xi8>) {transpose_rhs, lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} -> tensor<2x4x6xi8>
  return %r : tensor<2x4x6xi8>
}

// -----

func.func @far_zero_point(%a: tensor<2x4x8xi8>, %b: tensor<2x8x6xi8>, %init: tensor<2x4x6xi8>) -> tensor<2x4x6xi8> {
  // expected-error @+1 {{expected zero points within [-128, 127], found 128 (C109)}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<2x4x8xi8>, tensor<2x8x6xi8>) outs(%init : tensor<2x4x6xi8>) {lhs_zero_point = 128 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} -> tensor<2x4x6xi8>
  return %r : tensor<2x4x6xi8>
}

// -----

func.func @far_clamp(%a: tensor<2x4x8xi8>, %b: tensor<2x8x6xi8>, %init: tensor<2x4x6xi8>) -> tensor<2x4x6xi8> {
  // expected-error @+1 {{all within [-128, 127], found [-128, 128] and -3 (C109)}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<2x4x8xi8>, tensor<2x8x6xi8>) outs(%init : tensor<2x4x6xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 128 : i32, rounding = #quantcc.rounding<double>} -> tensor<2x4x6xi8>
  return %r : tensor<2x4x6xi8>
}

// -----

func.func @deep(%a: tensor<1x1x131072xi8>, %b: tensor<1x131072x1xi8>, %init: tensor<1x1x1xi8>) -> tensor<1x1x1xi8> {
  // expected-error @+1 {{expected sums within i32, found 131072 products (C109)}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<1x1x131072xi8>, tensor<1x131072x1xi8>) outs(%init : tensor<1x1x1xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} -> tensor<1x1x1xi8>
  return %r : tensor<1x1x1xi8>
}

// -----

func.func @reduced(%a: tensor<2x4x8xi8>, %b: tensor<2x8x6xi8>, %init: tensor<2x4x6xi8>) -> tensor<2x4x6xi8> {
  // expected-error @+1 {{expected rounding double, single or half_even, found reduced (C109)}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<2x4x8xi8>, tensor<2x8x6xi8>) outs(%init : tensor<2x4x6xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<reduced>} -> tensor<2x4x6xi8>
  return %r : tensor<2x4x6xi8>
}

// -----

func.func @no_multiplier(%a: tensor<2x4x8xi8>, %b: tensor<2x8x6xi8>, %init: tensor<2x4x6xi8>) -> tensor<2x4x6xi8> {
  // expected-error @+1 {{(C109)}}
  %r = quantcc.fused_matmul ins(%a, %b : tensor<2x4x8xi8>, tensor<2x8x6xi8>) outs(%init : tensor<2x4x6xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 63 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} -> tensor<2x4x6xi8>
  return %r : tensor<2x4x6xi8>
}
