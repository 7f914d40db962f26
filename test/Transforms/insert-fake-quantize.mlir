// RUN: quant-opt %s --quantcc-insert-fake-quantize --split-input-file | FileCheck %s
// RUN: quant-opt %s --quantcc-insert-fake-quantize=symmetric-activations --split-input-file | FileCheck %s --check-prefix=SYMMETRIC
// RUN: quant-opt %s --quantcc-insert-fake-quantize=per-tensor-weights --split-input-file | FileCheck %s --check-prefix=TENSOR
// RUN: quant-opt %s --quantcc-insert-fake-quantize=narrow-range --split-input-file | FileCheck %s --check-prefix=NARROW

// 255 steps of 1/64 reach from -1.984375 to 2.
// CHECK-LABEL: func.func @activation
// SYMMETRIC-LABEL: func.func @activation
// NARROW-LABEL: func.func @activation
func.func @activation(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[F:.*]] = quantcc.fake_quantize %{{.*}} {params = !quant.uniform<i8:f32, 1.562500e-02:-1>}
  // CHECK: return %[[F]]
  // SYMMETRIC: {params = !quant.uniform<i8:f32, 0.015748031437397003>}
  // NARROW: {params = !quant.uniform<i8<-127:127>:f32, 0.015686{{[0-9]*}}
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.984375, 2.0>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Real zero has to be a stored value: the range 1 to 255 is widened to 0.
// CHECK-LABEL: func.func @range_without_zero
func.func @range_without_zero(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: {params = !quant.uniform<i8:f32, 1.000000e+00:-128>}
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<1.0, 255.0>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// The largest magnitude of a channel is stored as 127.
// CHECK-LABEL: func.func @weights
// TENSOR-LABEL: func.func @weights
func.func @weights(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK: %[[W:.*]] = arith.constant
  // CHECK: %[[B:.*]] = arith.constant dense<5.0
  // CHECK: %[[F:.*]] = quantcc.fake_quantize %[[W]] {params = !quant.uniform<i8<-127:127>:f32:0, {2.000000e+00,5.000000e-01}>}
  // CHECK: quantcc.linear %{{.*}}, %[[F]], %[[B]]
  // TENSOR: {params = !quant.uniform<i8<-127:127>:f32, 2.000000e+00>}
  %w = arith.constant dense<[[-254.0, 3.0], [63.5, 1.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<5.0> : tensor<2xf32>
  %0 = quantcc.linear %x, %w, %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// A channel of zeros takes the largest scale of the others.
// CHECK-LABEL: func.func @channel_of_zeros
func.func @channel_of_zeros(%x: tensor<1x2xf32>) -> tensor<1x3xf32> {
  // CHECK: {params = !quant.uniform<i8<-127:127>:f32:0, {2.000000e+00,2.000000e+00,1.000000e+00}>}
  %w = arith.constant dense<[[0.0, 0.0], [-254.0, 3.0], [127.0, 1.0]]> : tensor<3x2xf32>
  %0 = quantcc.linear %x, %w : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

// A slope has no channel axis.
// CHECK-LABEL: func.func @prelu_slope
func.func @prelu_slope(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK: {params = !quant.uniform<i8<-127:127>:f32, 1.000000e+00>}
  %s = arith.constant dense<[127.0, 1.0]> : tensor<2xf32>
  %0 = quantcc.prelu %x, %s : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// CHECK-LABEL: func.func @weights_that_are_no_constant
// CHECK-NOT: quantcc.fake_quantize
func.func @weights_that_are_no_constant(%x: tensor<1x2xf32>, %w: tensor<2x2xf32>) -> tensor<1x2xf32> {
  %0 = quantcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// The options do not touch what an op fixes.
// CHECK-LABEL: func.func @fixed_range
// SYMMETRIC-LABEL: func.func @fixed_range
// NARROW-LABEL: func.func @fixed_range
func.func @fixed_range(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  // CHECK-COUNT-2: {params = !quant.uniform<i8:f32, 3.906250e-03:-128>}
  // SYMMETRIC-COUNT-2: {params = !quant.uniform<i8:f32, 3.906250e-03:-128>}
  // NARROW-COUNT-2: {params = !quant.uniform<i8:f32, 3.906250e-03:-128>}
  %0 = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = quantcc.observe %0 {name = "softmax", range = #quantcc.range<0.0, 0.5>} : tensor<4xf32>
  %2 = quantcc.reshape %1 : (tensor<4xf32>) -> tensor<2x2xf32>
  %3 = quantcc.observe %2 {name = "r", range = #quantcc.range<0.0, 0.5>} : tensor<2x2xf32>
  return %3 : tensor<2x2xf32>
}
