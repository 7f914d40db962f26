// RUN: quant-opt %s --quantcc-correct-bias --split-input-file | FileCheck %s
// RUN: quant-opt %s --quantcc-correct-bias --quantcc-correct-bias --split-input-file | FileCheck %s

// On the grid of step 1 the weights [127, 0.75] and [-126.5, 3] become
// [127, 1] and [-127, 3]: 0.25 * 2 too much, and 0.5 * 4 too little.
// CHECK-LABEL: func.func @linear
func.func @linear(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK: %[[X:.*]] = quantcc.fake_quantize %{{.*}} {params = !quant.uniform<i8:f32, 1.000000e+00>}
  // CHECK: %[[B:.*]] = arith.constant dense<[5.000000e-01, 7.000000e+00]> : tensor<2xf32>
  // CHECK: quantcc.linear %[[X]], %{{.*}}, %[[B]] :
  %w = arith.constant dense<[[127.0, 0.75], [-126.5, 3.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<[1.0, 5.0]> : tensor<2xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 1.0>, channel_mean = array<f32: 4.0, 2.0>} : tensor<1x2xf32>
  %1 = quantcc.fake_quantize %w {params = !quant.uniform<i8<-127:127>:f32:0, {1.0, 1.0}>} : tensor<2x2xf32>
  %2 = quantcc.linear %0, %1, %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// CHECK-LABEL: func.func @layer_without_bias
func.func @layer_without_bias(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  // CHECK: %[[B:.*]] = arith.constant dense<-5.000000e-01> : tensor<1xf32>
  // CHECK: quantcc.linear %{{.*}}, %{{.*}}, %[[B]] :
  %w = arith.constant dense<[[127.0, 0.75]]> : tensor<1x2xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 1.0>, channel_mean = array<f32: 4.0, 2.0>} : tensor<1x2xf32>
  %1 = quantcc.fake_quantize %w {params = !quant.uniform<i8<-127:127>:f32:0, {1.0}>} : tensor<1x2xf32>
  %2 = quantcc.linear %0, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// Two groups: output channels 0 and 1 read input channel 0, the others 1. Every
// weight is 0.25 too large: 0.25 * 8 and 0.25 * 16 too much.
// CHECK-LABEL: func.func @groups
func.func @groups(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x4xf32> {
  // CHECK: arith.constant dense<[-2.000000e+00, -2.000000e+00, -4.000000e+00, -4.000000e+00]> : tensor<4xf32>
  %w = arith.constant dense<0.75> : tensor<4x1x1x1xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 1.0>, channel_mean = array<f32: 8.0, 16.0>} : tensor<1x1x1x2xf32>
  %1 = quantcc.fake_quantize %w {params = !quant.uniform<i8<-127:127>:f32:0, {1.0, 1.0, 1.0, 1.0}>} : tensor<4x1x1x1xf32>
  %2 = quantcc.conv2d %0, %1 {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<4x1x1x1xf32>) -> tensor<1x1x1x4xf32>
  return %2 : tensor<1x1x1x4xf32>
}

// -----

// Of 4 rows with stride 2 and dilation 2, taps 0, 2 and 4 above a border of 2:
// 2 results at rows -2 and 0. The first tap is in the padding once, the last
// one once (row 2 and row 4), the middle one never. The errors are 0.25 each:
// (1/2 + 1 + 1/2) * 0.25 * 8 = 4.
// CHECK-LABEL: func.func @taps_in_the_padding
func.func @taps_in_the_padding(%x: tensor<1x4x1x1xf32>) -> tensor<1x2x1x1xf32> {
  // CHECK: arith.constant dense<-4.000000e+00> : tensor<1xf32>
  %w = arith.constant dense<0.75> : tensor<1x3x1x1xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 1.0>, channel_mean = array<f32: 8.0>} : tensor<1x4x1x1xf32>
  %1 = quantcc.fake_quantize %w {params = !quant.uniform<i8<-127:127>:f32:0, {1.0}>} : tensor<1x3x1x1xf32>
  %2 = quantcc.conv2d %0, %1 {dilations = array<i64: 2, 1>, groups = 1 : i64, padding = array<i64: 2, 1, 0, 0>, strides = array<i64: 2, 1>} : (tensor<1x4x1x1xf32>, tensor<1x3x1x1xf32>) -> tensor<1x2x1x1xf32>
  return %2 : tensor<1x2x1x1xf32>
}

// -----

// CHECK-LABEL: func.func @unknown_means
func.func @unknown_means(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // CHECK: arith.constant dense<1.000000e+00> : tensor<1xf32>
  %w = arith.constant dense<0.75> : tensor<1x1xf32>
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 1.0>} : tensor<1x1xf32>
  %1 = quantcc.fake_quantize %w {params = !quant.uniform<i8<-127:127>:f32:0, {1.0}>} : tensor<1x1xf32>
  %2 = quantcc.linear %0, %1, %b : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// CHECK-LABEL: func.func @weights_in_float
func.func @weights_in_float(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // CHECK: arith.constant dense<1.000000e+00> : tensor<1xf32>
  // CHECK-NOT: channel_mean
  %w = arith.constant dense<0.75> : tensor<1x1xf32>
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 1.0>, channel_mean = array<f32: 8.0>} : tensor<1x1xf32>
  %2 = quantcc.linear %0, %w, %b : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// CHECK-LABEL: func.func @bias_that_is_no_constant
func.func @bias_that_is_no_constant(%x: tensor<1x1xf32>, %b: tensor<1xf32>) -> tensor<1x1xf32> {
  // CHECK: quantcc.linear %{{.*}}, %{{.*}}, %arg1 :
  %w = arith.constant dense<0.75> : tensor<1x1xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 1.0>, channel_mean = array<f32: 8.0>} : tensor<1x1xf32>
  %1 = quantcc.fake_quantize %w {params = !quant.uniform<i8<-127:127>:f32:0, {1.0}>} : tensor<1x1xf32>
  %2 = quantcc.linear %0, %1, %b : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// 1e38 times an error of 2.5e17 leaves f32: the bias stays.
// CHECK-LABEL: func.func @means_that_would_overflow
func.func @means_that_would_overflow(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // CHECK: arith.constant dense<1.000000e+00> : tensor<1xf32>
  %w = arith.constant dense<0.75e18> : tensor<1x1xf32>
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 1.0>, channel_mean = array<f32: 1.0e38>} : tensor<1x1xf32>
  %1 = quantcc.fake_quantize %w {params = !quant.uniform<i8<-127:127>:f32:0, {9.9999998430674944E+17}>} : tensor<1x1xf32>
  %2 = quantcc.linear %0, %1, %b : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}
