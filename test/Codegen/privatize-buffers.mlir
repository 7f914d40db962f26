// RUN: quant-opt %s --split-input-file --quantcc-privatize-buffers --verify-diagnostics | FileCheck %s

// 12 bytes for each of three pieces, each in cache lines of its own.
// CHECK-LABEL: func.func @each_piece_has_its_own
// CHECK: %[[ALL:.*]] = memref.alloc() {alignment = 16 : i64} : memref<192xi8>
// CHECK: scf.forall (%[[I:.*]]) in (3) {
// CHECK: %[[BEGIN:.*]] = arith.muli %[[I]], %c64
// CHECK: %[[MINE:.*]] = memref.view %[[ALL]][%[[BEGIN]]][] : memref<192xi8> to memref<3xi32>
// CHECK: memref.store %{{.*}}, %[[MINE]]
// CHECK-NOT: memref.alloc
func.func @each_piece_has_its_own() {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  scf.forall (%i) in (3) {
    %a = memref.alloc() {alignment = 16 : i64} : memref<3xi32>
    memref.store %zero, %a[%c0] : memref<3xi32>
    memref.dealloc %a : memref<3xi32>
  }
  return
}

// -----

// CHECK-LABEL: func.func @others_stay
// CHECK: memref.alloc() : memref<3xi32>
func.func @others_stay() {
  %a = memref.alloc() : memref<3xi32>
  return
}

// -----

func.func @dynamic_shape(%n: index) {
  scf.forall (%i) in (3) {
    // expected-error @+1 {{expected a plain buffer of static shape, in pieces of known number}}
    %a = memref.alloc(%n) : memref<?xi32>
  }
  return
}
