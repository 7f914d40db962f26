// RUN: quant-opt %s --pass-pipeline='builtin.module(func.func(quantcc-fuse-kernels{kernels=arm-dsp}))' --remark-format=emitRemark --remarks-filter=quantcc --verify-diagnostics | FileCheck %s

// Products of signed bytes: nothing is flipped. The result begins at the zero
// point, so that rounding double never sees a negative sum.
// CHECK-LABEL: func.func @relu
// CHECK-NOT:     arith.xori
// CHECK:         quantcc.fused_conv2d
// CHECK-NOT:     biased
// CHECK:         return
func.func @relu(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in high products with one shift}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 36>, output_zero_point = -128 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @both_signs
// CHECK:         quantcc.fused_conv2d
func.func @both_signs(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in split high products with one shift}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1073741824>, shifts = array<i32: 36>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// A multiplier of 1/2 leaves no bit above the product's upper half: it takes twice
// the accumulator.
// CHECK-LABEL: func.func @large_multiplier
// CHECK:         quantcc.fused_conv2d
func.func @large_multiplier(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in high products with one shift, shifted up before}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1073741824>, shifts = array<i32: 31>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// Half of an odd number is a tie, which goes up and down in turn: no line does.
// CHECK-LABEL: func.func @ties_to_even
// CHECK:         quantcc.fused_conv2d {{.*}} outs(%{{.*}} : tensor<1x1x4x3xi8>)
// CHECK-NOT:     quantcc.requantize
// CHECK:         return
func.func @ties_to_even(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in high products, ties to even, with one shift, shifted up before}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1073741824>, shifts = array<i32: 31>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<half_even>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @sixteen_bits
// CHECK:         quantcc.fused_conv2d
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

// Weights that fit 4 bits are kept two to a byte, whatever type they came in.
// CHECK-LABEL: func.func @four_bits
// CHECK:         quantcc.fused_conv2d {{.*}} tensor<3x1x1x8xi4>
func.func @four_bits(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in high products with one shift, its weights of 4 bits two to a byte}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 36>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @five_bits
// CHECK:         quantcc.fused_conv2d {{.*}} tensor<3x1x1x8xi8>
func.func @five_bits(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<8> : tensor<3x8xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in high products with one shift}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 36>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// 16 times a bias of 2^27 and more is no i32.
// CHECK-LABEL: func.func @four_bits_without_room
// CHECK:         quantcc.fused_conv2d {{.*}} tensor<3x1x1x8xi8>
func.func @four_bits_without_room(%x: tensor<4x8xi8>) -> tensor<4x3xi8> {
  %w = arith.constant dense<2> : tensor<3x8xi8>
  %b = arith.constant dense<134217000> : tensor<3xi32>
  %e = tensor.empty() : tensor<4x3xi32>
  %init = linalg.broadcast ins(%b : tensor<3xi32>) outs(%e : tensor<4x3xi32>) dimensions = [0]
  %acc = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x8xi8>, tensor<3x8xi8>) outs(%init : tensor<4x3xi32>) -> tensor<4x3xi32>
  // expected-remark @+1 {{its weights of 4 bits in a byte each: 16 times the sums leave 32 bits}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 36>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4x3xi32> -> tensor<4x3xi8>
  return %y : tensor<4x3xi8>
}

// CHECK-LABEL: func.func @four_bits_depthwise
// CHECK:         quantcc.fused_conv2d {{.*}} tensor<3x3x4xi8>
func.func @four_bits_depthwise(%x: tensor<1x4x4x4xi8>) -> tensor<1x2x2x4xi8> {
  %w = arith.constant dense<3> : tensor<3x3x4xi8>
  %b = arith.constant dense<7> : tensor<4xi32>
  %e = tensor.empty() : tensor<1x2x2x4xi32>
  %init = linalg.broadcast ins(%b : tensor<4xi32>) outs(%e : tensor<1x2x2x4xi32>) dimensions = [0, 1, 2]
  %acc = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<1x4x4x4xi8>, tensor<3x3x4xi8>) outs(%init : tensor<1x2x2x4xi32>) -> tensor<1x2x2x4xi32>
  // expected-remark @+1 {{its weights of 4 bits in a byte each: depthwise layers have few}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 36>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<1x2x2x4xi32> -> tensor<1x2x2x4xi8>
  return %y : tensor<1x2x2x4xi8>
}

// CHECK-LABEL: func.func @sixteen_bits_depthwise
// CHECK:         quantcc.fused_conv2d {{.*}} {clamp_max = 32767 : i32, clamp_min = -32768 : i32, depthwise
func.func @sixteen_bits_depthwise(%x: tensor<1x4x4x4xi16>) -> tensor<1x2x2x4xi16> {
  %w = arith.constant dense<3> : tensor<3x3x4xi8>
  %b = arith.constant dense<7> : tensor<4xi32>
  %e = tensor.empty() : tensor<1x2x2x4xi32>
  %init = linalg.broadcast ins(%b : tensor<4xi32>) outs(%e : tensor<1x2x2x4xi32>) dimensions = [0, 1, 2]
  %acc = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<1x4x4x4xi16>, tensor<3x3x4xi8>) outs(%init : tensor<1x2x2x4xi32>) -> tensor<1x2x2x4xi32>
  // expected-remark @+1 {{becomes a kernel, its channels requantized in integers of 64 bits}}
  %y = quantcc.requantize %acc {multipliers = array<i32: 1518500250>, shifts = array<i32: 36>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>} : tensor<1x2x2x4xi32> -> tensor<1x2x2x4xi16>
  return %y : tensor<1x2x2x4xi16>
}
