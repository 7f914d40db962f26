// Variables: their syntax, and that reads and writes keep their order.
//
// RUN: quant-opt %s --cse --canonicalize | quant-opt | FileCheck %s

// CHECK: quantcc.variable @"resource:a/b" : tensor<2x!quant.uniform<i8:f32, 5.000000e-01:3>> = dense<[3, -7]> : tensor<2xi8>
quantcc.variable @"resource:a/b" : tensor<2x!quant.uniform<i8:f32, 0.5:3>> = dense<[3, -7]> : tensor<2xi8>
// CHECK: quantcc.variable @v : tensor<2xf32> = dense<0.000000e+00> : tensor<2xf32>
quantcc.variable @v : tensor<2xf32> = dense<0.0> : tensor<2xf32>

// CHECK-LABEL: func.func @reads_without_a_write_between_are_one(
// CHECK: %[[A:.*]] = quantcc.read_variable @v : tensor<2xf32>
// CHECK-NEXT: return %[[A]], %[[A]]
func.func @reads_without_a_write_between_are_one() -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = quantcc.read_variable @v : tensor<2xf32>
  %1 = quantcc.read_variable @v : tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: func.func @reads_around_a_write_are_two(
// CHECK: %[[A:.*]] = quantcc.read_variable @v
// CHECK-NEXT: quantcc.assign_variable @v, %{{.*}} : tensor<2xf32>
// CHECK-NEXT: %[[B:.*]] = quantcc.read_variable @v
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @reads_around_a_write_are_two(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = quantcc.read_variable @v : tensor<2xf32>
  quantcc.assign_variable @v, %x : tensor<2xf32>
  %1 = quantcc.read_variable @v : tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: func.func @unused_read_disappears(
// CHECK-NEXT: return
func.func @unused_read_disappears() {
  %0 = quantcc.read_variable @v : tensor<2xf32>
  return
}
