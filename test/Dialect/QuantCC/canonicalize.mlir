// RUN: quant-opt %s --canonicalize | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: func.func @reshape_to_the_same_shape
// CHECK-SAME:    (%[[X:.*]]: tensor<2x3x
func.func @reshape_to_the_same_shape(%x: tensor<2x3x!q>) -> tensor<2x3x!q> {
  // CHECK-NEXT: return %[[X]]
  %r = quantcc.reshape %x : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return %r : tensor<2x3x!q>
}

// CHECK-LABEL: func.func @reshape_of_reshape
// CHECK-SAME:    (%[[X:.*]]: tensor<2x3xf32>)
func.func @reshape_of_reshape(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // CHECK-NEXT: %[[R:.*]] = quantcc.reshape %[[X]] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  // CHECK-NEXT: return %[[R]]
  %0 = quantcc.reshape %x : (tensor<2x3xf32>) -> tensor<6xf32>
  %r = quantcc.reshape %0 : (tensor<6xf32>) -> tensor<3x2xf32>
  return %r : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @reshape_there_and_back
// CHECK-SAME:    (%[[X:.*]]: tensor<2x3xf32>)
func.func @reshape_there_and_back(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: return %[[X]]
  %0 = quantcc.reshape %x : (tensor<2x3xf32>) -> tensor<6xf32>
  %r = quantcc.reshape %0 : (tensor<6xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reshape_of_constant
func.func @reshape_of_constant() -> tensor<2x2xf32> {
  // CHECK-NEXT: %[[C:.*]] = arith.constant dense<{{\[\[}}1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]> : tensor<2x2xf32>
  // CHECK-NEXT: return %[[C]]
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %r = quantcc.reshape %c : (tensor<4xf32>) -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// The bits of a stored constant are behind a cast: nothing to fold.
// CHECK-LABEL: func.func @reshape_of_stored_constant
func.func @reshape_of_stored_constant() -> tensor<2x2x!q> {
  // CHECK: quantcc.reshape
  %c = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi8>
  %0 = quant.scast %c : tensor<4xi8> to tensor<4x!q>
  %r = quantcc.reshape %0 : (tensor<4x!q>) -> tensor<2x2x!q>
  return %r : tensor<2x2x!q>
}

// CHECK-LABEL: func.func @transpose_by_identity
// CHECK-SAME:    (%[[X:.*]]: tensor<2x3xf32>)
func.func @transpose_by_identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: return %[[X]]
  %r = quantcc.transpose %x {permutation = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// The shape stays and the elements move.
// CHECK-LABEL: func.func @transpose_of_square
func.func @transpose_of_square(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: quantcc.transpose
  %r = quantcc.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @slice_of_everything
// CHECK-SAME:    (%[[X:.*]]: tensor<2x3xf32>)
func.func @slice_of_everything(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: return %[[X]]
  %r = quantcc.slice %x {offsets = array<i64: 0, 0>, strides = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @slice_backwards
func.func @slice_backwards(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: quantcc.slice
  %r = quantcc.slice %x {offsets = array<i64: 1, 0>, strides = array<i64: -1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// A measurement is no dead code.
// CHECK-LABEL: func.func @unused_observe
func.func @unused_observe(%x: tensor<4xf32>) {
  // CHECK: quantcc.observe
  %r = quantcc.observe %x {name = "x"} : tensor<4xf32>
  return
}
