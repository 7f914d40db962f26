// RUN: quant-opt %s --split-input-file --verify-diagnostics

// What every network op has in common: one broken constraint a section, in the order
// of their numbers.

!q = !quant.uniform<i8:f32, 0.5>
func.func @c1_mixed_forms(%x: tensor<4x!q>) -> tensor<4xf32> {
  // expected-error @+1 {{expected all activations to be f32 or all quantized, found 'tensor<4x!quant.uniform<i8:f32, 5.000000e-01>>' and 'tensor<4xf32>' (C1)}}
  %r = quantcc.rescale %x : (tensor<4x!q>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

!axis = !quant.uniform<i8:f32:0, {0.5, 0.25}>
func.func @c1_per_axis_activation(%x: tensor<2x!axis>) -> tensor<2x!axis> {
  // expected-error @+1 {{expected activations with per-tensor parameters}}
  %r = quantcc.reshape %x : (tensor<2x!axis>) -> tensor<2x!axis>
  return %r : tensor<2x!axis>
}

// -----

func.func @c1_dimension_of_zero(%x: tensor<0x4xf32>) -> tensor<4x0xf32> {
  // expected-error @+1 {{expected dimensions of at least 1 and fewer than 2^31 elements, found 'tensor<0x4xf32>' (C1)}}
  %r = quantcc.reshape %x : (tensor<0x4xf32>) -> tensor<4x0xf32>
  return %r : tensor<4x0xf32>
}

// -----

func.func @c1_too_many_elements(%x: tensor<65536x32768xf32>) -> tensor<65536x32768xf32> {
  // expected-error @+1 {{expected dimensions of at least 1 and fewer than 2^31 elements, found 'tensor<65536x32768xf32>' (C1)}}
  %r = quantcc.rescale %x : (tensor<65536x32768xf32>) -> tensor<65536x32768xf32>
  return %r : tensor<65536x32768xf32>
}

// -----

func.func @c1_element_count_overflows(%x: tensor<4294967296x4294967296xf32>) -> tensor<4294967296x4294967296xf32> {
  // expected-error @+1 {{fewer than 2^31 elements}}
  %r = quantcc.rescale %x : (tensor<4294967296x4294967296xf32>) -> tensor<4294967296x4294967296xf32>
  return %r : tensor<4294967296x4294967296xf32>
}

// -----

func.func @c1_dynamic_shape(%x: tensor<?xf32>) -> tensor<?xf32> {
  // expected-error @+1 {{operand #0 must be statically shaped tensor}}
  %r = quantcc.rescale %x : (tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c2_quantized_without_rounding(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected a rounding in the quantized form, found none (C2)}}
  %r = quantcc.rescale %x : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

func.func @c2_float_with_rounding(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected no rounding in the float form (C2)}}
  %r = quantcc.rescale %x {rounding = #quantcc.rounding<single>} : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c3_real_clamp_in_quantized_form(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected stored_clamp and not clamp in the quantized form (C3)}}
  %r = quantcc.rescale %x {clamp = array<f32: 0.0, 6.0>, rounding = #quantcc.rounding<single>} : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

func.func @c3_stored_clamp_in_float_form(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected clamp and not stored_clamp in the float form (C3)}}
  %r = quantcc.rescale %x {stored_clamp = array<i32: 0, 6>} : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c3_bounds_out_of_order(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected clamp to hold a low and a high bound in order (C3)}}
  %r = quantcc.rescale %x {clamp = array<f32: 6.0, 0.0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c3_nan_bound(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected clamp to hold a low and a high bound in order (C3)}}
  %r = quantcc.rescale %x {clamp = array<f32: 0x7FC00000, 0.0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c3_one_stored_bound(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected stored_clamp to hold a low and a high bound in order (C3)}}
  %r = quantcc.rescale %x {stored_clamp = array<i32: 0>, rounding = #quantcc.rounding<single>} : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c3_stored_bound_outside_storage(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected stored_clamp within [-128, 127], found [-129, 0] (C3)}}
  %r = quantcc.rescale %x {stored_clamp = array<i32: -129, 0>, rounding = #quantcc.rounding<single>} : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.1>
func.func @c4_scale_is_no_f32(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected a positive scale that is a normal f32 value, found 1.000000e-01 (C4)}}
  %r = quantcc.reshape %x : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

// 2^-127, which f32 holds as a subnormal number only.
!q = !quant.uniform<i8:f32, 5.877471754111438e-39>
func.func @c4_subnormal_scale(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected a positive scale that is a normal f32 value}}
  %r = quantcc.reshape %x : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:300>
func.func @c4_zero_point_outside_storage(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected a zero point within [-128, 127], found 300 (C4)}}
  %r = quantcc.reshape %x : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f64, 0.5>
func.func @c4_expressed_type(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected the expressed type f32, found 'f64' (C4)}}
  %r = quantcc.reshape %x : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:0, {0.5, 0.1}>
func.func @c4_scale_of_weights(%x: tensor<1x4x!q>, %w: tensor<2x4x!w>) -> tensor<1x2x!q> {
  // expected-error @+1 {{expected a positive scale that is a normal f32 value, found 1.000000e-01 (C4)}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>} : (tensor<1x4x!q>, tensor<2x4x!w>) -> tensor<1x2x!q>
  return %r : tensor<1x2x!q>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>
!b = !quant.uniform<i8:f32, 0.25>
func.func @c5_parameters_change(%x: tensor<4x!a>) -> tensor<2x2x!b> {
  // expected-error @+1 {{expected equal element types, found '!quant.uniform<i8:f32, 5.000000e-01>' and '!quant.uniform<i8:f32, 2.500000e-01>' (C5)}}
  %r = quantcc.reshape %x : (tensor<4x!a>) -> tensor<2x2x!b>
  return %r : tensor<2x2x!b>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>
!b = !quant.uniform<i8:f32, 0.25>
func.func @c5_operands_differ(%x: tensor<4x!a>, %y: tensor<4x!b>) -> tensor<4x!a> {
  // expected-error @+1 {{expected equal element types}}
  %r = quantcc.maximum %x, %y : (tensor<4x!a>, tensor<4x!b>) -> tensor<4x!a>
  return %r : tensor<4x!a>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c6_float_weights(%x: tensor<1x4x!q>, %w: tensor<2x4xf32>) -> tensor<1x2x!q> {
  // expected-error @+1 {{expected quantized weights, found 'tensor<2x4xf32>' (C6)}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>} : (tensor<1x4x!q>, tensor<2x4xf32>) -> tensor<1x2x!q>
  return %r : tensor<1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c6_quantized_weights_of_float_op(%x: tensor<1x4xf32>, %w: tensor<2x4x!q>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected f32 weights}}
  %r = quantcc.linear %x, %w : (tensor<1x4xf32>, tensor<2x4x!q>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:1, {0.5, 0.5, 0.5, 0.5}>
func.func @c6_wrong_axis(%x: tensor<1x4x!q>, %w: tensor<2x4x!w>) -> tensor<1x2x!q> {
  // expected-error @+1 {{expected weights quantized along dimension 0, found 1 (C6)}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>} : (tensor<1x4x!q>, tensor<2x4x!w>) -> tensor<1x2x!q>
  return %r : tensor<1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:0, {0.5, 0.5, 0.5}>
func.func @c6_number_of_scales(%x: tensor<1x1x1x4x!q>, %w: tensor<2x1x1x4x!w>) -> tensor<1x1x1x2x!q> {
  // expected-error @+1 {{expected 2 scales of the weights, found 3 (C6)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, rounding = #quantcc.rounding<single>}
    : (tensor<1x1x1x4x!q>, tensor<2x1x1x4x!w>) -> tensor<1x1x1x2x!q>
  return %r : tensor<1x1x1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5:3>
func.func @c7_per_tensor(%x: tensor<1x1x1x4x!q>, %w: tensor<2x1x1x4x!w>) -> tensor<1x1x1x2x!q> {
  // expected-error @+1 {{expected zero point 0 of signed weights, found 3 (C7)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, rounding = #quantcc.rounding<single>}
    : (tensor<1x1x1x4x!q>, tensor<2x1x1x4x!w>) -> tensor<1x1x1x2x!q>
  return %r : tensor<1x1x1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:0, {0.5, 0.5:3}>
func.func @c7_per_axis(%x: tensor<1x4x!q>, %w: tensor<2x4x!w>) -> tensor<1x2x!q> {
  // expected-error @+1 {{expected zero point 0 of signed weights, found 3 (C7)}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>} : (tensor<1x4x!q>, tensor<2x4x!w>) -> tensor<1x2x!q>
  return %r : tensor<1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c8_float_bias_of_quantized_op(%x: tensor<1x4x!q>, %w: tensor<2x4x!q>, %b: tensor<2xf32>) -> tensor<1x2x!q> {
  // expected-error @+1 {{expected a bias of i32 or i64, found 'tensor<2xf32>' (C8)}}
  %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<single>} : (tensor<1x4x!q>, tensor<2x4x!q>, tensor<2xf32>) -> tensor<1x2x!q>
  return %r : tensor<1x2x!q>
}

// -----

func.func @c8_integer_bias_of_float_op(%x: tensor<1x4xf32>, %w: tensor<2x4xf32>, %b: tensor<2xi32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected a bias of f32, found 'tensor<2xi32>' (C8)}}
  %r = quantcc.linear %x, %w, %b : (tensor<1x4xf32>, tensor<2x4xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c8_number_of_values(%x: tensor<1x4xf32>, %w: tensor<2x4xf32>, %b: tensor<3xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected a bias of 2 values, found 'tensor<3xf32>' (C8)}}
  %r = quantcc.linear %x, %w, %b : (tensor<1x4xf32>, tensor<2x4xf32>, tensor<3xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
