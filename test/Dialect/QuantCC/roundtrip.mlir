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
