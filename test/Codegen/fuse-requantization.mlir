// RUN: quant-opt %s --quantcc-fuse-requantization | FileCheck %s

#id2 = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: func.func @one_row_of_accumulators_at_a_time
func.func @one_row_of_accumulators_at_a_time(%a: tensor<4x8xi8>, %w: tensor<8x6xi8>, %zero: i32) -> tensor<4x6xi8> {
  // CHECK-NOT: tensor<4x6xi32>
  // CHECK: scf.for
  // CHECK: %[[INIT:.*]] = linalg.fill {{.*}} -> tensor<1x6xi32>
  // CHECK: %[[ACC:.*]] = linalg.matmul {{.*}} outs(%[[INIT]] : tensor<1x6xi32>)
  // CHECK: %[[ROW:.*]] = linalg.generic {{.*}} ins(%[[ACC]] : tensor<1x6xi32>)
  // CHECK: tensor.insert_slice %[[ROW]] into
  // CHECK-NOT: tensor<4x6xi32>
  // CHECK: return
  %e = tensor.empty() : tensor<4x6xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e : tensor<4x6xi32>) -> tensor<4x6xi32>
  %acc = linalg.matmul ins(%a, %w : tensor<4x8xi8>, tensor<8x6xi8>) outs(%init : tensor<4x6xi32>) -> tensor<4x6xi32>
  %out = tensor.empty() : tensor<4x6xi8>
  %y = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%acc : tensor<4x6xi32>) outs(%out : tensor<4x6xi8>) {
  ^bb0(%x: i32, %o: i8):
    %t = arith.trunci %x : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x6xi8>
  return %y : tensor<4x6xi8>
}

// CHECK-LABEL: func.func @does_not_apply_to_one_position
func.func @does_not_apply_to_one_position(%a: tensor<1x8xi8>, %w: tensor<8x6xi8>, %init: tensor<1x6xi32>) -> tensor<1x6xi8> {
  // CHECK-NOT: scf.for
  // CHECK: return
  %acc = linalg.matmul ins(%a, %w : tensor<1x8xi8>, tensor<8x6xi8>) outs(%init : tensor<1x6xi32>) -> tensor<1x6xi32>
  %out = tensor.empty() : tensor<1x6xi8>
  %y = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%acc : tensor<1x6xi32>) outs(%out : tensor<1x6xi8>) {
  ^bb0(%x: i32, %o: i8):
    %t = arith.trunci %x : i32 to i8
    linalg.yield %t : i8
  } -> tensor<1x6xi8>
  return %y : tensor<1x6xi8>
}

// CHECK-LABEL: func.func @does_not_apply_if_accumulators_are_read_twice
func.func @does_not_apply_if_accumulators_are_read_twice(%a: tensor<4x8xi8>, %w: tensor<8x6xi8>, %init: tensor<4x6xi32>) -> (tensor<4x6xi8>, tensor<4x6xi32>) {
  // CHECK-NOT: scf.for
  // CHECK: return
  %acc = linalg.matmul ins(%a, %w : tensor<4x8xi8>, tensor<8x6xi8>) outs(%init : tensor<4x6xi32>) -> tensor<4x6xi32>
  %out = tensor.empty() : tensor<4x6xi8>
  %y = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%acc : tensor<4x6xi32>) outs(%out : tensor<4x6xi8>) {
  ^bb0(%x: i32, %o: i8):
    %t = arith.trunci %x : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x6xi8>
  return %y, %acc : tensor<4x6xi8>, tensor<4x6xi32>
}

// CHECK-LABEL: func.func @does_not_apply_without_a_contraction
func.func @does_not_apply_without_a_contraction(%x: tensor<4x6xi32>) -> tensor<4x6xi8> {
  // CHECK-NOT: scf.for
  // CHECK: return
  %out = tensor.empty() : tensor<4x6xi8>
  %y = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<4x6xi32>) outs(%out : tensor<4x6xi8>) {
  ^bb0(%v: i32, %o: i8):
    %t = arith.trunci %v : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x6xi8>
  return %y : tensor<4x6xi8>
}

// Else the fill would fill all accumulators for each row.
// CHECK-LABEL: func.func @a_fill_that_contractions_share_is_repeated
func.func @a_fill_that_contractions_share_is_repeated(%a: tensor<4x8xi8>, %w: tensor<8x6xi8>, %zero: i32) -> (tensor<4x6xi8>, tensor<4x6xi8>) {
  // CHECK: scf.for
  // CHECK: linalg.fill {{.*}} -> tensor<1x6xi32>
  // CHECK: linalg.matmul
  // CHECK: scf.for
  // CHECK: linalg.fill {{.*}} -> tensor<1x6xi32>
  // CHECK: linalg.matmul
  // CHECK: return
  %e = tensor.empty() : tensor<4x6xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e : tensor<4x6xi32>) -> tensor<4x6xi32>
  %out = tensor.empty() : tensor<4x6xi8>
  %acc0 = linalg.matmul ins(%a, %w : tensor<4x8xi8>, tensor<8x6xi8>) outs(%init : tensor<4x6xi32>) -> tensor<4x6xi32>
  %y0 = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%acc0 : tensor<4x6xi32>) outs(%out : tensor<4x6xi8>) {
  ^bb0(%x: i32, %o: i8):
    %t = arith.trunci %x : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x6xi8>
  %acc1 = linalg.matmul ins(%a, %w : tensor<4x8xi8>, tensor<8x6xi8>) outs(%init : tensor<4x6xi32>) -> tensor<4x6xi32>
  %y1 = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%acc1 : tensor<4x6xi32>) outs(%out : tensor<4x6xi8>) {
  ^bb0(%x: i32, %o: i8):
    %t = arith.trunci %x : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x6xi8>
  return %y0, %y1 : tensor<4x6xi8>, tensor<4x6xi8>
}
