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
