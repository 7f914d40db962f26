// RUN: quant-opt %s --quantcc-lower-copies | FileCheck %s

// CHECK: #[[$UNROLL:.*]] = #llvm.loop_unroll<disable = true>
// CHECK: #[[$NEVER:.*]] = #llvm.loop_annotation<unroll = #[[$UNROLL]]>

// CHECK-LABEL: func.func @strided_copy_becomes_linalg
// CHECK-SAME: %[[FROM:.*]]: memref<2x2xi8, strided<[4, 1]>>, %[[TO:.*]]: memref<2x2xi8>
func.func @strided_copy_becomes_linalg(%from: memref<2x2xi8, strided<[4, 1]>>, %to: memref<2x2xi8>) {
  // CHECK: linalg.copy ins(%[[FROM]] : {{.*}}) outs(%[[TO]] :
  memref.copy %from, %to : memref<2x2xi8, strided<[4, 1]>> to memref<2x2xi8>
  return
}

// CHECK-LABEL: func.func @contiguous_copy_stays
func.func @contiguous_copy_stays(%from: memref<2x2xi8, strided<[2, 1], offset: 6>>, %to: memref<2x2xi8>) {
  // CHECK: memref.copy
  memref.copy %from, %to : memref<2x2xi8, strided<[2, 1], offset: 6>> to memref<2x2xi8>
  return
}

// CHECK-LABEL: func.func @copy_to_itself_goes
func.func @copy_to_itself_goes(%buffer: memref<4xi8>) {
  // CHECK-NEXT: return
  memref.copy %buffer, %buffer : memref<4xi8> to memref<4xi8>
  return
}

// The edge of a frame: one run a row, in a loop that stays one.
// CHECK-LABEL: func.func @strided_fill_becomes_runs
// CHECK-SAME:    %[[EDGE:.*]]: memref<1x25x1x64xi8, strided<[12096, 448, 64, 1]>>
func.func @strided_fill_becomes_runs(%edge: memref<1x25x1x64xi8, strided<[12096, 448, 64, 1]>>, %v: i8) {
  // CHECK:      scf.for %[[ROW:.*]] = %c0{{.*}} to %c25
  // CHECK-NEXT:   %[[PART:.*]] = memref.subview %[[EDGE]][0, %[[ROW]], 0, 0] [1, 1, 1, 64] [1, 1, 1, 1]
  // CHECK-NEXT:   linalg.fill {{.*}} outs(%[[PART]] :
  // CHECK-NEXT: } {llvm.loop_annotation = #[[$NEVER]]}
  // CHECK-NEXT: return
  linalg.fill ins(%v : i8) outs(%edge : memref<1x25x1x64xi8, strided<[12096, 448, 64, 1]>>)
  return
}

// CHECK-LABEL: func.func @contiguous_fill_stays
func.func @contiguous_fill_stays(%frame: memref<2x2xi8, strided<[2, 1], offset: 6>>, %v: i8) {
  // CHECK-NEXT: linalg.fill
  // CHECK-NEXT: return
  linalg.fill ins(%v : i8) outs(%frame : memref<2x2xi8, strided<[2, 1], offset: 6>>)
  return
}
