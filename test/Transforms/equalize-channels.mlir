// RUN: quant-opt %s --quantcc-equalize-channels --split-input-file | FileCheck %s
// RUN: quant-opt %s --quantcc-equalize-channels --quantcc-equalize-channels --split-input-file | FileCheck %s
// RUN: quant-opt %s --quantcc-equalize-channels=recipe=%S/Inputs/per-tensor-weights.json --split-input-file | FileCheck %s --check-prefix=TENSOR

// Channel 1 is an eighth of channel 0: weights and bias before the value are
// multiplied by 8, those behind it divided, and the mean follows. The range is
// that of channel 0.
// CHECK-LABEL: func.func @unequal_channels
// TENSOR-LABEL: func.func @unequal_channels
func.func @unequal_channels(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}2.0{{.*}}, {{.*}}4.0{{.*}}> : tensor<2x1x1x1xf32>
  // CHECK-DAG: %[[B:.*]] = arith.constant dense<[1.0{{0*e[+]00}}, -8.0{{0*e[+]00}}]> : tensor<2xf32>
  // CHECK: %[[R:.*]] = quantcc.conv2d %{{.*}}, %[[W]], %[[B]] {clamp
  // CHECK: %[[O:.*]] = quantcc.observe %[[R]] {channel_max = array<f32: 8.000000e+00, 8.000000e+00>, channel_mean = array<f32: 3.000000e+00, 4.000000e+00>, channel_min = array<f32: 0.000000e+00, 0.000000e+00>, name = "conv", range = #quantcc.range<0.000000e+00, 8.000000e+00>}
  // CHECK: %[[D:.*]] = arith.constant dense<{{.*}}5.0{{.*}}, {{.*}}7.500000e-01{{.*}}> : tensor<2x1x1x1xf32>
  // CHECK: quantcc.conv2d %[[O]], %[[D]] {
  // TENSOR: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<[[[[2.0]]], [[[0.5]]]]> : tensor<2x1x1x1xf32>
  %b = arith.constant dense<[1.0, -1.0]> : tensor<2xf32>
  %d = arith.constant dense<[[[[5.0]]], [[[6.0]]]]> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w, %b {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32> loc("conv")
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>, channel_mean = array<f32: 3.0, 0.5>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32> loc("depthwise")
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// Two depthwise readers, one with two results a channel: both are divided. The
// larger magnitude of channel 1 is its minimum's, a quarter of channel 0.
// CHECK-LABEL: func.func @several_readers
func.func @several_readers(%a: tensor<1x1x1x1xf32>) -> (tensor<1x1x1x2xf32>, tensor<1x1x1x4xf32>) {
  // CHECK: channel_max = array<f32: 8.000000e+00, 4.000000e+00>
  // CHECK-SAME: channel_min = array<f32: -1.000000e+00, -8.000000e+00>
  // CHECK-SAME: range = #quantcc.range<-8.000000e+00, 8.000000e+00>
  // CHECK: arith.constant dense<{{.*}}5.0{{.*}}, {{.*}}1.500000e+00{{.*}}> : tensor<2x1x1x1xf32>
  // CHECK: arith.constant dense<{{.*}}1.0{{.*}}, {{.*}}2.0{{.*}}, {{.*}}7.500000e-01{{.*}}, {{.*}}1.000000e+00{{.*}}> : tensor<4x1x1x1xf32>
  %w = arith.constant dense<[[[[2.0]]], [[[0.5]]]]> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<[[[[5.0]]], [[[6.0]]]]> : tensor<2x1x1x1xf32>
  %e = arith.constant dense<[[[[1.0]]], [[[2.0]]], [[[3.0]]], [[[4.0]]]]> : tensor<4x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32> loc("conv")
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<-2.0, 8.0>, channel_min = array<f32: -1.0, -2.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32> loc("depthwise")
  %3 = quantcc.conv2d %1, %e {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<4x1x1x1xf32>) -> tensor<1x1x1x4xf32> loc("multiplied")
  return %2, %3 : tensor<1x1x1x2xf32>, tensor<1x1x1x4xf32>
}

// -----

// A step of the accumulator is 127/127 * 12.7/127 = 0.1; of the result, with
// range 51, 0.2: a channel may be raised by 2 and no further.
// CHECK-LABEL: func.func @no_finer_than_the_accumulator
func.func @no_finer_than_the_accumulator(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 5.100000e+01, 6.000000e+00>
  %w = arith.constant dense<12.7> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 127.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 51.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 51.0, 3.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}
