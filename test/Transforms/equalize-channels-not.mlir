// RUN: quant-opt %s --quantcc-equalize-channels --split-input-file | FileCheck %s

// Each function differs in one point from one whose channel 1 would be raised
// to 8.

// -----

// The bound would have to be another in each channel.
// CHECK-LABEL: func.func @bound_of_relu6
func.func @bound_of_relu6(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 6.0>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// There is nothing to equalize by.
// CHECK-LABEL: func.func @channels_that_are_not_known
func.func @channels_that_are_not_known(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: {name = "conv", range = #quantcc.range<0.000000e+00, 8.000000e+00>}
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// Its weights have one scale for all that it reads.
// CHECK-LABEL: func.func @reader_that_is_not_depthwise
func.func @reader_that_is_not_depthwise(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x2xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// The caller would see the factors.
// CHECK-LABEL: func.func @value_that_is_a_result_too
func.func @value_that_is_a_result_too(%a: tensor<1x1x1x1xf32>) -> (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2, %1 : tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>
}

// -----

// It would see the factors.
// CHECK-LABEL: func.func @reader_of_the_unobserved_value
func.func @reader_of_the_unobserved_value(%a: tensor<1x1x1x1xf32>) -> (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2, %0 : tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>
}

// -----

// How fine the accumulator is, is not known.
// CHECK-LABEL: func.func @input_of_unknown_range
func.func @input_of_unknown_range(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x"} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// They cannot be multiplied.
// CHECK-LABEL: func.func @weights_that_are_no_constant
func.func @weights_that_are_no_constant(%a: tensor<1x1x1x1xf32>, %w: tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  // The weights are an argument.
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// They cannot be divided.
// CHECK-LABEL: func.func @reader_whose_weights_are_no_constant
func.func @reader_whose_weights_are_no_constant(%a: tensor<1x1x1x1xf32>, %d: tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  // The weights are an argument.
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// They are left alone.
// CHECK-LABEL: func.func @equal_channels
func.func @equal_channels(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 7.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 7.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// There is nothing to raise.
// CHECK-LABEL: func.func @channels_of_zeros
func.func @channels_of_zeros(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 0.000000e+00, 0.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 0.0, 0.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// A divided weight would not be exact.
// CHECK-LABEL: func.func @weights_that_would_lose_bits
func.func @weights_that_would_lose_bits(%a: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<[[[[1.0], [1.0]]], [[[1.0], [0x00800001]]]]> : tensor<2x1x2x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 1>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x2x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// It cannot be multiplied.
// CHECK-LABEL: func.func @bias_that_is_no_constant
func.func @bias_that_is_no_constant(%a: tensor<1x1x1x1xf32>, %b: tensor<2xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %w = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %x = quantcc.observe %a {name = "x", range = #quantcc.range<-1.0, 4.0>} : tensor<1x1x1x1xf32>
  %0 = quantcc.conv2d %x, %w, %b {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
  %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// The function's argument has no weights before it.
// CHECK-LABEL: func.func @value_without_producer
func.func @value_without_producer(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: channel_max = array<f32: 8.000000e+00, 1.000000e+00>
  %d = arith.constant dense<1.0> : tensor<2x1x1x1xf32>
  %1 = quantcc.observe %x {name = "x", range = #quantcc.range<0.0, 8.0>, channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : tensor<1x1x1x2xf32>
  %2 = quantcc.conv2d %1, %d {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}
