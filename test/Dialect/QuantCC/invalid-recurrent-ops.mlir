// RUN: quant-opt %s --split-input-file --verify-diagnostics

// Layers with a state: one broken constraint a section, in the order of their
// numbers.

func.func @c55_three_weights(%x: tensor<1x9x2xf32>, %h: tensor<1x4xf32>, %w: tensor<4x2xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{expected four input weights, four recurrent weights and four biases or none, found 3, 4 and 0 (C55)}}
  %0:3 = quantcc.lstm %x, %h, %h input_weights(%w, %w, %w) recurrent_weights(%r, %r, %r, %r)
    : (tensor<1x9x2xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
       tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>)
    -> (tensor<1x9x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>)
  return
}

// -----

func.func @c55_one_bias(%x: tensor<1x9x2xf32>, %h: tensor<1x4xf32>, %w: tensor<4x2xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{expected four input weights, four recurrent weights and four biases or none, found 4, 4 and 1 (C55)}}
  %0:3 = quantcc.lstm %x, %h, %h input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) bias(%b)
    : (tensor<1x9x2xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
       tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>)
    -> (tensor<1x9x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>)
  return
}

// -----

func.func @c55_batch_of_the_state(%x: tensor<9x1x2xf32>, %h: tensor<1x4xf32>, %w: tensor<4x2xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{expected an input [B,T,I] and states [B,H], found 'tensor<9x1x2xf32>' and 'tensor<1x4xf32>' (C55)}}
  %0:3 = quantcc.lstm %x, %h, %h input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r)
    : (tensor<9x1x2xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
       tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>)
    -> (tensor<9x1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>)
  return
}

// -----

func.func @c55_states_of_two_shapes(%x: tensor<1x9x2xf32>, %h: tensor<1x4xf32>, %c: tensor<1x3xf32>, %w: tensor<4x2xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{expected states of one shape, found 'tensor<1x4xf32>' and 'tensor<1x3xf32>' (C55)}}
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r)
    : (tensor<1x9x2xf32>, tensor<1x4xf32>, tensor<1x3xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
       tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>)
    -> (tensor<1x9x4xf32>, tensor<1x4xf32>, tensor<1x3xf32>)
  return
}

// -----

func.func @c55_result_of_other_steps(%x: tensor<1x9x2xf32>, %h: tensor<1x4xf32>, %w: tensor<4x2xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{expected a result with the input's leading dimensions and 4 channels, found 'tensor<1x8x4xf32>' (C55)}}
  %0:3 = quantcc.lstm %x, %h, %h input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r)
    : (tensor<1x9x2xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
       tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>)
    -> (tensor<1x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>)
  return
}

// -----

func.func @c55_recurrent_weights_of_other_shape(%x: tensor<1x9x2xf32>, %h: tensor<1x4xf32>, %w: tensor<4x2xf32>) {
  // expected-error @+1 {{expected weights of shape [4, 4], found 'tensor<4x2xf32>' (C55)}}
  %0:3 = quantcc.lstm %x, %h, %h input_weights(%w, %w, %w, %w) recurrent_weights(%w, %w, %w, %w)
    : (tensor<1x9x2xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
       tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>)
    -> (tensor<1x9x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>)
  return
}

// -----

func.func @c55_negative_clip(%x: tensor<1x9x2xf32>, %h: tensor<1x4xf32>, %w: tensor<4x2xf32>, %r: tensor<4x4xf32>) {
  // expected-error @+1 {{expected a positive finite cell_clip, found -1.000000e+00 (C55)}}
  %0:3 = quantcc.lstm %x, %h, %h input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) {cell_clip = -1.0 : f32}
    : (tensor<1x9x2xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
       tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>)
    -> (tensor<1x9x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>)
  return
}

// -----

!x = !quant.uniform<i16:f32, 0.5>
!h = !quant.uniform<i8:f32, 0.0078125>
!c = !quant.uniform<i16:f32, 4.8828125e-04>
!w = !quant.uniform<i8:f32, 0.5>
func.func @c56_input_of_16_bits(%x: tensor<1x9x2x!x>, %h: tensor<1x4x!h>, %c: tensor<1x4x!c>, %w: tensor<4x2x!w>, %r: tensor<4x4x!w>) {
  // expected-error @+1 {{expected signed 8-bit input and hidden state, found 'tensor<1x9x2x!quant.uniform<i16:f32, 5.000000e-01>>' (C56)}}
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) {rounding = #quantcc.rounding<double>}
    : (tensor<1x9x2x!x>, tensor<1x4x!h>, tensor<1x4x!c>, tensor<4x2x!w>, tensor<4x2x!w>, tensor<4x2x!w>, tensor<4x2x!w>,
       tensor<4x4x!w>, tensor<4x4x!w>, tensor<4x4x!w>, tensor<4x4x!w>)
    -> (tensor<1x9x4x!h>, tensor<1x4x!h>, tensor<1x4x!c>)
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!h = !quant.uniform<i8:f32, 0.0078125>
!c = !quant.uniform<i16:f32, 4.8828125e-04>
!w = !quant.uniform<i8:f32:0, {0.5, 0.25}>
!r = !quant.uniform<i8:f32, 0.5>
func.func @c56_weights_per_axis(%x: tensor<1x9x2x!x>, %h: tensor<1x2x!h>, %c: tensor<1x2x!c>, %w: tensor<2x2x!w>, %r: tensor<2x2x!r>) {
  // expected-error @+1 {{expected signed 8-bit weights with per-tensor parameters, found 'tensor<2x2x!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>>' (C56)}}
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) {rounding = #quantcc.rounding<double>}
    : (tensor<1x9x2x!x>, tensor<1x2x!h>, tensor<1x2x!c>, tensor<2x2x!w>, tensor<2x2x!w>, tensor<2x2x!w>, tensor<2x2x!w>,
       tensor<2x2x!r>, tensor<2x2x!r>, tensor<2x2x!r>, tensor<2x2x!r>)
    -> (tensor<1x9x2x!h>, tensor<1x2x!h>, tensor<1x2x!c>)
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!h = !quant.uniform<i8:f32, 0.0078125>
!y = !quant.uniform<i8:f32, 0.0078125:1>
!c = !quant.uniform<i16:f32, 4.8828125e-04>
func.func @c56_result_of_other_parameters(%x: tensor<1x9x2x!x>, %h: tensor<1x2x!h>, %c: tensor<1x2x!c>, %w: tensor<2x2x!x>) {
  // expected-error @+1 {{expected the hidden state's parameters of the result}}
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%w, %w, %w, %w) {rounding = #quantcc.rounding<double>}
    : (tensor<1x9x2x!x>, tensor<1x2x!h>, tensor<1x2x!c>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>,
       tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>)
    -> (tensor<1x9x2x!y>, tensor<1x2x!h>, tensor<1x2x!c>)
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!h = !quant.uniform<i8:f32, 0.0078125>
!c = !quant.uniform<i16:f32, 0.75>
func.func @c56_cell_scale_no_power_of_two(%x: tensor<1x9x2x!x>, %h: tensor<1x2x!h>, %c: tensor<1x2x!c>, %w: tensor<2x2x!x>) {
  // expected-error @+1 {{expected a cell state of signed 16-bit storage, scale 2^-n with n within [0, 15] and zero point 0, found '!quant.uniform<i16:f32, 7.500000e-01>' (C56)}}
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%w, %w, %w, %w) {rounding = #quantcc.rounding<double>}
    : (tensor<1x9x2x!x>, tensor<1x2x!h>, tensor<1x2x!c>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>,
       tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>)
    -> (tensor<1x9x2x!h>, tensor<1x2x!h>, tensor<1x2x!c>)
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!h = !quant.uniform<i8:f32, 0.0078125>
!c = !quant.uniform<i16:f32, 0.5>
!d = !quant.uniform<i16:f32, 0.25>
func.func @c56_cell_states_of_two_types(%x: tensor<1x9x2x!x>, %h: tensor<1x2x!h>, %c: tensor<1x2x!c>, %w: tensor<2x2x!x>) {
  // expected-error @+1 {{expected cell states of one type}}
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%w, %w, %w, %w) {rounding = #quantcc.rounding<double>}
    : (tensor<1x9x2x!x>, tensor<1x2x!h>, tensor<1x2x!c>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>,
       tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>, tensor<2x2x!x>)
    -> (tensor<1x9x2x!h>, tensor<1x2x!h>, tensor<1x2x!d>)
  return
}

// -----

func.func @c57_time_weights_of_other_filters(%x: tensor<1x2xf32>, %s: tensor<1x12xf32>, %f: tensor<4x2xf32>, %t: tensor<3x4xf32>) {
  // expected-error @+1 {{expected an input [B,I], feature weights [F,I] and time weights [F,M], found 'tensor<1x2xf32>', 'tensor<4x2xf32>' and 'tensor<3x4xf32>' (C57)}}
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 1 : i64}
    : (tensor<1x2xf32>, tensor<1x12xf32>, tensor<4x2xf32>, tensor<3x4xf32>) -> (tensor<1x4xf32>, tensor<1x12xf32>)
  return
}

// -----

func.func @c57_state_of_other_size(%x: tensor<1x2xf32>, %s: tensor<1x9xf32>, %f: tensor<4x2xf32>, %t: tensor<4x3xf32>) {
  // expected-error @+1 {{expected states of shape [1, 12], found 'tensor<1x9xf32>' and 'tensor<1x9xf32>' (C57)}}
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 1 : i64}
    : (tensor<1x2xf32>, tensor<1x9xf32>, tensor<4x2xf32>, tensor<4x3xf32>) -> (tensor<1x4xf32>, tensor<1x9xf32>)
  return
}

// -----

func.func @c57_rank_no_divisor(%x: tensor<1x2xf32>, %s: tensor<1x12xf32>, %f: tensor<4x2xf32>, %t: tensor<4x3xf32>) {
  // expected-error @+1 {{expected a positive rank that divides 4 filters, found 3 (C57)}}
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 3 : i64}
    : (tensor<1x2xf32>, tensor<1x12xf32>, tensor<4x2xf32>, tensor<4x3xf32>) -> (tensor<1x1xf32>, tensor<1x12xf32>)
  return
}

// -----

func.func @c57_result_of_other_units(%x: tensor<1x2xf32>, %s: tensor<1x12xf32>, %f: tensor<4x2xf32>, %t: tensor<4x3xf32>) {
  // expected-error @+1 {{expected a result of shape [1, 2], found 'tensor<1x4xf32>' (C57)}}
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 2 : i64}
    : (tensor<1x2xf32>, tensor<1x12xf32>, tensor<4x2xf32>, tensor<4x3xf32>) -> (tensor<1x4xf32>, tensor<1x12xf32>)
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!u = !quant.uniform<u8:f32, 0.5>
func.func @c58_unsigned_result(%x: tensor<1x2x!x>, %s: tensor<1x12x!x>, %f: tensor<4x2x!x>, %t: tensor<4x3x!x>) {
  // expected-error @+1 {{expected input, feature weights and result of signed 8-bit storage with per-tensor parameters, found 'tensor<1x4x!quant.uniform<u8:f32, 5.000000e-01>>' (C58)}}
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 1 : i64, rounding = #quantcc.rounding<double>}
    : (tensor<1x2x!x>, tensor<1x12x!x>, tensor<4x2x!x>, tensor<4x3x!x>) -> (tensor<1x4x!u>, tensor<1x12x!x>)
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!t = !quant.uniform<i32:f32, 0.5>
func.func @c58_time_weights_of_32_bits(%x: tensor<1x2x!x>, %s: tensor<1x12x!x>, %f: tensor<4x2x!x>, %t: tensor<4x3x!t>) {
  // expected-error @+1 {{expected state and time weights of signed 8-bit or 16-bit storage with per-tensor parameters, found 'tensor<4x3x!quant.uniform<i32:f32, 5.000000e-01>>' (C58)}}
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 1 : i64, rounding = #quantcc.rounding<double>}
    : (tensor<1x2x!x>, tensor<1x12x!x>, tensor<4x2x!x>, tensor<4x3x!t>) -> (tensor<1x4x!x>, tensor<1x12x!x>)
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!s = !quant.uniform<i16:f32, 0.5>
func.func @c58_states_of_two_types(%x: tensor<1x2x!x>, %s: tensor<1x12x!x>, %f: tensor<4x2x!x>, %t: tensor<4x3x!x>) {
  // expected-error @+1 {{expected states of one type}}
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 1 : i64, rounding = #quantcc.rounding<double>}
    : (tensor<1x2x!x>, tensor<1x12x!x>, tensor<4x2x!x>, tensor<4x3x!x>) -> (tensor<1x4x!x>, tensor<1x12x!s>)
  return
}
