// RUN: quant-opt --quantcc-convert-quantized-to-linalg %s | FileCheck %s

!x = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.25>
!y = !quant.uniform<i16:f32, 1.0>

// M = 0.5 * 0.25 / 1.0 = 2^30 * 2^-33 = 2^14 * 2^-17.

// CHECK-LABEL: func.func @wide_bias_has_wide_accumulators
// CHECK-SAME: (%[[X:.*]]: tensor<1x2xi16>
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<2x2xi8>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[4294967296, -1]> : tensor<2xi64>
// CHECK: %[[INIT:.*]] = linalg.broadcast ins(%[[B]]
// CHECK: %[[ACC:.*]] = linalg.matmul
// CHECK-SAME: ins(%[[X]], %[[W]] : tensor<1x2xi16>, tensor<2x2xi8>) outs(%[[INIT]] : tensor<1x2xi64>)
// CHECK: quantcc.requantize %[[ACC]]
// CHECK-SAME: multipliers = array<i32: 16384>
// CHECK-SAME: rounding = #quantcc.rounding<single>, shifts = array<i32: 17>
// CHECK-SAME: tensor<1x2xi64> -> tensor<1x2xi16>
func.func @wide_bias_has_wide_accumulators(%x: tensor<1x2x!x>) -> tensor<1x2x!y> {
  %c = arith.constant dense<[[1, 2], [-4, 3]]> : tensor<2x2xi8>
  %w = quant.scast %c : tensor<2x2xi8> to tensor<2x2x!w>
  %b = arith.constant dense<[4294967296, -1]> : tensor<2xi64>
  %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<reduced>}
      : (tensor<1x2x!x>, tensor<2x2x!w>, tensor<2xi64>) -> tensor<1x2x!y>
  return %r : tensor<1x2x!y>
}

// A sum that fits 32 bits is added up in 32 bits, whatever the bias's type.

// CHECK-LABEL: func.func @small_sum_stays_narrow
// CHECK: linalg.matmul
// CHECK-SAME: outs(%{{.*}} : tensor<1x2xi32>)
// CHECK: quantcc.requantize
// CHECK-SAME: multipliers = array<i32: 16384>
func.func @small_sum_stays_narrow(%x: tensor<1x2x!x>) -> tensor<1x2x!y> {
  %c = arith.constant dense<[[1, 2], [-4, 3]]> : tensor<2x2xi8>
  %w = quant.scast %c : tensor<2x2xi8> to tensor<2x2x!w>
  %b = arith.constant dense<[7, -1]> : tensor<2xi64>
  %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<reduced>}
      : (tensor<1x2x!x>, tensor<2x2x!w>, tensor<2xi64>) -> tensor<1x2x!y>
  return %r : tensor<1x2x!y>
}

// CHECK-LABEL: func.func @add_keeps_15_fractional_bits
// CHECK: quantcc.integer_add
// CHECK-SAME: left_shift = 15 : i32
func.func @add_keeps_15_fractional_bits(%x: tensor<4x!x>) -> tensor<4x!y> {
  %r = quantcc.add %x, %x {rounding = #quantcc.rounding<double>}
      : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!y>
  return %r : tensor<4x!y>
}

// CHECK-LABEL: func.func @softmax_reads_two_tables
// CHECK: %[[INDEX:.*]] = quantcc.requantize
// CHECK-SAME: output_zero_point = 32767 : i32, rounding = #quantcc.rounding<double>
// CHECK: %[[EXP:.*]] = quantcc.lookup %[[INDEX]], %{{.*}} : (tensor<1x9xi16>, tensor<513xi16>) -> tensor<1x9xi16>
// CHECK: quantcc.lookup %{{.*}}, %{{.*}} : (tensor<1xi16>, tensor<513xi16>) -> tensor<1xi16>
func.func @softmax_reads_two_tables(%x: tensor<1x9x!x>)
    -> tensor<1x9x!quant.uniform<i16:f32, 0.000030517578125>> {
  %r = quantcc.softmax %x {beta = 1.0 : f32}
      : (tensor<1x9x!x>) -> tensor<1x9x!quant.uniform<i16:f32, 0.000030517578125>>
  return %r : tensor<1x9x!quant.uniform<i16:f32, 0.000030517578125>>
}
