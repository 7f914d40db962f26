// RUN: quant-opt %s --quantcc-expose-values | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: func.func @float_form
// CHECK-SAME: -> (tensor<2x1xf32>, tensor<2xf32> {quantcc.name = "act"}, tensor<2x1xf32> {quantcc.name = "out"})
func.func @float_form(%x: tensor<2xf32>) -> tensor<2x1xf32> {
  // CHECK: %[[A:.*]] = quantcc.function
  // CHECK: %[[O:.*]] = quantcc.reshape
  // CHECK: return %[[O]], %[[A]], %[[O]] :
  %0 = quantcc.function <tanh> %x : tensor<2xf32> loc("act")
  %1 = quantcc.reshape %0 : (tensor<2xf32>) -> tensor<2x1xf32> loc("out")
  return %1 : tensor<2x1xf32>
}

// CHECK-LABEL: func.func @fake_quantized_form
func.func @fake_quantized_form(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[F:.*]] = quantcc.fake_quantize
  // CHECK: return %[[F]], %[[F]] :
  %0 = quantcc.function <tanh> %x : tensor<2xf32> loc("act")
  %1 = quantcc.fake_quantize %0 {params = !q} : tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @quantized_form
// CHECK-SAME: {quantcc.name = "act"}, tensor<2x1x!quant{{.*}}> {quantcc.name = "out"})
func.func @quantized_form(%x: tensor<2x!q>, %t: tensor<256xi8>) -> tensor<2x1x!q> {
  // CHECK: %[[A:.*]] = quantcc.lookup
  // CHECK: %[[O:.*]] = quantcc.reshape
  // CHECK: return %[[O]], %[[A]], %[[O]] :
  %0 = quantcc.lookup %x, %t : (tensor<2x!q>, tensor<256xi8>) -> tensor<2x!q> loc("act")
  %1 = quantcc.reshape %0 : (tensor<2x!q>) -> tensor<2x1x!q> loc("out")
  return %1 : tensor<2x1x!q>
}

// CHECK-LABEL: func.func @repeated_name
// CHECK-SAME: {quantcc.name = "a"}, tensor<2xf32> {quantcc.name = "a#2"})
func.func @repeated_name(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.function <abs> %x : tensor<2xf32> loc("a")
  %1 = quantcc.function <neg> %0 : tensor<2xf32> loc("a")
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @constants_are_no_layers
// CHECK-SAME: -> tensor<2xf32> {
func.func @constants_are_no_layers() -> tensor<2xf32> {
  %c = arith.constant dense<1.0> : tensor<2xf32>
  return %c : tensor<2xf32>
}
