// RUN: quant-opt %s --pass-pipeline='builtin.module(func.func(quantcc-fuse-kernels{kernels=neon-dotprod}))' | FileCheck %s --check-prefixes=CHECK,APART
// RUN: quant-opt %s --pass-pipeline='builtin.module(func.func(quantcc-fuse-kernels{kernels=arm-dsp}))' | FileCheck %s --check-prefixes=CHECK,ALIKE

// The sums of a product, two slices of which have multipliers of their own. Where vectors
// shift each lane by bits of its own, both are requantized at once.
// CHECK-LABEL: func.func @two_slices
// CHECK:         %[[K:.*]] = quantcc.fused_conv2d {{.*}} -> tensor<1x1x1x4xi32>
// CHECK-NOT:     quantcc.fused_conv2d
// CHECK:         %[[SUMS:.*]] = tensor.collapse_shape %[[K]]
// APART:         %[[ALL:.*]] = quantcc.requantize %[[SUMS]]
// APART-SAME:      axis = 1 : i64
// APART-SAME:      multipliers = array<i32: 1518500250, 1210000000, 1310000000, 1310000000>
// APART-SAME:      shifts = array<i32: 34, 35, 33, 33>
// APART-SAME:      tensor<1x4xi32> -> tensor<1x4xi16>
// APART-DAG:     tensor.extract_slice %[[ALL]][0, 0] [1, 2] [1, 1]
// APART-DAG:     tensor.extract_slice %[[ALL]][0, 2] [1, 2] [1, 1]
// APART-NOT:     quantcc.requantize
// ALIKE:         %[[FIRST:.*]] = tensor.extract_slice %[[SUMS]][0, 0] [1, 2] [1, 1]
// ALIKE:         quantcc.requantize %[[FIRST]]
// ALIKE:         %[[SECOND:.*]] = tensor.extract_slice %[[SUMS]][0, 2] [1, 2] [1, 1]
// ALIKE:         quantcc.requantize %[[SECOND]]
func.func @two_slices(%x: tensor<1x8xi8>) -> (tensor<1x2xi16>, tensor<1x2xi16>) {
  %w = arith.constant dense<3> : tensor<4x8xi8>
  %b = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %e = tensor.empty() : tensor<1x4xi32>
  %init = linalg.broadcast ins(%b : tensor<4xi32>) outs(%e : tensor<1x4xi32>) dimensions = [0]
  %sums = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%x, %w : tensor<1x8xi8>, tensor<4x8xi8>) outs(%init : tensor<1x4xi32>) -> tensor<1x4xi32>
  %first = tensor.extract_slice %sums[0, 0] [1, 2] [1, 1] : tensor<1x4xi32> to tensor<1x2xi32>
  %0 = quantcc.requantize %first {axis = 1 : i64, multipliers = array<i32: 1518500250, 1210000000>, shifts = array<i32: 34, 35>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>} : tensor<1x2xi32> -> tensor<1x2xi16>
  %second = tensor.extract_slice %sums[0, 2] [1, 2] [1, 1] : tensor<1x4xi32> to tensor<1x2xi32>
  %1 = quantcc.requantize %second {multipliers = array<i32: 1310000000>, shifts = array<i32: 33>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>} : tensor<1x2xi32> -> tensor<1x2xi16>
  return %0, %1 : tensor<1x2xi16>, tensor<1x2xi16>
}

// What is sliced in part is not requantized in whole.
// CHECK-LABEL: func.func @one_slice
// CHECK-NOT:     quantcc.requantize {{.*}} tensor<1x4xi32>
// CHECK:         quantcc.requantize {{.*}} tensor<1x2xi32> -> tensor<1x2xi16>
func.func @one_slice(%x: tensor<1x8xi8>) -> tensor<1x2xi16> {
  %w = arith.constant dense<3> : tensor<4x8xi8>
  %b = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %e = tensor.empty() : tensor<1x4xi32>
  %init = linalg.broadcast ins(%b : tensor<4xi32>) outs(%e : tensor<1x4xi32>) dimensions = [0]
  %sums = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%x, %w : tensor<1x8xi8>, tensor<4x8xi8>) outs(%init : tensor<1x4xi32>) -> tensor<1x4xi32>
  %first = tensor.extract_slice %sums[0, 0] [1, 2] [1, 1] : tensor<1x4xi32> to tensor<1x2xi32>
  %0 = quantcc.requantize %first {multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>} : tensor<1x2xi32> -> tensor<1x2xi16>
  return %0 : tensor<1x2xi16>
}
