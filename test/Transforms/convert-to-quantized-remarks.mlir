// RUN: quant-opt %s --quantcc-convert-to-quantized --split-input-file --verify-diagnostics | FileCheck %s

!a = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:0, {0.5, 9.0949470177292824e-13}>

// 2^-41 in the unit 2^-41 is 1; 3.0 is too many of them for 32 bits.
// CHECK-LABEL: func.func @raised
func.func @raised(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  // CHECK: quant.scast {{.*}} to tensor<2x1x!quant.uniform<i8:f32:0, {5.000000e-01,{{[0-9.]+}}E-9}>>
  %w = arith.constant dense<[[1.0], [1.0e-12]]> : tensor<2x1xf32>
  %b = arith.constant dense<[3.0, 3.0]> : tensor<2xf32>
  %fx = quantcc.fake_quantize %x {params = !a} : tensor<1x1xf32>
  %fw = quantcc.fake_quantize %w {params = !w} : tensor<2x1xf32>
  // expected-remark@+1 {{raised 1 of 2 weight scales, as its bias needs more than 32 bits in units of the weights' and the input's scale}}
  %0 = quantcc.linear %fx, %fw, %b : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = quantcc.fake_quantize %0 {params = !a} : tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:0, {0.5, 0.25}>

// Where the bias fits nothing is said.
// CHECK-LABEL: func.func @fits
func.func @fits(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  // CHECK: quant.scast {{.*}} {5.000000e-01,2.500000e-01}>>
  %w = arith.constant dense<[[1.0], [1.0]]> : tensor<2x1xf32>
  %b = arith.constant dense<[3.0, 3.0]> : tensor<2xf32>
  %fx = quantcc.fake_quantize %x {params = !a} : tensor<1x1xf32>
  %fw = quantcc.fake_quantize %w {params = !w} : tensor<2x1xf32>
  %0 = quantcc.linear %fx, %fw, %b : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = quantcc.fake_quantize %0 {params = !a} : tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
