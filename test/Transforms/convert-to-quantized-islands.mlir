// RUN: quant-opt %s --quantcc-convert-to-quantized --split-input-file --verify-diagnostics | FileCheck %s
// RUN: not quant-opt %s --quantcc-convert-to-quantized=integer-only --split-input-file 2>&1 | FileCheck %s --check-prefix=REFUSED

// REFUSED: error: layer 'quantcc.function' stays in float: excluded by pattern 'act'

!a = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: func.func @excluded
func.func @excluded(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[I:.*]] = quantcc.float_island(%{{.*}}) reason "excluded by pattern 'act'"
  // CHECK: ^bb0(%[[Q:.*]]: tensor<2x!quant
  // CHECK: %[[F:.*]] = quant.dcast %[[Q]]
  // CHECK: %[[R:.*]] = quantcc.function <abs> %[[F]] : tensor<2xf32>
  // CHECK: %[[C:.*]] = quant.qcast %[[R]]
  // CHECK: quantcc.yield %[[C]]
  // CHECK: return %[[I]]
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  // expected-remark@+1 {{layer 'quantcc.function' stays in float: excluded by pattern 'act'}}
  %1 = quantcc.function <abs> %0 {quantcc.keep_float = "excluded by pattern 'act'"} : tensor<2xf32>
  %2 = quantcc.fake_quantize %1 {params = !a} : tensor<2xf32>
  return %2 : tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: func.func @layers_without_values_between
func.func @layers_without_values_between(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: quantcc.float_island(%{{.*}}) reason "first; second"
  // CHECK: %[[A:.*]] = quantcc.function <abs>
  // CHECK: quantcc.function <neg> %[[A]]
  // CHECK-NOT: quantcc.float_island
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  // expected-remark@+1 {{first}}
  %1 = quantcc.function <abs> %0 {quantcc.keep_float = "first"} : tensor<2xf32>
  // expected-remark@+1 {{second}}
  %2 = quantcc.function <neg> %1 {quantcc.keep_float = "second"} : tensor<2xf32>
  %3 = quantcc.fake_quantize %2 {params = !a} : tensor<2xf32>
  return %3 : tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: func.func @layers_with_quantized_value_between
func.func @layers_with_quantized_value_between(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[I:.*]] = quantcc.float_island(%{{.*}}) reason "first"
  // CHECK: quantcc.float_island(%[[I]]) reason "second"
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  // expected-remark@+1 {{first}}
  %1 = quantcc.function <abs> %0 {quantcc.keep_float = "first"} : tensor<2xf32>
  %2 = quantcc.fake_quantize %1 {params = !a} : tensor<2xf32>
  // expected-remark@+1 {{second}}
  %3 = quantcc.function <neg> %2 {quantcc.keep_float = "second"} : tensor<2xf32>
  %4 = quantcc.fake_quantize %3 {params = !a} : tensor<2xf32>
  return %4 : tensor<2xf32>
}

// -----

// Its result has no parameters: it leaves the island in float, at the edge.
// CHECK-LABEL: func.func @float_result
// CHECK-SAME: -> tensor<2xf32>
func.func @float_result(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>} : tensor<2xf32>
  // CHECK: quantcc.float_island(%{{.*}}) reason "its result has no parameters" : (tensor<2x!quant{{.*}}>) -> tensor<2xf32>
  // expected-remark@+1 {{layer 'quantcc.function' stays in float: its result has no parameters}}
  %1 = quantcc.function <abs> %0 : tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @float_argument
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>
func.func @float_argument(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: quantcc.float_island(%[[X]]) reason "operand #0 has no parameters" : (tensor<2xf32>)
  // expected-remark@+1 {{operand #0 has no parameters}}
  %0 = quantcc.function <abs> %x : tensor<2xf32>
  %1 = quantcc.fake_quantize %0 {params = !quant.uniform<i8:f32, 0.5>} : tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @no_quantized_form
func.func @no_quantized_form(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>} : tensor<2xf32>
  // expected-remark@+1 {{layer 'arith.negf' stays in float: 'arith.negf' has no quantized form}}
  %1 = arith.negf %0 : tensor<2xf32>
  %2 = quantcc.fake_quantize %1 {params = !quant.uniform<i8:f32, 0.5>} : tensor<2xf32>
  return %2 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @weights_without_parameters
func.func @weights_without_parameters(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // CHECK: quantcc.float_island
  // CHECK: arith.constant
  %w = arith.constant dense<1.0> : tensor<1x1xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>} : tensor<1x1xf32>
  // expected-remark@+1 {{its weights have no parameters}}
  %1 = quantcc.linear %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = quantcc.fake_quantize %1 {params = !quant.uniform<i8:f32, 0.5>} : tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// CHECK-LABEL: func.func @weights_are_no_constant
func.func @weights_are_no_constant(%x: tensor<1x1xf32>, %w: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>} : tensor<1x1xf32>
  %fw = quantcc.fake_quantize %w {params = !quant.uniform<i8:f32, 0.5>} : tensor<1x1xf32>
  // expected-remark@+1 {{its weights are no constant}}
  %1 = quantcc.linear %0, %fw : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = quantcc.fake_quantize %1 {params = !quant.uniform<i8:f32, 0.5>} : tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// CHECK-LABEL: func.func @bias_is_no_constant
func.func @bias_is_no_constant(%x: tensor<1x1xf32>, %b: tensor<1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<1.0> : tensor<1x1xf32>
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>} : tensor<1x1xf32>
  %fw = quantcc.fake_quantize %w {params = !quant.uniform<i8:f32, 0.5>} : tensor<1x1xf32>
  // expected-remark@+1 {{its bias is no finite constant}}
  %1 = quantcc.linear %0, %fw, %b : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  %2 = quantcc.fake_quantize %1 {params = !quant.uniform<i8:f32, 0.5>} : tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}
