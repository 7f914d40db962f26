// RUN: quant-opt %s --quantcc-propagate-ranges | FileCheck %s

// CHECK-LABEL: func.func @range_follows
func.func @range_follows(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: name = "x", range = #quantcc.range<-1.000000e+00, 2.000000e+00>
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<4xf32>
  %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: name = "relu6", range = #quantcc.range<0.000000e+00, 2.000000e+00>
  %2 = quantcc.observe %1 {name = "relu6"} : tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func.func @known_range_stays
func.func @known_range_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<4xf32>
  %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: name = "relu6", range = #quantcc.range<0.000000e+00, 1.500000e+00>
  %2 = quantcc.observe %1 {name = "relu6", range = #quantcc.range<0.0, 1.5>} : tensor<4xf32>
  return %2 : tensor<4xf32>
}

// The fixed range, and not the interval [0, 1] of a softmax.
// CHECK-LABEL: func.func @fixed_range
func.func @fixed_range(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: name = "softmax", range = #quantcc.range<0.000000e+00, 0.99609375>
  %1 = quantcc.observe %0 {name = "softmax"} : tensor<4xf32>
  return %1 : tensor<4xf32>
}
