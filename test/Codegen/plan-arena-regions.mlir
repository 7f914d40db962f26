// RUN: quant-opt %s --split-input-file --verify-diagnostics --quantcc-plan-arena="regions=fast=128,slow=256" | FileCheck %s

// Both buffers would fit the fast memory, one at a time. The small one is read 16
// times.
// CHECK-LABEL: func.func @hot_buffer_is_in_the_fast_memory
// CHECK-SAME: %[[FAST:[a-z0-9]+]]: memref<64xi8> {quantcc.arena, quantcc.region = "fast"},
// CHECK-SAME: %[[SLOW:[a-z0-9]+]]: memref<128xi8> {quantcc.arena, quantcc.region = "slow"}
// CHECK-SAME: name = "cold", offset = 0 : i64, region = 1 : i64
// CHECK-SAME: name = "hot", offset = 0 : i64, region = 0 : i64
// CHECK-SAME: quantcc.arena_bytes = 192 : i64
// CHECK-SAME: quantcc.arena_lower_bound = 192 : i64
// CHECK-SAME: quantcc.arena_regions = [{bytes = 64 : i64, name = "fast"}, {bytes = 128 : i64, name = "slow"}]
func.func @hot_buffer_is_in_the_fast_memory(%arg0: memref<32xi32>, %arg1: memref<32xi32> {quantcc.output}) {
  // CHECK-DAG: memref.view %[[FAST]]{{.*}} memref<64xi8> to memref<16xi32>
  // CHECK-DAG: memref.view %[[SLOW]]{{.*}} memref<128xi8> to memref<32xi32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %a = memref.alloc() : memref<32xi32> loc("cold")
  %b = memref.alloc() : memref<16xi32> loc("hot")
  linalg.add ins(%arg0, %arg0 : memref<32xi32>, memref<32xi32>) outs(%a : memref<32xi32>)
  scf.for %i = %c0 to %c32 step %c1 {
    %x = memref.load %a[%i] : memref<32xi32>
    scf.for %j = %c0 to %c16 step %c1 {
      %y = memref.load %b[%j] : memref<16xi32>
      %z = arith.addi %x, %y : i32
      memref.store %z, %b[%j] : memref<16xi32>
      memref.store %z, %arg1[%i] : memref<32xi32>
    }
  }
  return
}

// -----

// What is touched in a function that the buffer is passed to counts, too.
// CHECK-LABEL: func.func @callee_makes_a_buffer_hot
// CHECK-SAME: name = "cold", offset = 0 : i64, region = 1 : i64
// CHECK-SAME: name = "hot", offset = 0 : i64, region = 0 : i64
func.func @callee_makes_a_buffer_hot(%arg0: memref<128xi8>) {
  %a = memref.alloc() : memref<128xi8> loc("cold")
  %b = memref.alloc() : memref<128xi8> loc("hot")
  memref.copy %arg0, %a : memref<128xi8> to memref<128xi8>
  memref.copy %arg0, %b : memref<128xi8> to memref<128xi8>
  call @kernel(%a, %b) : (memref<128xi8>, memref<128xi8>) -> ()
  return
}
func.func private @kernel(%cold: memref<128xi8>, %hot: memref<128xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c1000 = arith.constant 1000 : index
  scf.for %i = %c0 to %c1000 step %c1 {
    %x = memref.load %hot[%c1] : memref<128xi8>
    memref.store %x, %hot[%c0] : memref<128xi8>
  }
  return
}

// -----

// In the order of heat, the small buffer is in the fast memory, so that the middle
// one comes into the slow memory and the large one has no place. In the order of
// size all three have.
// CHECK-LABEL: func.func @large_buffers_come_first_if_they_must
// CHECK-SAME: name = "small", offset = 240 : i64, region = 1 : i64
// CHECK-SAME: name = "middle", offset = 0 : i64, region = 0 : i64
// CHECK-SAME: name = "large", offset = 0 : i64, region = 1 : i64
func.func @large_buffers_come_first_if_they_must() {
  %c0 = arith.constant 0 : index
  %value = arith.constant 1 : i8
  %s = memref.alloc() : memref<16xi8> loc("small")
  %m = memref.alloc() : memref<128xi8> loc("middle")
  %l = memref.alloc() : memref<240xi8> loc("large")
  memref.store %value, %s[%c0] : memref<16xi8>
  memref.store %value, %m[%c0] : memref<128xi8>
  memref.store %value, %l[%c0] : memref<240xi8>
  memref.store %value, %s[%c0] : memref<16xi8>
  memref.store %value, %m[%c0] : memref<128xi8>
  memref.store %value, %l[%c0] : memref<240xi8>
  return
}

// -----

// expected-error @+1 {{the memory regions are too small: they have no room for 'huge' of 257 bytes beside what is alive with it; in all, 257 bytes are alive at once}}
func.func @no_room(%arg0: memref<257xi8>) {
  %a = memref.alloc() : memref<257xi8> loc("huge")
  memref.copy %arg0, %a : memref<257xi8> to memref<257xi8>
  return
}
