// RUN: quant-opt %s --quantcc-insert-observers --split-input-file --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --quantcc-insert-observers --quantcc-insert-observers --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @arguments_and_results
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<1x2xf32>
func.func @arguments_and_results(%x: tensor<1x2xf32> {quantcc.name = "input"}) -> tensor<1x2xf32> {
  // CHECK: %[[OX:.*]] = quantcc.observe %[[X]] {name = "input"}
  // CHECK: %[[R:.*]] = quantcc.function <tanh> %[[OX]]
  // CHECK: %[[OR:.*]] = quantcc.observe %[[R]] {name = "act"}
  // CHECK: return %[[OR]]
  %0 = quantcc.function <tanh> %x : tensor<1x2xf32> loc("act")
  return %0 : tensor<1x2xf32>
}

// -----

// CHECK-LABEL: func.func @weights_and_biases_are_not_observed
// CHECK: %[[OX:.*]] = quantcc.observe %{{.*}} {name = "arg0"}
// CHECK: %[[R:.*]] = quantcc.linear %[[OX]], %{{cst.*}}, %{{cst.*}} :
// CHECK: quantcc.observe %[[R]] {name = "fc"}
func.func @weights_and_biases_are_not_observed(%x: tensor<1x2xf32>) -> tensor<1x3xf32> {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  %b = arith.constant dense<0.5> : tensor<3xf32>
  %0 = quantcc.linear %x, %w, %b : (tensor<1x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<1x3xf32> loc("fc")
  return %0 : tensor<1x3xf32>
}

// -----

// CHECK-LABEL: func.func @repeated_names_are_numbered
// CHECK: {name = "a"}
// CHECK: {name = "a#2"}
// CHECK: {name = "a#3"}
func.func @repeated_names_are_numbered(%x: tensor<2xf32> {quantcc.name = "a"}) -> tensor<2xf32> {
  %0 = quantcc.function <abs> %x : tensor<2xf32> loc("a")
  %1 = quantcc.function <neg> %0 : tensor<2xf32> loc("a")
  return %1 : tensor<2xf32>
}

// -----

// The number of a repeated name is not one that the model has given already.
// CHECK-LABEL: func.func @taken_numbers_are_skipped
// CHECK: {name = "a"}
// CHECK: {name = "a#2"}
// CHECK: {name = "a#3"}
func.func @taken_numbers_are_skipped(%x: tensor<2xf32> {quantcc.name = "a"}) -> tensor<2xf32> {
  %0 = quantcc.function <abs> %x : tensor<2xf32> loc("a#2")
  %1 = quantcc.function <neg> %0 : tensor<2xf32> loc("a")
  return %1 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @unnamed_values
// CHECK: {name = "arg0"}
// CHECK: {name = "quantcc.function"}
func.func @unnamed_values(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.function <abs> %x : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// The range of a constant is known beforehand: that of its values.
// CHECK-LABEL: func.func @constant_activation
// CHECK: %[[C:.*]] = arith.constant
// CHECK: %[[OC:.*]] = quantcc.observe %[[C]] {name = "sum.operand1", range = #quantcc.range<-3.000000e+00, 2.000000e+00>}
// CHECK: quantcc.add %{{.*}}, %[[OC]]
func.func @constant_activation(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = arith.constant dense<[-3.0, 2.0]> : tensor<2xf32>
  %0 = quantcc.add %x, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> loc("sum")
  return %0 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @values_of_no_quantizable_op
// CHECK-NOT: quantcc.observe
func.func @values_of_no_quantizable_op(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-remark@+1 {{layer 'arith.negf' is not quantizable: no model of QuantizableOpInterface is attached to 'arith.negf'}}
  %0 = arith.negf %x : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @no_float_values
// CHECK-NOT: quantcc.observe
func.func @no_float_values(%x: tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x2x!quant.uniform<i8:f32, 0.5>> {
  %0 = quantcc.reshape %x : (tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x2x!quant.uniform<i8:f32, 0.5>>
  return %0 : tensor<1x2x!quant.uniform<i8:f32, 0.5>>
}
