// RUN: quant-opt %s --quantcc-expand-float-contractions="lanes=4 registers=16" --split-input-file --remark-format=emitRemark --remarks-filter=quantcc 2> %t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK --input-file %t
// RUN: quant-opt %s --quantcc-expand-float-contractions="lanes=0" --split-input-file | FileCheck %s --check-prefix=OFF

// REMARK: [Passed] expand-float-contractions {{.*}}="computes 4 results in each of its vectors"

// OFF-NOT: vector
// OFF-COUNT-6: linalg.generic
// OFF-NOT: vector

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

// Two vectors by five rows; of the fourteen columns, the last six are a vector
// of four and one of two, of the seven rows the last three are a tile.
// CHECK-LABEL: func.func @a_tile_of_sums_stays_in_registers
// CHECK-SAME: (%[[A:.*]]: memref<7x9xf32>, %[[B:.*]]: memref<9x14xf32>, %[[C:.*]]: memref<7x14xf32>)
func.func @a_tile_of_sums_stays_in_registers(%a: memref<7x9xf32>, %b: memref<9x14xf32>, %c: memref<7x14xf32>) {
  // CHECK-COUNT-8: vector.load %[[C]]{{.*}} vector<4xf32>
  // CHECK: %[[SUMS:.*]]:8 = scf.for %[[K:.*]] = {{.*}} iter_args(%[[FIRST:[^ ]*]] =
  // CHECK: %[[X:.*]] = memref.load %[[A]][%{{.*}}, %[[K]]]
  // CHECK: %[[XS:.*]] = vector.broadcast %[[X]] : f32 to vector<4xf32>
  // CHECK: %[[W:.*]] = vector.load %[[B]][%[[K]], %{{.*}}] : memref<9x14xf32>, vector<4xf32>
  // CHECK: %[[P:.*]] = arith.mulf %[[XS]], %[[W]] : vector<4xf32>
  // CHECK-NEXT: arith.addf %[[FIRST]], %[[P]] : vector<4xf32>
  // CHECK: vector.store %[[SUMS]]#0, %[[C]]
  // CHECK: vector<2xf32>
  // CHECK-NOT: linalg.generic
  // CHECK: return
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<7x9xf32>, memref<9x14xf32>) outs(%c : memref<7x14xf32>) {
  ^bb0(%x: f32, %w: f32, %s: f32):
    %p = arith.mulf %x, %w : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// -----

#a = affine_map<(y, x, i, j, c) -> (y * 2 + i, x * 2 + j, c)>
#b = affine_map<(y, x, i, j, c) -> (i, j, c)>
#c = affine_map<(y, x, i, j, c) -> (y, x, c)>

// CHECK-LABEL: func.func @both_operands_are_neighbours
// CHECK-SAME: (%[[A:.*]]: memref<7x9x8xf32>, %[[B:.*]]: memref<3x3x8xf32>,
func.func @both_operands_are_neighbours(%a: memref<7x9x8xf32>, %b: memref<3x3x8xf32>, %c: memref<3x4x8xf32>) {
  // CHECK: scf.for %[[I:.*]] = {{.*}} iter_args
  // CHECK: scf.for %[[J:.*]] = {{.*}} iter_args
  // CHECK: %[[X:.*]] = vector.load %[[A]]
  // CHECK: %[[W:.*]] = vector.load %[[B]][%[[I]], %[[J]], %{{.*}}]
  // CHECK: arith.mulf %[[X]], %[[W]] : vector<4xf32>
  // The next position multiplies with the same weights.
  // CHECK-NOT: vector.load %[[B]][%[[I]], %[[J]], %c0
  // CHECK: return
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]}
      ins(%a, %b : memref<7x9x8xf32>, memref<3x3x8xf32>) outs(%c : memref<3x4x8xf32>) {
  ^bb0(%x: f32, %w: f32, %s: f32):
    %p = arith.mulf %x, %w : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>

// CHECK-LABEL: func.func @does_not_apply_where_operands_lie_apart
func.func @does_not_apply_where_operands_lie_apart(%a: memref<7x9xf32>, %b: memref<14x9xf32>, %c: memref<7x14xf32>) {
  // CHECK: linalg.generic
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<7x9xf32>, memref<14x9xf32>) outs(%c : memref<7x14xf32>) {
  ^bb0(%x: f32, %w: f32, %s: f32):
    %p = arith.mulf %x, %w : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

// CHECK-LABEL: func.func @does_not_apply_to_another_operation
func.func @does_not_apply_to_another_operation(%a: memref<7x9xf32>, %b: memref<9x14xf32>, %c: memref<7x14xf32>) {
  // CHECK: linalg.generic
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<7x9xf32>, memref<9x14xf32>) outs(%c : memref<7x14xf32>) {
  ^bb0(%x: f32, %w: f32, %s: f32):
    %p = arith.mulf %x, %w : f32
    %t = arith.maximumf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

// CHECK-LABEL: func.func @does_not_apply_to_integers
func.func @does_not_apply_to_integers(%a: memref<7x9xi32>, %b: memref<9x14xi32>, %c: memref<7x14xi32>) {
  // CHECK: linalg.generic
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<7x9xi32>, memref<9x14xi32>) outs(%c : memref<7x14xi32>) {
  ^bb0(%x: i32, %w: i32, %s: i32):
    %p = arith.muli %x, %w : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  }
  return
}

// -----

#a = affine_map<(x, o, i, c) -> ((x + i) * 2, c)>
#b = affine_map<(x, o, i, c) -> (i, c, o)>
#c = affine_map<(x, o, i, c) -> (x, o)>

// CHECK-LABEL: func.func @does_not_apply_to_multiples_of_sums
func.func @does_not_apply_to_multiples_of_sums(%a: memref<11x3xf32>, %b: memref<2x3x8xf32>, %c: memref<5x8xf32>) {
  // CHECK: linalg.generic
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : memref<11x3xf32>, memref<2x3x8xf32>) outs(%c : memref<5x8xf32>) {
  ^bb0(%x: f32, %w: f32, %s: f32):
    %p = arith.mulf %x, %w : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}
