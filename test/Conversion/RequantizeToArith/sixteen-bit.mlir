// RUN: quant-opt --quantcc-expand-integer-ops %s | FileCheck %s

// Accumulators of 47 bits times a multiplier of 15 fit 64.

// CHECK-LABEL: func.func @multiplier_of_15_bits
// CHECK-NOT: i128
// CHECK: arith.muli %{{.*}} : i64
func.func @multiplier_of_15_bits(%acc: tensor<4xi64>) -> tensor<4xi16> {
  %r = quantcc.requantize %acc {multipliers = array<i32: 32767>,
      shifts = array<i32: 20>, output_zero_point = 0 : i32,
      clamp_min = -32768 : i32, clamp_max = 32767 : i32,
      rounding = #quantcc.rounding<single>} : tensor<4xi64> -> tensor<4xi16>
  return %r : tensor<4xi16>
}

// CHECK-LABEL: func.func @multiplier_of_31_bits
// CHECK: arith.muli %{{.*}} : i128
func.func @multiplier_of_31_bits(%acc: tensor<4xi64>) -> tensor<4xi16> {
  %r = quantcc.requantize %acc {multipliers = array<i32: 32768>,
      shifts = array<i32: 20>, output_zero_point = 0 : i32,
      clamp_min = -32768 : i32, clamp_max = 32767 : i32,
      rounding = #quantcc.rounding<single>} : tensor<4xi64> -> tensor<4xi16>
  return %r : tensor<4xi16>
}
