// RUN: quant-opt %s --quantcc-unify-scales | FileCheck %s
// RUN: quant-opt %s --quantcc-unify-scales --quantcc-unify-scales | FileCheck %s

// CHECK-LABEL: func.func @concat
func.func @concat(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<4xf32> {
  // CHECK: name = "x", range = #quantcc.range<-4.000000e+00, 2.000000e+00>
  // CHECK: name = "y", range = #quantcc.range<-4.000000e+00, 2.000000e+00>
  // CHECK: name = "concat", range = #quantcc.range<-4.000000e+00, 2.000000e+00>
  %a = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<2xf32>
  %b = quantcc.observe %y {name = "y", range = #quantcc.range<-4.0, 1.0>} : tensor<2xf32>
  %0 = quantcc.concat %a, %b {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %1 = quantcc.observe %0 {name = "concat", range = #quantcc.range<-3.5, 2.0>} : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @chain_of_moves
func.func @chain_of_moves(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  // CHECK-COUNT-3: range = #quantcc.range<-2.000000e+00, 5.000000e+00>
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 5.0>} : tensor<2x3xf32>
  %1 = quantcc.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %2 = quantcc.observe %1 {name = "t", range = #quantcc.range<-2.0, 3.0>} : tensor<3x2xf32>
  %3 = quantcc.reshape %2 : (tensor<3x2xf32>) -> tensor<6xf32>
  %4 = quantcc.observe %3 {name = "r", range = #quantcc.range<-1.0, 1.0>} : tensor<6xf32>
  return %4 : tensor<6xf32>
}

// CHECK-LABEL: func.func @requantizing_op_divides_groups
func.func @requantizing_op_divides_groups(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: name = "x", range = #quantcc.range<-1.000000e+00, 5.000000e+00>
  // CHECK: name = "s", range = #quantcc.range<-2.000000e+00, 1.000000e+01>
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 5.0>} : tensor<2xf32>
  %1 = quantcc.add %0, %0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %2 = quantcc.observe %1 {name = "s", range = #quantcc.range<-2.0, 10.0>} : tensor<2xf32>
  return %2 : tensor<2xf32>
}

// What only a value of fixed range enters has that range.
// CHECK-LABEL: func.func @reshape_of_softmax
func.func @reshape_of_softmax(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  // CHECK-COUNT-2: range = #quantcc.range<0.000000e+00, 0.99609375>
  %0 = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = quantcc.observe %0 {name = "softmax", range = #quantcc.range<0.001, 1.0>} : tensor<4xf32>
  %2 = quantcc.reshape %1 : (tensor<4xf32>) -> tensor<2x2xf32>
  %3 = quantcc.observe %2 {name = "r", range = #quantcc.range<0.0, 0.99>} : tensor<2x2xf32>
  return %3 : tensor<2x2xf32>
}

// A value of fixed range keeps it where others enter the group too.
// CHECK-LABEL: func.func @concat_with_softmax
func.func @concat_with_softmax(%x: tensor<4xf32>) -> tensor<8xf32> {
  // CHECK: name = "x", range = #quantcc.range<-5.000000e-01, 0.99609375>
  // CHECK: name = "softmax", range = #quantcc.range<0.000000e+00, 0.99609375>
  // CHECK: name = "c", range = #quantcc.range<-5.000000e-01, 0.99609375>
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-0.5, 0.5>} : tensor<4xf32>
  %1 = quantcc.softmax %0 {beta = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  %2 = quantcc.observe %1 {name = "softmax", range = #quantcc.range<0.0, 0.5>} : tensor<4xf32>
  %3 = quantcc.concat %0, %2 {axis = 0 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  %4 = quantcc.observe %3 {name = "c", range = #quantcc.range<-0.5, 0.5>} : tensor<8xf32>
  return %4 : tensor<8xf32>
}

// CHECK-LABEL: func.func @float_layer_ties_nothing
func.func @float_layer_ties_nothing(%x: tensor<2xf32>) -> tensor<1x2xf32> {
  // CHECK: name = "x", range = #quantcc.range<-1.000000e+00, 5.000000e+00>
  // CHECK: name = "r", range = #quantcc.range<-1.000000e+00, 4.000000e+00>
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 5.0>} : tensor<2xf32>
  %1 = quantcc.reshape %0 {quantcc.keep_float = "a test"} : (tensor<2xf32>) -> tensor<1x2xf32>
  %2 = quantcc.observe %1 {name = "r", range = #quantcc.range<-1.0, 4.0>} : tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}
