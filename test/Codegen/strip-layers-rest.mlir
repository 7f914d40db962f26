// RUN: quant-opt %s --quantcc-strip-layers=least-cycles=3000 --remark-format=emitRemark --remarks-filter=quantcc --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --quantcc-strip-layers="least-cycles=3000 rate=100" | FileCheck %s --check-prefix=FAST
// RUN: quant-opt %s --quantcc-strip-layers="least-cycles=3000 rate=0.1" | FileCheck %s --check-prefix=SLOW

// About 1,500 cycles a row, and no number of rows divides seven: three strips, of
// which the last has the row that is left.
// CHECK-LABEL: func.func @rows_that_are_left
// CHECK: %[[THREE:.*]] = arith.constant 3 : index
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[THREE]] step
// CHECK: scf.if
// CHECK: memref.alloc() : memref<1x1x4x4xi8>
// CHECK: memref.subview %{{.*}}[0, 6, 0, 0] [1, 3, 6, 8]
// CHECK: quantcc.fused_conv2d
// CHECK: linalg.generic
// CHECK: } else {
// CHECK: memref.alloc() : memref<1x3x4x4xi8>
// CHECK: memref.subview %{{.*}}[0, %{{.*}}, 0, 0] [1, 5, 6, 8]
// CHECK: quantcc.fused_conv2d
// CHECK: linalg.generic

// Where kernels add up more products, two strips would be too small; where they
// take ten cycles for one, a row is enough.
// FAST-NOT: scf.for
// SLOW: memref.alloc() : memref<1x1x4x4xi8>
// SLOW-NOT: scf.if
func.func @rows_that_are_left(%x: memref<1x9x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %out: memref<1x7x4x4xi8> {quantcc.output}) {
  %t = memref.alloc() : memref<1x7x4x4xi8>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x9x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%t : memref<1x7x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  // expected-remark @+1 {{is computed in strips of 3 of 7 along dimension 1, the last of 1}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t : memref<1x7x4x4xi8>) outs(%out : memref<1x7x4x4xi8>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  return
}
