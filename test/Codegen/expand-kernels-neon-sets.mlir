// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon-i8mm --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=MATRIX
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=WIDENING
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=arm-neon --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=ARMV7

// Nine bytes of two pixels by four channels. For products of matrices: eight bytes by
// channel, then the next eight. Without dot products: 16 by channel.
// MATRIX-LABEL: func.func @two_pixels
// MATRIX:         memref.global "private" constant @{{.*}} : memref<64xi8> = dense<[1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]>
// MATRIX:         func.func private @kernel
// MATRIX-COUNT-4:   neon.smmla
// MATRIX-NOT:       neon.smmla
// WIDENING-LABEL: func.func @two_pixels
// WIDENING:         memref.global "private" constant @{{.*}} : memref<64xi8> = dense<[1, 1, 1, 1, 1, 1, 1, 1, 5, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 6, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 3, 7, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 8, 0, 0, 0, 0, 0, 0, 0]>
// WIDENING:         func.func private @kernel
// WIDENING-COUNT-8:   neon.saddlp
// WIDENING-NOT:       neon.saddlp
// Armv7 has instructions that add pairs to sums, and others that add neighbours.
// ARMV7-LABEL: func.func @two_pixels
// ARMV7:         func.func private @kernel
// ARMV7-COUNT-8:   "llvm.arm.neon.vpadals"
// ARMV7-NOT:       "llvm.arm.neon.vpadals"
// ARMV7-COUNT-4:   "llvm.arm.neon.vpadd"{{.*}}vector<2xi32>
// ARMV7:           %[[PRODUCT:.*]] = llvm.call_intrinsic "llvm.arm.neon.vqdmulh"
// ARMV7:           %[[SUM:.*]] = llvm.call_intrinsic "llvm.sadd.sat"(%[[PRODUCT]]
// ARMV7:           arith.shrsi %[[SUM]]
// ARMV7:           llvm.call_intrinsic "llvm.arm.neon.vqmovns"
// ARMV7-NOT:       aarch64
memref.global "private" constant @w9 : memref<4x1x1x9xi8> = dense<[[[[1, 1, 1, 1, 1, 1, 1, 1, 5]]], [[[2, 2, 2, 2, 2, 2, 2, 2, 6]]], [[[3, 3, 3, 3, 3, 3, 3, 3, 7]]], [[[4, 4, 4, 4, 4, 4, 4, 4, 8]]]]>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @two_pixels(%x: memref<1x1x2x9xi8>, %y: memref<1x1x2x4xi8>) {
  %w = memref.get_global @w9 : memref<4x1x1x9xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x9xi8>, memref<4x1x1x9xi8>, memref<4xi32>) outs(%y : memref<1x1x2x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// More than 16 channels: nine bytes of each of two pixels are packed once, the last
// eight for the ninth, by general registers; what is packed serves panels of 16 channels
// and of four.
// MATRIX-LABEL: func.func @packed
// MATRIX:         memref.alloc() {alignment = {{.*}}} : memref<32xi8>
// MATRIX:         memref.global "private" constant @{{.*}} : memref<320xi8>
// MATRIX:         func.func private @kernel
// MATRIX-COUNT-4:   llvm.load {{.*}} {alignment = 1 : i64} : !llvm.ptr -> i64
// MATRIX:           vector.load {{.*}} : memref<32xi8
// MATRIX-COUNT-16:  neon.smmla
// MATRIX:           llvm.load {{.*}} {alignment = 1 : i64} : !llvm.ptr -> i64
// MATRIX-COUNT-4:   neon.smmla
// MATRIX-NOT:       neon.smmla
// WIDENING-LABEL: func.func @packed
// WIDENING-NOT:     memref.alloc
// WIDENING:         return
memref.global "private" constant @w20 : memref<20x1x1x9xi8> = dense<1>
memref.global "private" constant @b : memref<20xi32> = dense<0>
func.func @packed(%x: memref<1x1x2x9xi8>, %y: memref<1x1x2x20xi8>) {
  %w = memref.get_global @w20 : memref<20x1x1x9xi8>
  %b = memref.get_global @b : memref<20xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x9xi8>, memref<20x1x1x9xi8>, memref<20xi32>) outs(%y : memref<1x1x2x20xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// A single pixel has no second one: dot products. A weight of -128: no two products
// are added in 16 bits.
// MATRIX-LABEL: func.func @one_pixel
// WIDENING-LABEL: func.func @one_pixel
// MATRIX:         func.func private @kernel
// MATRIX-NOT:       neon.smmla
// MATRIX:           neon.sdot
// WIDENING:         func.func private @kernel
// WIDENING-COUNT-8:   neon.saddlp
// WIDENING-NOT:       neon.saddlp
memref.global "private" constant @w16 : memref<4x1x1x16xi8> = dense<-128>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @one_pixel(%x: memref<1x1x1x16xi8>, %y: memref<1x1x1x4xi8>) {
  %w = memref.get_global @w16 : memref<4x1x1x16xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x16xi8>, memref<4x1x1x16xi8>, memref<4xi32>) outs(%y : memref<1x1x1x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Two taps' products of eight channels are added in 16 bits, then widened.
// MATRIX-LABEL: func.func @depthwise
// WIDENING-LABEL: func.func @depthwise
// MATRIX:         func.func private @kernel
// MATRIX:           neon.sdot
// WIDENING:         func.func private @kernel
// WIDENING:           %[[FIRST:.*]] = arith.muli {{.*}} vector<8xi16>
// WIDENING:           %[[SECOND:.*]] = arith.muli {{.*}} vector<8xi16>
// WIDENING:           %[[BOTH:.*]] = arith.addi %[[FIRST]], %[[SECOND]] : vector<8xi16>
// WIDENING:           vector.shuffle %[[BOTH]], %[[BOTH]] [0, 1, 2, 3]
// ARMV7-LABEL: func.func @depthwise
// ARMV7:         arith.addi {{.*}} : vector<8xi16>
memref.global "private" constant @w2 : memref<1x2x8xi8> = dense<1>
memref.global "private" constant @b8 : memref<8xi32> = dense<0>
func.func @depthwise(%x: memref<1x1x2x8xi8>, %y: memref<1x1x1x8xi8>) {
  %w = memref.get_global @w2 : memref<1x2x8xi8>
  %b = memref.get_global @b8 : memref<8xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x8xi8>, memref<1x2x8xi8>, memref<8xi32>) outs(%y : memref<1x1x1x8xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Weights of 4 bits. For products of matrices a vector has two channels, of which the
// upper nibbles are the next two, 0x31 and 0x82, eight bytes after eight. Without dot
// products a vector is one channel, 0x21 and 0x83; 16 times -8 is the lowest byte, so that
// each product goes to the sums alone.
// MATRIX-LABEL: func.func @nibbles
// MATRIX:         memref.global "private" constant @{{.*}} : memref<32xi8> = dense<[49, 49, 49, 49, 49, 49, 49, 49, -126, -126, -126, -126, -126, -126, -126, -126, 49, 49, 49, 49, 49, 49, 49, 49, -126, -126, -126, -126, -126, -126, -126, -126]>
// MATRIX:         func.func private @kernel
// MATRIX:           %[[LOWER:.*]] = arith.shli
// MATRIX:           neon.smmla{{.*}}, %[[LOWER]])
// MATRIX:           %[[UPPER:.*]] = arith.andi
// MATRIX:           neon.smmla{{.*}}, %[[UPPER]])
// WIDENING-LABEL: func.func @nibbles
// WIDENING:         memref.global "private" constant @{{.*}} : memref<32xi8> = dense<[33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, 33, -125, -125, -125, -125, -125, -125, -125, -125, -125, -125, -125, -125, -125, -125, -125, -125]>
// WIDENING:         func.func private @kernel
// WIDENING-COUNT-16:  neon.saddlp
// WIDENING-NOT:       neon.saddlp
// ARMV7-LABEL: func.func @nibbles
// ARMV7:         memref.global "private" constant @{{.*}} : memref<32xi8> = dense<[33,
// ARMV7:         func.func private @kernel
// ARMV7-COUNT-16:  "llvm.arm.neon.vpadals"
// ARMV7-NOT:       vpadals
memref.global "private" constant @w : memref<4x1x1x16xi4> = dense<[[[[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]], [[[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]]], [[[3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]]], [[[-8, -8, -8, -8, -8, -8, -8, -8, -8, -8, -8, -8, -8, -8, -8, -8]]]]>
memref.global "private" constant @b : memref<4xi32> = dense<5>
func.func @nibbles(%x: memref<1x1x2x16xi8>, %y: memref<1x1x2x4xi8>) {
  %w = memref.get_global @w : memref<4x1x1x16xi4>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x16xi8>, memref<4x1x1x16xi4>, memref<4xi32>) outs(%y : memref<1x1x2x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
