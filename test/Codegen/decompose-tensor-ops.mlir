// RUN: quant-opt %s --quantcc-decompose-tensor-ops | FileCheck %s

// CHECK-LABEL: func.func @pad_of_a_constant
// CHECK-SAME: %[[ARG:.*]]: tensor<1x2xi8>
func.func @pad_of_a_constant(%arg0: tensor<1x2xi8>) -> tensor<1x4xi8> {
  // CHECK: %[[VALUE:.*]] = arith.constant 7 : i8
  // CHECK: %[[FILLED:.*]] = linalg.fill ins(%[[VALUE]] : i8)
  // CHECK: %[[RESULT:.*]] = tensor.insert_slice %[[ARG]] into %[[FILLED]][0, 1] [1, 2] [1, 1]
  // CHECK: return %[[RESULT]]
  %value = arith.constant 7 : i8
  %0 = tensor.pad %arg0 low[0, 1] high[0, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %value : i8
  } : tensor<1x2xi8> to tensor<1x4xi8>
  return %0 : tensor<1x4xi8>
}

// CHECK-LABEL: func.func @concatenation
// CHECK-SAME: %[[A:.*]]: tensor<1x2xi8>, %[[B:.*]]: tensor<1x3xi8>
func.func @concatenation(%a: tensor<1x2xi8>, %b: tensor<1x3xi8>) -> tensor<1x5xi8> {
  // CHECK-NOT: tensor.concat
  // CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<1x5xi8>
  // CHECK: %[[FIRST:.*]] = tensor.insert_slice %[[A]] into %[[EMPTY]][0, 0] [1, 2] [1, 1]
  // CHECK: %[[BOTH:.*]] = tensor.insert_slice %[[B]] into %[[FIRST]][0, 2] [1, 3] [1, 1]
  // CHECK: return %[[BOTH]]
  %0 = tensor.concat dim(1) %a, %b : (tensor<1x2xi8>, tensor<1x3xi8>) -> tensor<1x5xi8>
  return %0 : tensor<1x5xi8>
}
