// RUN: quant-opt %s --quantcc-fold-batch-norm | FileCheck %s

// CHECK-LABEL: func.func @multiply_add
func.func @multiply_add(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[\[}}2.000000e+00, 4.000000e+00], [-3.000000e+00, -4.000000e+00]]>
  // CHECK-DAG: %[[B:.*]] = arith.constant dense<[1.200000e+01, 1.900000e+01]>
  // CHECK: %[[R:.*]] = quantcc.linear %{{.*}}, %[[W]], %[[B]] {clamp = array<f32: 0.000000e+00, 6.000000e+00>}
  // CHECK: return %[[R]]
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<1.0> : tensor<2xf32>
  %s = arith.constant dense<[2.0, -1.0]> : tensor<2xf32>
  %o = arith.constant dense<[[10.0, 20.0]]> : tensor<1x2xf32>
  %0 = quantcc.linear %x, %w, %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = quantcc.mul %s, %0 : (tensor<2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = quantcc.add %1, %o {clamp = array<f32: 0.0, 6.0>} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @conv2d_without_bias
func.func @conv2d_without_bias(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}3.000000e+00{{.*}}8.000000e+00{{.*}}> : tensor<2x1x1x1xf32>
  // CHECK-DAG: %[[B:.*]] = arith.constant dense<0.000000e+00> : tensor<2xf32>
  // CHECK: quantcc.conv2d %{{.*}}, %[[W]], %[[B]]
  // CHECK-NOT: quantcc.mul
  %w = arith.constant dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %s = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %0 = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = quantcc.mul %0, %s : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

// CHECK-LABEL: func.func @subtract_a_scalar
func.func @subtract_a_scalar(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[\[}}1.000000e+00], [2.000000e+00]]>
  // CHECK-DAG: %[[B:.*]] = arith.constant dense<-3.000000e+00> : tensor<2xf32>
  // CHECK: quantcc.linear %{{.*}}, %[[W]], %[[B]]
  %w = arith.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %s = arith.constant dense<3.0> : tensor<f32>
  %0 = quantcc.linear %x, %w : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  %1 = quantcc.sub %0, %s : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @subtract_from_a_constant
func.func @subtract_from_a_constant(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[\[}}-1.000000e+00], [-2.000000e+00]]>
  // CHECK-DAG: %[[B:.*]] = arith.constant dense<[3.000000e+00, 4.000000e+00]>
  // CHECK: quantcc.linear %{{.*}}, %[[W]], %[[B]]
  %w = arith.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %s = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %0 = quantcc.linear %x, %w : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  %1 = quantcc.sub %s, %0 : (tensor<2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @clamp_between
func.func @clamp_between(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // CHECK: quantcc.add
  %w = arith.constant dense<1.0> : tensor<1x1xf32>
  %s = arith.constant dense<3.0> : tensor<1xf32>
  %0 = quantcc.linear %x, %w {clamp = array<f32: 0.0, 6.0>} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = quantcc.add %0, %s : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// CHECK-LABEL: func.func @other_use
func.func @other_use(%x: tensor<1x1xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  // CHECK: quantcc.add
  %w = arith.constant dense<1.0> : tensor<1x1xf32>
  %s = arith.constant dense<3.0> : tensor<1xf32>
  %0 = quantcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = quantcc.add %0, %s : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0, %1 : tensor<1x1xf32>, tensor<1x1xf32>
}

// CHECK-LABEL: func.func @no_constant
func.func @no_constant(%x: tensor<1x1xf32>, %s: tensor<1xf32>) -> tensor<1x1xf32> {
  // CHECK: quantcc.add
  %w = arith.constant dense<1.0> : tensor<1x1xf32>
  %0 = quantcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = quantcc.add %0, %s : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// CHECK-LABEL: func.func @weights_are_no_constant
func.func @weights_are_no_constant(%x: tensor<1x1xf32>, %w: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // CHECK: quantcc.add
  %s = arith.constant dense<3.0> : tensor<1xf32>
  %0 = quantcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = quantcc.add %0, %s : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// One value a row, and not one a channel.
// CHECK-LABEL: func.func @varies_along_rows
func.func @varies_along_rows(%x: tensor<2x1xf32>) -> tensor<2x2xf32> {
  // CHECK: quantcc.add
  %w = arith.constant dense<1.0> : tensor<2x1xf32>
  %s = arith.constant dense<[[3.0], [4.0]]> : tensor<2x1xf32>
  %0 = quantcc.linear %x, %w : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %1 = quantcc.add %0, %s : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @broadcasts_the_result
func.func @broadcasts_the_result(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  // CHECK: quantcc.add
  %w = arith.constant dense<1.0> : tensor<1x1xf32>
  %s = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %0 = quantcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = quantcc.add %0, %s : (tensor<1x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
