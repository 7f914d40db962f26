// RUN: quant-opt %s --quantcc-lower-copies | FileCheck %s

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
