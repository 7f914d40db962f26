// RUN: quant-opt %s --split-input-file --verify-diagnostics --quantcc-plan-arena | FileCheck %s

// Three buffers of 64 bytes; the first is dead when the third is born.
// CHECK-LABEL: func.func @disjoint_lifetimes_share_bytes
// CHECK-SAME: %[[IN:.*]]: memref<16xi32>, %[[OUT:.*]]: memref<16xi32> {quantcc.output}, %[[ARENA:.*]]: memref<128xi8> {quantcc.arena})
// CHECK-SAME: quantcc.arena_alignment = 16 : i64
// CHECK-SAME: quantcc.arena_buffers = [{bytes = 64 : i64, first_use = [[FIRST:.*]] : i64, last_use = {{.*}} : i64, name = "a", offset = 0 : i64},
// CHECK-SAME: quantcc.arena_bytes = 128 : i64
// CHECK-SAME: quantcc.arena_lower_bound = 128 : i64
func.func @disjoint_lifetimes_share_bytes(%arg0: memref<16xi32>, %arg1: memref<16xi32> {quantcc.output}) {
  // CHECK: %[[ZERO:.*]] = arith.constant 0 : index
  // CHECK: %[[A:.*]] = memref.view %[[ARENA]][%[[ZERO]]][] : memref<128xi8> to memref<16xi32>
  // CHECK: %[[MIDDLE:.*]] = arith.constant 64 : index
  // CHECK: %[[B:.*]] = memref.view %[[ARENA]][%[[MIDDLE]]][]
  // CHECK: %[[ZERO2:.*]] = arith.constant 0 : index
  // CHECK: %[[C:.*]] = memref.view %[[ARENA]][%[[ZERO2]]][]
  // CHECK-NOT: memref.alloc
  // CHECK-NOT: memref.dealloc
  %a = memref.alloc() : memref<16xi32> loc("a")
  linalg.add ins(%arg0, %arg0 : memref<16xi32>, memref<16xi32>) outs(%a : memref<16xi32>)
  %b = memref.alloc() : memref<16xi32> loc("b")
  linalg.add ins(%a, %a : memref<16xi32>, memref<16xi32>) outs(%b : memref<16xi32>)
  memref.dealloc %a : memref<16xi32>
  %c = memref.alloc() : memref<16xi32> loc("c")
  linalg.add ins(%b, %b : memref<16xi32>, memref<16xi32>) outs(%c : memref<16xi32>)
  linalg.add ins(%c, %c : memref<16xi32>, memref<16xi32>) outs(%arg1 : memref<16xi32>)
  return
}

// -----

// CHECK-LABEL: func.func @view_keeps_its_buffer_alive
// CHECK-SAME: memref<128xi8> {quantcc.arena}
func.func @view_keeps_its_buffer_alive(%arg0: memref<16xi32>, %arg1: memref<16xi32> {quantcc.output}) {
  %a = memref.alloc() : memref<16xi32>
  %view = memref.subview %a[0] [16] [1] : memref<16xi32> to memref<16xi32>
  linalg.add ins(%arg0, %arg0 : memref<16xi32>, memref<16xi32>) outs(%a : memref<16xi32>)
  %b = memref.alloc() : memref<16xi32>
  linalg.add ins(%arg0, %arg0 : memref<16xi32>, memref<16xi32>) outs(%b : memref<16xi32>)
  linalg.add ins(%view, %b : memref<16xi32>, memref<16xi32>) outs(%arg1 : memref<16xi32>)
  return
}

// -----

// CHECK-LABEL: func.func @arena_is_there_even_if_empty
// CHECK-SAME: memref<0xi8> {quantcc.arena}
// CHECK-SAME: quantcc.arena_bytes = 0 : i64
func.func @arena_is_there_even_if_empty(%arg0: memref<4xi8>) {
  return
}

// -----

// CHECK-LABEL: func.func @allocation_leaves_the_loop
// CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<8xi8> {quantcc.arena}
func.func @allocation_leaves_the_loop(%arg0: memref<4xi32> {quantcc.output}) {
  // CHECK: memref.view %[[ARENA]]
  // CHECK: scf.for
  // CHECK-NOT: memref.view
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %value = arith.constant 3 : i32
  scf.for %i = %c0 to %c4 step %c1 {
    %a = memref.alloc() : memref<2xi32>
    memref.store %value, %a[%c0] : memref<2xi32>
    %x = memref.load %a[%c0] : memref<2xi32>
    memref.store %x, %arg0[%i] : memref<4xi32>
  }
  return
}

// -----

// CHECK-LABEL: func.func private @private_function_is_left_alone
// CHECK-SAME: () {
func.func private @private_function_is_left_alone() {
  // CHECK: memref.alloc
  %a = memref.alloc() : memref<4xi8>
  memref.dealloc %a : memref<4xi8>
  return
}

// -----

func.func @carried_around(%arg0: memref<2xi32> {quantcc.output}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %first = memref.alloc() : memref<2xi32>
  %last = scf.for %i = %c0 to %c4 step %c1 iter_args(%previous = %first) -> (memref<2xi32>) {
    // expected-error @+1 {{'memref.alloc' op expected a buffer that does not outlive an iteration of the loop it is allocated in}}
    %next = memref.alloc() : memref<2xi32>
    memref.copy %previous, %next : memref<2xi32> to memref<2xi32>
    scf.yield %next : memref<2xi32>
  }
  memref.copy %last, %arg0 : memref<2xi32> to memref<2xi32>
  return
}

// -----

func.func @dynamic(%size: index) {
  // expected-error @+1 {{'memref.alloc' op expected a static shape, found 'memref<?xi8>'}}
  %0 = memref.alloc(%size) : memref<?xi8>
  return
}

// -----

func.func @strided() {
  // expected-error @+1 {{'memref.alloc' op expected a plain layout, found 'memref<4x4xi8, strided<[1, 4]>>'}}
  %0 = memref.alloc() : memref<4x4xi8, strided<[1, 4]>>
  return
}

// -----

// expected-error @+1 {{'func.func' op expected one block, found 2}}
func.func @two_blocks() {
  cf.br ^bb1
^bb1:
  return
}

// -----

// A margin is filled for the layer that reads, and the allocation may be shared
// by many: the buffer is called after the tensor in it.
// CHECK-LABEL: func.func @buffer_is_named_after_its_content
// CHECK-SAME: quantcc.arena_buffers = [{{.*}}name = "conv"{{.*}}name = "pool"
// CHECK-SAME: quantcc.arena_moments = ["", "", "", "conv", "conv", "", "pool", "result", ""]
func.func @buffer_is_named_after_its_content(%arg0: memref<8xi32>, %arg1: memref<8xi32> {quantcc.output}) {
  %zero = arith.constant 0 : i32 loc("zero")
  %frame = memref.alloc() : memref<10xi32> loc("other")
  %inside = memref.subview %frame[1] [8] [1] : memref<10xi32> to memref<8xi32, strided<[1], offset: 1>> loc("other")
  linalg.fill ins(%zero : i32) outs(%frame : memref<10xi32>) loc("pool")
  linalg.add ins(%arg0, %arg0 : memref<8xi32>, memref<8xi32>) outs(%inside : memref<8xi32, strided<[1], offset: 1>>) loc("conv")
  %sums = memref.alloc() : memref<8xi32> loc("other")
  func.call @pool(%frame, %sums) : (memref<10xi32>, memref<8xi32>) -> () loc("pool")
  linalg.add ins(%sums, %sums : memref<8xi32>, memref<8xi32>) outs(%arg1 : memref<8xi32>) loc("result")
  return
}
func.func private @pool(%in: memref<10xi32>, %out: memref<8xi32>) {
  %c0 = arith.constant 0 : index
  %value = memref.load %in[%c0] : memref<10xi32>
  memref.store %value, %out[%c0] : memref<8xi32>
  return
}

// -----

// A function may write where no store is to be seen, and says so.
// CHECK-LABEL: func.func @kernel_says_what_it_writes
// CHECK-SAME: quantcc.arena_buffers = [{{.*}}name = "kernel"
func.func @kernel_says_what_it_writes(%arg0: memref<8xi32>, %arg1: memref<8xi32> {quantcc.output}) {
  %sums = memref.alloc() : memref<8xi32> loc("other")
  func.call @kernel(%arg0, %sums) : (memref<8xi32>, memref<8xi32>) -> () loc("kernel")
  linalg.add ins(%sums, %sums : memref<8xi32>, memref<8xi32>) outs(%arg1 : memref<8xi32>) loc("result")
  return
}
func.func private @kernel(%in: memref<8xi32>, %out: memref<8xi32> {quantcc.output}) {
  %pointer = memref.extract_aligned_pointer_as_index %out : memref<8xi32> -> index
  return
}
