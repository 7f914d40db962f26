// RUN: quant-opt %s --split-input-file --verify-diagnostics --quantcc-results-to-out-params | FileCheck %s

// CHECK-LABEL: func.func @allocation_becomes_the_argument
// CHECK-SAME: %[[IN:.*]]: memref<4xi8>, %[[OUT:.*]]: memref<4xi8> {quantcc.name = "y", quantcc.output}) {
func.func @allocation_becomes_the_argument(%arg0: memref<4xi8>) -> (memref<4xi8> {quantcc.name = "y"}) {
  // CHECK-NOT: memref.alloc
  // CHECK: linalg.add {{.*}} outs(%[[OUT]] : memref<4xi8>)
  // CHECK-NEXT: return{{$}}
  %0 = memref.alloc() : memref<4xi8>
  linalg.add ins(%arg0, %arg0 : memref<4xi8>, memref<4xi8>) outs(%0 : memref<4xi8>)
  return %0 : memref<4xi8>
}

// CHECK-LABEL: func.func @reshaped_allocation_becomes_the_argument
// CHECK-SAME: %[[IN:.*]]: memref<4xi8>, %[[OUT:.*]]: memref<2x2xi8> {quantcc.output}) {
func.func @reshaped_allocation_becomes_the_argument(%arg0: memref<4xi8>) -> memref<2x2xi8> {
  // CHECK: %[[VIEW:.*]] = memref.reinterpret_cast %[[OUT]] to offset: [0], sizes: [4], strides: [1]
  // CHECK: linalg.add {{.*}} outs(%[[VIEW]]
  // CHECK-NOT: memref.copy
  %0 = memref.alloc() : memref<4xi8>
  linalg.add ins(%arg0, %arg0 : memref<4xi8>, memref<4xi8>) outs(%0 : memref<4xi8>)
  %1 = memref.expand_shape %0 [[0, 1]] output_shape [2, 2] : memref<4xi8> into memref<2x2xi8>
  return %1 : memref<2x2xi8>
}

// CHECK-LABEL: func.func @buffer_that_a_loop_fills_becomes_the_argument
// CHECK-SAME: %[[OUT:[^:]*]]: memref<4xi8> {quantcc.output}
func.func @buffer_that_a_loop_fills_becomes_the_argument(%n: index, %v: i8) -> memref<4xi8> {
  // CHECK-NOT: memref.alloc
  // CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[OUT]])
  // CHECK-NOT: memref.copy
  // CHECK: return{{$}}
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = memref.alloc() : memref<4xi8>
  %1 = scf.for %i = %c0 to %n step %c1 iter_args(%own = %0) -> (memref<4xi8>) {
    memref.store %v, %own[%i] : memref<4xi8>
    scf.yield %own : memref<4xi8>
  }
  return %1 : memref<4xi8>
}

// CHECK-LABEL: func.func @buffers_that_a_loop_exchanges_are_copied
// CHECK-SAME: %[[OUT:[^:]*]]: memref<4xi8> {quantcc.output}
func.func @buffers_that_a_loop_exchanges_are_copied(%n: index) -> memref<4xi8> {
  // CHECK-COUNT-2: memref.alloc
  // CHECK: memref.copy %{{.*}}, %[[OUT]]
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = memref.alloc() : memref<4xi8>
  %1 = memref.alloc() : memref<4xi8>
  %2:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %0, %b = %1) -> (memref<4xi8>, memref<4xi8>) {
    scf.yield %b, %a : memref<4xi8>, memref<4xi8>
  }
  return %2#0 : memref<4xi8>
}

// CHECK-LABEL: func.func @part_of_an_allocation_is_copied
// CHECK-SAME: %[[OUT:.*]]: memref<4xi8> {quantcc.output}
func.func @part_of_an_allocation_is_copied() -> memref<4xi8> {
  // CHECK: %[[ALLOC:.*]] = memref.alloc() : memref<8xi8>
  // CHECK: memref.copy %{{.*}}, %[[OUT]]
  %c = arith.constant 0 : index
  %0 = memref.alloc() : memref<8xi8>
  %1 = memref.subview %0[0] [4] [1] : memref<8xi8> to memref<4xi8>
  return %1 : memref<4xi8>
}

// CHECK: memref.global "private" constant @constant
memref.global "private" constant @constant : memref<2xi8> = dense<[1, 2]>

// CHECK-LABEL: func.func @inputs_and_constants_are_copied
// CHECK-SAME: %[[IN:.*]]: memref<4xi8>, %[[SAME:.*]]: memref<4xi8> {quantcc.output}, %[[OUT:.*]]: memref<2xi8> {quantcc.output}
func.func @inputs_and_constants_are_copied(%arg0: memref<4xi8>) -> (memref<4xi8>, memref<2xi8>) {
  // CHECK: %[[CONSTANT:.*]] = memref.get_global @constant
  // CHECK: memref.copy %[[IN]], %[[SAME]]
  // CHECK: memref.copy %[[CONSTANT]], %[[OUT]]
  %0 = memref.get_global @constant : memref<2xi8>
  return %arg0, %0 : memref<4xi8>, memref<2xi8>
}

// CHECK-LABEL: func.func @value_returned_twice_is_copied_once
// CHECK-SAME: %[[FIRST:.*]]: memref<4xi8> {quantcc.output}, %[[SECOND:.*]]: memref<4xi8> {quantcc.output}
func.func @value_returned_twice_is_copied_once() -> (memref<4xi8>, memref<4xi8>) {
  // CHECK-NOT: memref.alloc
  // CHECK: memref.copy %[[FIRST]], %[[SECOND]]
  // CHECK-NEXT: return{{$}}
  %0 = memref.alloc() : memref<4xi8>
  return %0, %0 : memref<4xi8>, memref<4xi8>
}

// A private function is not called from outside.
// CHECK-LABEL: func.func private @private_function_keeps_its_result
// CHECK-SAME: -> memref<4xi8>
func.func private @private_function_keeps_its_result(%arg0: memref<4xi8>) -> memref<4xi8> {
  return %arg0 : memref<4xi8>
}

// -----

// expected-error @+1 {{'func.func' op result 0 expected to be a buffer of static shape, found 'memref<?xi8>'}}
func.func @dynamic(%arg0: memref<?xi8>) -> memref<?xi8> {
  return %arg0 : memref<?xi8>
}

// -----

// expected-error @+1 {{'func.func' op expected one block, found 2}}
func.func @two_blocks(%arg0: memref<4xi8>) -> memref<4xi8> {
  cf.br ^bb1
^bb1:
  return %arg0 : memref<4xi8>
}

// -----

// New values of variables are stored after everything else, and one that lies
// in another variable is saved before any is overwritten.

// CHECK-LABEL: func.func @variables_are_swapped(
// CHECK-SAME: %[[A:[^:]*]]: memref<4xi8> {quantcc.state = "a"}, %[[B:[^:]*]]: memref<4xi8> {quantcc.state = "b"}, %[[OUT:[^:]*]]: memref<4xi8> {quantcc.output})
// CHECK-DAG: memref.copy %[[A]], %[[OUT]]
// CHECK-DAG: memref.copy %[[B]], %[[B_SAVED:.*]] :
// CHECK-DAG: memref.copy %[[A]], %[[A_SAVED:.*]] :
// CHECK: memref.copy %[[B_SAVED]], %[[A]]
// CHECK-NEXT: memref.copy %[[A_SAVED]], %[[B]]
// CHECK-NEXT: return
func.func @variables_are_swapped(%a: memref<4xi8> {quantcc.state = "a"}, %b: memref<4xi8> {quantcc.state = "b"})
    -> (memref<4xi8>, memref<4xi8> {quantcc.state = "a"}, memref<4xi8> {quantcc.state = "b"}) {
  return %a, %b, %a : memref<4xi8>, memref<4xi8>, memref<4xi8>
}

// CHECK-LABEL: func.func @unchanged_variable_is_not_copied(
// CHECK-NEXT: return
func.func @unchanged_variable_is_not_copied(%a: memref<4xi8> {quantcc.state = "a"})
    -> (memref<4xi8> {quantcc.state = "a"}) {
  return %a : memref<4xi8>
}

// CHECK-LABEL: func.func @reset_takes_the_variables(
// CHECK-SAME: %[[A:[^:]*]]: memref<4xi8> {quantcc.state = "a"})
// CHECK: %[[INITIAL:.*]] = memref.get_global @initial
// CHECK-NEXT: memref.copy %[[INITIAL]], %[[A]]
memref.global "private" constant @initial : memref<4xi8> = dense<3>
func.func @reset_takes_the_variables() -> (memref<4xi8> {quantcc.state = "a"}) attributes {quantcc.reset} {
  %0 = memref.get_global @initial : memref<4xi8>
  return %0 : memref<4xi8>
}
