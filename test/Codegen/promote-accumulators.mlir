// RUN: quant-opt %s --quantcc-promote-accumulators --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @accumulator_leaves_both_loops
// CHECK-SAME: %[[A:.*]]: memref<8x8xi32>, %[[B:.*]]: memref<4xi32>, %[[J:.*]]: index
func.func @accumulator_leaves_both_loops(%a: memref<8x8xi32>, %b: memref<4xi32>, %j: index) {
  // CHECK: %[[INIT:.*]] = memref.load %[[B]][%[[J]]]
  // CHECK-NEXT: %[[OUTER:.*]] = scf.for {{.*}} iter_args(%[[ACC0:.*]] = %[[INIT]])
  // CHECK-NEXT: %[[INNER:.*]] = scf.for {{.*}} iter_args(%[[ACC1:.*]] = %[[ACC0]])
  // CHECK: %[[X:.*]] = memref.load %[[A]]
  // CHECK-NEXT: %[[SUM:.*]] = arith.addi %[[ACC1]], %[[X]]
  // CHECK-NEXT: scf.yield %[[SUM]]
  // CHECK: scf.yield %[[INNER]]
  // CHECK: memref.store %[[OUTER]], %[[B]][%[[J]]]
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c8 step %c1 {
    scf.for %k = %c0 to %c8 step %c1 {
      %x = memref.load %a[%i, %k] : memref<8x8xi32>
      %acc = memref.load %b[%j] : memref<4xi32>
      %sum = arith.addi %acc, %x : i32
      memref.store %sum, %b[%j] : memref<4xi32>
    }
  }
  return
}

// -----

// CHECK-LABEL: func.func @does_not_apply_if_the_element_varies
// CHECK-NOT: iter_args
func.func @does_not_apply_if_the_element_varies(%a: memref<8xi32>, %b: memref<8xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c8 step %c1 {
    %x = memref.load %a[%i] : memref<8xi32>
    %acc = memref.load %b[%i] : memref<8xi32>
    %sum = arith.addi %acc, %x : i32
    memref.store %sum, %b[%i] : memref<8xi32>
  }
  return
}

// -----

// CHECK-LABEL: func.func @does_not_apply_if_the_loop_reads_the_buffer
// CHECK-NOT: iter_args
func.func @does_not_apply_if_the_loop_reads_the_buffer(%b: memref<8xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c8 step %c1 {
    %x = memref.load %b[%i] : memref<8xi32>
    %acc = memref.load %b[%c0] : memref<8xi32>
    %sum = arith.addi %acc, %x : i32
    memref.store %sum, %b[%c0] : memref<8xi32>
  }
  return
}

// -----

// CHECK-LABEL: func.func @does_not_apply_to_a_view_that_overlaps
// CHECK-NOT: iter_args
func.func @does_not_apply_to_a_view_that_overlaps(%b: memref<8xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %view = memref.collapse_shape %b [[0]] : memref<8xi32> into memref<8xi32>
  scf.for %i = %c0 to %c8 step %c1 {
    %x = memref.load %view[%i] : memref<8xi32>
    %acc = memref.load %b[%c0] : memref<8xi32>
    %sum = arith.addi %acc, %x : i32
    memref.store %sum, %b[%c0] : memref<8xi32>
  }
  return
}

// -----

// CHECK-LABEL: func.func @does_not_apply_if_a_buffer_may_be_one_of_two
// CHECK-NOT: iter_args
func.func @does_not_apply_if_a_buffer_may_be_one_of_two(%a: memref<8xi32>, %b: memref<8xi32>, %which: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %either = arith.select %which, %a, %b : memref<8xi32>
  scf.for %i = %c0 to %c8 step %c1 {
    %x = memref.load %either[%i] : memref<8xi32>
    %acc = memref.load %b[%c0] : memref<8xi32>
    %sum = arith.addi %acc, %x : i32
    memref.store %sum, %b[%c0] : memref<8xi32>
  }
  return
}
