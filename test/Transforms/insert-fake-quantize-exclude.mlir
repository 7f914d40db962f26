// RUN: quant-opt %s --quantcc-insert-fake-quantize='exclude=dense*,head' --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @excluded_between_quantized
func.func @excluded_between_quantized(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK: %[[W:.*]] = arith.constant
  // CHECK: %[[X:.*]] = quantcc.fake_quantize
  // CHECK: %[[Y:.*]] = quantcc.linear %[[X]], %[[W]] {quantcc.keep_float = "excluded by pattern 'dense*'"}
  // CHECK: %[[FY:.*]] = quantcc.fake_quantize %[[Y]]
  // CHECK: quantcc.function <abs> %[[FY]] :
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<1x2xf32>
  %1 = quantcc.linear %0, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32> loc("dense1")
  %2 = quantcc.observe %1 {name = "dense1", range = #quantcc.range<-1.0, 2.0>} : tensor<1x2xf32>
  %3 = quantcc.function <abs> %2 : tensor<1x2xf32> loc("abs")
  return %3 : tensor<1x2xf32>
}

// -----

// CHECK-LABEL: func.func @between_excluded_layers
func.func @between_excluded_layers(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[X:.*]] = quantcc.fake_quantize
  // CHECK: %[[Y:.*]] = quantcc.function <abs> %[[X]]
  // CHECK: %[[Z:.*]] = quantcc.function <neg> %[[Y]]
  // CHECK: %[[FZ:.*]] = quantcc.fake_quantize %[[Z]]
  // CHECK: return %[[FZ]]
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<2xf32>
  %1 = quantcc.function <abs> %0 : tensor<2xf32> loc("dense1")
  %2 = quantcc.observe %1 {name = "dense1", range = #quantcc.range<0.0, 2.0>} : tensor<2xf32>
  %3 = quantcc.function <neg> %2 : tensor<2xf32> loc("head")
  %4 = quantcc.observe %3 {name = "head", range = #quantcc.range<-2.0, 0.0>} : tensor<2xf32>
  return %4 : tensor<2xf32>
}

// -----

// A pattern has to match the whole name.
// CHECK-LABEL: func.func @no_match
// CHECK-NOT: quantcc.keep_float
func.func @no_match(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.function <abs> %x : tensor<2xf32> loc("head2")
  return %0 : tensor<2xf32>
}
