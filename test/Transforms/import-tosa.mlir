// RUN: quant-opt %s --quantcc-import-tosa --split-input-file | FileCheck %s --implicit-check-not=tosa.

// A bias of one value serves all channels.
// CHECK-LABEL: func.func @conv2d
func.func @conv2d(%x: tensor<1x4x6x2xf32>) -> tensor<1x2x2x3xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<2.000000e+00> : tensor<3x3x2x2xf32>
  // CHECK-DAG: %[[B:.*]] = arith.constant dense<1.000000e+00> : tensor<3xf32>
  // CHECK: quantcc.conv2d %{{.*}}, %[[W]], %[[B]] {dilations = array<i64: 1, 2>, groups = 1 : i64, padding = array<i64: 1, 0, 0, 1>, strides = array<i64: 2, 4>}
  %w = "tosa.const"() <{values = dense<2.0> : tensor<3x3x2x2xf32>}> : () -> tensor<3x3x2x2xf32>
  %b = "tosa.const"() <{values = dense<1.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 1, 0, 0, 1>, stride = array<i64: 2, 4>, dilation = array<i64: 1, 2>} : (tensor<1x4x6x2xf32>, tensor<3x3x2x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// -----

// TOSA's out_pad counts what is added, padding what is cut off.
// CHECK-LABEL: func.func @transpose_conv2d
func.func @transpose_conv2d(%x: tensor<1x2x2x2xf32>) -> tensor<1x4x6x3xf32> {
  // CHECK: quantcc.transpose_conv2d %{{.*}}, %{{.*}}, %{{.*}} {padding = array<i64: 1, 0, 0, -1>, strides = array<i64: 2, 2>}
  %w = "tosa.const"() <{values = dense<2.0> : tensor<3x3x3x2xf32>}> : () -> tensor<3x3x3x2xf32>
  %b = "tosa.const"() <{values = dense<1.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.transpose_conv2d %x, %w, %b, %z, %z {acc_type = f32, out_pad = array<i64: -1, 0, 0, 1>, stride = array<i64: 2, 2>} : (tensor<1x2x2x2xf32>, tensor<3x3x3x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x6x3xf32>
  return %0 : tensor<1x4x6x3xf32>
}

// -----

// Filter m of channel c, weights[0, k, c, m], belongs to channel 2 * c + m.
// CHECK-LABEL: func.func @depthwise_conv2d
func.func @depthwise_conv2d(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x1x4xf32> {
  // CHECK: %[[W:.*]] = arith.constant dense<{{\[\[\[\[}}1.000000e+00], [5.000000e+00]]], {{\[\[\[}}2.000000e+00], [6.000000e+00]]], {{\[\[\[}}3.000000e+00], [7.000000e+00]]], {{\[\[\[}}4.000000e+00], [8.000000e+00]]]]> : tensor<4x1x2x1xf32>
  // CHECK: quantcc.conv2d %{{.*}}, %[[W]], %{{.*}} {{{.*}}groups = 2 : i64
  %w = "tosa.const"() <{values = dense<[[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]]> : tensor<1x2x2x2xf32>}> : () -> tensor<1x2x2x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<4xf32>}> : () -> tensor<4xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}

// -----

// CHECK-LABEL: func.func @matmul_by_constant
func.func @matmul_by_constant(%x: tensor<1x1x2xf32>) -> tensor<1x1x3xf32> {
  // CHECK: %[[W:.*]] = arith.constant dense<{{\[\[}}1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]> : tensor<3x2xf32>
  // CHECK: quantcc.linear %{{.*}}, %[[W]] : (tensor<1x1x2xf32>, tensor<3x2xf32>) -> tensor<1x1x3xf32>
  %w = "tosa.const"() <{values = dense<[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]> : tensor<1x2x3xf32>}> : () -> tensor<1x2x3xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
  return %0 : tensor<1x1x3xf32>
}

// -----

// CHECK-LABEL: func.func @matmul_of_activations
func.func @matmul_of_activations(%x: tensor<1x1x2xf32>, %y: tensor<1x2x3xf32>) -> tensor<1x1x3xf32> {
  // CHECK: quantcc.matmul
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.matmul %x, %y, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
  return %0 : tensor<1x1x3xf32>
}

// -----

// CHECK-LABEL: func.func @elementwise
func.func @elementwise(%x: tensor<1x2xf32>, %y: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: quantcc.add %{{.*}} : (tensor<1x2xf32>, tensor<2x2xf32>)
  // CHECK: quantcc.sub
  // CHECK: quantcc.mul
  // CHECK: quantcc.maximum
  // CHECK: quantcc.minimum
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %0 = tosa.add %x, %y : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = tosa.sub %0, %y : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %2 = tosa.mul %1, %y, %shift : (tensor<2x2xf32>, tensor<2x2xf32>, tensor<1xi8>) -> tensor<2x2xf32>
  %3 = tosa.maximum %2, %y : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %4 = tosa.minimum %3, %y : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %4 : tensor<2x2xf32>
}

// -----

// The largest f32 bounds nothing.
// CHECK-LABEL: func.func @clamps
func.func @clamps(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: quantcc.rescale %{{.*}} {clamp = array<f32: 0.000000e+00, 6.000000e+00>}
  // CHECK: quantcc.rescale %{{.*}} {clamp = array<f32: 0.000000e+00, 0x7F800000>}
  %0 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @functions
func.func @functions(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: quantcc.function <sigmoid>
  // CHECK: quantcc.function <tanh>
  // CHECK: quantcc.function <exp>
  // CHECK: quantcc.function <rsqrt>
  // CHECK: quantcc.function <abs>
  // CHECK: quantcc.function <neg>
  // CHECK: quantcc.rescale %{{.*}} :
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.sigmoid %x : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tosa.tanh %0 : (tensor<2xf32>) -> tensor<2xf32>
  %2 = tosa.exp %1 : (tensor<2xf32>) -> tensor<2xf32>
  %3 = tosa.rsqrt %2 : (tensor<2xf32>) -> tensor<2xf32>
  %4 = tosa.abs %3 : (tensor<2xf32>) -> tensor<2xf32>
  %5 = tosa.negate %4, %z, %z : (tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2xf32>
  %6 = tosa.identity %5 : (tensor<2xf32>) -> tensor<2xf32>
  return %6 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @pools
func.func @pools(%x: tensor<1x4x4x1xf32>) -> tensor<1x1x1x1xf32> {
  // CHECK: quantcc.max_pool2d %{{.*}} {kernel = array<i64: 3, 2>, padding = array<i64: 1, 0, 0, 0>, strides = array<i64: 2, 2>}
  // CHECK: quantcc.avg_pool2d %{{.*}} {kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.max_pool2d %x {kernel = array<i64: 3, 2>, stride = array<i64: 2, 2>, pad = array<i64: 1, 0, 0, 0>} : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
  %1 = tosa.avg_pool2d %0, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  return %1 : tensor<1x1x1x1xf32>
}

// -----

// CHECK-LABEL: func.func @shapes
func.func @shapes(%x: tensor<2x3xf32>) -> tensor<1x9xf32> {
  // CHECK: quantcc.transpose %{{.*}} {permutation = array<i64: 1, 0>}
  // CHECK: quantcc.reshape %{{.*}} -> tensor<1x6xf32>
  // CHECK: quantcc.slice %{{.*}} {offsets = array<i64: 0, 2>, strides = array<i64: 1, 1>} : (tensor<1x6xf32>) -> tensor<1x3xf32>
  // CHECK: quantcc.pad %{{.*}} {high = array<i64: 0, 1>, low = array<i64: 0, 2>, value = 7.000000e+00 : f32}
  // CHECK: quantcc.pad %{{.*}} {high = array<i64: 0, 1>, low = array<i64: 0, 2>} :
  // CHECK: quantcc.concat %{{.*}} {axis = 1 : i64}
  %shape = tosa.const_shape {values = dense<[1, 6]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %start = tosa.const_shape {values = dense<[0, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %size = tosa.const_shape {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %borders = tosa.const_shape {values = dense<[0, 0, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %seven = "tosa.const"() <{values = dense<7.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.transpose %x {perms = array<i32: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = tosa.reshape %0, %shape : (tensor<3x2xf32>, !tosa.shape<2>) -> tensor<1x6xf32>
  %2 = tosa.slice %1, %start, %size : (tensor<1x6xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x3xf32>
  %3 = tosa.pad %2, %borders, %seven : (tensor<1x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<1x6xf32>
  %4 = tosa.pad %2, %borders, %zero : (tensor<1x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<1x6xf32>
  %5 = tosa.maximum %3, %4 : (tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<1x6xf32>
  %6 = tosa.concat %2, %5 {axis = 1 : i32} : (tensor<1x3xf32>, tensor<1x6xf32>) -> tensor<1x9xf32>
  return %6 : tensor<1x9xf32>
}

// -----

// A sum is the mean times the number of summands.
// CHECK-LABEL: func.func @sum
func.func @sum(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // CHECK: %[[M:.*]] = quantcc.mean %{{.*}} {axes = array<i64: 1>, keep_dims}
  // CHECK: %[[N:.*]] = arith.constant dense<3.000000e+00> : tensor<1x1xf32>
  // CHECK: quantcc.mul %[[M]], %[[N]]
  %0 = tosa.reduce_sum %x {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// -----

// CHECK-LABEL: func.func @mean
func.func @mean(%x: tensor<1x7x7x2xf32>) -> tensor<1x1x1x2xf32> {
  // CHECK: %[[M:.*]] = quantcc.mean %{{.*}} {axes = array<i64: 1, 2>, keep_dims}
  // CHECK: return %[[M]]
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %n = "tosa.const"() <{values = dense<0.0204081628> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %0 = tosa.reduce_sum %x {axis = 1 : i32} : (tensor<1x7x7x2xf32>) -> tensor<1x1x7x2xf32>
  %1 = tosa.reduce_sum %0 {axis = 2 : i32} : (tensor<1x1x7x2xf32>) -> tensor<1x1x1x2xf32>
  %2 = tosa.mul %1, %n, %shift : (tensor<1x1x1x2xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}

// -----

// CHECK-LABEL: func.func @product_that_is_no_mean
func.func @product_that_is_no_mean(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  // CHECK: quantcc.mul
  // CHECK: quantcc.mul
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %n = "tosa.const"() <{values = dense<0.25> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %0 = tosa.reduce_sum %x {axis = 1 : i32} : (tensor<1x2xf32>) -> tensor<1x1xf32>
  %1 = tosa.mul %0, %n, %shift : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// CHECK-LABEL: func.func @softmax
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>
func.func @softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: %[[S:.*]] = quantcc.softmax %[[X]] {beta = 1.000000e+00 : f32}
  // CHECK: return %[[S]]
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %0 = tosa.reduce_max %x {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %1 = tosa.sub %x, %0 : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %2 = tosa.exp %1 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = tosa.reduce_sum %2 {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %4 = tosa.reciprocal %3 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = tosa.mul %2, %4, %shift : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  return %5 : tensor<2x3xf32>
}
