// RUN: quant-opt %s --quantcc-pools-to-means | FileCheck %s

// CHECK-LABEL: func.func @whole_image
func.func @whole_image(%x: tensor<2x4x3x8xf32>) -> tensor<2x1x1x8xf32> {
  // CHECK: quantcc.mean %{{.*}} {axes = array<i64: 1, 2>, clamp = array<f32: 0.000000e+00, 6.000000e+00>, keep_dims} : (tensor<2x4x3x8xf32>) -> tensor<2x1x1x8xf32>
  %0 = quantcc.avg_pool2d %x {clamp = array<f32: 0.0, 6.0>, kernel = array<i64: 4, 3>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 4, 3>} : (tensor<2x4x3x8xf32>) -> tensor<2x1x1x8xf32>
  return %0 : tensor<2x1x1x8xf32>
}

// CHECK-LABEL: func.func @several_windows
func.func @several_windows(%x: tensor<1x4x3x8xf32>) -> tensor<1x2x1x8xf32> {
  // CHECK: quantcc.avg_pool2d
  %0 = quantcc.avg_pool2d %x {kernel = array<i64: 2, 3>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 3>} : (tensor<1x4x3x8xf32>) -> tensor<1x2x1x8xf32>
  return %0 : tensor<1x2x1x8xf32>
}

// A single window that leaves the last row out.
// CHECK-LABEL: func.func @part_of_the_image
func.func @part_of_the_image(%x: tensor<1x5x3x8xf32>) -> tensor<1x1x1x8xf32> {
  // CHECK: quantcc.avg_pool2d
  %0 = quantcc.avg_pool2d %x {kernel = array<i64: 4, 3>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 4, 3>} : (tensor<1x5x3x8xf32>) -> tensor<1x1x1x8xf32>
  return %0 : tensor<1x1x1x8xf32>
}

// CHECK-LABEL: func.func @padding
func.func @padding(%x: tensor<1x2x2x8xf32>) -> tensor<1x2x1x8xf32> {
  // CHECK: quantcc.avg_pool2d
  %0 = quantcc.avg_pool2d %x {kernel = array<i64: 2, 2>, padding = array<i64: 1, 0, 0, 0>, strides = array<i64: 1, 2>} : (tensor<1x2x2x8xf32>) -> tensor<1x2x1x8xf32>
  return %0 : tensor<1x2x1x8xf32>
}

// A model that is quantized already keeps its arithmetic.
// CHECK-LABEL: func.func @quantized_form
func.func @quantized_form(%x: tensor<1x2x2x8x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x1x1x8x!quant.uniform<i8:f32, 0.5>> {
  // CHECK: quantcc.avg_pool2d
  %0 = quantcc.avg_pool2d %x {kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x2x2x8x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x1x1x8x!quant.uniform<i8:f32, 0.5>>
  return %0 : tensor<1x1x1x8x!quant.uniform<i8:f32, 0.5>>
}
