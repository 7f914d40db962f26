// RUN: quant-opt %s --split-input-file --quantcc-parallelize="pieces=2 least-cycles=1" --remark-format=emitRemark --remarks-filter=quantcc --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --split-input-file --quantcc-parallelize="pieces=2 least-cycles=1000000" | FileCheck %s --check-prefix=SMALL

// SMALL-NOT: scf.forall

// Two windows of three rows overlap by two: rows 0 to 5 and 4 to 9 of the input.
// CHECK-DAG: #[[$ROWS:.*]] = affine_map<(d0) -> (d0 * 4)>
// CHECK-LABEL: func.func @rows_of_a_convolution
// CHECK-SAME: (%[[X:.*]]: memref<1x10x6x8xi8>, %[[W:[^:]*]]: {{.*}}, %[[B:[^:]*]]: {{.*}}, %[[Y:.*]]: memref<1x8x4x4xi8>
// CHECK-SAME: quantcc.pieces = 2
// CHECK: scf.forall (%[[I:.*]]) in (2) {
// CHECK: %[[ROW:.*]] = affine.apply #[[$ROWS]](%[[I]])
// CHECK: %[[OUT:.*]] = memref.subview %[[Y]][0, %[[ROW]], 0, 0] [1, 4, 4, 4]
// CHECK: %[[FIRST:.*]] = affine.apply #[[$ROWS]](%[[I]])
// CHECK: %[[IN:.*]] = memref.subview %[[X]][0, %[[FIRST]], 0, 0] [1, 6, 6, 8]
// CHECK: quantcc.fused_conv2d ins(%[[IN]], %[[W]], %[[B]] : {{.*}}) outs(%[[OUT]] :
// CHECK-NOT: quantcc.fused_conv2d
func.func @rows_of_a_convolution(%x: memref<1x10x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %y: memref<1x8x4x4xi8> {quantcc.output}) {
  // expected-remark @+1 {{cut into 2 pieces of 4 along dimension 1}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x10x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%y : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// A stride of two rows: pieces of three rows begin six rows apart. The last piece
// has the two rows that are left.
// CHECK-DAG: #[[$IN_ROWS:.*]] = affine_map<(d0) -> (d0 * 6)>
// CHECK-DAG: #[[$OUT_ROWS:.*]] = affine_map<(d0) -> (d0 * 3)>
// CHECK-LABEL: func.func @last_piece_is_smaller
// CHECK: scf.forall (%[[I:.*]]) in (2) {
// CHECK: %[[IS_LAST:.*]] = arith.cmpi eq, %[[I]], %{{.*}} : index
// CHECK: scf.if %[[IS_LAST]] {
// CHECK: memref.subview %{{.*}}[0, 3, 0, 0] [1, 2, 4, 4]
// CHECK: memref.subview %{{.*}}[0, 6, 0, 0] [1, 5, 6, 8]
// CHECK: quantcc.fused_conv2d
// CHECK: } else {
// CHECK: %[[OUT_ROW:.*]] = affine.apply #[[$OUT_ROWS]](%[[I]])
// CHECK: memref.subview %{{.*}}[0, %[[OUT_ROW]], 0, 0] [1, 3, 4, 4]
// CHECK: %[[IN_ROW:.*]] = affine.apply #[[$IN_ROWS]](%[[I]])
// CHECK: memref.subview %{{.*}}[0, %[[IN_ROW]], 0, 0] [1, 7, 6, 8]
// CHECK: quantcc.fused_conv2d
func.func @last_piece_is_smaller(%x: memref<1x11x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %y: memref<1x5x4x4xi8> {quantcc.output}) {
  // expected-remark @+1 {{cut into 2 pieces of 3 along dimension 1, the last of 2}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x11x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%y : memref<1x5x4x4xi8>) {biased_input, strides = array<i64: 2, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// One row of pixels is cut along its columns.
// CHECK-LABEL: func.func @columns_where_there_is_one_row
// CHECK: scf.forall
// CHECK: memref.subview %{{.*}}[0, 0, %{{.*}}, 0] [1, 1, 3, 8]
func.func @columns_where_there_is_one_row(%x: memref<1x1x6x8xi8>, %w: memref<4x1x1x8xi8>, %b: memref<4xi32>, %y: memref<1x1x6x4xi8> {quantcc.output}) {
  // expected-remark @+1 {{cut into 2 pieces of 3 along dimension 2}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x6x8xi8>, memref<4x1x1x8xi8>, memref<4xi32>) outs(%y : memref<1x1x6x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// One pixel is cut along its channels, in whole panels of 64, each with weights,
// bias and multipliers of its own.
// CHECK-DAG: #[[$FIRST:.*]] = affine_map<(d0) -> (d0 * 64)>
// CHECK-LABEL: func.func @channels_of_one_pixel
// CHECK: scf.forall (%[[I:.*]]) in (2) {
// CHECK: %[[CHANNEL:.*]] = affine.apply #[[$FIRST]](%[[I]])
// CHECK: scf.index_switch %[[I]]
// CHECK: case 0 {
// CHECK: memref.subview %{{.*}}[0, 0, 0, %[[CHANNEL]]] [1, 1, 1, 64]
// CHECK-DAG: memref.get_global @[[W0:.*]] : memref<64x1x1x2xi8>
// CHECK-DAG: memref.get_global @[[B0:.*]] : memref<64xi32>
// CHECK: quantcc.fused_conv2d ins(%arg0, {{.*}} multipliers = array<i32: 1518500250>
// CHECK: default {
// CHECK: memref.subview %{{.*}}[0, 0, 0, %[[CHANNEL]]] [1, 1, 1, 1]
// CHECK-DAG: memref.get_global @[[W1:.*]] : memref<1x1x1x2xi8>
// CHECK-DAG: memref.get_global @[[B1:.*]] : memref<1xi32>
// CHECK: }
// CHECK-DAG: memref.global "private" constant @[[W0]] : memref<64x1x1x2xi8> = dense<"0x{{(0102)+}}">
// CHECK-DAG: memref.global "private" constant @[[B0]] : memref<64xi32> = dense<7>
// CHECK-DAG: memref.global "private" constant @[[W1]] : memref<1x1x1x2xi8> = dense<{{\[\[\[\[}}3, 4]]]]>
// CHECK-DAG: memref.global "private" constant @[[B1]] : memref<1xi32> = dense<7>
memref.global "private" constant @w : memref<65x1x1x2xi8> = dense<[[[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[1, 2]]], [[[3, 4]]]]>
memref.global "private" constant @b : memref<65xi32> = dense<7>
func.func @channels_of_one_pixel(%x: memref<1x1x1x2xi8>, %y: memref<1x1x1x65xi8> {quantcc.output}) {
  %w = memref.get_global @w : memref<65x1x1x2xi8>
  %b = memref.get_global @b : memref<65xi32>
  // expected-remark @+1 {{cut into 2 pieces of 64 along dimension 3, the last of 1}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x2xi8>, memref<65x1x1x2xi8>, memref<65xi32>) outs(%y : memref<1x1x1x65xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Weights that are no constants cannot be cut.
// CHECK-LABEL: func.func @one_pixel_stays_whole
// CHECK-NOT: scf.forall
func.func @one_pixel_stays_whole(%x: memref<1x1x1x8xi8>, %w: memref<4x1x1x8xi8>, %b: memref<4xi32>, %y: memref<1x1x1x4xi8> {quantcc.output}) {
  // expected-remark @+1 {{stays whole: there is no dimension to cut it along}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x8xi8>, memref<4x1x1x8xi8>, memref<4xi32>) outs(%y : memref<1x1x1x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// A sum over the second dimension is cut along the first alone.
// CHECK-LABEL: func.func @reduction
// CHECK: scf.forall (%{{.*}}) in (2)
// CHECK-DAG: memref.subview %arg0[%{{.*}}, 0] [2, 8] [1, 1]
// CHECK-DAG: memref.subview %arg1[%{{.*}}] [2] [1]
func.func @reduction(%x: memref<4x8xi32>, %y: memref<4xi32> {quantcc.output}) {
  // expected-remark @+1 {{cut into 2 pieces of 2 along dimension 0}}
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : memref<4x8xi32>) outs(%y : memref<4xi32>) {
  ^bb0(%a: i32, %s: i32):
    %0 = arith.addi %a, %s : i32
    linalg.yield %0 : i32
  }
  return
}

// -----

// Elements that are read where they are written.
// CHECK-LABEL: func.func @in_place
// CHECK: scf.forall
func.func @in_place(%y: memref<4x8xi32> {quantcc.output}) {
  // expected-remark @+1 {{cut into 2 pieces of 2 along dimension 0}}
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%y : memref<4x8xi32>) outs(%y : memref<4x8xi32>) {
  ^bb0(%a: i32, %s: i32):
    %0 = arith.addi %a, %a : i32
    linalg.yield %0 : i32
  }
  return
}

// -----

// Transposed in place: a piece would read what another one writes.
// CHECK-LABEL: func.func @reads_what_others_write
// CHECK-NOT: scf.forall
func.func @reads_what_others_write(%y: memref<4x4xi32> {quantcc.output}) {
  // expected-remark @+1 {{stays whole: a piece may read what another one writes}}
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%y : memref<4x4xi32>) outs(%y : memref<4x4xi32>) {
  ^bb0(%a: i32, %s: i32):
    linalg.yield %a : i32
  }
  return
}

// -----

// Rows of this buffer overlap.
// CHECK-LABEL: func.func @elements_share_bytes
// CHECK-NOT: scf.forall
func.func @elements_share_bytes(%x: memref<4x4xi32>, %m: memref<16xi32> {quantcc.output}) {
  %y = memref.reinterpret_cast %m to offset: [0], sizes: [4, 4], strides: [2, 1] : memref<16xi32> to memref<4x4xi32, strided<[2, 1]>>
  // expected-remark @+1 {{stays whole: it is not known what else has the bytes that it writes}}
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x : memref<4x4xi32>) outs(%y : memref<4x4xi32, strided<[2, 1]>>) {
  ^bb0(%a: i32, %s: i32):
    linalg.yield %a : i32
  }
  return
}

// -----

// Five turns of a loop: three, and two. What a turn allocates is its own.
// CHECK-LABEL: func.func @loop
// CHECK: scf.forall (%[[I:.*]]) in (2)
// CHECK: scf.if
// CHECK: scf.for %{{.*}} = %c3{{.*}} to %c5
// CHECK: } else {
// CHECK: scf.for
func.func @loop(%x: memref<5x8xi32>, %y: memref<5x8xi32> {quantcc.output}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  // expected-remark @+1 {{cut into 2 pieces of 3 along dimension 0, the last of 2}}
  scf.for %i = %c0 to %c5 step %c1 {
    %t = memref.alloc() : memref<1x8xi32>
    %in = memref.subview %x[%i, 0] [1, 8] [1, 1] : memref<5x8xi32> to memref<1x8xi32, strided<[8, 1], offset: ?>>
    %out = memref.subview %y[%i, 0] [1, 8] [1, 1] : memref<5x8xi32> to memref<1x8xi32, strided<[8, 1], offset: ?>>
    linalg.copy ins(%in : memref<1x8xi32, strided<[8, 1], offset: ?>>) outs(%t : memref<1x8xi32>)
    linalg.copy ins(%t : memref<1x8xi32>) outs(%out : memref<1x8xi32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

// Each turn writes two rows, of which the next one writes one again.
// CHECK-LABEL: func.func @loop_that_overlaps
// CHECK-NOT: scf.forall
func.func @loop_that_overlaps(%x: memref<2x8xi32>, %y: memref<5x8xi32> {quantcc.output}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  // expected-remark @+1 {{stays whole: two pieces may write the same element}}
  scf.for %i = %c0 to %c4 step %c1 {
    %out = memref.subview %y[%i, 0] [2, 8] [1, 1] : memref<5x8xi32> to memref<2x8xi32, strided<[8, 1], offset: ?>>
    linalg.copy ins(%x : memref<2x8xi32>) outs(%out : memref<2x8xi32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

// Each row is multiplied with all of the second operand.
// CHECK-LABEL: func.func @rows_of_a_product
// CHECK-SAME: (%[[A:.*]]: memref<1x8x16xi8>, %[[B:[^:]*]]: memref<1x16x4xi8>, %[[Y:[^:]*]]: memref<1x8x4xi8>
// CHECK: scf.forall (%{{.*}}) in (2) {
// CHECK-DAG: %[[IN:.*]] = memref.subview %[[A]][0, %{{.*}}, 0] [1, 4, 16]
// CHECK-DAG: %[[OUT:.*]] = memref.subview %[[Y]][0, %{{.*}}, 0] [1, 4, 4]
// CHECK: quantcc.fused_matmul ins(%[[IN]], %[[B]] : {{.*}}) outs(%[[OUT]] :
func.func @rows_of_a_product(%a: memref<1x8x16xi8>, %b: memref<1x16x4xi8>, %y: memref<1x8x4xi8> {quantcc.output}) {
  // expected-remark @+1 {{cut into 2 pieces of 4 along dimension 1}}
  quantcc.fused_matmul ins(%a, %b : memref<1x8x16xi8>, memref<1x16x4xi8>) outs(%y : memref<1x8x4xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// Pieces have the function's arguments alone, not what was computed before.
// CHECK-LABEL: func.func @takes_a_scalar
// CHECK-NOT: scf.forall
func.func @takes_a_scalar(%s: memref<i8>, %x: memref<64xi8>, %y: memref<64xi8> {quantcc.output}) {
  %scalar = memref.load %s[] : memref<i8>
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : memref<64xi8>) outs(%y : memref<64xi8>) {
  ^bb0(%in: i8, %out: i8):
    %sum = arith.addi %in, %scalar : i8
    linalg.yield %sum : i8
  }
  return
}
