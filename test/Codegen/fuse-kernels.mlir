// RUN: quant-opt %s --pass-pipeline='builtin.module(func.func(quantcc-fuse-kernels))' --remark-format=emitRemark --remarks-filter=quantcc --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --pass-pipeline='builtin.module(func.func(quantcc-fuse-kernels{kernels=portable}))' | FileCheck %s --check-prefix=PORTABLE
// RUN: quant-opt %s --pass-pipeline='builtin.module(func.func(quantcc-fuse-kernels{kernels=neon-dotprod}))' | FileCheck %s --check-prefix=SIGNED

// PORTABLE-NOT: quantcc.fused_conv2d

// The flip of the input's highest bit moves before the padding, whose border
// becomes -1 ^ -128 = 127; the result is flipped back.
// CHECK-LABEL: func.func @convolution
// CHECK-SAME:    (%[[X:.*]]: tensor<1x4x4x2xi8>)
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<3> : tensor<5x3x3x2xi4>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<[1, 2, 3, 4, 5]>
// CHECK-DAG:     %[[BORDER:.*]] = arith.constant 127 : i8
// CHECK-DAG:     %[[FLIP:.*]] = arith.constant dense<-128> : tensor<1x4x4x2xi8>
// CHECK:         %[[U:.*]] = arith.xori %[[X]], %[[FLIP]]
// CHECK:         %[[P:.*]] = tensor.pad %[[U]]
// CHECK:           tensor.yield %[[BORDER]]
// CHECK:         %[[R:.*]] = quantcc.fused_conv2d ins(%[[P]], %[[W]], %[[B]]
// CHECK-SAME:      biased_input, biased_result, clamp_max = 100 : i32, clamp_min = -4 : i32
// CHECK-SAME:      output_zero_point = -4 : i32
// CHECK-SAME:      strides = array<i64: 2, 2>
// CHECK:         %[[S:.*]] = arith.xori %[[R]]
// CHECK:         return %[[S]]
func.func @convolution(%x: tensor<1x4x4x2xi8>) -> tensor<1x2x2x5xi8> {
  %w = arith.constant dense<3> : tensor<5x3x3x2xi8>
  %b = arith.constant dense<[1, 2, 3, 4, 5]> : tensor<5xi32>
  %zp = arith.constant -1 : i8
  %padded = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zp : i8
  } : tensor<1x4x4x2xi8> to tensor<1x6x6x2xi8>
  %e = tensor.empty() : tensor<1x2x2x5xi32>
  %init = linalg.broadcast ins(%b : tensor<5xi32>) outs(%e : tensor<1x2x2x5xi32>) dimensions = [0, 1, 2]
  %acc = linalg.conv_2d_nhwc_fhwc {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%padded, %w : tensor<1x6x6x2xi8>, tensor<5x3x3x2xi8>) outs(%init : tensor<1x2x2x5xi32>) -> tensor<1x2x2x5xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in bits of f32 (5)}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = -4 : i32, clamp_min = -4 : i32, clamp_max = 100 : i32, rounding = #quantcc.rounding<double>} : tensor<1x2x2x5xi32> -> tensor<1x2x2x5xi8>
  return %y : tensor<1x2x2x5xi8>
}

// Between two kernels nothing is flipped, and nothing at all where the target's
// take signed bytes.
// SIGNED-LABEL: func.func @chain
// SIGNED-NOT:     arith.xori
// SIGNED-NOT:     biased_input
// SIGNED-COUNT-2: quantcc.fused_conv2d
// SIGNED-NOT:     arith.xori
// SIGNED-LABEL: func.func @product
// CHECK-LABEL: func.func @chain
// CHECK:         arith.xori
// CHECK:         %[[A:.*]] = quantcc.fused_conv2d {{.*}} depthwise
// CHECK-NOT:     arith.xori
// CHECK:         %[[B:.*]] = quantcc.fused_conv2d ins(%[[A]],
// CHECK:         arith.xori %[[B]]
// CHECK-NOT:     arith.xori
// CHECK:         return
func.func @chain(%x: tensor<1x3x3x4xi8>) -> tensor<1x3x3x2xi8> {
  %w = arith.constant dense<1> : tensor<1x1x4xi8>
  %v = arith.constant dense<1> : tensor<2x1x1x4xi8>
  %b = arith.constant dense<0> : tensor<4xi32>
  %c = arith.constant dense<0> : tensor<2xi32>
  %e = tensor.empty() : tensor<1x3x3x4xi32>
  %f = tensor.empty() : tensor<1x3x3x2xi32>
  %i = linalg.broadcast ins(%b : tensor<4xi32>) outs(%e : tensor<1x3x3x4xi32>) dimensions = [0, 1, 2]
  %acc = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<1x3x3x4xi8>, tensor<1x1x4xi8>) outs(%i : tensor<1x3x3x4xi32>) -> tensor<1x3x3x4xi32>
  // expected-remark @+1 {{becomes a kernel}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<1x3x3x4xi32> -> tensor<1x3x3x4xi8>
  %j = linalg.broadcast ins(%c : tensor<2xi32>) outs(%f : tensor<1x3x3x2xi32>) dimensions = [0, 1, 2]
  %sum = linalg.conv_2d_nhwc_fhwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%y, %v : tensor<1x3x3x4xi8>, tensor<2x1x1x4xi8>) outs(%j : tensor<1x3x3x2xi32>) -> tensor<1x3x3x2xi32>
  // expected-remark @+1 {{becomes a kernel}}
  %z = quantcc.requantize %sum {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<1x3x3x2xi32> -> tensor<1x3x3x2xi8>
  return %z : tensor<1x3x3x2xi8>
}

// A channel whose line misses one step has an exception beside one that has none.
// CHECK-LABEL: func.func @exception
// CHECK:         quantcc.fused_conv2d
func.func @exception(%x: tensor<4x12xi8>) -> tensor<4x2xi8> {
  %w = arith.constant dense<127> : tensor<2x12xi8>
  %b = arith.constant dense<0> : tensor<2xi32>
  %e = tensor.empty() : tensor<4x2xi32>
  %init = linalg.broadcast ins(%b : tensor<2xi32>) outs(%e : tensor<4x2xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x12xi8>, tensor<2x12xi8>) outs(%init : tensor<4x2xi32>) -> tensor<4x2xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in bits of f32 (1), bits of f32 with an exception (1)}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1108090059, 1518500250>, shifts = array<i32: 39, 39>, axis = 1 : i64, output_zero_point = -128 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : tensor<4x2xi32> -> tensor<4x2xi8>
  return %y : tensor<4x2xi8>
}

// Ties go to what is even before an odd zero point is added: the steps lie 255, 257 and
// 255 sums apart, as no line's do. With an exception one's do, but 16 times the sums have
// none: weights stay in bytes.
// CHECK-LABEL: func.func @exception_without_nibbles
// CHECK:         quantcc.fused_conv2d {{.*}} tensor<3x1x1x1xi8>
func.func @exception_without_nibbles(%x: tensor<4x1xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<4> : tensor<3x1xi8>
  %b = arith.constant dense<0> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x1xi8>, tensor<3x1xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in bits of f32 with an exception (3), its weights of 4 bits in a byte each: no float form is proved for 16 times the sums}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = -71 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<half_even>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// A product is a convolution of an image of one row.
// CHECK-LABEL: func.func @product
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<2> : tensor<3x1x1x8xi4>
// CHECK:         quantcc.fused_conv2d ins(%{{.*}}, %[[W]], %{{.*}} : tensor<1x1x4x8xi8>, tensor<3x1x1x8xi4>, tensor<3xi32>) outs(%{{.*}} : tensor<1x1x4x3xi8>)
// CHECK:         tensor.collapse_shape %{{.*}} : tensor<1x1x4x3xi8> into tensor<4x3xi8>
func.func @product(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @variable_weights
// CHECK-NOT:     quantcc.fused_conv2d
func.func @variable_weights(%x: tensor<4x8xi8>, %w: tensor<3x8xi8>) -> tensor<4x3xi8> {
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: its weights are no constants, which kernels read packed}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @sums_read_twice
// CHECK-NOT:     quantcc.fused_conv2d
func.func @sums_read_twice(%x: tensor<4x8xi8>) -> (tensor<4x3xi8>, tensor<4x3xi32>) {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: its sums are read elsewhere too, before they are requantized}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y, %acc : tensor<4x3xi8>, tensor<4x3xi32>
}

// Sums of 2^31 and more: the conversion to floating point would wrap with them.
// The kernel gives the accumulators.
// CHECK-LABEL: func.func @sums_too_large
// CHECK:         quantcc.fused_conv2d {{.*}} outs(%{{.*}} : tensor<1x1x4x3xi32>)
// CHECK:         quantcc.requantize
func.func @sums_too_large(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<2147483647> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{its accumulators become a kernel, requantized the portable way: no float form is proved equal to its requantization}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @no_contraction
// CHECK-NOT:     quantcc.fused_conv2d
func.func @no_contraction(%acc: tensor<4x3xi32>) -> tensor<4x3xi8> {
  // expected-remark @+1 {{takes the portable way: it is no convolution and no product with weights}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// Values of 16 bits are not biased.
// CHECK-LABEL: func.func @sixteen_bits
// CHECK-NOT:     arith.xori
// CHECK:         quantcc.fused_conv2d
// CHECK-NOT:     biased
// CHECK:         return
func.func @sixteen_bits(%x: tensor<4x8xi16>) -> tensor<4x3xi16> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi16>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in integers of 64 bits}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi16>
  return %y : tensor<4x3xi16>
}

// CHECK-LABEL: func.func @sixteen_bits_to_even
// CHECK:         quantcc.fused_conv2d
func.func @sixteen_bits_to_even(%x: tensor<4x8xi16>) -> tensor<4x3xi16> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi16>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in integers of 64 bits}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<half_even>} : tensor<4x3xi32> -> tensor<4x3xi16>
  return %y : tensor<4x3xi16>
}

// CHECK-LABEL: func.func @sixteen_bits_rounded_differently
// CHECK:         quantcc.fused_conv2d
func.func @sixteen_bits_rounded_differently(%x: tensor<4x8xi16>) -> tensor<4x3xi16> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi16>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in integers of 64 bits}}
  %y = quantcc.requantize %acc {axis = 1 : i64, multipliers = array<i32: 1518500250, 1518500250, 1518500250>, shifts = array<i32: 34, 31, 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>} : tensor<4x3xi32> -> tensor<4x3xi16>
  return %y : tensor<4x3xi16>
}

// CHECK-LABEL: func.func @sixteen_bits_to_eight
// CHECK-NOT:     quantcc.fused_conv2d
func.func @sixteen_bits_to_eight(%x: tensor<4x8xi16>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi16>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: its input has 16 bits and its result 8 bits: kernels make 16 of 16}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// Where 8 bits become 16, as in gates of recurrent layers, kernels give the
// accumulators, in as many bits as they have.
// CHECK-LABEL: func.func @eight_bits_to_sixteen
// CHECK-SAME:    (%[[X:.*]]: tensor<4x8xi8>)
// CHECK:         %[[BIASED:.*]] = arith.xori
// CHECK:         %[[SUMS:.*]] = quantcc.fused_conv2d ins({{.*}} : tensor<1x1x4x8xi8>, tensor<3x1x1x8xi8>, tensor<3xi32>) outs(%{{.*}} : tensor<1x1x4x3xi32>) {biased_input, clamp_max = 2147483647 : i32
// CHECK-NOT:     arith.xori
// CHECK:         %[[ACC:.*]] = tensor.collapse_shape %[[SUMS]]
// CHECK:         quantcc.requantize %[[ACC]]
func.func @eight_bits_to_sixteen(%x: tensor<4x8xi8>) -> tensor<4x3xi16> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %i = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%i : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{its accumulators become a kernel, requantized the portable way: its result has more than 8 bits}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi16>
  return %y : tensor<4x3xi16>
}

// More of them would take more memory than they are worth.
// CHECK-LABEL: func.func @many_accumulators
// CHECK-NOT:     quantcc.fused_conv2d
func.func @many_accumulators(%x: tensor<400x8xi8>) -> tensor<400x3xi16> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<400x3xi32>
  %i = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<400x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<400x8xi8>, tensor<3x8xi8>) outs(%i : tensor<400x3xi32>) -> tensor<400x3xi32>
  // expected-remark @+1 {{takes the portable way: its result has more than 8 bits}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>} : tensor<400x3xi32> -> tensor<400x3xi16>
  return %y : tensor<400x3xi16>
}

// CHECK-LABEL: func.func @sum
// CHECK-SAME:    (%[[A:.*]]: tensor<4x8xi8>, %[[B:.*]]: tensor<4x8xi8>)
// CHECK-DAG:     %[[BA:.*]] = arith.xori %[[A]]
// CHECK-DAG:     %[[BB:.*]] = arith.xori %[[B]]
// CHECK:         %[[SUM:.*]] = quantcc.fused_add ins(%[[BA]], %[[BB]] : {{.*}}) {biased_operands, biased_result, {{.*}}lhs_multiplier = 1073741824
// CHECK:         %[[R:.*]] = arith.xori %[[SUM]]
// CHECK:         return %[[R]]
func.func @sum(%a: tensor<4x8xi8>, %b: tensor<4x8xi8>) -> tensor<4x8xi8> {
  // expected-remark @+1 {{becomes a kernel}}
  %y = quantcc.integer_add %a, %b {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : (tensor<4x8xi8>, tensor<4x8xi8>) -> tensor<4x8xi8>
  return %y : tensor<4x8xi8>
}

// CHECK-LABEL: func.func @sums_that_are_ties
// CHECK-NOT:     quantcc.fused_add
func.func @sums_that_are_ties(%a: tensor<4x8xi8>, %b: tensor<4x8xi8>) -> tensor<4x8xi8> {
  // expected-remark @+1 {{takes the portable way: no float form is proved equal to it}}
  %y = quantcc.integer_add %a, %b {lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1073741824 : i32, output_shift = 50 : i32, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : (tensor<4x8xi8>, tensor<4x8xi8>) -> tensor<4x8xi8>
  return %y : tensor<4x8xi8>
}

// CHECK-LABEL: func.func @broadcast_sum
// CHECK-NOT:     quantcc.fused_add
func.func @broadcast_sum(%a: tensor<4x8xi8>, %b: tensor<1x8xi8>) -> tensor<4x8xi8> {
  // expected-remark @+1 {{takes the portable way: one of its operands is repeated along a dimension}}
  %y = quantcc.integer_add %a, %b {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : (tensor<4x8xi8>, tensor<1x8xi8>) -> tensor<4x8xi8>
  return %y : tensor<4x8xi8>
}

// Unsigned values are flipped to signed ones and back, by loops before layers;
// between two kernels none of the flips is left. Weights of 16 bits become sums
// of two bytes, or of three.
// CHECK-LABEL: func.func @unsigned
// CHECK-SAME:    (%[[X:.*]]: tensor<4x8xi8>)
// CHECK-NOT:     arith.xori
// CHECK:         %[[IMAGE:.*]] = tensor.expand_shape %[[X]]
// CHECK:         %[[A:.*]] = quantcc.fused_conv2d ins(%[[IMAGE]], %{{.*}} : tensor<1x1x4x8xi8>, tensor<3x1x1x8xi16>
// CHECK-SAME:      clamp_max = 127 : i32, clamp_min = -118 : i32
// CHECK-SAME:      output_zero_point = -118 : i32
// CHECK-NOT:     arith.xori
// CHECK:         %[[B:.*]] = quantcc.fused_conv2d
// CHECK-NOT:     arith.xori
// CHECK:         return
// SIGNED-LABEL: func.func @unsigned
// SIGNED:         arith.xori
// SIGNED:         quantcc.fused_conv2d
// SIGNED-NOT:     arith.xori
// SIGNED:         quantcc.fused_conv2d
// SIGNED:         arith.xori
// SIGNED-NOT:     arith.xori
// SIGNED:         return
#same = affine_map<(d0, d1) -> (d0, d1)>
func.func @unsigned(%x: tensor<4x8xi8>) -> tensor<4x2xi8> {
  %w = arith.constant dense<-254> : tensor<3x8xi16>
  %v = arith.constant dense<255> : tensor<2x3xi16>
  %b = arith.constant dense<7> : tensor<3xi32>
  %c = arith.constant dense<5> : tensor<2xi32>
  %high = arith.constant -128 : i8
  %s = tensor.empty() : tensor<4x8xi8>
  %flipped = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x8xi8>) outs(%s : tensor<4x8xi8>) {
  ^bb0(%in: i8, %out: i8):
    %f = arith.xori %in, %high : i8
    linalg.yield %f : i8
  } -> tensor<4x8xi8>
  %e = tensor.empty() : tensor<4x3xi32>
  %i = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%flipped, %w : tensor<4x8xi8>, tensor<3x8xi16>) outs(%i : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in bits of f32 (3), its weights sums of 2 bytes}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 10 : i32, clamp_min = 10 : i32, clamp_max = 255 : i32, rounding = #quantcc.rounding<single>, unsigned_result} : tensor<4x3xi32> -> tensor<4x3xi8>
  %t = tensor.empty() : tensor<4x3xi8>
  %again = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%y : tensor<4x3xi8>) outs(%t : tensor<4x3xi8>) {
  ^bb0(%in: i8, %out: i8):
    %f = arith.xori %in, %high : i8
    linalg.yield %f : i8
  } -> tensor<4x3xi8>
  %g = tensor.empty() : tensor<4x2xi32>
  %j = linalg.broadcast ins(%c : tensor<2xi32>) outs(%g : tensor<4x2xi32>) dimensions = [0]
  %sum = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%again, %v : tensor<4x3xi8>, tensor<2x3xi16>) outs(%j : tensor<4x2xi32>) -> tensor<4x2xi32>
  // expected-remark @+1 {{its weights sums of 3 bytes}}
  %z = quantcc.requantize %sum {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 0 : i32, clamp_min = 0 : i32, clamp_max = 255 : i32, rounding = #quantcc.rounding<single>, unsigned_result} : tensor<4x2xi32> -> tensor<4x2xi8>
  return %z : tensor<4x2xi8>
}

// CHECK-LABEL: func.func @weights_of_four_bytes
// CHECK-NOT:     quantcc.fused_conv2d
func.func @weights_of_four_bytes(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<-385> : tensor<3x8xi16>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi16>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{takes the portable way: its weights less their zero point leave what three bytes add up to, -384 to 381}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 40>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// Unsigned operands are what this target's kernels take.
// CHECK-LABEL: func.func @unsigned_sum
// CHECK-SAME:    (%[[A:.*]]: tensor<4x8xi8>, %[[B:.*]]: tensor<4x8xi8>)
// CHECK-NOT:     arith.xori
// CHECK:         %[[SUM:.*]] = quantcc.fused_add ins(%[[A]], %[[B]] : {{.*}}) {biased_operands, biased_result, clamp_max = 127 : i32, clamp_min = -128 : i32
// CHECK-SAME:      lhs_zero_point = 4 : i32
// CHECK-SAME:      output_zero_point = -3 : i32
// CHECK-SAME:      rhs_zero_point = -1 : i32
// CHECK-NOT:     arith.xori
// CHECK:         return %[[SUM]]
func.func @unsigned_sum(%a: tensor<4x8xi8>, %b: tensor<4x8xi8>) -> tensor<4x8xi8> {
  // expected-remark @+1 {{becomes a kernel}}
  %y = quantcc.integer_add %a, %b {lhs_zero_point = 132 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 127 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = 125 : i32, clamp_min = 0 : i32, clamp_max = 255 : i32, rounding = #quantcc.rounding<single>, unsigned_operands} : (tensor<4x8xi8>, tensor<4x8xi8>) -> tensor<4x8xi8>
  return %y : tensor<4x8xi8>
}

// Layers that share a product, and clamp its sums each in its own way, share its kernel.
// CHECK-LABEL: func.func @shared_product
// CHECK:         %[[SUMS:.*]] = quantcc.fused_conv2d {{.*}} -> tensor<1x1x1x4xi32>
// CHECK-NOT:     quantcc.fused_conv2d
// CHECK:         %[[FLAT:.*]] = tensor.collapse_shape %[[SUMS]]
// CHECK:         tensor.extract_slice %[[FLAT]][0, 0] [1, 2]
// CHECK:         tensor.extract_slice %[[FLAT]][0, 2] [1, 2]
func.func @shared_product(%x: tensor<1x8xi8>) -> (tensor<1x2xi16>, tensor<1x2xi16>) {
  %w = arith.constant dense<3> : tensor<4x8xi8>
  %b = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %e = tensor.empty() : tensor<1x4xi32>
  %init = linalg.broadcast ins(%b : tensor<4xi32>) outs(%e : tensor<1x4xi32>) dimensions = [0]
  %sums = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%x, %w : tensor<1x8xi8>, tensor<4x8xi8>) outs(%init : tensor<1x4xi32>) -> tensor<1x4xi32>
  %first = tensor.extract_slice %sums[0, 0] [1, 2] [1, 1] : tensor<1x4xi32> to tensor<1x2xi32>
  // expected-remark @+1 {{its accumulators become a kernel, requantized the portable way: several layers share them}}
  %0 = quantcc.requantize %first {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>} : tensor<1x2xi32> -> tensor<1x2xi16>
  %second = tensor.extract_slice %sums[0, 2] [1, 2] [1, 1] : tensor<1x4xi32> to tensor<1x2xi32>
  %1 = quantcc.requantize %second {multipliers = array<i32: 1210000000>, shifts = array<i32: 33>, output_zero_point = 0 : i32, clamp_min = -1000 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>} : tensor<1x2xi32> -> tensor<1x2xi16>
  return %0, %1 : tensor<1x2xi16>, tensor<1x2xi16>
}
