// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=neon-dotprod},canonicalize)' --split-input-file | FileCheck %s

// Ties to even: a half less one, and one more where the quotient is odd.
// CHECK-LABEL: func.func @even
// CHECK-DAG:     %[[ONE:.*]] = arith.constant dense<1> : vector<[[N:.*]]xi64>
// CHECK-DAG:     %[[LESS:.*]] = arith.constant dense<-1> : vector<[[N]]xi64>
// CHECK:         %[[SHIFTS:.*]] = arith.extsi {{.*}} to vector<[[N]]xi64>
// CHECK:         %[[HALVES:.*]] = arith.shli %[[ONE]],
// CHECK:         %[[PRODUCT:.*]] = arith.muli
// CHECK:         %[[QUOTIENT:.*]] = arith.shrsi %[[PRODUCT]], %[[SHIFTS]]
// CHECK:         %[[ODD:.*]] = arith.andi %[[QUOTIENT]], %[[ONE]]
// CHECK:         %[[MORE:.*]] = arith.addi %[[ODD]], %[[LESS]]
// CHECK:         %[[SUM:.*]] = arith.addi %[[PRODUCT]], %[[MORE]]
// CHECK:         %[[ROUNDED:.*]] = arith.addi %[[SUM]], %[[HALVES]]
// CHECK:         arith.shrsi %[[ROUNDED]], %[[SHIFTS]]
memref.global "private" constant @w : memref<4x1x1x1xi8> = dense<3>
memref.global "private" constant @b : memref<4xi32> = dense<7>
func.func @even(%x: memref<1x1x1x1xi16>, %y: memref<1x1x1x4xi16>) {
  %w = memref.get_global @w : memref<4x1x1x1xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x1xi16>, memref<4x1x1x1xi8>, memref<4xi32>) outs(%y : memref<1x1x1x4xi16>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1073741824>, shifts = array<i32: 36>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<half_even>}
  return
}

// -----

// Channels that round twice, by 31 and by the 3 that are left, beside one that rounds
// once by 30: of its second step neither a half nor the one of negative values is added.
// CHECK-LABEL: func.func @mixed
// CHECK:         memref.global "private" constant @{{.*}} : memref<8xi32> = dense<[3, -1, 3, 3, 3, 3, 3, 3]>
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant dense<0> : vector<[[N:.*]]xi64>
// CHECK-DAG:     %[[ONE:.*]] = arith.constant dense<1> : vector<[[N]]xi64>
// CHECK-DAG:     %[[FIRST:.*]] = arith.constant dense<31> : vector<[[N]]xi64>
// CHECK:         %[[BITS:.*]] = arith.extsi {{.*}} to vector<[[N]]xi64>
// CHECK:         %[[HAS:.*]] = arith.cmpi sgt, %[[BITS]], %[[ZERO]]
// CHECK:         %[[MASK:.*]] = arith.extsi %[[HAS]] : vector<[[N]]xi1> to vector<[[N]]xi64>
// CHECK:         %[[LESS:.*]] = arith.minsi %[[BITS]], %[[ZERO]]
// CHECK:         %[[FIRSTS:.*]] = arith.addi %[[LESS]], %[[FIRST]]
// CHECK:         %[[SECONDS:.*]] = arith.maxsi %[[BITS]], %[[ZERO]]
// CHECK:         %[[UNIT:.*]] = arith.shli %[[ONE]], %[[SECONDS]]
// CHECK:         %[[HALVES:.*]] = arith.shrui %[[UNIT]], %[[ONE]]
// CHECK:         arith.muli
// CHECK:         %[[ONCE:.*]] = arith.shrsi %{{.*}}, %[[FIRSTS]]
// CHECK:         %[[SIGN:.*]] = arith.shrsi %[[ONCE]],
// CHECK:         %[[AWAY:.*]] = arith.andi %[[SIGN]], %[[MASK]]
// CHECK:         %[[SUM:.*]] = arith.addi %[[ONCE]], %[[AWAY]]
// CHECK:         %[[ROUNDED:.*]] = arith.addi %[[SUM]], %[[HALVES]]
// CHECK:         arith.shrsi %[[ROUNDED]], %[[SECONDS]]
memref.global "private" constant @w : memref<4x1x1x1xi8> = dense<3>
memref.global "private" constant @b : memref<4xi32> = dense<7>
func.func @mixed(%x: memref<1x1x1x1xi16>, %y: memref<1x1x1x4xi16>) {
  %w = memref.get_global @w : memref<4x1x1x1xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x1xi16>, memref<4x1x1x1xi8>, memref<4xi32>) outs(%y : memref<1x1x1x4xi16>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250, 1518500250, 1518500250, 1518500250>, shifts = array<i32: 34, 30, 34, 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>}
  return
}
