// RUN: quant-opt %s --split-input-file --quantcc-pack-state --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @two_variables(
// CHECK-SAME: %[[X:[^:]*]]: memref<4xi8>, %[[ARENA:[^:]*]]: memref<0xi8> {quantcc.arena}, %[[STATE:[^:]*]]: memref<32xi8> {quantcc.state_block})
// CHECK-SAME: attributes {quantcc.state_alignment = 16 : i64, quantcc.state_bytes = 32 : i64}
// CHECK-DAG: %[[AT0:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[AT16:.*]] = arith.constant 16 : index
// CHECK-DAG: %[[A:.*]] = memref.view %[[STATE]][%[[AT0]]][] : memref<32xi8> to memref<4xi8>
// CHECK-DAG: %[[B:.*]] = memref.view %[[STATE]][%[[AT16]]][] : memref<32xi8> to memref<3xi32>
// CHECK: memref.copy %[[X]], %[[A]]
// CHECK: memref.copy %[[B]], %[[B]]
func.func @two_variables(%x: memref<4xi8>, %a: memref<4xi8> {quantcc.state = "a"},
                         %b: memref<3xi32> {quantcc.state = "b"},
                         %arena: memref<0xi8> {quantcc.arena}) {
  memref.copy %x, %a : memref<4xi8> to memref<4xi8>
  memref.copy %b, %b : memref<3xi32> to memref<3xi32>
  return
}

// -----

// CHECK-LABEL: func.func @no_variable(
// CHECK-SAME: %{{[^:]*}}: memref<4xi8>) {
func.func @no_variable(%x: memref<4xi8>) {
  return
}

// -----

// expected-error@+1 {{argument 0 expected to be a buffer of static shape, found 'memref<?xi8>'}}
func.func @dynamic(%a: memref<?xi8> {quantcc.state = "a"}) {
  return
}
