// RUN: quant-opt %s --quantcc-expand-integer-ops --canonicalize | FileCheck %s

// Scales of 1: the sum of stored values, which reach 256 and leave 22 bits below
// the point. Any offset from 0 to 2^22 - 1 gives all sums; taken is the middle.
// CHECK-LABEL: func.func @linear
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 4194304 : i32
// CHECK-DAG:     %[[HALF:.*]] = arith.constant 2097151 : i32
// CHECK-DAG:     %[[SHIFT:.*]] = arith.constant 22 : i32
// CHECK-DAG:     %[[LOW:.*]] = arith.constant -100 : i32
// CHECK-DAG:     %[[HIGH:.*]] = arith.constant 90 : i32
// CHECK:         %[[X:.*]] = arith.muli {{.*}}, %[[ONE]]
// CHECK:         %[[XC:.*]] = arith.addi %[[X]], %[[HALF]]
// CHECK:         %[[Y:.*]] = arith.muli {{.*}}, %[[ONE]]
// CHECK:         %[[SUM:.*]] = arith.addi %[[XC]], %[[Y]]
// CHECK:         %[[V:.*]] = arith.shrsi %[[SUM]], %[[SHIFT]]
// CHECK:         %[[V1:.*]] = arith.maxsi %[[V]], %[[LOW]]
// CHECK:         arith.minsi %[[V1]], %[[HIGH]]
// CHECK-NOT:     i64
// CHECK:         return
func.func @linear(%x: tensor<4xi8>, %y: tensor<4xi8>) -> tensor<4xi8> {
  %r = quantcc.integer_add %x, %y {lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1073741824 : i32, output_shift = 49 : i32, output_zero_point = 0 : i32, clamp_min = -100 : i32, clamp_max = 90 : i32, rounding = #quantcc.rounding<double>} : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// 16-bit values have too many cases.
// CHECK-LABEL: func.func @wide
// CHECK:         i64
// CHECK:         return
func.func @wide(%x: tensor<4xi16>, %y: tensor<4xi16>) -> tensor<4xi16> {
  %r = quantcc.integer_add %x, %y {lhs_zero_point = 0 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 15 : i32, output_multiplier = 1073741824 : i32, output_shift = 44 : i32, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>} : (tensor<4xi16>, tensor<4xi16>) -> tensor<4xi16>
  return %r : tensor<4xi16>
}
