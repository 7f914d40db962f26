// RUN: quant-opt %s --quantcc-vectorize-reductions=accumulator-bits=1024 | FileCheck %s
// RUN: quant-opt %s --quantcc-vectorize-reductions | FileCheck %s --check-prefix=SCALAR

// A target without vectors has none of these.
// SCALAR-NOT: vector<

// Lanes are those of the accumulators, in 1024 bits 32 of them; what is left of
// 41 channels takes 8, and 1 alone.
// CHECK-LABEL: func.func @average_pool
// CHECK-SAME:    %[[X:.*]]: memref<1x5x5x41xi8>, %[[W:.*]]: memref<3x2xi8>, %[[Y:.*]]: memref<1x2x2x41xi32>
// CHECK:         scf.for %[[ROW:[^ ]*]] =
// CHECK:           scf.for %[[COLUMN:[^ ]*]] =
// CHECK:             %[[INIT:.*]] = vector.load %[[Y]][%{{.*}}, %[[ROW]], %[[COLUMN]], %{{.*}}] : memref<1x2x2x41xi32>, vector<32xi32>
// CHECK:             %[[R:.*]] = scf.for %[[I:[^ ]*]] = {{.*}} iter_args(%[[A0:.*]] = %[[INIT]])
// CHECK:               %[[S:.*]] = scf.for %[[J:[^ ]*]] = {{.*}} iter_args(%[[A1:.*]] = %[[A0]])
// CHECK-DAG:             %[[H:.*]] = affine.apply #{{.*}}(%[[ROW]], %[[I]])
// CHECK-DAG:             %[[V:.*]] = affine.apply #{{.*}}(%[[COLUMN]], %[[J]])
// CHECK:                 %[[B:.*]] = vector.load %[[X]][%{{.*}}, %[[H]], %[[V]], %{{.*}}] : memref<1x5x5x41xi8>, vector<32xi8>
// CHECK:                 %[[E:.*]] = arith.extsi %[[B]] : vector<32xi8> to vector<32xi32>
// CHECK:                 %[[SUM:.*]] = arith.addi %[[A1]], %[[E]] : vector<32xi32>
// CHECK:                 scf.yield %[[SUM]]
// CHECK:               scf.yield %[[S]]
// CHECK:             vector.store %[[R]], %[[Y]][%{{.*}}, %[[ROW]], %[[COLUMN]], %{{.*}}] : memref<1x2x2x41xi32>, vector<32xi32>
// CHECK:         vector.load %[[X]]{{.*}} vector<8xi8>
// CHECK:         memref.load %[[X]]
// CHECK-NOT:     linalg
// CHECK:         return
func.func @average_pool(%x: memref<1x5x5x41xi8>, %w: memref<3x2xi8>, %y: memref<1x2x2x41xi32>) {
  linalg.pooling_nhwc_sum {strides = dense<[2, 3]> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : memref<1x5x5x41xi8>, memref<3x2xi8>) outs(%y : memref<1x2x2x41xi32>)
  return
}

// Bytes are compared as bytes.
// CHECK-LABEL: func.func @max_pool
// CHECK:         arith.maxsi %{{.*}}, %{{.*}} : vector<128xi8>
func.func @max_pool(%x: memref<1x4x4x128xi8>, %w: memref<2x2xi8>, %y: memref<1x2x2x128xi8>) {
  linalg.pooling_nhwc_max {strides = dense<2> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : memref<1x4x4x128xi8>, memref<2x2xi8>) outs(%y : memref<1x2x2x128xi8>)
  return
}

// A value that all lanes need is loaded once and broadcast.
// CHECK-LABEL: func.func @product
// CHECK-SAME:    %[[A:.*]]: memref<4x8xi16>, %[[B:.*]]: memref<8x16xi16>
// CHECK-DAG:     %[[S:.*]] = memref.load %[[A]]
// CHECK-DAG:     vector.broadcast %[[S]] : i16 to vector<16xi16>
// CHECK-DAG:     vector.load %[[B]]{{.*}} vector<16xi16>
// CHECK:         arith.muli %{{.*}}, %{{.*}} : vector<16xi32>
func.func @product(%a: memref<4x8xi16>, %b: memref<8x16xi16>, %y: memref<4x16xi32>) {
  linalg.matmul ins(%a, %b : memref<4x8xi16>, memref<8x16xi16>) outs(%y : memref<4x16xi32>)
  return
}

// Rows of a concatenation: 20 bytes each, 16 and 4.
// CHECK-LABEL: func.func @copy_of_rows
// CHECK-SAME:    %[[X:.*]]: memref<6x20xi8>, %[[Y:.*]]: memref<6x20xi8, strided<[32, 1], offset: 12>>
// CHECK:         scf.for
// CHECK:           %[[V:.*]] = vector.load %[[X]]{{.*}} vector<16xi8>
// CHECK-NOT:       vector.load
// CHECK:           vector.store %[[V]], %[[Y]]
// CHECK:         %[[R:.*]] = vector.load %[[X]]{{.*}} vector<4xi8>
// CHECK:         vector.store %[[R]], %[[Y]]
// CHECK-NOT:     linalg
// CHECK:         return
func.func @copy_of_rows(%x: memref<6x20xi8>, %y: memref<6x20xi8, strided<[32, 1], offset: 12>>) {
  linalg.copy ins(%x : memref<6x20xi8>) outs(%y : memref<6x20xi8, strided<[32, 1], offset: 12>>)
  return
}

// What computes and reduces nothing is LLVM's.
// CHECK-LABEL: func.func @does_not_apply_to_elementwise_operations
// CHECK:         linalg.generic
func.func @does_not_apply_to_elementwise_operations(%x: memref<32xi8>, %y: memref<32xi8>) {
  linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
    ins(%x : memref<32xi8>) outs(%y : memref<32xi8>) {
  ^bb0(%a: i8, %b: i8):
    %0 = arith.addi %a, %a : i8
    linalg.yield %0 : i8
  }
  return
}

// CHECK-LABEL: func.func @does_not_apply_along_the_reduction
// CHECK:         linalg.generic
func.func @does_not_apply_along_the_reduction(%x: memref<8x16xi8>, %y: memref<8xi32>) {
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]}
    ins(%x : memref<8x16xi8>) outs(%y : memref<8xi32>) {
  ^bb0(%a: i8, %s: i32):
    %0 = arith.extsi %a : i8 to i32
    %1 = arith.addi %0, %s : i32
    linalg.yield %1 : i32
  }
  return
}

// CHECK-LABEL: func.func @does_not_apply_to_floats
// CHECK:         linalg.pooling_nhwc_sum
func.func @does_not_apply_to_floats(%x: memref<1x4x4x16xf32>, %w: memref<4x4xf32>, %y: memref<1x1x1x16xf32>) {
  linalg.pooling_nhwc_sum {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : memref<1x4x4x16xf32>, memref<4x4xf32>) outs(%y : memref<1x1x1x16xf32>)
  return
}

// CHECK-LABEL: func.func @does_not_apply_to_64_bits
// CHECK:         linalg.matmul
func.func @does_not_apply_to_64_bits(%a: memref<4x8xi16>, %b: memref<8x16xi16>, %y: memref<4x16xi64>) {
  linalg.matmul ins(%a, %b : memref<4x8xi16>, memref<8x16xi16>) outs(%y : memref<4x16xi64>)
  return
}

// CHECK-LABEL: func.func @does_not_apply_to_few_channels
// CHECK:         linalg.pooling_nhwc_max
func.func @does_not_apply_to_few_channels(%x: memref<1x4x4x3xi8>, %w: memref<2x2xi8>, %y: memref<1x2x2x3xi8>) {
  linalg.pooling_nhwc_max {strides = dense<2> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : memref<1x4x4x3xi8>, memref<2x2xi8>) outs(%y : memref<1x2x2x3xi8>)
  return
}
