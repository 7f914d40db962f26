// RUN: quant-opt %s --split-input-file --quantcc-variables-to-arguments --verify-diagnostics | FileCheck %s

// CHECK-NOT: quantcc.variable
quantcc.variable @a : tensor<4xi8> = dense<3> : tensor<4xi8>
quantcc.variable @b : tensor<2xi32> = dense<[1, -2]> : tensor<2xi32>

// CHECK-LABEL: func.func @last_assignment_is_the_result(
// CHECK-SAME: %[[X:[^:]*]]: tensor<4xi8>, %[[A:[^:]*]]: tensor<4xi8> {quantcc.state = "a"}, %[[B:[^:]*]]: tensor<2xi32> {quantcc.state = "b"})
// CHECK-SAME: -> (tensor<4xi8>, tensor<4xi8>, tensor<4xi8> {quantcc.state = "a"}, tensor<2xi32> {quantcc.state = "b"})
// CHECK: %[[SUM:.*]] = arith.addi %[[A]], %[[X]]
// CHECK: return %[[A]], %[[X]], %[[SUM]], %[[B]]
func.func @last_assignment_is_the_result(%x: tensor<4xi8>) -> (tensor<4xi8>, tensor<4xi8>) {
  %0 = quantcc.read_variable @a : tensor<4xi8>
  quantcc.assign_variable @a, %x : tensor<4xi8>
  %1 = quantcc.read_variable @a : tensor<4xi8>
  %2 = arith.addi %0, %1 : tensor<4xi8>
  quantcc.assign_variable @a, %2 : tensor<4xi8>
  return %0, %1 : tensor<4xi8>, tensor<4xi8>
}

// CHECK-LABEL: func.func @last_assignment_is_the_result_reset()
// CHECK-SAME: -> (tensor<4xi8> {quantcc.state = "a"}, tensor<2xi32> {quantcc.state = "b"})
// CHECK-SAME: attributes {quantcc.reset}
// CHECK-DAG: %[[A0:.*]] = arith.constant dense<3> : tensor<4xi8>
// CHECK-DAG: %[[B0:.*]] = arith.constant dense<[1, -2]> : tensor<2xi32>
// CHECK: return %[[A0]], %[[B0]]

// -----

// CHECK-LABEL: func.func @stateless_function_stays(
// CHECK-SAME: %{{[^:]*}}: tensor<4xi8>) -> tensor<4xi8> {
func.func @stateless_function_stays(%x: tensor<4xi8>) -> tensor<4xi8> {
  return %x : tensor<4xi8>
}

// -----

quantcc.variable @v : tensor<4xi8> = dense<3> : tensor<4xi8>
func.func @first(%x: tensor<4xi8>) -> tensor<4xi8> {
  return %x : tensor<4xi8>
}
// expected-error@+1 {{expected one public function beside variables, found a second}}
func.func @second(%x: tensor<4xi8>) -> tensor<4xi8> {
  return %x : tensor<4xi8>
}

// -----

// expected-error@+1 {{expected a public function beside variables, found none}}
module {
  quantcc.variable @v : tensor<4xi8> = dense<3> : tensor<4xi8>
}
