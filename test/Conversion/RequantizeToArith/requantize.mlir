// RUN: quant-opt --quantcc-expand-integer-ops %s | FileCheck %s

// One rounding: the whole shift at once, in 64 bits.

// CHECK-LABEL: func.func @single
// CHECK: arith.muli {{.*}} : i64
// CHECK: arith.shrsi {{.*}} : i64
// CHECK-NOT: arith.shrsi
// CHECK: arith.trunci {{.*}} : i32 to i8
func.func @single(%acc: tensor<4xi32>) -> tensor<4xi8> {
  %r = quantcc.requantize %acc {multipliers = array<i32: 1518500250>,
      shifts = array<i32: 38>, output_zero_point = -3 : i32,
      clamp_min = -128 : i32, clamp_max = 127 : i32,
      rounding = #quantcc.rounding<single>} : tensor<4xi32> -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// The bounds less the zero point, before it is added.

// CHECK-LABEL: func.func @clamp_before_zero_point
// CHECK: %[[LOW:.*]] = arith.constant -125 : i32
// CHECK: arith.maxsi %{{.*}}, %[[LOW]] : i32
// CHECK: %[[HIGH:.*]] = arith.constant 130 : i32
// CHECK: arith.minsi %{{.*}}, %[[HIGH]] : i32
// CHECK: %[[ZP:.*]] = arith.constant -3 : i32
// CHECK: arith.addi %{{.*}}, %[[ZP]] : i32
func.func @clamp_before_zero_point(%acc: tensor<4xi32>) -> tensor<4xi8> {
  %r = quantcc.requantize %acc {multipliers = array<i32: 1518500250>,
      shifts = array<i32: 38>, output_zero_point = -3 : i32,
      clamp_min = -128 : i32, clamp_max = 127 : i32,
      rounding = #quantcc.rounding<half_even>} : tensor<4xi32> -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// Along the axis, what differs is a vector: the multipliers here, and the rest
// of the shift behind the doubling high multiply's 31.

// CHECK-LABEL: func.func @per_axis_constants
// CHECK-DAG: arith.constant dense<[1073741824, 1518500250]> : tensor<2xi32>
// CHECK-DAG: arith.constant dense<[1, 7]> : tensor<2xi32>
// CHECK-NOT: tensor<2xi32>
// CHECK: linalg.generic
func.func @per_axis_constants(%acc: tensor<4x2xi32>) -> tensor<4x2xi8> {
  %r = quantcc.requantize %acc {axis = 1 : i64,
      multipliers = array<i32: 1073741824, 1518500250>,
      shifts = array<i32: 32, 38>, output_zero_point = 0 : i32,
      clamp_min = -128 : i32, clamp_max = 127 : i32,
      rounding = #quantcc.rounding<double>} : tensor<4x2xi32> -> tensor<4x2xi8>
  return %r : tensor<4x2xi8>
}
