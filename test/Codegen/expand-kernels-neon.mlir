// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon-dotprod --split-input-file --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon-dotprod --split-input-file --verify-diagnostics --canonicalize --cse | FileCheck %s --check-prefix=LOOPS

// Nine input channels: eight bytes, then the last four, with zeros for the weights
// of those three that were taken before. Two results in a vector of four. The rule
// is a line: the instructions keep one bit more of a product, which the last shift
// takes away, 3 instead of 2.
// CHECK-LABEL: func.func @rest
// CHECK:         %[[W:.*]] = memref.get_global @[[WEIGHTS:.*]] : memref<48xi8>
// CHECK:         %[[B:.*]] = memref.get_global @[[BIAS:.*]] : memref<4xi32>
// CHECK:         %[[M:.*]] = memref.get_global @{{.*}} : memref<4xi32>
// CHECK:         %[[O:.*]] = memref.get_global @[[OFFSETS:.*]] : memref<4xi32>
// CHECK-NEXT:    call @[[KERNEL:.*]](%arg0, %arg1, %[[W]], %[[B]], %[[M]], %[[O]])
// CHECK-DAG:   memref.global "private" constant @[[OFFSETS]] : memref<4xi32> = dense<[4, 4, 0, 0]>
// CHECK-DAG:   memref.global "private" constant @[[BIAS]] : memref<4xi32> = dense<[100, 7, 0, 0]> {alignment = 16 : i64}
// CHECK-DAG:   memref.global "private" constant @[[WEIGHTS]] : memref<48xi8> = dense<[1, 2, 3, 4, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]>
// CHECK-DAG:   func.func private @[[KERNEL]]{{.*}}noinline
// LOOPS:       func.func private
// LOOPS:         vector.load {{.*}} vector<8xi8>
// LOOPS-COUNT-2: llvm.call_intrinsic "llvm.aarch64.neon.sdot
// LOOPS:         vector.load {{.*}} vector<4xi8>
// LOOPS:         llvm.call_intrinsic "llvm.aarch64.neon.sdot
// LOOPS-NOT:     neon.sdot
// LOOPS:         %[[PRODUCT:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sqdmulh"
// LOOPS:         %[[SUM:.*]] = llvm.call_intrinsic "llvm.sadd.sat"(%[[PRODUCT]]
// LOOPS:         %[[SHIFTED:.*]] = arith.shrsi %[[SUM]], %[[THREE:.*]] : vector<4xi32>
// LOOPS:         llvm.call_intrinsic "llvm.aarch64.neon.sqxtn"(%[[SHIFTED]])
memref.global "private" constant @w : memref<2x1x1x9xi8> = dense<[[[[1, 2, 3, 4, 5, 6, 7, 8, 9]]], [[[-1, 0, 0, 0, 0, 0, 0, 0, 0]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @rest(%x: memref<1x1x1x9xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x9xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x9xi8>, memref<2x1x1x9xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Rounding double: negative accumulators go down from halves. The multipliers have
// shifts that differ by much, so that each channel has its own, and shifts to the
// left by negative numbers.
// CHECK-LABEL: func.func @shifts
// CHECK:         call @{{.*}}(%arg0, %arg1, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[SHIFTS:.*]]) :
// CHECK:         memref.global "private" constant @{{.*}} : memref<4xi32> = dense<[-1, -15, 0, 0]>
// LOOPS-LABEL: func.func @shifts
// LOOPS:       func.func private
// LOOPS:         %[[SUMS:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot
// LOOPS:         %[[PRODUCT:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sqrdmulh"(%[[SUMS]]
// LOOPS:         %[[OFFSET:.*]] = arith.addi %[[PRODUCT]]
// LOOPS:         %[[SIGN:.*]] = arith.shrsi %[[SUMS]]
// LOOPS:         %[[DOWN:.*]] = arith.addi %[[OFFSET]], %[[SIGN]]
// LOOPS:         llvm.call_intrinsic "llvm.aarch64.neon.sshl"(%[[DOWN]]
memref.global "private" constant @w : memref<2x1x1x4xi8> = dense<[[[[1, 2, 3, 4]]], [[[127, 127, 127, 127]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 1234567]>
func.func @shifts(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x4xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<2x1x1x4xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250, 1100000001>, shifts = array<i32: 32, 46>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// Multipliers of a half and more: all sums are shifted up first, by what the largest
// needs. Rounded once, a line serves.
// LOOPS-LABEL: func.func @steep
// LOOPS:       func.func private
// LOOPS-DAG:     %[[THREE:.*]] = arith.constant dense<3> : vector<4xi32>
// LOOPS:         %[[SUMS:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot
// LOOPS:         %[[UP:.*]] = arith.shli %[[SUMS]], %[[THREE]]
// LOOPS:         llvm.call_intrinsic "llvm.aarch64.neon.sqdmulh"(%[[UP]]
memref.global "private" constant @w : memref<2x1x1x4xi8> = dense<[[[[1, 2, 3, 4]]], [[[5, 6, 7, 8]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 1234]>
func.func @steep(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x4xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<2x1x1x4xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250, 1100000001>, shifts = array<i32: 29, 31>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Weights of 4 bits: the vector of the first four channels has the lower nibbles, the
// next one the upper ones, 0x81 in each byte. A product takes 16 times the weight.
// CHECK-LABEL: func.func @nibbles
// CHECK-DAG:   memref.global "private" constant @{{.*}} : memref<8xi32> = dense<80>
// CHECK-DAG:   memref.global "private" constant @{{.*}} : memref<16xi8> = dense<-127>
// LOOPS-LABEL: func.func @nibbles
// LOOPS:       func.func private
// LOOPS-DAG:     %[[FOUR:.*]] = arith.constant dense<4> : vector<16xi8>
// LOOPS-DAG:     %[[MASK:.*]] = arith.constant dense<-16> : vector<16xi8>
// LOOPS-DAG:     %[[DOWN:.*]] = arith.constant dense<4> : vector<4xi32>
// LOOPS:         %[[LOWER:.*]] = arith.shli {{.*}}, %[[FOUR]]
// LOOPS:         %[[UPPER:.*]] = arith.andi {{.*}}, %[[MASK]]
// LOOPS:         %[[FIRST:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot{{.*}}, %[[LOWER]],
// LOOPS:         %[[SECOND:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot{{.*}}, %[[UPPER]],
// LOOPS:         arith.shrsi %[[FIRST]], %[[DOWN]]
// LOOPS:         arith.shrsi %[[SECOND]], %[[DOWN]]
memref.global "private" constant @w : memref<8x1x1x4xi4> = dense<[[[[1, 1, 1, 1]]], [[[1, 1, 1, 1]]], [[[1, 1, 1, 1]]], [[[1, 1, 1, 1]]], [[[-8, -8, -8, -8]]], [[[-8, -8, -8, -8]]], [[[-8, -8, -8, -8]]], [[[-8, -8, -8, -8]]]]>
memref.global "private" constant @b : memref<8xi32> = dense<5>
func.func @nibbles(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x8xi8>) {
  %w = memref.get_global @w : memref<8x1x1x4xi4>
  %b = memref.get_global @b : memref<8xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<8x1x1x4xi4>, memref<8xi32>) outs(%y : memref<1x1x1x8xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// The one vector of four channels has 8 bytes: 0x?1 to 0x?2 with those of the first two
// channels in the lower nibbles, and of the third in the upper ones.
// CHECK-LABEL: func.func @nibbles_of_one_vector
// CHECK:       memref.global "private" constant @{{.*}} : memref<8xi8> = dense<[-47, -47, -47, -47, 2, 2, 2, 2]>
// LOOPS-LABEL: func.func @nibbles_of_one_vector
// LOOPS:       func.func private
// LOOPS-DAG:     %[[BITS:.*]] = arith.constant dense<[4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0]> : vector<16xi8>
// LOOPS-DAG:     %[[MASK:.*]] = arith.constant dense<-16> : vector<16xi8>
// LOOPS:         vector.load {{.*}} vector<8xi8>
// LOOPS:         %[[SHIFTED:.*]] = arith.shli {{.*}}, %[[BITS]]
// LOOPS:         %[[WEIGHTS:.*]] = arith.andi %[[SHIFTED]], %[[MASK]]
// LOOPS:         llvm.call_intrinsic "llvm.aarch64.neon.sdot{{.*}}, %[[WEIGHTS]],
memref.global "private" constant @w : memref<3x1x1x4xi4> = dense<[[[[1, 1, 1, 1]]], [[[2, 2, 2, 2]]], [[[-3, -3, -3, -3]]]]>
memref.global "private" constant @b : memref<3xi32> = dense<5>
func.func @nibbles_of_one_vector(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x3xi8>) {
  %w = memref.get_global @w : memref<3x1x1x4xi4>
  %b = memref.get_global @b : memref<3xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<3x1x1x4xi4>, memref<3xi32>) outs(%y : memref<1x1x1x3xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Two neighbouring pixels of a depthwise layer share what is interleaved: the
// second's weights begin with a zero.
// CHECK-LABEL: func.func @pair
// CHECK:         memref.global "private" constant @{{.*}} : memref<128xi8> = dense<"0x010203000102030001020300
// CHECK-SAME:    0001020300010203
// LOOPS-LABEL: func.func @pair
// LOOPS:       func.func private
// LOOPS-COUNT-4: vector.load {{.*}} vector<16xi8>
// LOOPS-COUNT-8: neon.sdot
// LOOPS-NOT:     neon.sdot
// LOOPS:         return
memref.global "private" constant @w : memref<1x3x16xi8> = dense<"0x010101010101010101010101010101010202020202020202020202020202020203030303030303030303030303030303">
memref.global "private" constant @b : memref<16xi32> = dense<0>
func.func @pair(%x: memref<1x1x4x16xi8>, %y: memref<1x1x2x16xi8>) {
  %w = memref.get_global @w : memref<1x3x16xi8>
  %b = memref.get_global @b : memref<16xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x4x16xi8>, memref<1x3x16xi8>, memref<16xi32>) outs(%y : memref<1x1x2x16xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

memref.global "private" constant @w : memref<2x1x1x4xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<0>
func.func @unsigned_input(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x4xi8>
  %b = memref.get_global @b : memref<2xi32>
  // expected-error @+1 {{has no kernel: the target's take signed bytes, not biased ones}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<2x1x1x4xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
