// RUN: quant-opt --quantcc-convert-float-to-linalg %s | FileCheck %s

// A gate is (sum over features + bias) + sum over units.

// CHECK-LABEL: func.func @lstm_is_one_loop
// CHECK-SAME: (%[[X:.*]]: tensor<9x1x2xf32>, %[[H:.*]]: tensor<1x3xf32>, %[[C:.*]]: tensor<1x3xf32>
// CHECK: scf.for %[[T:.*]] = {{.*}} iter_args(%{{.*}} = %{{.*}}, %[[OLD_H:.*]] = %[[H]], %[[OLD_C:.*]] = %[[C]])
// CHECK: %[[SLICE:.*]] = tensor.extract_slice %[[X]][%[[T]], 0, 0] [1, 1, 2] [1, 1, 1] : tensor<9x1x2xf32> to tensor<1x2xf32>
// CHECK: linalg.generic {{.*}} ins(%[[SLICE]], %{{.*}} : tensor<1x2xf32>, tensor<2x3xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[OLD_H]], %{{.*}} : tensor<1x3xf32>, tensor<3x3xf32>)
// CHECK: linalg.copy ins(%{{.*}}) outs(%[[OLD_H]]
// CHECK: linalg.copy ins(%{{.*}}) outs(%[[OLD_C]]
func.func @lstm_is_one_loop(%x: tensor<9x1x2xf32>, %h: tensor<1x3xf32>, %c: tensor<1x3xf32>, %w: tensor<3x2xf32>, %r: tensor<3x3xf32>, %b: tensor<3xf32>)
    -> tensor<9x1x3xf32> {
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) bias(%b, %b, %b, %b) {time_major}
    : (tensor<9x1x2xf32>, tensor<1x3xf32>, tensor<1x3xf32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>,
       tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
    -> (tensor<9x1x3xf32>, tensor<1x3xf32>, tensor<1x3xf32>)
  return %0#0 : tensor<9x1x3xf32>
}

// CHECK-LABEL: func.func @the_cell_state_is_clipped
// CHECK-DAG: arith.constant 2.500000e+00 : f32
// CHECK-DAG: arith.constant -2.500000e+00 : f32
func.func @the_cell_state_is_clipped(%x: tensor<1x9x2xf32>, %h: tensor<1x3xf32>, %c: tensor<1x3xf32>, %w: tensor<3x2xf32>, %r: tensor<3x3xf32>)
    -> tensor<1x3xf32> {
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) {cell_clip = 2.5 : f32}
    : (tensor<1x9x2xf32>, tensor<1x3xf32>, tensor<1x3xf32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>,
       tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>)
    -> (tensor<1x9x3xf32>, tensor<1x3xf32>, tensor<1x3xf32>)
  return %0#2 : tensor<1x3xf32>
}

// CHECK-LABEL: func.func @svdf
// CHECK-SAME: (%[[X:.*]]: tensor<1x2xf32>, %[[S:.*]]: tensor<1x12xf32>
// CHECK: %[[OLD:.*]] = tensor.expand_shape %[[S]] {{.*}} into tensor<1x4x3xf32>
// CHECK: %[[KEPT:.*]] = tensor.extract_slice %[[OLD]][0, 0, 1] [1, 4, 2] [1, 1, 1]
// CHECK: tensor.concat dim(2) %[[KEPT]], %{{.*}} -> tensor<1x4x3xf32>
// CHECK: linalg.generic {{.*}}"reduction", "reduction"]
func.func @svdf(%x: tensor<1x2xf32>, %s: tensor<1x12xf32>, %f: tensor<4x2xf32>, %t: tensor<4x3xf32>, %b: tensor<2xf32>) -> (tensor<1x2xf32>, tensor<1x12xf32>) {
  %0:2 = quantcc.svdf %x, %s, %f, %t, %b {rank = 2 : i64, clamp = array<f32: 0.0, 6.0>}
    : (tensor<1x2xf32>, tensor<1x12xf32>, tensor<4x2xf32>, tensor<4x3xf32>, tensor<2xf32>) -> (tensor<1x2xf32>, tensor<1x12xf32>)
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x12xf32>
}
