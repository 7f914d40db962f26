// RUN: quant-opt %s --quantcc-fuse-requantization="rows-of-floats" | FileCheck %s
// RUN: quant-opt %s --quantcc-fuse-requantization | FileCheck %s --check-prefix=SINGLE

#a = affine_map<(y, x, o, c) -> (y, x, c)>
#w = affine_map<(y, x, o, c) -> (c, o)>
#r = affine_map<(y, x, o, c) -> (y, x, o)>
#id = affine_map<(y, x, o) -> (y, x, o)>

// CHECK-LABEL: func.func @a_row_of_positions_at_a_time
// SINGLE-LABEL: func.func @a_row_of_positions_at_a_time
func.func @a_row_of_positions_at_a_time(%a: tensor<3x5x8xf32>, %w: tensor<8x96xf32>) -> tensor<3x5x96xf32> {
  // CHECK: scf.for
  // CHECK-NOT: scf.for
  // CHECK: linalg.fill {{.*}} -> tensor<1x5x96xf32>
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<1x5x96xf32>)
  // CHECK: return
  // SINGLE: linalg.fill {{.*}} -> tensor<1x1x48xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x5x96xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<3x5x96xf32>) -> tensor<3x5x96xf32>
  %acc = linalg.generic {indexing_maps = [#a, #w, #r], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %w : tensor<3x5x8xf32>, tensor<8x96xf32>) outs(%init : tensor<3x5x96xf32>) {
  ^bb0(%x: f32, %v: f32, %s: f32):
    %p = arith.mulf %x, %v : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<3x5x96xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%acc : tensor<3x5x96xf32>) outs(%e : tensor<3x5x96xf32>) {
  ^bb0(%x: f32, %o: f32):
    %t = arith.maximumf %x, %zero : f32
    linalg.yield %t : f32
  } -> tensor<3x5x96xf32>
  return %y : tensor<3x5x96xf32>
}

// CHECK-LABEL: func.func @does_not_change_how_integers_are_tiled
func.func @does_not_change_how_integers_are_tiled(%a: tensor<3x5x8xi8>, %w: tensor<8x96xi8>) -> tensor<3x5x96xi8> {
  // CHECK: linalg.fill {{.*}} -> tensor<1x1x48xi32>
  %zero = arith.constant 0 : i32
  %e = tensor.empty() : tensor<3x5x96xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e : tensor<3x5x96xi32>) -> tensor<3x5x96xi32>
  %acc = linalg.generic {indexing_maps = [#a, #w, #r], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %w : tensor<3x5x8xi8>, tensor<8x96xi8>) outs(%init : tensor<3x5x96xi32>) {
  ^bb0(%x: i8, %v: i8, %s: i32):
    %x32 = arith.extsi %x : i8 to i32
    %v32 = arith.extsi %v : i8 to i32
    %p = arith.muli %x32, %v32 : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<3x5x96xi32>
  %out = tensor.empty() : tensor<3x5x96xi8>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%acc : tensor<3x5x96xi32>) outs(%out : tensor<3x5x96xi8>) {
  ^bb0(%x: i32, %o: i8):
    %t = arith.trunci %x : i32 to i8
    linalg.yield %t : i8
  } -> tensor<3x5x96xi8>
  return %y : tensor<3x5x96xi8>
}
