// RUN: quant-opt %s --quantcc-fuse-clamps | FileCheck %s

// CHECK-LABEL: func.func @relu6
func.func @relu6(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[R:.*]] = quantcc.add %{{.*}} {clamp = array<f32: 0.000000e+00, 6.000000e+00>}
  // CHECK-NOT: quantcc.rescale
  // CHECK: return %[[R]]
  %0 = quantcc.add %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @clamps_intersect
func.func @clamps_intersect(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.add %{{.*}} {clamp = array<f32: 0.000000e+00, 3.000000e+00>}
  %0 = quantcc.add %x, %y {clamp = array<f32: -1.0, 3.0>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Everything below 2 becomes 2.
// CHECK-LABEL: func.func @clamps_without_overlap
func.func @clamps_without_overlap(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.add %{{.*}} {clamp = array<f32: 2.000000e+00, 2.000000e+00>}
  %0 = quantcc.add %x, %y {clamp = array<f32: -1.0, 1.0>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = quantcc.rescale %0 {clamp = array<f32: 2.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}


// CHECK-LABEL: func.func @other_use
func.func @other_use(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: quantcc.rescale
  %0 = quantcc.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @op_without_clamp
func.func @op_without_clamp(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.rescale
  %0 = quantcc.function <tanh> %x : tensor<4xf32>
  %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @argument
func.func @argument(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.rescale
  %0 = quantcc.rescale %x {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

!a = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: func.func @quantized_form
func.func @quantized_form(%x: tensor<4x!a>) -> tensor<4x!a> {
  // CHECK: quantcc.rescale
  %0 = quantcc.add %x, %x {rounding = #quantcc.rounding<single>} : (tensor<4x!a>, tensor<4x!a>) -> tensor<4x!a>
  %1 = quantcc.rescale %0 {rounding = #quantcc.rounding<single>, stored_clamp = array<i32: 0, 12>} : (tensor<4x!a>) -> tensor<4x!a>
  return %1 : tensor<4x!a>
}
