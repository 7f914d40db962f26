// RUN: quant-opt %s --quantcc-expand-integer-ops --canonicalize | FileCheck %s

// A product of a byte less its zero point and a byte needs 16 bits, which leaves
// 16 for a multiplier: nothing needs 64 bits.
// CHECK-LABEL: func.func @product
// CHECK:         linalg.generic
// CHECK:         linalg.generic
// CHECK-NOT:     i64
// CHECK:           arith.shrsi
// CHECK-NOT:     i64
// CHECK:         return
#id = affine_map<(d0) -> (d0)>
func.func @product(%x: tensor<4xi8>, %y: tensor<4xi8>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi32>
  %p = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%x, %y : tensor<4xi8>, tensor<4xi8>) outs(%e : tensor<4xi32>) {
  ^bb0(%a: i8, %b: i8, %o: i32):
    %z = arith.constant -5 : i32
    %0 = arith.extsi %a : i8 to i32
    %1 = arith.subi %0, %z : i32
    %2 = arith.extsi %b : i8 to i32
    %3 = arith.muli %1, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<4xi32>
  %r = quantcc.requantize %p {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4xi32> -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// Nor does a sum of 16 bytes and its start. With a second shift of 2, rounding
// double sends what its first rounding has made halves away from zero: negative
// accumulators have an offset of their own.
// CHECK-LABEL: func.func @mean
// CHECK:         linalg.generic
// CHECK:         linalg.generic
// CHECK-NOT:     i64
// CHECK:           arith.cmpi slt
// CHECK-NOT:     i64
// CHECK:         return
func.func @mean(%x: tensor<16x4xi8>) -> tensor<4xi8> {
  %start = arith.constant dense<48> : tensor<4xi32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<16x4xi8>) outs(%start : tensor<4xi32>) {
  ^bb0(%a: i8, %o: i32):
    %0 = arith.extsi %a : i8 to i32
    %1 = arith.addi %o, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<4xi32>
  %r = quantcc.requantize %s {multipliers = array<i32: 1803886264>, shifts = array<i32: 33>, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>} : tensor<4xi32> -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// Of what comes from elsewhere nothing is known.
// CHECK-LABEL: func.func @does_not_apply_to_unknown_accumulators
// CHECK:         i64
// CHECK:         return
func.func @does_not_apply_to_unknown_accumulators(%x: tensor<4xi32>) -> tensor<4xi8> {
  %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} : tensor<4xi32> -> tensor<4xi8>
  return %r : tensor<4xi8>
}
