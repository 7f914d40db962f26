// RUN: quant-opt %s --split-input-file --verify-diagnostics

// Observation, float islands and integer ops: one broken constraint a section, in the order
// of their numbers.

func.func @c27_name(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a name (C27)}}
  %r = quantcc.observe %x {name = ""} : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @range_out_of_order(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a range's minimum not above its maximum, found 2.000000e+00 and 1.000000e+00}}
  %r = quantcc.observe %x {name = "x", range = #quantcc.range<2.0, 1.0>} : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c28_params(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a quantized type of expressed type f32, found 'i8' (C28)}}
  %r = quantcc.fake_quantize %x {params = i8} : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c28_axis(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a dimension 1 of 2 values, found 'tensor<4xf32>' (C28)}}
  %r = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32:1, {0.5, 0.25}>} : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c35_count(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected one value of channel_mean a channel of 'tensor<1x2xf32>', found 1 (C35)}}
  %r = quantcc.observe %x {name = "x", channel_mean = array<f32: 1.0>} : tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c35_finite(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected finite values of channel_mean (C35)}}
  %r = quantcc.observe %x {name = "x", channel_mean = array<f32: 1.0, 0x7FC00000>} : tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c35_half(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected channel_min and channel_max, or none of them (C35)}}
  %r = quantcc.observe %x {name = "x", range = #quantcc.range<0.0, 8.0>, channel_max = array<f32: 1.0, 8.0>} : tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c35_range(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected a range with channel_min (C35)}}
  %r = quantcc.observe %x {name = "x", channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 1.0, 8.0>} : tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c35_within(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected ranges of channels within #quantcc.range<0.000000e+00, 8.000000e+00>, found 0.000000e+00 to 9.000000e+00 (C35)}}
  %r = quantcc.observe %x {name = "x", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 1.0, 9.0>} : tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c35_order(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected ranges of channels within #quantcc.range<0.000000e+00, 8.000000e+00>, found 2.000000e+00 to 1.000000e+00 (C35)}}
  %r = quantcc.observe %x {name = "x", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 2.0, 0.0>, channel_max = array<f32: 1.0, 8.0>} : tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c36_count(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected one value of channel_mean a channel of 'tensor<1x2xf32>', found 3 (C36)}}
  %r = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>, channel_mean = array<f32: 1.0, 2.0, 3.0>} : tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c36_finite(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected finite values of channel_mean (C36)}}
  %r = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>, channel_mean = array<f32: 1.0, 0x7F800000>} : tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c29_arguments(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected block arguments of the types of the inputs (C29)}}
  %r = quantcc.float_island (%x) reason "excluded" : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<5xf32>):
    %0 = tensor.empty() : tensor<4xf32>
    quantcc.yield %0 : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

func.func @c29_results(%x: tensor<4xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{expected to yield values of the types of the results (C29)}}
  %r = quantcc.float_island (%x) reason "excluded" : (tensor<4xf32>) -> tensor<5xf32> {
  ^bb0(%a: tensor<4xf32>):
    quantcc.yield %a : tensor<4xf32>
  }
  return %r : tensor<5xf32>
}

// -----

func.func @c29_no_terminator(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a block that ends in quantcc.yield (C29)}}
  %r = quantcc.float_island (%x) reason "excluded" : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %0 = tensor.empty() : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

func.func @c29_reason(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a reason (C29)}}
  %r = quantcc.float_island (%x) reason "" : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    quantcc.yield %a : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

func.func @c30_shapes(%x: tensor<2xi32>) -> tensor<3xi8> {
  // expected-error @+1 {{expected operand and result of one shape (C30)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<3xi8>
  return %r : tensor<3xi8>
}

// -----

func.func @c30_accumulators(%x: tensor<2xi16>) -> tensor<2xi8> {
  // expected-error @+1 {{expected accumulators of i32 or i64, found 'tensor<2xi16>' (C30)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : tensor<2xi16> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c30_number_of_shifts(%x: tensor<2xi32>) -> tensor<2xi8> {
  // expected-error @+1 {{expected as many shifts as multipliers, found 2 and 1 (C30)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38, 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c30_axis(%x: tensor<2xi32>) -> tensor<2xi8> {
  // expected-error @+1 {{expected an axis within rank 1 (C30)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, axis = -1 : i64, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c30_length_of_axis(%x: tensor<3xi32>) -> tensor<3xi8> {
  // expected-error @+1 {{expected an axis of 2 values (C30)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824, 1073741824>, shifts = array<i32: 38, 38>, axis = 0 : i64, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<3xi32> -> tensor<3xi8>
  return %r : tensor<3xi8>
}

// -----

func.func @c31_multiplier(%x: tensor<2xi32>) -> tensor<2xi8> {
  // expected-error @+1 {{expected a multiplier not below zero, found -1 (C31)}}
  %r = quantcc.requantize %x {multipliers = array<i32: -1>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c31_shift_too_small(%x: tensor<2xi32>) -> tensor<2xi8> {
  // expected-error @+1 {{expected a shift within [2, 62], found 1 (C31)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 1>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c31_shift_too_large(%x: tensor<2xi32>) -> tensor<2xi8> {
  // expected-error @+1 {{expected a shift within [2, 62], found 63 (C31)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 63>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<half_even>} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c32_bounds_out_of_order(%x: tensor<2xi32>) -> tensor<2xi8> {
  // expected-error @+1 {{expected clamp bounds in order within [-128, 127], found [5, 4] (C32)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = 5 : i32, clamp_max = 4 : i32, rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c32_bounds_of_unsigned_storage(%x: tensor<2xi32>) -> tensor<2xi8> {
  // expected-error @+1 {{expected clamp bounds in order within [0, 255], found [-1, 255] (C32)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -1 : i32, clamp_max = 255 : i32, rounding = #quantcc.rounding<single>, unsigned_result} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c32_zero_point(%x: tensor<2xi32>) -> tensor<2xi8> {
  // expected-error @+1 {{expected an output zero point within [-128, 127], found 128 (C32)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 128 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c32_wide_result(%x: tensor<2xi32>) -> tensor<2xi64> {
  // expected-error @+1 {{expected a result of at most 32 bits, found 'tensor<2xi64>' (C32)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi64>
  return %r : tensor<2xi64>
}

// -----

func.func @c33_left_shift(%a: tensor<2xi8>) -> tensor<2xi8> {
  // expected-error @+1 {{expected a left shift within [0, 22], found 23 (C33)}}
  %r = quantcc.integer_add %a, %a {lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 23 : i32, output_multiplier = 1073741824 : i32, output_shift = 49 : i32, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
    : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c33_shift(%a: tensor<2xi8>) -> tensor<2xi8> {
  // expected-error @+1 {{expected a shift within [2, 62], found 63 (C33)}}
  %r = quantcc.integer_add %a, %a {lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1073741824 : i32, output_shift = 63 : i32, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
    : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c33_operands_overflow(%a: tensor<2xi16>) -> tensor<2xi16> {
  // expected-error @+1 {{expected operands that fit i32 after a left shift of 20, found 'tensor<2xi16>' (C33)}}
  %r = quantcc.integer_add %a, %a {lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1073741824 : i32, output_shift = 49 : i32, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
    : (tensor<2xi16>, tensor<2xi16>) -> tensor<2xi16>
  return %r : tensor<2xi16>
}

// -----

func.func @c33_zero_point(%a: tensor<2xi8>) -> tensor<2xi8> {
  // expected-error @+1 {{expected a zero point within [-128, 127], found 200 (C33)}}
  %r = quantcc.integer_add %a, %a {lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 200 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1073741824 : i32, output_shift = 49 : i32, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
    : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %r : tensor<2xi8>
}

// -----

func.func @c34_width(%x: tensor<1x4xi16>) -> tensor<1x4xi8> {
  // expected-error @+1 {{expected an 8-bit operand and an 8-bit or 16-bit result of one shape, found 'tensor<1x4xi16>' and 'tensor<1x4xi8>' (C34)}}
  %r = quantcc.integer_softmax %x {multiplier = 1073741824 : i32, left_shift = 20 : i32, diff_min = -100 : i32, output_zero_point = -128 : i32} : tensor<1x4xi16> -> tensor<1x4xi8>
  return %r : tensor<1x4xi8>
}

// -----

func.func @c34_diff_min(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
  // expected-error @+1 {{expected a multiplier not below zero, a left shift within [0, 31] and diff_min not above zero (C34)}}
  %r = quantcc.integer_softmax %x {multiplier = 1073741824 : i32, left_shift = 20 : i32, diff_min = 1 : i32, output_zero_point = -128 : i32} : tensor<1x4xi8> -> tensor<1x4xi8>
  return %r : tensor<1x4xi8>
}

// -----

func.func @c34_long_rows(%x: tensor<1x4096xi8>) -> tensor<1x4096xi8> {
  // expected-error @+1 {{expected rows of at most 4095 elements, found 4096 (C34)}}
  %r = quantcc.integer_softmax %x {multiplier = 1073741824 : i32, left_shift = 20 : i32, diff_min = -100 : i32, output_zero_point = -128 : i32} : tensor<1x4096xi8> -> tensor<1x4096xi8>
  return %r : tensor<1x4096xi8>
}

// -----

func.func @c34_zero_point(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
  // expected-error @+1 {{expected an output zero point within [0, 255], found -128 (C34)}}
  %r = quantcc.integer_softmax %x {multiplier = 1073741824 : i32, left_shift = 20 : i32, diff_min = -100 : i32, output_zero_point = -128 : i32, unsigned_storage} : tensor<1x4xi8> -> tensor<1x4xi8>
  return %r : tensor<1x4xi8>
}

// -----

func.func @c30_reduced(%x: tensor<4xi64>) -> tensor<4xi16> {
  // expected-error @+1 {{expected rounding double, single or half_even, found reduced (C30)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 20000>, shifts = array<i32: 20>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<reduced>} : tensor<4xi64> -> tensor<4xi16>
  return %r : tensor<4xi16>
}
