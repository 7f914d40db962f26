// RUN: quant-opt %s --split-input-file --verify-diagnostics

// The single network ops: one broken constraint a section, in the order
// of their numbers.

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

func.func @c17_input_width(%x: tensor<4xi32>, %t: tensor<256xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{expected an input of 8-bit or 16-bit storage, found 'tensor<4xi32>' (C17)}}
  %r = quantcc.lookup %x, %t : (tensor<4xi32>, tensor<256xi8>) -> tensor<4xi8>
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

!q = !quant.uniform<i12:f32, 0.5>
!r = !quant.uniform<i8:f32, 0.00390625:-128>
func.func @c20_storage(%x: tensor<1x4x!q>) -> tensor<1x4x!r> {
  // expected-error @+1 {{expected 8-bit storage, found '!quant.uniform<i12:f32, 5.000000e-01>' (C20)}}
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

func.func @c48_rank(%x: tensor<1x3xf32>) -> tensor<2x1x3xf32> {
  // expected-error @+1 {{expected dimensions of 1 or of the result 'tensor<2x1x3xf32>', found 'tensor<1x3xf32>' (C48)}}
  %r = quantcc.broadcast %x : (tensor<1x3xf32>) -> tensor<2x1x3xf32>
  return %r : tensor<2x1x3xf32>
}

// -----

func.func @c48_dimension(%x: tensor<2x3xf32>) -> tensor<4x3xf32> {
  // expected-error @+1 {{expected dimensions of 1 or of the result 'tensor<4x3xf32>', found 'tensor<2x3xf32>' (C48)}}
  %r = quantcc.broadcast %x : (tensor<2x3xf32>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
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

func.func @c61_float_operands(%x: tensor<1x4xf32>, %w: tensor<2x4xf32>) -> tensor<1x2xi32> {
  // expected-error @+1 {{expected quantized operands of accumulators, found 'tensor<1x4xf32>' (C61)}}
  %r = quantcc.linear %x, %w : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x2xi32>
  return %r : tensor<1x2xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c61_rounding(%x: tensor<1x4x!q>, %w: tensor<2x4x!q>) -> tensor<1x2xi32> {
  // expected-error @+1 {{expected neither rounding nor clamp in the accumulator form (C61)}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>} : (tensor<1x4x!q>, tensor<2x4x!q>) -> tensor<1x2xi32>
  return %r : tensor<1x2xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @c61_clamp(%x: tensor<2x3x!q>, %y: tensor<3x2x!q>) -> tensor<2x2xi64> {
  // expected-error @+1 {{expected neither rounding nor clamp in the accumulator form (C61)}}
  %r = quantcc.matmul %x, %y {stored_clamp = array<i32: 0, 1>} : (tensor<2x3x!q>, tensor<3x2x!q>) -> tensor<2x2xi64>
  return %r : tensor<2x2xi64>
}

// -----

!q = !quant.uniform<i4:f32, 0.5>
func.func @c62_narrow_activation(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected storage of activations of at least 8 bits, found '!quant.uniform<i4:f32, 5.000000e-01>' (C62)}}
  %r = quantcc.maximum %x, %x : (tensor<4x!q>, tensor<4x!q>) -> tensor<4x!q>
  return %r : tensor<4x!q>
}
