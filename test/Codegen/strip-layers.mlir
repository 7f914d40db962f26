// RUN: quant-opt %s --split-input-file --quantcc-strip-layers=least-cycles=1 --remark-format=emitRemark --remarks-filter=quantcc --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --split-input-file --quantcc-strip-layers=least-cycles=1000000 | FileCheck %s --check-prefix=SMALL

// SMALL-NOT: scf.for

// A row of the sum takes one of the convolution, whose window lies on three rows.
// The sum overwrites its operand, row by row.
// CHECK-LABEL: func.func @sum_of_a_convolution
// CHECK-SAME: (%[[X:.*]]: memref<1x10x6x8xi8>, %[[W:[^:]*]]: {{.*}}, %[[B:[^:]*]]: {{.*}}, %[[IN:[^:]*]]: {{.*}}, %[[OUT:[^:]*]]:
// CHECK: %[[A:.*]] = memref.alloc() : memref<1x8x4x4xi8>
// CHECK-NOT: memref.alloc
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[EIGHT:.*]] = arith.constant 8 : index
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
// CHECK: scf.for %[[I:.*]] = %[[ZERO]] to %[[EIGHT]] step %[[ONE]] {
// CHECK: %[[STRIP:.*]] = memref.alloc() {alignment = 16 : i64} : memref<1x1x4x4xi8>
// CHECK: %[[ROWS:.*]] = memref.subview %[[X]][0, %{{.*}}, 0, 0] [1, 3, 6, 8]
// CHECK: quantcc.fused_conv2d ins(%[[ROWS]], %[[W]], %[[B]] : {{.*}}) outs(%[[STRIP]] :
// CHECK: %[[ROW:.*]] = memref.subview %[[A]][0, %{{.*}}, 0, 0] [1, 1, 4, 4]
// CHECK: quantcc.fused_add ins(%{{.*}}, %[[STRIP]] : {{.*}}) outs(%[[ROW]] :
// CHECK: }
// CHECK-NOT: quantcc.fused
func.func @sum_of_a_convolution(%x: memref<1x10x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %in: memref<1x8x4x4xi8>, %out: memref<1x8x4x4xi8> {quantcc.output}) {
  %a = memref.alloc() : memref<1x8x4x4xi8>
  memref.copy %in, %a : memref<1x8x4x4xi8> to memref<1x8x4x4xi8>
  %t = memref.alloc() {alignment = 16 : i64} : memref<1x8x4x4xi8> loc("t")
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x10x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>} loc("t")
  // expected-remark @+1 {{is computed in strips of 1 of 8 along dimension 1, of 't' as well; all strips together make the arena smaller by 112 bytes}}
  quantcc.fused_add ins(%a, %t : memref<1x8x4x4xi8>, memref<1x8x4x4xi8>) outs(%a : memref<1x8x4x4xi8>) {biased_operands, biased_result, lhs_zero_point = 3 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 3 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  memref.copy %a, %out : memref<1x8x4x4xi8> to memref<1x8x4x4xi8>
  return
}

// -----

// A depthwise convolution, the pointwise one that alone reads it, and the sum.
// CHECK-LABEL: func.func @chain_of_three
// CHECK: scf.for
// CHECK-DAG: %[[S:.*]] = memref.alloc() : memref<1x1x4x4xi8>
// CHECK-DAG: %[[T:.*]] = memref.alloc() : memref<1x1x4x4xi8>
// CHECK: quantcc.fused_conv2d {{.*}} outs(%[[S2:.*]] : memref<1x1x4x4xi8>)
// CHECK: quantcc.fused_conv2d ins(%[[S2]], {{.*}} outs(%[[T2:.*]] : memref<1x1x4x4xi8>)
// CHECK: quantcc.fused_add ins(%{{.*}}, %[[T2]] :
// CHECK: }
// CHECK-NOT: quantcc.fused
func.func @chain_of_three(%x: memref<1x10x6x4xi8>, %v: memref<3x3x4xi8>, %w: memref<4x1x1x4xi8>, %b: memref<4xi32>, %in: memref<1x8x4x4xi8>, %out: memref<1x8x4x4xi8> {quantcc.output}) {
  %s = memref.alloc() : memref<1x8x4x4xi8> loc("s")
  quantcc.fused_conv2d ins(%x, %v, %b : memref<1x10x6x4xi8>, memref<3x3x4xi8>, memref<4xi32>) outs(%s : memref<1x8x4x4xi8>) {depthwise, biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  %t = memref.alloc() : memref<1x8x4x4xi8> loc("t")
  quantcc.fused_conv2d ins(%s, %w, %b : memref<1x8x4x4xi8>, memref<4x1x1x4xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  // expected-remark @+1 {{of 's' and 't' as well}}
  quantcc.fused_add ins(%in, %t : memref<1x8x4x4xi8>, memref<1x8x4x4xi8>) outs(%out : memref<1x8x4x4xi8>) {biased_operands, biased_result, lhs_zero_point = 3 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 3 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Any elementwise layer will do.
// CHECK-LABEL: func.func @portable_reader
// CHECK: scf.for
// CHECK: %[[STRIP:.*]] = memref.alloc() : memref<1x1x4x4xi8>
// CHECK: quantcc.fused_conv2d {{.*}} outs(%[[STRIP]] :
// CHECK: %[[ROW:.*]] = memref.subview %{{.*}}[0, %{{.*}}, 0, 0] [1, 1, 4, 4]
// CHECK: linalg.generic {{.*}} ins(%[[STRIP]] : memref<1x1x4x4xi8>) outs(%[[ROW]] :
func.func @portable_reader(%x: memref<1x10x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %out: memref<1x8x4x4xi8> {quantcc.output}) {
  %t = memref.alloc() : memref<1x8x4x4xi8>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x10x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  // expected-remark @+1 {{is computed in strips of 1 of 8}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t : memref<1x8x4x4xi8>) outs(%out : memref<1x8x4x4xi8>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  return
}

// -----

// Its rows are columns of what it reads.
// CHECK-LABEL: func.func @reader_in_another_order
// CHECK-NOT: scf.for
// CHECK: return
func.func @reader_in_another_order(%x: memref<1x6x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %out: memref<1x4x4x4xi8> {quantcc.output}) {
  %t = memref.alloc() : memref<1x4x4x4xi8>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x6x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%t : memref<1x4x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t : memref<1x4x4x4xi8>) outs(%out : memref<1x4x4x4xi8>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  return
}

// -----

// CHECK-LABEL: func.func @two_readers
// CHECK-NOT: scf.for
// CHECK: return
func.func @two_readers(%x: memref<1x10x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %out: memref<1x8x4x4xi8> {quantcc.output}, %too: memref<1x8x4x4xi8> {quantcc.output}) {
  %t = memref.alloc() : memref<1x8x4x4xi8>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x10x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t : memref<1x8x4x4xi8>) outs(%out : memref<1x8x4x4xi8>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  memref.copy %t, %too : memref<1x8x4x4xi8> to memref<1x8x4x4xi8>
  return
}

// -----

// A stride of two: windows of one pixel, but not row for row.
// CHECK-LABEL: func.func @strided_reader
// CHECK-NOT: scf.for
// CHECK: return
func.func @strided_reader(%x: memref<1x10x6x8xi8>, %v: memref<4x3x3x8xi8>, %w: memref<4x1x1x4xi8>, %b: memref<4xi32>, %out: memref<1x4x2x4xi8> {quantcc.output}) {
  %t = memref.alloc() : memref<1x8x4x4xi8>
  quantcc.fused_conv2d ins(%x, %v, %b : memref<1x10x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  %part = memref.subview %t[0, 0, 0, 0] [1, 7, 3, 4] [1, 1, 1, 1] : memref<1x8x4x4xi8> to memref<1x7x3x4xi8, strided<[128, 16, 4, 1]>>
  quantcc.fused_conv2d ins(%part, %w, %b : memref<1x7x3x4xi8, strided<[128, 16, 4, 1]>>, memref<4x1x1x4xi8>, memref<4xi32>) outs(%out : memref<1x4x2x4xi8>) {biased_input, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// The sum writes over what the windows of the next strip lie on.
// CHECK-LABEL: func.func @result_over_the_input
// CHECK-NOT: scf.for
// CHECK: return
func.func @result_over_the_input(%in: memref<1x10x6x4xi8>, %w: memref<4x3x3x4xi8>, %b: memref<4xi32>, %out: memref<1x10x6x4xi8> {quantcc.output}) {
  %x = memref.alloc() : memref<1x10x6x4xi8>
  memref.copy %in, %x : memref<1x10x6x4xi8> to memref<1x10x6x4xi8>
  %a = memref.subview %x[0, 1, 1, 0] [1, 8, 4, 4] [1, 1, 1, 1] : memref<1x10x6x4xi8> to memref<1x8x4x4xi8, strided<[240, 24, 4, 1], offset: 28>>
  %t = memref.alloc() : memref<1x8x4x4xi8>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x10x6x4xi8>, memref<4x3x3x4xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  // expected-remark @+1 {{is computed after all of what it reads: a piece may read what another one writes}}
  quantcc.fused_add ins(%a, %t : memref<1x8x4x4xi8, strided<[240, 24, 4, 1], offset: 28>>, memref<1x8x4x4xi8>) outs(%a : memref<1x8x4x4xi8, strided<[240, 24, 4, 1], offset: 28>>) {biased_operands, biased_result, lhs_zero_point = 3 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 3 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  memref.copy %x, %out : memref<1x10x6x4xi8> to memref<1x10x6x4xi8>
  return
}

// -----

// A window of one pixel reads what is written over it right after.
// CHECK-LABEL: func.func @result_over_the_input_of_a_pixel
// CHECK: scf.for
func.func @result_over_the_input_of_a_pixel(%in: memref<1x8x4x4xi8>, %w: memref<4x1x1x4xi8>, %b: memref<4xi32>, %out: memref<1x8x4x4xi8> {quantcc.output}) {
  %x = memref.alloc() : memref<1x8x4x4xi8>
  memref.copy %in, %x : memref<1x8x4x4xi8> to memref<1x8x4x4xi8>
  %t = memref.alloc() : memref<1x8x4x4xi8>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x8x4x4xi8>, memref<4x1x1x4xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  // expected-remark @+1 {{is computed in strips of 1 of 8}}
  quantcc.fused_add ins(%x, %t : memref<1x8x4x4xi8>, memref<1x8x4x4xi8>) outs(%x : memref<1x8x4x4xi8>) {biased_operands, biased_result, lhs_zero_point = 3 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 3 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  memref.copy %x, %out : memref<1x8x4x4xi8> to memref<1x8x4x4xi8>
  return
}

// -----

// CHECK-LABEL: func.func @input_that_changes
// CHECK-NOT: scf.for
// CHECK: return
func.func @input_that_changes(%in: memref<1x10x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %out: memref<1x8x4x4xi8> {quantcc.output}) {
  %c = arith.constant 0 : i8
  %x = memref.alloc() : memref<1x10x6x8xi8>
  memref.copy %in, %x : memref<1x10x6x8xi8> to memref<1x10x6x8xi8>
  %t = memref.alloc() : memref<1x8x4x4xi8>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x10x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  linalg.fill ins(%c : i8) outs(%x : memref<1x10x6x8xi8>) loc("fill")
  // expected-remark @+1 {{'fill' overwrites its input in the meantime}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t : memref<1x8x4x4xi8>) outs(%out : memref<1x8x4x4xi8>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  return
}

// -----

// Another moment takes more memory than the strips save.
// CHECK-LABEL: func.func @arena_that_stays_as_large
// CHECK-NOT: scf.for
// CHECK: return
func.func @arena_that_stays_as_large(%x: memref<1x10x6x8xi8>, %w: memref<4x3x3x8xi8>, %b: memref<4xi32>, %large: memref<999xi8> {quantcc.output}, %out: memref<1x8x4x4xi8> {quantcc.output}) {
  %l = memref.alloc() : memref<999xi8>
  memref.copy %large, %l : memref<999xi8> to memref<999xi8>
  memref.copy %l, %large : memref<999xi8> to memref<999xi8>
  %t = memref.alloc() : memref<1x8x4x4xi8>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x10x6x8xi8>, memref<4x3x3x8xi8>, memref<4xi32>) outs(%t : memref<1x8x4x4xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  // expected-remark @+1 {{strips would not make the arena smaller}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t : memref<1x8x4x4xi8>) outs(%out : memref<1x8x4x4xi8>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  return
}
