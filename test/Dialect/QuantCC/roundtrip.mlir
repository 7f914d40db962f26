// RUN: quant-opt %s | quant-opt | FileCheck %s
// RUN: quant-opt %s --emit-bytecode | quant-opt | FileCheck %s

!act = !quant.uniform<i8:f32, 0.5:-3>
!out = !quant.uniform<i8:f32, 0.25:7>
!weight = !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.25}>

// CHECK-LABEL: func.func @conv2d_float
func.func @conv2d_float(%x: tensor<1x8x8x3xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK: quantcc.conv2d %{{.*}}, %{{.*}}, %{{.*}} {clamp = array<f32: 0.000000e+00, 6.000000e+00>
  %r = quantcc.conv2d %x, %w, %b {strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, clamp = array<f32: 0.0, 6.0>}
    : (tensor<1x8x8x3xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x8x8x4xf32>
  return %r : tensor<1x8x8x4xf32>
}

// CHECK-LABEL: func.func @conv2d_depthwise_quantized
func.func @conv2d_depthwise_quantized(%x: tensor<1x4x4x2x!act>, %w: tensor<2x3x3x1x!weight>, %b: tensor<2xi32>) -> tensor<1x2x2x2x!out> {
  // CHECK: rounding = #quantcc.rounding<double>
  %r = quantcc.conv2d %x, %w, %b {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64, stored_clamp = array<i32: 7, 127>, rounding = #quantcc.rounding<double>}
    : (tensor<1x4x4x2x!act>, tensor<2x3x3x1x!weight>, tensor<2xi32>) -> tensor<1x2x2x2x!out>
  return %r : tensor<1x2x2x2x!out>
}

// CHECK-LABEL: func.func @linear
func.func @linear(%x: tensor<1x8x!act>, %w: tensor<2x8x!weight>) -> tensor<1x2x!out> {
  // CHECK: quantcc.linear
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>} : (tensor<1x8x!act>, tensor<2x8x!weight>) -> tensor<1x2x!out>
  return %r : tensor<1x2x!out>
}

// CHECK-LABEL: func.func @observe_and_simulate
func.func @observe_and_simulate(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.observe %{{.*}} {name = "x", range = #quantcc.range<-1.000000e+00, 2.500000e+00>}
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.5>} : tensor<4xf32>
  // CHECK: quantcc.fake_quantize %{{.*}} {params = !quant.uniform<i8:f32, {{.*}}:-3>}
  %1 = quantcc.fake_quantize %0 {params = !act} : tensor<4xf32>
  // CHECK: quantcc.function <sigmoid>
  %2 = quantcc.function <sigmoid> %1 : tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func.func @island
func.func @island(%x: tensor<4x!act>) -> tensor<4x!out> {
  // CHECK: quantcc.float_island(%{{.*}}) reason "excluded"
  %r = quantcc.float_island (%x) reason "excluded" : (tensor<4x!act>) -> tensor<4x!out> {
  ^bb0(%a: tensor<4x!act>):
    %0 = quant.dcast %a : tensor<4x!act> to tensor<4xf32>
    %1 = quant.qcast %0 : tensor<4xf32> to tensor<4x!out>
    quantcc.yield %1 : tensor<4x!out>
  }
  return %r : tensor<4x!out>
}

// CHECK-LABEL: func.func @requantize
func.func @requantize(%x: tensor<1x2xi32>) -> tensor<1x2xi8> {
  // CHECK: quantcc.requantize
  %r = quantcc.requantize %x {multipliers = array<i32: 1518500250, 1073741824>, shifts = array<i32: 38, 40>, axis = 1 : i64, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<1x2xi32> -> tensor<1x2xi8>
  return %r : tensor<1x2xi8>
}

// CHECK-LABEL: func.func @matmul
func.func @matmul(%a: tensor<2x8x4x!act>, %b: tensor<1x3x8x!act>) -> tensor<2x4x3x!out> {
  // CHECK: quantcc.matmul %{{.*}}, %{{.*}} {rounding = #quantcc.rounding<half_even>, transpose_lhs, transpose_rhs}
  %r = quantcc.matmul %a, %b {transpose_lhs, transpose_rhs, rounding = #quantcc.rounding<half_even>} : (tensor<2x8x4x!act>, tensor<1x3x8x!act>) -> tensor<2x4x3x!out>
  return %r : tensor<2x4x3x!out>
}

// CHECK-LABEL: func.func @arithmetic_float
func.func @arithmetic_float(%a: tensor<1x4xf32>, %b: tensor<4xf32>) -> tensor<1x4xf32> {
  // CHECK: quantcc.add %{{.*}}, %{{.*}} : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %0 = quantcc.add %a, %b : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: quantcc.sub
  %1 = quantcc.sub %0, %b : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: quantcc.mul
  %2 = quantcc.mul %1, %b : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: quantcc.maximum
  %3 = quantcc.maximum %2, %b : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: quantcc.minimum
  %4 = quantcc.minimum %3, %b : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: quantcc.rescale %{{.*}} {clamp = array<f32: 0.000000e+00, 0x7F800000>}
  %5 = quantcc.rescale %4 {clamp = array<f32: 0.0, 0x7F800000>} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  // CHECK: quantcc.prelu
  %6 = quantcc.prelu %5, %b : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  // CHECK: quantcc.function <leaky_relu> %{{.*}} {alpha = 1.000000e-01 : f32}
  %7 = quantcc.function <leaky_relu> %6 {alpha = 0.1 : f32} : tensor<1x4xf32>
  return %7 : tensor<1x4xf32>
}

// CHECK-LABEL: func.func @arithmetic_quantized
func.func @arithmetic_quantized(%a: tensor<1x4x!act>, %b: tensor<4x!act>) -> tensor<1x4x!out> {
  // CHECK: quantcc.add %{{.*}}, %{{.*}} {rounding = #quantcc.rounding<single>, stored_clamp = array<i32: -3, 127>}
  %0 = quantcc.add %a, %b {stored_clamp = array<i32: -3, 127>, rounding = #quantcc.rounding<single>} : (tensor<1x4x!act>, tensor<4x!act>) -> tensor<1x4x!out>
  // CHECK: quantcc.sub
  %1 = quantcc.sub %0, %b {rounding = #quantcc.rounding<double>} : (tensor<1x4x!out>, tensor<4x!act>) -> tensor<1x4x!act>
  // CHECK: quantcc.mul
  %2 = quantcc.mul %1, %b {rounding = #quantcc.rounding<double>} : (tensor<1x4x!act>, tensor<4x!act>) -> tensor<1x4x!act>
  // CHECK: quantcc.maximum
  %3 = quantcc.maximum %2, %b : (tensor<1x4x!act>, tensor<4x!act>) -> tensor<1x4x!act>
  // CHECK: quantcc.minimum
  %4 = quantcc.minimum %3, %b : (tensor<1x4x!act>, tensor<4x!act>) -> tensor<1x4x!act>
  // CHECK: quantcc.rescale
  %5 = quantcc.rescale %4 {rounding = #quantcc.rounding<double>} : (tensor<1x4x!act>) -> tensor<1x4x!out>
  // CHECK: quantcc.prelu
  %6 = quantcc.prelu %5, %b {rounding = #quantcc.rounding<double>} : (tensor<1x4x!out>, tensor<4x!act>) -> tensor<1x4x!out>
  return %6 : tensor<1x4x!out>
}

// CHECK-LABEL: func.func @lookup
func.func @lookup(%x: tensor<4x!act>, %y: tensor<4xi8>, %t: tensor<256xi8>) -> (tensor<4x!out>, tensor<4xi8>) {
  // CHECK: quantcc.lookup %{{.*}}, %{{.*}} : (tensor<4x!quant.uniform
  %0 = quantcc.lookup %x, %t : (tensor<4x!act>, tensor<256xi8>) -> tensor<4x!out>
  // CHECK: quantcc.lookup %{{.*}}, %{{.*}} : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
  %1 = quantcc.lookup %y, %t : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
  return %0, %1 : tensor<4x!out>, tensor<4xi8>
}

// CHECK-LABEL: func.func @sixteen_bits
func.func @sixteen_bits(%x: tensor<4x!quant.uniform<i16:f32, 0.5>>, %t: tensor<513xi16>) -> tensor<4x!quant.uniform<i16:f32, 0.5>> {
  // CHECK: quantcc.gate <tanh> %{{.*}} :
  %g = quantcc.gate <tanh> %x : (tensor<4x!quant.uniform<i16:f32, 0.5>>) -> tensor<4x!quant.uniform<i16:f32, 3.0517578125e-05>>
  // CHECK: quantcc.leaky_relu %{{.*}} {alpha = 2.500000e-01 : f32, rounding = #quantcc.rounding<double>} :
  %0 = quantcc.leaky_relu %x {alpha = 0.25 : f32, rounding = #quantcc.rounding<double>} : (tensor<4x!quant.uniform<i16:f32, 0.5>>) -> tensor<4x!quant.uniform<i16:f32, 0.5>>
  // CHECK: quantcc.lookup %{{.*}}, %{{.*}} : (tensor<4x!quant.uniform<i16{{.*}}, tensor<513xi16>)
  %1 = quantcc.lookup %0, %t : (tensor<4x!quant.uniform<i16:f32, 0.5>>, tensor<513xi16>) -> tensor<4x!quant.uniform<i16:f32, 0.5>>
  return %1 : tensor<4x!quant.uniform<i16:f32, 0.5>>
}

// CHECK-LABEL: func.func @transposed
func.func @transposed(%x: tensor<1x2x2x3xf32>, %w: tensor<4x2x2x3xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK: quantcc.transpose_conv2d %{{.*}}, %{{.*}} {padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} :
  %r = quantcc.transpose_conv2d %x, %w {strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x3xf32>, tensor<4x2x2x3xf32>) -> tensor<1x4x4x4xf32>
  return %r : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @pools
func.func @pools(%x: tensor<1x4x4x2x!act>) -> tensor<1x2x!out> {
  // CHECK: quantcc.avg_pool2d %{{.*}} {kernel = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
  %0 = quantcc.avg_pool2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x2x!act>) -> tensor<1x3x3x2x!act>
  // CHECK: quantcc.max_pool2d %{{.*}} {kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, stored_clamp = array<i32: -3, 9>, strides = array<i64: 1, 1>}
  %1 = quantcc.max_pool2d %0 {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, stored_clamp = array<i32: -3, 9>} : (tensor<1x3x3x2x!act>) -> tensor<1x2x2x2x!act>
  // CHECK: quantcc.mean %{{.*}} {axes = array<i64: 1, 2>, rounding = #quantcc.rounding<double>}
  %2 = quantcc.mean %1 {axes = array<i64: 1, 2>, rounding = #quantcc.rounding<double>} : (tensor<1x2x2x2x!act>) -> tensor<1x2x!out>
  return %2 : tensor<1x2x!out>
}

// CHECK-LABEL: func.func @mean_keeping_dims
func.func @mean_keeping_dims(%x: tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: quantcc.mean %{{.*}} {axes = array<i64: 1, 2>, keep_dims}
  %r = quantcc.mean %x {axes = array<i64: 1, 2>, keep_dims} : (tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32>
  return %r : tensor<1x1x1x2xf32>
}

// CHECK-LABEL: func.func @softmax
func.func @softmax(%x: tensor<1x4x!act>) -> tensor<1x4x!quant.uniform<u8:f32, 0.00390625>> {
  // CHECK: quantcc.softmax %{{.*}} {beta = 1.000000e+00 : f32}
  %r = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<1x4x!act>) -> tensor<1x4x!quant.uniform<u8:f32, 0.00390625>>
  return %r : tensor<1x4x!quant.uniform<u8:f32, 0.00390625>>
}

// CHECK-LABEL: func.func @moving
func.func @moving(%x: tensor<2x3x!act>) -> tensor<4x4x!act> {
  // CHECK: quantcc.transpose %{{.*}} {permutation = array<i64: 1, 0>}
  %0 = quantcc.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3x!act>) -> tensor<3x2x!act>
  // CHECK: quantcc.slice %{{.*}} {offsets = array<i64: 2, 1>, strides = array<i64: -2, 1>}
  %1 = quantcc.slice %0 {offsets = array<i64: 2, 1>, strides = array<i64: -2, 1>} : (tensor<3x2x!act>) -> tensor<2x1x!act>
  // CHECK: quantcc.pad %{{.*}} {high = array<i64: 0, 2>, low = array<i64: 0, 1>, stored_value = -128 : i32}
  %2 = quantcc.pad %1 {low = array<i64: 0, 1>, high = array<i64: 0, 2>, stored_value = -128 : i32} : (tensor<2x1x!act>) -> tensor<2x4x!act>
  // CHECK: quantcc.concat %{{.*}}, %{{.*}} {axis = 0 : i64}
  %3 = quantcc.concat %2, %2 {axis = 0 : i64} : (tensor<2x4x!act>, tensor<2x4x!act>) -> tensor<4x4x!act>
  // CHECK: quantcc.reshape %{{.*}} : (tensor<4x4x
  %4 = quantcc.reshape %3 : (tensor<4x4x!act>) -> tensor<16x!act>
  // CHECK: quantcc.reshape %{{.*}} : (tensor<16x
  %5 = quantcc.reshape %4 : (tensor<16x!act>) -> tensor<4x4x!act>
  return %5 : tensor<4x4x!act>
}

// CHECK-LABEL: func.func @pad_with_real_value
func.func @pad_with_real_value(%x: tensor<2xf32>) -> tensor<3xf32> {
  // CHECK: quantcc.pad %{{.*}} {high = array<i64: 1>, low = array<i64: 0>, value = -1.500000e+00 : f32}
  %r = quantcc.pad %x {low = array<i64: 0>, high = array<i64: 1>, value = -1.5 : f32} : (tensor<2xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-LABEL: func.func @resize
func.func @resize(%x: tensor<1x2x2x3x!act>) -> tensor<1x2x2x3x!act> {
  // CHECK: quantcc.resize %{{.*}} {half_pixel_centers, mode = #quantcc.resize_mode<bilinear>}
  %0 = quantcc.resize %x {mode = #quantcc.resize_mode<bilinear>, half_pixel_centers} : (tensor<1x2x2x3x!act>) -> tensor<1x4x4x3x!act>
  // CHECK: quantcc.resize %{{.*}} {align_corners, mode = #quantcc.resize_mode<nearest>}
  %1 = quantcc.resize %0 {mode = #quantcc.resize_mode<nearest>, align_corners} : (tensor<1x4x4x3x!act>) -> tensor<1x2x2x3x!act>
  return %1 : tensor<1x2x2x3x!act>
}

// CHECK-LABEL: func.func @integer_add
func.func @integer_add(%a: tensor<2x1xi8>, %b: tensor<2xi8>) -> tensor<2x2xi8> {
  // CHECK: quantcc.integer_add %{{.*}} subtract
  %r = quantcc.integer_add %a, %b {lhs_zero_point = 3 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -4 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 33 : i32, left_shift = 20 : i32, output_multiplier = 1073741824 : i32, output_shift = 49 : i32, output_zero_point = 1 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>, subtract}
    : (tensor<2x1xi8>, tensor<2xi8>) -> tensor<2x2xi8>
  return %r : tensor<2x2xi8>
}

// A left shift of 31 is that of the largest scales, which only the maximum
// survives.
// CHECK-LABEL: func.func @integer_softmax
func.func @integer_softmax(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
  // CHECK: quantcc.integer_softmax %{{.*}} {diff_min = 0 : i32, left_shift = 31 : i32
  %r = quantcc.integer_softmax %x {multiplier = 2147483647 : i32, left_shift = 31 : i32, diff_min = 0 : i32, output_zero_point = -128 : i32} : tensor<1x4xi8> -> tensor<1x4xi8>
  return %r : tensor<1x4xi8>
}

// CHECK-LABEL: func.func @lstm
func.func @lstm(%x: tensor<9x1x2xf32>, %h: tensor<1x3xf32>, %w: tensor<3x2xf32>, %r: tensor<3x3xf32>, %b: tensor<3xf32>) -> tensor<9x1x3xf32> {
  // CHECK: %{{.*}}, %{{.*}}, %{{.*}} = quantcc.lstm %[[X:[^,]*]], %[[H:[^,]*]], %[[H]] input_weights(%[[W:[^,]*]], %[[W]], %[[W]], %[[W]]) recurrent_weights(%[[R:[^,]*]], %[[R]], %[[R]], %[[R]]) bias(%[[B:[^,]*]], %[[B]], %[[B]], %[[B]]) {cell_clip = 2.500000e+00 : f32, time_major}
  %y, %h1, %c1 = quantcc.lstm %x, %h, %h input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) bias(%b, %b, %b, %b) {cell_clip = 2.5 : f32, time_major}
    : (tensor<9x1x2xf32>, tensor<1x3xf32>, tensor<1x3xf32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>,
       tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
    -> (tensor<9x1x3xf32>, tensor<1x3xf32>, tensor<1x3xf32>)
  // CHECK: quantcc.lstm %[[X]], %[[H]], %[[H]] input_weights(%[[W]], %[[W]], %[[W]], %[[W]]) recurrent_weights(%[[R]], %[[R]], %[[R]], %[[R]]) {time_major}
  %z, %h2, %c2 = quantcc.lstm %x, %h, %h input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) {time_major}
    : (tensor<9x1x2xf32>, tensor<1x3xf32>, tensor<1x3xf32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>,
       tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>)
    -> (tensor<9x1x3xf32>, tensor<1x3xf32>, tensor<1x3xf32>)
  return %y : tensor<9x1x3xf32>
}

// CHECK-LABEL: func.func @svdf
func.func @svdf(%x: tensor<1x8x!act>, %s: tensor<1x6x!act>, %f: tensor<2x8x!quant.uniform<i8:f32, 0.25>>, %t: tensor<2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<1xi32>) -> tensor<1x1x!out> {
  // CHECK: quantcc.svdf %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {rank = 2 : i64, rounding = #quantcc.rounding<double>}
  %y, %s1 = quantcc.svdf %x, %s, %f, %t, %b {rank = 2 : i64, rounding = #quantcc.rounding<double>}
    : (tensor<1x8x!act>, tensor<1x6x!act>, tensor<2x8x!quant.uniform<i8:f32, 0.25>>, tensor<2x3x!quant.uniform<i8:f32, 0.25>>, tensor<1xi32>) -> (tensor<1x1x!out>, tensor<1x6x!act>)
  return %y : tensor<1x1x!out>
}

// CHECK-LABEL: func.func @accumulators
func.func @accumulators(%x: tensor<1x4x!act>, %w: tensor<2x4x!act>, %b: tensor<2xi32>) -> tensor<1x2xi8> {
  // CHECK: quantcc.linear %{{.*}}, %{{.*}}, %{{.*}} : (tensor<1x4x{{.*}}>, tensor<2x4x{{.*}}>, tensor<2xi32>) -> tensor<1x2xi32>
  %a = quantcc.linear %x, %w, %b : (tensor<1x4x!act>, tensor<2x4x!act>, tensor<2xi32>) -> tensor<1x2xi32>
  // CHECK: quantcc.requantize
  %r = quantcc.requantize %a {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<1x2xi32> -> tensor<1x2xi8>
  return %r : tensor<1x2xi8>
}
