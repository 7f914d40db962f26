// RUN: quant-opt %s --split-input-file --verify-diagnostics

// Wide storage, and the ops that came with it: one broken constraint a section,
// in the order of their numbers.

!q = !quant.uniform<i16:f32, 0.5>
func.func @c38_reduced(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected rounding reduced on conv2d, transpose_conv2d, linear and matmul alone (C38)}}
  %r = quantcc.add %x, %x {rounding = #quantcc.rounding<reduced>} : (tensor<4x!q>, tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i32:f32, 0.5>
func.func @c39_add(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected storage of at most 16 bits, found '!quant.uniform<i32:f32, 5.000000e-01>' (C39)}}
  %r = quantcc.add %x, %x {rounding = #quantcc.rounding<double>} : (tensor<4x!q>, tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i32:f32, 0.5>
func.func @c39_avg_pool(%x: tensor<1x2x2x1x!q>) -> tensor<1x1x1x1x!q> {
  // expected-error @+1 {{expected storage of at most 16 bits, found '!quant.uniform<i32:f32, 5.000000e-01>' (C39)}}
  %r = quantcc.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x1x!q>) -> tensor<1x1x1x1x!q>
  return %r : tensor<1x1x1x1x!q>
}

// -----

!q = !quant.uniform<u32:f32, 0.5>
func.func @c39_unsigned(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected storage of at most 32 bits with a sign, found '!quant.uniform<u32:f32, 5.000000e-01>' (C39)}}
  %r = quantcc.maximum %x, %x : (tensor<4x!q>, tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

func.func @c40_channels(%x: tensor<1x2x2x3xf32>, %w: tensor<4x2x2x2xf32>) -> tensor<1x3x3x4xf32> {
  // expected-error @+1 {{expected weights over 3 input channels and a result of 1 images with 4 channels, found 'tensor<4x2x2x2xf32>' and 'tensor<1x3x3x4xf32>' (C40)}}
  %r = quantcc.transpose_conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x3xf32>, tensor<4x2x2x2xf32>) -> tensor<1x3x3x4xf32>
  return %r : tensor<1x3x3x4xf32>
}

// -----

func.func @c40_rank(%x: tensor<2x2x3xf32>, %w: tensor<4x2x2x3xf32>) -> tensor<1x3x3x4xf32> {
  // expected-error @+1 {{expected input, weights and result of rank 4 (C40)}}
  %r = quantcc.transpose_conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>} : (tensor<2x2x3xf32>, tensor<4x2x2x3xf32>) -> tensor<1x3x3x4xf32>
  return %r : tensor<1x3x3x4xf32>
}

// -----

func.func @c41_strides(%x: tensor<1x2x2x3xf32>, %w: tensor<4x2x2x3xf32>) -> tensor<1x3x3x4xf32> {
  // expected-error @+1 {{expected 2 positive strides and 4 paddings (C41)}}
  %r = quantcc.transpose_conv2d %x, %w {strides = array<i64: 0, 1>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x3xf32>, tensor<4x2x2x3xf32>) -> tensor<1x3x3x4xf32>
  return %r : tensor<1x3x3x4xf32>
}

// -----

func.func @c41_padding(%x: tensor<1x2x2x3xf32>, %w: tensor<4x2x2x3xf32>) -> tensor<1x1x3x4xf32> {
  // expected-error @+1 {{expected paddings smaller than the kernel, the first not below zero, found 0 and 2 (C41)}}
  %r = quantcc.transpose_conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 2, 0, 0>} : (tensor<1x2x2x3xf32>, tensor<4x2x2x3xf32>) -> tensor<1x1x3x4xf32>
  return %r : tensor<1x1x3x4xf32>
}

// -----

func.func @c41_size(%x: tensor<1x2x2x3xf32>, %w: tensor<4x2x2x3xf32>) -> tensor<1x3x4x4xf32> {
  // expected-error @+1 {{expected a result width of 3, found 4 (C41)}}
  %r = quantcc.transpose_conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x3xf32>, tensor<4x2x2x3xf32>) -> tensor<1x3x4x4xf32>
  return %r : tensor<1x3x4x4xf32>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
func.func @c42_rounding(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected rounding double or single, found half_even (C42)}}
  %r = quantcc.leaky_relu %x {alpha = 0.5 : f32, rounding = #quantcc.rounding<half_even>} : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
func.func @c42_shape(%x: tensor<4x!q>) -> tensor<5x!q> {
  // expected-error @+1 {{expected input and result of one shape}}
  %r = quantcc.leaky_relu %x {alpha = 0.5 : f32, rounding = #quantcc.rounding<double>} : (tensor<4x!q>) -> tensor<5x!q>
  return %r : tensor<5x!q>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
func.func @c42_alpha(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected a finite alpha (C42)}}
  %r = quantcc.leaky_relu %x {alpha = 0x7F800000 : f32, rounding = #quantcc.rounding<double>} : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

func.func @c43_table(%x: tensor<4xi16>, %t: tensor<512xi16>) -> tensor<4xi16> {
  // expected-error @+1 {{expected a table of 513 entries of the result's storage, found 'tensor<512xi16>' (C43)}}
  %r = quantcc.lookup %x, %t : (tensor<4xi16>, tensor<512xi16>) -> tensor<4xi16>
  return %r : tensor<4xi16>
}

// -----

!q = !quant.uniform<u16:f32, 0.5>
func.func @c43_sign(%x: tensor<4x!q>, %t: tensor<513xi16>) -> tensor<4x!q> {
  // expected-error @+1 {{expected signed 16-bit storage of input and result}}
  %r = quantcc.lookup %x, %t : (tensor<4x!q>, tensor<513xi16>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!r = !quant.uniform<i8:f32, 0.00390625:-128>
func.func @c44_storage(%x: tensor<1x4x!q>) -> tensor<1x4x!r> {
  // expected-error @+1 {{expected signed 16-bit storage, found '!quant.uniform<i16:f32, 5.000000e-01>' and '!quant.uniform<i8:f32, 3.906250e-03:-128>' (C44)}}
  %r = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<1x4x!q>) -> tensor<1x4x!r>
  return %r : tensor<1x4x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!r = !quant.uniform<i16:f32, 0.000030517578125:-1>
func.func @c44_zero_point(%x: tensor<1x4x!q>) -> tensor<1x4x!r> {
  // expected-error @+1 {{expected a result with scale 1/32768 and zero point 0}}
  %r = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<1x4x!q>) -> tensor<1x4x!r>
  return %r : tensor<1x4x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!r = !quant.uniform<i16:f32, 0.000030517578125>
func.func @c44_rows(%x: tensor<1x65536x!q>) -> tensor<1x65536x!r> {
  // expected-error @+1 {{expected rows of at most 65535 elements, found 65536 (C44)}}
  %r = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<1x65536x!q>) -> tensor<1x65536x!r>
  return %r : tensor<1x65536x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!r = !quant.uniform<i16:f32, 3.0517578125e-05>
func.func @c69_function(%x: tensor<4x!q>) -> tensor<4x!r> {
  // expected-error @+1 {{expected function sigmoid or tanh, found gelu (C69)}}
  %r = quantcc.gate <gelu> %x : (tensor<4x!q>) -> tensor<4x!r>
  return %r : tensor<4x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!r = !quant.uniform<i16:f32, 3.0517578125e-05>
func.func @c69_shape(%x: tensor<4x!q>) -> tensor<5x!r> {
  // expected-error @+1 {{expected input and result of one shape, found 'tensor<4x!quant.uniform<i16:f32, 5.000000e-01>>' and}}
  %r = quantcc.gate <tanh> %x : (tensor<4x!q>) -> tensor<5x!r>
  return %r : tensor<5x!r>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!r = !quant.uniform<i16:f32, 3.0517578125e-05>
func.func @c70_width(%x: tensor<4x!q>) -> tensor<4x!r> {
  // expected-error @+1 {{expected signed 16-bit storage and zero point 0, found 'tensor<4x!quant.uniform<i8:f32, 5.000000e-01>>' (C70)}}
  %r = quantcc.gate <tanh> %x : (tensor<4x!q>) -> tensor<4x!r>
  return %r : tensor<4x!r>
}

// -----

!q = !quant.uniform<u16:f32, 0.5>
!r = !quant.uniform<i16:f32, 3.0517578125e-05>
func.func @c70_sign(%x: tensor<4x!q>) -> tensor<4x!r> {
  // expected-error @+1 {{expected signed 16-bit storage and zero point 0, found 'tensor<4x!quant.uniform<u16:f32, 5.000000e-01>>' (C70)}}
  %r = quantcc.gate <tanh> %x : (tensor<4x!q>) -> tensor<4x!r>
  return %r : tensor<4x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!r = !quant.uniform<i16:f32, 3.0517578125e-05:1>
func.func @c70_zero_point(%x: tensor<4x!q>) -> tensor<4x!r> {
  // expected-error @+1 {{expected signed 16-bit storage and zero point 0, found 'tensor<4x!quant.uniform<i16:f32, 3.0517578125E-5:1>>' (C70)}}
  %r = quantcc.gate <sigmoid> %x : (tensor<4x!q>) -> tensor<4x!r>
  return %r : tensor<4x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
func.func @c70_result_scale(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected a result of scale 2^-15, found '!quant.uniform<i16:f32, 5.000000e-01>' (C70)}}
  %r = quantcc.gate <sigmoid> %x : (tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i16:f32, 2.75>
!r = !quant.uniform<i16:f32, 3.0517578125e-05>
func.func @c70_input_scale(%x: tensor<4x!q>) -> tensor<4x!r> {
  // expected-error @+1 {{expected an input of scale at most 32767/12288, found '!quant.uniform<i16:f32, 2.750000e+00>' (C70)}}
  %r = quantcc.gate <sigmoid> %x : (tensor<4x!q>) -> tensor<4x!r>
  return %r : tensor<4x!r>
}
