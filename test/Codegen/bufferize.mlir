// RUN: quant-opt %s --quantcc-bufferize | FileCheck %s

// CHECK: memref.global "private" constant @[[$GLOBAL:.*]] : memref<4xi32> = dense<[1, 2, 3, 4]> {alignment = 16 : i64}

// CHECK-LABEL: func.func @input_is_not_written
// CHECK-SAME: %[[ARG:.*]]: memref<4xi32> {quantcc.name = "x"}) -> (memref<4xi32> {quantcc.name = "y"})
func.func @input_is_not_written(%arg0: tensor<4xi32> {quantcc.name = "x"})
    -> (tensor<4xi32> {quantcc.name = "y"}) {
  // CHECK: %[[ALLOC:.*]] = memref.alloc() {alignment = 16 : i64} : memref<4xi32>
  // CHECK: linalg.add ins(%[[ARG]], %[[ARG]] : {{.*}}) outs(%[[ALLOC]]
  // CHECK: return %[[ALLOC]]
  %0 = linalg.add ins(%arg0, %arg0 : tensor<4xi32>, tensor<4xi32>) outs(%arg0 : tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// CHECK-LABEL: func.func @constant_is_not_written
// CHECK-SAME: %[[ARG:.*]]: memref<4xi32>
func.func @constant_is_not_written(%arg0: tensor<4xi32>) -> tensor<4xi32> {
  // CHECK: %[[CONSTANT:.*]] = memref.get_global @[[$GLOBAL]]
  // CHECK: %[[ROW:.*]] = memref.expand_shape %[[CONSTANT]]
  // CHECK: %[[ALLOC:.*]] = memref.alloc()
  // CHECK: memref.copy %[[ROW]], %[[ALLOC]]
  // CHECK: linalg.matmul {{.*}} outs(%[[ALLOC]]
  %c = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %acc = tensor.expand_shape %c [[0, 1]] output_shape [1, 4] : tensor<4xi32> into tensor<1x4xi32>
  %a = tensor.expand_shape %arg0 [[0, 1]] output_shape [1, 4] : tensor<4xi32> into tensor<1x4xi32>
  %w = arith.constant dense<5> : tensor<4x4xi32>
  %0 = linalg.matmul ins(%a, %w : tensor<1x4xi32>, tensor<4x4xi32>) outs(%acc : tensor<1x4xi32>) -> tensor<1x4xi32>
  %1 = tensor.collapse_shape %0 [[0, 1]] : tensor<1x4xi32> into tensor<4xi32>
  return %1 : tensor<4xi32>
}

// Kernels take channels that follow each other: of every other one there is a copy.
// CHECK-LABEL: func.func @every_other_channel
// CHECK-SAME:    (%[[X:.*]]: memref<1x1x1x7xi8>)
// CHECK:         %[[SLICE:.*]] = memref.subview %[[X]]{{.*}} to memref<1x1x1x3xi8, strided<[7, 7, 7, 2], offset: 1>>
// CHECK:         %[[COPY:.*]] = memref.alloc() {{.*}} memref<1x1x1x3xi8>
// CHECK:         memref.copy %[[SLICE]], %[[COPY]]
// CHECK:         quantcc.fused_conv2d ins(%[[COPY]],
func.func @every_other_channel(%x: tensor<1x1x1x7xi8>) -> tensor<1x1x1x2xi8> {
  %w = arith.constant dense<1> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %slice = tensor.extract_slice %x[0, 0, 0, 1] [1, 1, 1, 3] [1, 1, 1, 2] : tensor<1x1x1x7xi8> to tensor<1x1x1x3xi8>
  %init = tensor.empty() : tensor<1x1x1x2xi8>
  %y = quantcc.fused_conv2d ins(%slice, %w, %b : tensor<1x1x1x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>) outs(%init : tensor<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x1x1x2xi8>
  return %y : tensor<1x1x1x2xi8>
}

// The same where the result is a part of a buffer.
// CHECK-LABEL: func.func @result_in_every_other_channel
// CHECK:         %[[PLACE:.*]] = memref.subview {{.*}} to memref<1x1x1x2xi8, strided<[4, 4, 4, 2]>>
// CHECK:         %[[OWN:.*]] = memref.alloc() {{.*}} memref<1x1x1x2xi8>
// CHECK:         quantcc.fused_conv2d {{.*}} outs(%[[OWN]] :
// CHECK:         memref.copy %[[OWN]], %[[PLACE]]
func.func @result_in_every_other_channel(%x: tensor<1x1x1x3xi8>) -> tensor<1x1x1x4xi8> {
  %w = arith.constant dense<1> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %all = tensor.empty() : tensor<1x1x1x4xi8>
  %zero = arith.constant 0 : i8
  %filled = linalg.fill ins(%zero : i8) outs(%all : tensor<1x1x1x4xi8>) -> tensor<1x1x1x4xi8>
  %init = tensor.extract_slice %filled[0, 0, 0, 0] [1, 1, 1, 2] [1, 1, 1, 2] : tensor<1x1x1x4xi8> to tensor<1x1x1x2xi8>
  %y = quantcc.fused_conv2d ins(%x, %w, %b : tensor<1x1x1x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>) outs(%init : tensor<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} -> tensor<1x1x1x2xi8>
  %r = tensor.insert_slice %y into %filled[0, 0, 0, 0] [1, 1, 1, 2] [1, 1, 1, 2] : tensor<1x1x1x2xi8> into tensor<1x1x1x4xi8>
  return %r : tensor<1x1x1x4xi8>
}
