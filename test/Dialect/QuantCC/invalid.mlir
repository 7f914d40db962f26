// RUN: quant-opt %s --split-input-file --verify-diagnostics

// One broken constraint a section, in the order of their numbers.

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
func.func @c7_per_tensor(%x: tensor<1x4x!q>, %w: tensor<2x4x!w>) -> tensor<1x2x!q> {
  // expected-error @+1 {{expected zero point 0 of signed weights, found 3 (C7)}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>} : (tensor<1x4x!q>, tensor<2x4x!w>) -> tensor<1x2x!q>
  return %r : tensor<1x2x!q>
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

// -----

func.func @c10_rank(%x: tensor<4x4x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<4x4x2xf32> {
  // expected-error @+1 {{expected input, weights and result of rank 4 (C10)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<4x4x3xf32>, tensor<2x1x1x3xf32>) -> tensor<4x4x2xf32>
  return %r : tensor<4x4x2xf32>
}

// -----

func.func @c10_groups(%x: tensor<1x4x4x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32> {
  // expected-error @+1 {{expected groups to divide 3 input and 2 output channels, found 2 (C10)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64}
    : (tensor<1x4x4x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}

// -----

func.func @c10_negative_groups(%x: tensor<1x4x4x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32> {
  // expected-error @+1 {{expected groups to divide 3 input and 2 output channels, found -1 (C10)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = -1 : i64}
    : (tensor<1x4x4x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}

// -----

func.func @c10_weights_over_other_channels(%x: tensor<1x4x4x4xf32>, %w: tensor<2x1x1x2xf32>) -> tensor<1x4x4x2xf32> {
  // expected-error @+1 {{expected weights over 4 input channels, found 2 (C10)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<1x4x4x4xf32>, tensor<2x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}

// -----

func.func @c10_result_channels(%x: tensor<1x4x4x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<1x4x4x3xf32> {
  // expected-error @+1 {{expected a result of 1 images with 2 channels, found 'tensor<1x4x4x3xf32>' (C10)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<1x4x4x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x4x4x3xf32>
  return %r : tensor<1x4x4x3xf32>
}

// -----

func.func @c11_stride_of_zero(%x: tensor<1x4x4x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32> {
  // expected-error @+1 {{expected 2 positive strides, dilations and kernel sizes and 4 paddings not below zero (C11)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 0, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<1x4x4x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}

// -----

func.func @c11_huge_padding(%x: tensor<1x4x4x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32> {
  // expected-error @+1 {{(C11)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 9223372036854775807, 9223372036854775807, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<1x4x4x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}

// -----

func.func @c11_window_too_large(%x: tensor<1x4x4x3xf32>, %w: tensor<2x3x1x3xf32>) -> tensor<1x1x4x2xf32> {
  // expected-error @+1 {{expected a window that fits the padded input, found a reach of 5 over 4 (C11)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 2, 1>, groups = 1 : i64}
    : (tensor<1x4x4x3xf32>, tensor<2x3x1x3xf32>) -> tensor<1x1x4x2xf32>
  return %r : tensor<1x1x4x2xf32>
}

// -----

func.func @c11_result_size(%x: tensor<1x4x4x3xf32>, %w: tensor<2x2x2x3xf32>) -> tensor<1x3x4x2xf32> {
  // expected-error @+1 {{expected a result width of 3, found 4 (C11)}}
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<1x4x4x3xf32>, tensor<2x2x2x3xf32>) -> tensor<1x3x4x2xf32>
  return %r : tensor<1x3x4x2xf32>
}

// -----

func.func @c12_inner_dimensions(%x: tensor<1x4xf32>, %w: tensor<2x3xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected an input [..., K] and weights [N,K], found 'tensor<1x4xf32>' and 'tensor<2x3xf32>' (C12)}}
  %r = quantcc.linear %x, %w : (tensor<1x4xf32>, tensor<2x3xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// -----

func.func @c12_result(%x: tensor<1x4xf32>, %w: tensor<2x4xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{expected a result with the input's leading dimensions and 2 channels, found 'tensor<1x3xf32>' (C12)}}
  %r = quantcc.linear %x, %w : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x3xf32>
  return %r : tensor<1x3xf32>
}

// -----

func.func @c13_rank(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected operands and result of one rank, 2 or more (C13)}}
  %r = quantcc.matmul %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c13_leading_dimensions(%a: tensor<1x4x8xf32>, %b: tensor<1x8x3xf32>) -> tensor<2x4x3xf32> {
  // expected-error @+1 {{expected leading dimensions equal to the result's or 1, found 1, 1 and 2 (C13)}}
  %r = quantcc.matmul %a, %b : (tensor<1x4x8xf32>, tensor<1x8x3xf32>) -> tensor<2x4x3xf32>
  return %r : tensor<2x4x3xf32>
}

// -----

func.func @c13_inner_dimensions(%a: tensor<4x8xf32>, %b: tensor<8x3xf32>) -> tensor<4x3xf32> {
  // expected-error @+1 {{expected a product of [4,8] and [3,8], found 'tensor<4x3xf32>' (C13)}}
  %r = quantcc.matmul %a, %b {transpose_rhs} : (tensor<4x8xf32>, tensor<8x3xf32>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

// -----

func.func @c14_operands(%a: tensor<4x2xf32>, %b: tensor<3x2xf32>) -> tensor<4x2xf32> {
  // expected-error @+1 {{expected operands that broadcast, found 'tensor<4x2xf32>' and 'tensor<3x2xf32>' (C14)}}
  %r = quantcc.add %a, %b : (tensor<4x2xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  return %r : tensor<4x2xf32>
}

// -----

func.func @c14_result(%a: tensor<4x1xf32>, %b: tensor<3xf32>) -> tensor<4x1xf32> {
  // expected-error @+1 {{expected the operands' shapes broadcast as the result's, found 'tensor<4x1xf32>' (C14)}}
  %r = quantcc.minimum %a, %b : (tensor<4x1xf32>, tensor<3xf32>) -> tensor<4x1xf32>
  return %r : tensor<4x1xf32>
}

// -----

func.func @c14_slope_larger_than_input(%x: tensor<1x4xf32>, %s: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{expected a result of the input's shape, found 'tensor<3x4xf32>' (C14)}}
  %r = quantcc.prelu %x, %s : (tensor<1x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

// -----

func.func @c15_shapes(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  // expected-error @+1 {{expected operand and result of one shape, found 'tensor<4xf32>' and 'tensor<2x2xf32>' (C15)}}
  %r = quantcc.rescale %x : (tensor<4xf32>) -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// -----

func.func @c16_alpha_missing(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected alpha for leaky_relu alone (C16)}}
  %r = quantcc.function #quantcc.function<leaky_relu> %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c16_alpha_of_another(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected alpha for leaky_relu alone (C16)}}
  %r = quantcc.function #quantcc.function<tanh> %x {alpha = 0.5 : f32} : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c16_alpha_infinite(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a finite alpha (C16)}}
  %r = quantcc.function #quantcc.function<leaky_relu> %x {alpha = 0x7F800000 : f32} : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c17_forms(%x: tensor<4x!q>, %t: tensor<256xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{expected input and result both quantized or both integers (C17)}}
  %r = quantcc.lookup %x, %t : (tensor<4x!q>, tensor<256xi8>) -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// -----

func.func @c17_input_width(%x: tensor<4xi16>, %t: tensor<256xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{expected an input of 8-bit storage, found 'tensor<4xi16>' (C17)}}
  %r = quantcc.lookup %x, %t : (tensor<4xi16>, tensor<256xi8>) -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// -----

func.func @c17_table(%x: tensor<4xi8>, %t: tensor<256xi8>) -> tensor<4xi16> {
  // expected-error @+1 {{expected a table of 256 entries of the result's storage, found 'tensor<256xi8>' (C17)}}
  %r = quantcc.lookup %x, %t : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi16>
  return %r : tensor<4xi16>
}

// -----

func.func @c17_shapes(%x: tensor<4xi8>, %t: tensor<256xi8>) -> tensor<2x2xi8> {
  // expected-error @+1 {{expected input and result of one shape (C17)}}
  %r = quantcc.lookup %x, %t : (tensor<4xi8>, tensor<256xi8>) -> tensor<2x2xi8>
  return %r : tensor<2x2xi8>
}

// -----

func.func @c18_channels(%x: tensor<1x4x4x3xf32>) -> tensor<1x2x2x2xf32> {
  // expected-error @+1 {{expected input and result of rank 4 with the same images and channels (C18)}}
  %r = quantcc.max_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x3xf32>) -> tensor<1x2x2x2xf32>
  return %r : tensor<1x2x2x2xf32>
}

// -----

func.func @c18_result_size(%x: tensor<1x4x4x3xf32>) -> tensor<1x3x2x3xf32> {
  // expected-error @+1 {{expected a result height of 2, found 3 (C18)}}
  %r = quantcc.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x3xf32>) -> tensor<1x3x2x3xf32>
  return %r : tensor<1x3x2x3xf32>
}

// -----

func.func @c18_empty_window(%x: tensor<1x4x4x3xf32>) -> tensor<1x4x2x3xf32> {
  // expected-error @+1 {{expected paddings smaller than the kernel, found 2 (C18)}}
  %r = quantcc.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 2, 2, 0, 0>} : (tensor<1x4x4x3xf32>) -> tensor<1x4x2x3xf32>
  return %r : tensor<1x4x2x3xf32>
}

// -----

func.func @c19_axes_out_of_order(%x: tensor<1x4x4x3xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{expected increasing axes within rank 4, found 1 (C19)}}
  %r = quantcc.mean %x {axes = array<i64: 2, 1>} : (tensor<1x4x4x3xf32>) -> tensor<1x3xf32>
  return %r : tensor<1x3xf32>
}

// -----

func.func @c19_negative_axis(%x: tensor<1x4x4x3xf32>) -> tensor<1x4x4xf32> {
  // expected-error @+1 {{expected increasing axes within rank 4, found -1 (C19)}}
  %r = quantcc.mean %x {axes = array<i64: -1>} : (tensor<1x4x4x3xf32>) -> tensor<1x4x4xf32>
  return %r : tensor<1x4x4xf32>
}

// -----

func.func @c19_result(%x: tensor<1x4x4x3xf32>) -> tensor<1x3xf32> {
  // expected-error @+1 {{expected the input's shape without the axes, found 'tensor<1x3xf32>' (C19)}}
  %r = quantcc.mean %x {axes = array<i64: 1, 2>, keep_dims} : (tensor<1x4x4x3xf32>) -> tensor<1x3xf32>
  return %r : tensor<1x3xf32>
}

// -----

func.func @c20_shapes(%x: tensor<1x4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected operand and result of one shape with a last dimension (C20)}}
  %r = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<1x4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c20_beta(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a positive beta (C20)}}
  %r = quantcc.softmax %x {beta = 0.0 : f32} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %r : tensor<1x4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!r = !quant.uniform<i8:f32, 0.00390625>
func.func @c20_result_zero_point(%x: tensor<1x4x!q>) -> tensor<1x4x!r> {
  // expected-error @+1 {{expected a result with scale 1/256 and the storage minimum as zero point, found '!quant.uniform<i8:f32, 3.906250e-03>' (C20)}}
  %r = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<1x4x!q>) -> tensor<1x4x!r>
  return %r : tensor<1x4x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!r = !quant.uniform<i8:f32, 0.00390625:-128>
func.func @c20_storage(%x: tensor<1x4x!q>) -> tensor<1x4x!r> {
  // expected-error @+1 {{expected 8-bit storage, found '!quant.uniform<i16:f32, 5.000000e-01>' (C20)}}
  %r = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<1x4x!q>) -> tensor<1x4x!r>
  return %r : tensor<1x4x!r>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!r = !quant.uniform<i8:f32, 0.00390625:-128>
func.func @c20_long_rows(%x: tensor<1x4096x!q>) -> tensor<1x4096x!r> {
  // expected-error @+1 {{expected rows of at most 4095 elements, found 4096 (C20)}}
  %r = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<1x4096x!q>) -> tensor<1x4096x!r>
  return %r : tensor<1x4096x!r>
}

// -----

func.func @c21_elements(%x: tensor<4xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected as many elements as in 'tensor<4xf32>', found 'tensor<2x3xf32>' (C21)}}
  %r = quantcc.reshape %x : (tensor<4xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// -----

func.func @c22_no_permutation(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected a permutation of 2 dimensions (C22)}}
  %r = quantcc.transpose %x {permutation = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// -----

func.func @c22_result(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected dimension 0 of the result to be 3, found 2 (C22)}}
  %r = quantcc.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// -----

func.func @c23_number_of_offsets(%x: tensor<4x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected one offset and stride a dimension (C23)}}
  %r = quantcc.slice %x {offsets = array<i64: 0>, strides = array<i64: 1, 1>} : (tensor<4x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// -----

func.func @c23_stride_of_zero(%x: tensor<4xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected elements of the input, found 1 to 1 of dimension 0, which has 4 (C23)}}
  %r = quantcc.slice %x {offsets = array<i64: 1>, strides = array<i64: 0>} : (tensor<4xf32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// -----

func.func @c23_outside_the_input(%x: tensor<4xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{expected elements of the input, found 1 to -1 of dimension 0, which has 4 (C23)}}
  %r = quantcc.slice %x {offsets = array<i64: 1>, strides = array<i64: -1>} : (tensor<4xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// -----

func.func @c23_huge_stride(%x: tensor<4xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{expected strides within 2^31, found -9223372036854775808 (C23)}}
  %r = quantcc.slice %x {offsets = array<i64: 1>, strides = array<i64: -9223372036854775808>} : (tensor<4xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// -----

func.func @c24_number_of_borders(%x: tensor<4xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{expected one border a dimension and side (C24)}}
  %r = quantcc.pad %x {low = array<i64: 1>, high = array<i64>} : (tensor<4xf32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

// -----

func.func @c24_result(%x: tensor<4xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{expected dimension 0 to be padded from 4 by 1 and 1, found 5 (C24)}}
  %r = quantcc.pad %x {low = array<i64: 1>, high = array<i64: 1>} : (tensor<4xf32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

// -----

func.func @c24_negative_border(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected dimension 0 to be padded from 4 by -1 and 1, found 4 (C24)}}
  %r = quantcc.pad %x {low = array<i64: -1>, high = array<i64: 1>} : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c24_sum_overflows(%x: tensor<4xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected dimension 0 to be padded from 4}}
  %r = quantcc.pad %x {low = array<i64: 9223372036854775807>, high = array<i64: 9223372036854775807>} : (tensor<4xf32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// -----

func.func @c24_stored_value_in_float_form(%x: tensor<4xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{expected value in the float form and stored_value in the quantized form (C24)}}
  %r = quantcc.pad %x {low = array<i64: 1>, high = array<i64: 0>, stored_value = 3 : i32} : (tensor<4xf32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

// -----

func.func @c24_infinite_value(%x: tensor<4xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{expected a finite value (C24)}}
  %r = quantcc.pad %x {low = array<i64: 1>, high = array<i64: 0>, value = 0xFF800000 : f32} : (tensor<4xf32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c24_stored_value_outside_storage(%x: tensor<4x!q>) -> tensor<5x!q> {
  // expected-error @+1 {{expected stored_value within [-128, 127], found 128 (C24)}}
  %r = quantcc.pad %x {low = array<i64: 1>, high = array<i64: 0>, stored_value = 128 : i32} : (tensor<4x!q>) -> tensor<5x!q>
  return %r : tensor<5x!q>
}

// -----

func.func @c25_no_operands() -> tensor<5xf32> {
  // expected-error @+1 {{expected at least one operand (C25)}}
  %r = quantcc.concat {axis = 0 : i64} : () -> tensor<5xf32>
  return %r : tensor<5xf32>
}

// -----

func.func @c25_axis(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected an axis within rank 1, found -1 (C25)}}
  %r = quantcc.concat %x {axis = -1 : i64} : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @c25_other_dimensions(%x: tensor<4x2xf32>, %y: tensor<4x3xf32>) -> tensor<8x2xf32> {
  // expected-error @+1 {{expected operands with the result's shape but for dimension 0, found 'tensor<4x3xf32>' (C25)}}
  %r = quantcc.concat %x, %y {axis = 0 : i64} : (tensor<4x2xf32>, tensor<4x3xf32>) -> tensor<8x2xf32>
  return %r : tensor<8x2xf32>
}

// -----

func.func @c25_sum(%x: tensor<4xf32>) -> tensor<9xf32> {
  // expected-error @+1 {{expected operands that add up to 9 along dimension 0, found 8 (C25)}}
  %r = quantcc.concat %x, %x {axis = 0 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<9xf32>
  return %r : tensor<9xf32>
}

// -----

func.func @c26_channels(%x: tensor<1x2x2x3xf32>) -> tensor<1x4x4x2xf32> {
  // expected-error @+1 {{expected input and result of rank 4 with the same images and channels (C26)}}
  %r = quantcc.resize %x {mode = #quantcc.resize_mode<nearest>} : (tensor<1x2x2x3xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}

// -----

func.func @c26_both_flags(%x: tensor<1x2x2x3xf32>) -> tensor<1x4x4x3xf32> {
  // expected-error @+1 {{expected align_corners or half_pixel_centers, not both (C26)}}
  %r = quantcc.resize %x {mode = #quantcc.resize_mode<nearest>, align_corners, half_pixel_centers} : (tensor<1x2x2x3xf32>) -> tensor<1x4x4x3xf32>
  return %r : tensor<1x4x4x3xf32>
}

// -----

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

func.func @c30_accumulators(%x: tensor<2xi64>) -> tensor<2xi8> {
  // expected-error @+1 {{expected accumulators of i32, or of i64 with rounding single or half_even, found 'tensor<2xi64>' (C30)}}
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : tensor<2xi64> -> tensor<2xi8>
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
  // expected-error @+1 {{expected 8-bit operand and result of one shape, found 'tensor<1x4xi16>' and 'tensor<1x4xi8>' (C34)}}
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
