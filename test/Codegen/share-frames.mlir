// RUN: quant-opt %s --split-input-file --quantcc-share-frames --remark-format=emitRemark --remarks-filter=quantcc --verify-diagnostics | FileCheck %s

// The halo of the result is what lies to the right of the operand and below it:
// the frame of the operand has room for it, and the same value there already.
// CHECK-LABEL: func.func @result_in_the_frame_of_an_operand
// CHECK: %[[X:.*]] = memref.alloc() : memref<1x6x6x8xi8>
// CHECK: %[[R:.*]] = memref.subview %[[X]][0, 1, 1, 0] [1, 5, 5, 8]
// CHECK-COUNT-1: linalg.fill
// CHECK: %[[A:.*]] = memref.subview %[[X]][0, 1, 1, 0] [1, 4, 4, 8]
// CHECK-NOT: linalg.fill
// CHECK: %[[S:.*]] = memref.subview %[[R]][0, 0, 0, 0] [1, 4, 4, 8]
// CHECK: quantcc.fused_add ins(%[[A]], %{{.*}} : {{.*}}) outs(%[[S]] :
// CHECK: memref.copy %[[R]], %{{.*}}
func.func @result_in_the_frame_of_an_operand(%in: memref<1x4x4x8xi8>, %b: memref<1x4x4x8xi8>, %out: memref<1x5x5x8xi8>) {
  %v = arith.constant 3 : i8
  %x = memref.alloc() : memref<1x6x6x8xi8>
  linalg.fill ins(%v : i8) outs(%x : memref<1x6x6x8xi8>)
  %a = memref.subview %x[0, 1, 1, 0] [1, 4, 4, 8] [1, 1, 1, 1] : memref<1x6x6x8xi8> to memref<1x4x4x8xi8, strided<[288, 48, 8, 1], offset: 56>>
  memref.copy %in, %a : memref<1x4x4x8xi8> to memref<1x4x4x8xi8, strided<[288, 48, 8, 1], offset: 56>>
  %r = memref.alloc() : memref<1x5x5x8xi8>
  linalg.fill ins(%v : i8) outs(%r : memref<1x5x5x8xi8>)
  %s = memref.subview %r[0, 0, 0, 0] [1, 4, 4, 8] [1, 1, 1, 1] : memref<1x5x5x8xi8> to memref<1x4x4x8xi8, strided<[200, 40, 8, 1]>>
  // expected-remark @+1 {{writes its result over its operand 0}}
  quantcc.fused_add ins(%a, %b : memref<1x4x4x8xi8, strided<[288, 48, 8, 1], offset: 56>>, memref<1x4x4x8xi8>) outs(%s : memref<1x4x4x8xi8, strided<[200, 40, 8, 1]>>) {lhs_zero_point = 3 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 3 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  memref.copy %r, %out : memref<1x5x5x8xi8> to memref<1x5x5x8xi8>
  return
}

// -----

// The halo of the operand has another value, which its readers need until the
// layer: the result's is filled right before it.
// CHECK-LABEL: func.func @halo_of_another_value
// CHECK: %[[V:.*]] = arith.constant 3 : i8
// CHECK: %[[W:.*]] = arith.constant 4 : i8
// CHECK: %[[X:.*]] = memref.alloc() : memref<1x6x6x8xi8>
// CHECK: linalg.fill ins(%[[V]] : i8) outs(%[[X]] :
// CHECK: memref.copy %[[X]], %{{.*}}
// CHECK: %[[BELOW:.*]] = memref.subview %[[X]][0, 5, 1, 0] [1, 1, 5, 8]
// CHECK: linalg.fill ins(%[[W]] : i8) outs(%[[BELOW]] :
// CHECK: %[[RIGHT:.*]] = memref.subview %[[X]][0, 1, 5, 0] [1, 4, 1, 8]
// CHECK: linalg.fill ins(%[[W]] : i8) outs(%[[RIGHT]] :
// CHECK-NEXT: linalg.generic
func.func @halo_of_another_value(%in: memref<1x4x4x8xi8>, %padded: memref<1x6x6x8xi8>, %out: memref<1x5x5x8xi8>) {
  %v = arith.constant 3 : i8
  %w = arith.constant 4 : i8
  %x = memref.alloc() : memref<1x6x6x8xi8>
  linalg.fill ins(%v : i8) outs(%x : memref<1x6x6x8xi8>)
  %a = memref.subview %x[0, 1, 1, 0] [1, 4, 4, 8] [1, 1, 1, 1] : memref<1x6x6x8xi8> to memref<1x4x4x8xi8, strided<[288, 48, 8, 1], offset: 56>>
  memref.copy %in, %a : memref<1x4x4x8xi8> to memref<1x4x4x8xi8, strided<[288, 48, 8, 1], offset: 56>>
  %r = memref.alloc() : memref<1x5x5x8xi8>
  linalg.fill ins(%w : i8) outs(%r : memref<1x5x5x8xi8>)
  memref.copy %x, %padded : memref<1x6x6x8xi8> to memref<1x6x6x8xi8>
  %s = memref.subview %r[0, 0, 0, 0] [1, 4, 4, 8] [1, 1, 1, 1] : memref<1x5x5x8xi8> to memref<1x4x4x8xi8, strided<[200, 40, 8, 1]>>
  // expected-remark @+1 {{writes its result over its operand 0}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%a : memref<1x4x4x8xi8, strided<[288, 48, 8, 1], offset: 56>>) outs(%s : memref<1x4x4x8xi8, strided<[200, 40, 8, 1]>>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  memref.copy %r, %out : memref<1x5x5x8xi8> to memref<1x5x5x8xi8>
  return
}

// -----

// Neither frame has room for the other: the operand lies above its halo, the
// result below its own.
// CHECK-LABEL: func.func @frame_with_room_for_both
// CHECK: %[[BOTH:.*]] = memref.alloc() : memref<1x6x4x8xi8>
// CHECK-DAG: %[[X:.*]] = memref.subview %[[BOTH]][0, 1, 0, 0] [1, 5, 4, 8]
// CHECK-DAG: %[[R:.*]] = memref.subview %[[BOTH]][0, 0, 0, 0] [1, 5, 4, 8]
// CHECK: %[[A:.*]] = memref.subview %[[X]][0, 0, 0, 0] [1, 4, 4, 8]
// CHECK: %[[S:.*]] = memref.subview %[[R]][0, 1, 0, 0] [1, 4, 4, 8]
// CHECK: %[[ABOVE:.*]] = memref.subview %[[BOTH]][0, 0, 0, 0] [1, 1, 4, 8]
// CHECK: linalg.fill ins(%{{.*}} : i8) outs(%[[ABOVE]] :
// CHECK: linalg.generic {{.*}} ins(%[[A]] : {{.*}}) outs(%[[S]] :
func.func @frame_with_room_for_both(%in: memref<1x4x4x8xi8>, %padded: memref<1x5x4x8xi8>, %out: memref<1x5x4x8xi8>) {
  %v = arith.constant 3 : i8
  %x = memref.alloc() : memref<1x5x4x8xi8>
  linalg.fill ins(%v : i8) outs(%x : memref<1x5x4x8xi8>)
  %a = memref.subview %x[0, 0, 0, 0] [1, 4, 4, 8] [1, 1, 1, 1] : memref<1x5x4x8xi8> to memref<1x4x4x8xi8, strided<[160, 32, 8, 1]>>
  memref.copy %in, %a : memref<1x4x4x8xi8> to memref<1x4x4x8xi8, strided<[160, 32, 8, 1]>>
  memref.copy %x, %padded : memref<1x5x4x8xi8> to memref<1x5x4x8xi8>
  %r = memref.alloc() : memref<1x5x4x8xi8>
  linalg.fill ins(%v : i8) outs(%r : memref<1x5x4x8xi8>)
  %s = memref.subview %r[0, 1, 0, 0] [1, 4, 4, 8] [1, 1, 1, 1] : memref<1x5x4x8xi8> to memref<1x4x4x8xi8, strided<[160, 32, 8, 1], offset: 32>>
  // expected-remark @+1 {{writes its result over its operand 0}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%a : memref<1x4x4x8xi8, strided<[160, 32, 8, 1]>>) outs(%s : memref<1x4x4x8xi8, strided<[160, 32, 8, 1], offset: 32>>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  memref.copy %r, %out : memref<1x5x4x8xi8> to memref<1x5x4x8xi8>
  return
}

// -----

// The second operand is free where the first is not.
// CHECK-LABEL: func.func @operand_that_is_read_later
// CHECK: %[[A:.*]] = memref.alloc() : memref<4x8xi8>
// CHECK: %[[B:.*]] = memref.alloc() : memref<4x8xi8>
// CHECK-NOT: memref.alloc
// CHECK: linalg.generic {{.*}} ins(%[[A]], %[[B]] : {{.*}}) outs(%[[B]] :
func.func @operand_that_is_read_later(%in: memref<4x8xi8>, %out: memref<4x8xi8>, %too: memref<4x8xi8>) {
  %a = memref.alloc() : memref<4x8xi8>
  memref.copy %in, %a : memref<4x8xi8> to memref<4x8xi8>
  %b = memref.alloc() : memref<4x8xi8>
  memref.copy %in, %b : memref<4x8xi8> to memref<4x8xi8>
  %r = memref.alloc() : memref<4x8xi8>
  // expected-remark @+1 {{writes its result over its operand 1}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a, %b : memref<4x8xi8>, memref<4x8xi8>) outs(%r : memref<4x8xi8>) {
  ^bb0(%e: i8, %f: i8, %o: i8):
    %0 = arith.addi %e, %f : i8
    linalg.yield %0 : i8
  }
  memref.copy %r, %out : memref<4x8xi8> to memref<4x8xi8>
  memref.copy %a, %too : memref<4x8xi8> to memref<4x8xi8>
  return
}

// -----

// CHECK-LABEL: func.func @no_operand_is_free
// CHECK-COUNT-2: memref.alloc
func.func @no_operand_is_free(%in: memref<4x8xi8>, %out: memref<4x8xi8>, %too: memref<4x8xi8>) {
  %a = memref.alloc() : memref<4x8xi8>
  memref.copy %in, %a : memref<4x8xi8> to memref<4x8xi8>
  %r = memref.alloc() : memref<4x8xi8>
  // expected-remark @+1 {{has memory of its own: not over operand 0: its operand is no part of a buffer of the model's own; not over operand 1: its operand is used by 'later' afterwards}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%in, %a : memref<4x8xi8>, memref<4x8xi8>) outs(%r : memref<4x8xi8>) {
  ^bb0(%e: i8, %f: i8, %o: i8):
    %0 = arith.addi %e, %f : i8
    linalg.yield %0 : i8
  }
  memref.copy %r, %out : memref<4x8xi8> to memref<4x8xi8>
  memref.copy %a, %too : memref<4x8xi8> to memref<4x8xi8> loc("later")
  return
}

// -----

// Another part of the operand's frame is a row of the result above.
// CHECK-LABEL: func.func @operand_that_is_read_elsewhere_as_well
// CHECK-COUNT-2: memref.alloc
func.func @operand_that_is_read_elsewhere_as_well(%in: memref<5x8xi8>, %out: memref<4x8xi8>) {
  %x = memref.alloc() : memref<5x8xi8>
  memref.copy %in, %x : memref<5x8xi8> to memref<5x8xi8>
  %a = memref.subview %x[0, 0] [4, 8] [1, 1] : memref<5x8xi8> to memref<4x8xi8, strided<[8, 1]>>
  %b = memref.subview %x[1, 0] [4, 8] [1, 1] : memref<5x8xi8> to memref<4x8xi8, strided<[8, 1], offset: 8>>
  %r = memref.alloc() : memref<4x8xi8>
  // expected-remark @+1 {{not over operand 0: its operand is read at other places as well; not over operand 1: its operand is read at other places as well}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a, %b : memref<4x8xi8, strided<[8, 1]>>, memref<4x8xi8, strided<[8, 1], offset: 8>>) outs(%r : memref<4x8xi8>) {
  ^bb0(%e: i8, %f: i8, %o: i8):
    %0 = arith.addi %e, %f : i8
    linalg.yield %0 : i8
  }
  memref.copy %r, %out : memref<4x8xi8> to memref<4x8xi8>
  return
}

// -----

// CHECK-LABEL: func.func @operand_of_another_shape_too
// CHECK-COUNT-2: memref.alloc
func.func @operand_of_another_shape_too(%in: memref<4x8xi8>, %flat: memref<32xi8>, %out: memref<4x8xi8>) {
  %a = memref.alloc() : memref<4x8xi8>
  memref.copy %in, %a : memref<4x8xi8> to memref<4x8xi8>
  %c = memref.collapse_shape %a [[0, 1]] : memref<4x8xi8> into memref<32xi8>
  memref.copy %c, %flat : memref<32xi8> to memref<32xi8>
  %r = memref.alloc() : memref<4x8xi8>
  // expected-remark @+1 {{not over operand 0: its operand is read in another shape as well}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a : memref<4x8xi8>) outs(%r : memref<4x8xi8>) {
  ^bb0(%e: i8, %o: i8):
    linalg.yield %e : i8
  }
  memref.copy %r, %out : memref<4x8xi8> to memref<4x8xi8>
  return
}

// -----

// The other half of the result's frame is there before the layer.
// CHECK-LABEL: func.func @result_beside_another_value
// CHECK-COUNT-2: memref.alloc
func.func @result_beside_another_value(%in: memref<4x8xi8>, %out: memref<8x8xi8>) {
  %a = memref.alloc() : memref<4x8xi8>
  memref.copy %in, %a : memref<4x8xi8> to memref<4x8xi8>
  %r = memref.alloc() : memref<8x8xi8>
  %low = memref.subview %r[4, 0] [4, 8] [1, 1] : memref<8x8xi8> to memref<4x8xi8, strided<[8, 1], offset: 32>>
  memref.copy %in, %low : memref<4x8xi8> to memref<4x8xi8, strided<[8, 1], offset: 32>>
  %s = memref.subview %r[0, 0] [4, 8] [1, 1] : memref<8x8xi8> to memref<4x8xi8, strided<[8, 1]>>
  // expected-remark @+1 {{not over operand 0: it shares its frame with what is there before}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a : memref<4x8xi8>) outs(%s : memref<4x8xi8, strided<[8, 1]>>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  memref.copy %r, %out : memref<8x8xi8> to memref<8x8xi8>
  return
}

// -----

// The operand would take the result's large frame while most memory is in use.
// CHECK-LABEL: func.func @arena_would_grow
// CHECK: memref.alloc() : memref<4x8xi8>
// CHECK: memref.alloc() : memref<64x8xi8>
// CHECK: memref.alloc() : memref<20x8xi8>
func.func @arena_would_grow(%in: memref<4x8xi8>, %large: memref<64x8xi8>, %out: memref<20x8xi8>) {
  %v = arith.constant 3 : i8
  %a = memref.alloc() : memref<4x8xi8>
  memref.copy %in, %a : memref<4x8xi8> to memref<4x8xi8>
  %b = memref.alloc() : memref<64x8xi8>
  linalg.fill ins(%v : i8) outs(%b : memref<64x8xi8>)
  memref.copy %b, %large : memref<64x8xi8> to memref<64x8xi8>
  %r = memref.alloc() : memref<20x8xi8>
  linalg.fill ins(%v : i8) outs(%r : memref<20x8xi8>)
  %s = memref.subview %r[0, 0] [4, 8] [1, 1] : memref<20x8xi8> to memref<4x8xi8, strided<[8, 1]>>
  // expected-remark @+1 {{not over operand 0: the arena would grow}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a : memref<4x8xi8>) outs(%s : memref<4x8xi8, strided<[8, 1]>>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  memref.copy %r, %out : memref<20x8xi8> to memref<20x8xi8>
  return
}

// -----

// What reads its operand in another order cannot write over it, nor what adds to
// its result.
// CHECK-LABEL: func.func @not_element_for_element
// CHECK-COUNT-3: memref.alloc
func.func @not_element_for_element(%in: memref<8x8xi8>, %out: memref<8x8xi8>) {
  %v = arith.constant 3 : i8
  %a = memref.alloc() : memref<8x8xi8>
  memref.copy %in, %a : memref<8x8xi8> to memref<8x8xi8>
  %t = memref.alloc() : memref<8x8xi8>
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a : memref<8x8xi8>) outs(%t : memref<8x8xi8>) {
  ^bb0(%e: i8, %o: i8):
    linalg.yield %e : i8
  }
  %r = memref.alloc() : memref<8x8xi8>
  linalg.fill ins(%v : i8) outs(%r : memref<8x8xi8>)
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : memref<8x8xi8>) outs(%r : memref<8x8xi8>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %o : i8
    linalg.yield %0 : i8
  }
  memref.copy %r, %out : memref<8x8xi8> to memref<8x8xi8>
  return
}

// -----

// CHECK-LABEL: func.func @scalars
// CHECK-COUNT-2: memref.alloc() : memref<i8>
func.func @scalars(%in: memref<i8>, %b: memref<i8>, %out: memref<i8>) {
  %a = memref.alloc() : memref<i8>
  memref.copy %in, %a : memref<i8> to memref<i8>
  %r = memref.alloc() : memref<i8>
  // expected-remark @+1 {{its operand is a scalar}}
  quantcc.fused_add ins(%a, %b : memref<i8>, memref<i8>) outs(%r : memref<i8>) {lhs_zero_point = 3 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = 3 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  memref.copy %r, %out : memref<i8> to memref<i8>
  return
}

// -----

// What follows the layer is a view of its result, which becomes one of the operand.
// CHECK-LABEL: func.func @view_behind_the_layer
// CHECK: %[[X:.*]] = memref.alloc() : memref<4x8xi8>
// CHECK: linalg.generic {{.*}} ins(%[[X]] : memref<4x8xi8>) outs(%[[X]] : memref<4x8xi8>)
// CHECK: %[[S:.*]] = memref.subview %[[X]][1, 0] [2, 8]
// CHECK-NEXT: memref.copy %[[S]], %{{.*}}
func.func @view_behind_the_layer(%in: memref<4x8xi8>, %out: memref<2x8xi8>) {
  %x = memref.alloc() : memref<4x8xi8>
  memref.copy %in, %x : memref<4x8xi8> to memref<4x8xi8>
  %r = memref.alloc() : memref<4x8xi8>
  // expected-remark @+1 {{writes its result over its operand 0}}
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : memref<4x8xi8>) outs(%r : memref<4x8xi8>) {
  ^bb0(%e: i8, %o: i8):
    %0 = arith.addi %e, %e : i8
    linalg.yield %0 : i8
  }
  %s = memref.subview %r[1, 0] [2, 8] [1, 1] : memref<4x8xi8> to memref<2x8xi8, strided<[8, 1], offset: 8>>
  memref.copy %s, %out : memref<2x8xi8, strided<[8, 1], offset: 8>> to memref<2x8xi8>
  return
}
