// RUN: quant-opt %s --quantcc-expand-integer-ops --canonicalize | FileCheck %s

// Row by row. Exponentials are looked up once, in a loop of their own; the reciprocal of
// their sum is computed once a row, outside of the loop that multiplies with it.
// CHECK-LABEL: func.func @rows
// CHECK-SAME:    (%[[X:.*]]: tensor<2x3x8xi8>)
// CHECK-DAG:     %[[TABLE:.*]] = arith.constant {{.*}} : tensor<256xi32>
// CHECK-DAG:     %[[ROWS:.*]] = arith.constant 6 : index
// CHECK-DAG:     %[[FLAT:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0, 1], [2]]
// CHECK:         %[[R:.*]] = scf.for %[[ROW:.*]] = %{{.*}} to %[[ROWS]]
// CHECK:           %[[OWN:.*]] = tensor.extract_slice %[[FLAT]][%[[ROW]], 0] [1, 8] [1, 1] : tensor<6x8xi8> to tensor<8xi8>
// CHECK:           linalg.generic {{.*}} iterator_types = ["reduction"]{{.*}} ins(%[[OWN]]
// CHECK:             arith.maxsi
// CHECK:           %[[LARGEST:.*]] = tensor.extract
// CHECK:           %[[E:.*]] = linalg.generic {{.*}} iterator_types = ["parallel"]{{.*}} ins(%[[OWN]]
// CHECK:             arith.subi %[[LARGEST]]
// CHECK:             tensor.extract %[[TABLE]]
// CHECK:           linalg.generic {{.*}} iterator_types = ["reduction"]{{.*}} ins(%[[E]]
// CHECK:           %[[SUM:.*]] = tensor.extract
// CHECK:           math.ctlz %[[SUM]]
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel"]{{.*}} ins(%[[E]]
// CHECK-NOT:         ctlz
// CHECK-NOT:         tensor.extract %[[TABLE]]
// CHECK:           tensor.insert_slice {{.*}}[%[[ROW]], 0] [1, 8]
// CHECK:         tensor.expand_shape %[[R]]
func.func @rows(%x: tensor<2x3x8xi8>) -> tensor<2x3x8xi8> {
  %r = quantcc.integer_softmax %x {multiplier = 1073741824 : i32, left_shift = 23 : i32, diff_min = -248 : i32, output_zero_point = -128 : i32} : tensor<2x3x8xi8> -> tensor<2x3x8xi8>
  return %r : tensor<2x3x8xi8>
}

// CHECK-LABEL: func.func @unsigned_row
// CHECK:         arith.maxui
func.func @unsigned_row(%x: tensor<1x8xi8>) -> tensor<1x8xi8> {
  %r = quantcc.integer_softmax %x {unsigned_storage, multiplier = 1073741824 : i32, left_shift = 23 : i32, diff_min = -248 : i32, output_zero_point = 0 : i32} : tensor<1x8xi8> -> tensor<1x8xi8>
  return %r : tensor<1x8xi8>
}
