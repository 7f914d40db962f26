// RUN: quant-opt %s --quantcc-expose-observed | FileCheck %s

// CHECK-LABEL: func.func @observed_values
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32>) -> (tensor<2xf32> {quantcc.name = "out"}, tensor<2xf32> {quantcc.name = "x"}, tensor<2xf32> {quantcc.name = "y"})
func.func @observed_values(%x: tensor<2xf32>) -> (tensor<2xf32> {quantcc.name = "out"}) {
  // CHECK-NOT: quantcc.observe
  // CHECK: %[[Y:.*]] = quantcc.function <abs> %[[X]]
  // CHECK: return %[[Y]], %[[X]], %[[Y]] :
  %0 = quantcc.observe %x {name = "x"} : tensor<2xf32>
  %1 = quantcc.function <abs> %0 : tensor<2xf32>
  %2 = quantcc.observe %1 {name = "y"} : tensor<2xf32>
  return %2 : tensor<2xf32>
}

// CHECK-LABEL: func.func @observed_constant
// CHECK-SAME: -> tensor<2xf32> {
// CHECK-NOT: quantcc.observe
func.func @observed_constant() -> tensor<2xf32> {
  %c = arith.constant dense<1.0> : tensor<2xf32>
  %0 = quantcc.observe %c {name = "c"} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @nothing_observed
// CHECK-SAME: -> tensor<2xf32> {
func.func @nothing_observed(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
