// RUN: quant-opt %s --quantcc-expand-kernels --split-input-file | FileCheck %s
// RUN: quant-opt %s --quantcc-expand-kernels --split-input-file --canonicalize | FileCheck %s --check-prefix=LOOPS

// Five input channels: four bytes, then the last four again, with zeros for the
// weights of those three that were taken before. 16 channels of results in one
// vector; two of them exist. The bias makes up for bytes that are 128 too large,
// 8400100 - 128 * (1 + 2 + 3 + 4 + 5) and 8400007 - 128 * (-1); and, as the results are
// constant, it makes the lowest sums, 8400100 - 128 * 15 and 8400007 - 127, the bits of
// 2^23: 1258291200 + 0 and 1258291200 + 255.
// CHECK-LABEL: func.func @tail
// CHECK:         %[[B:.*]] = memref.get_global @[[BIAS:.*]] : memref<16xi32>
// CHECK:         %[[S:.*]] = memref.get_global @{{.*}} : memref<128xi8>
// CHECK:         %[[W:.*]] = memref.get_global @[[WEIGHTS:.*]] : memref<128xi8>
// CHECK:         call @[[KERNEL:.*]](%arg0, %arg1, %[[B]], %[[S]], %[[W]])
// CHECK-NOT:     quantcc.fused_conv2d
// CHECK-DAG:   memref.global "private" constant @[[BIAS]] : memref<16xi32> = dense<[1258291200, 1258291455, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]> {alignment = 64 : i64}
// CHECK-DAG:   memref.global "private" constant @[[WEIGHTS]] : memref<128xi8> = dense<"0x01020304FF00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000500000000
// CHECK-DAG:   func.func private @[[KERNEL]]{{.*}}noinline
// LOOPS:       func.func private
// LOOPS-COUNT-2: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:   vpdpbusd
// LOOPS:       func.func @shared
memref.global "private" constant @w : memref<2x1x1x5xi8> = dense<[[[[1, 2, 3, 4, 5]]], [[[-1, 0, 0, 0, 0]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[8400100, 8400007]>
func.func @tail(%x: memref<1x1x1x5xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x5xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x5xi8>, memref<2x1x1x5xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Layers that differ in their constants alone share a function; another stride
// makes another.
// CHECK-LABEL: func.func @shared
// CHECK:         call @[[FIRST:kernel.*]](%arg0, %arg1
// CHECK:         call @[[FIRST]](%arg1, %arg0
// CHECK:         call @[[SECOND:kernel.*]](%arg0, %arg2
// CHECK-NOT:     quantcc.fused_conv2d
// CHECK-COUNT-2: func.func private @
// CHECK-NOT:   func.func private @
memref.global "private" constant @w : memref<4x1x1x4xi8> = dense<1>
memref.global "private" constant @v : memref<4x1x1x4xi8> = dense<2>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @shared(%x: memref<1x4x4x4xi8>, %y: memref<1x4x4x4xi8>, %z: memref<1x2x2x4xi8>) {
  %w = memref.get_global @w : memref<4x1x1x4xi8>
  %v = memref.get_global @v : memref<4x1x1x4xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x4x4x4xi8>, memref<4x1x1x4xi8>, memref<4xi32>) outs(%y : memref<1x4x4x4xi8>) {biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  quantcc.fused_conv2d ins(%y, %v, %b : memref<1x4x4x4xi8>, memref<4x1x1x4xi8>, memref<4xi32>) outs(%x : memref<1x4x4x4xi8>) {biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1218500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  quantcc.fused_conv2d ins(%x, %v, %b : memref<1x4x4x4xi8>, memref<4x1x1x4xi8>, memref<4xi32>) outs(%z : memref<1x2x2x4xi8>) {biased_input, biased_result, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Sums of at most 23 bits are the bits of numbers in f32: no conversion, and the lower
// halves of the results' bits are narrowed, to unsigned bytes if they are biased, which are
// clamped as such: -100 + 128.
// CHECK-LABEL: func.func @bits
// LOOPS-LABEL: func.func @bits
// LOOPS:       func.func private
// LOOPS:         llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:     sitofp
// LOOPS:         vector.bitcast %{{.*}} : vector<16xi32> to vector<16xf32>
// LOOPS:         llvm.call_intrinsic "llvm.x86.avx512.vfmadd.ps.512"
// LOOPS-NOT:     cvtps2dq
// LOOPS-COUNT-2: vector.shuffle %{{.*}}, %{{.*}} [0, 2, 4, 6, 32, 34, 36, 38, 8, 10, 12, 14, 40, 42, 44, 46, {{.*}} : vector<32xi16>, vector<32xi16>
// LOOPS:         llvm.call_intrinsic "llvm.x86.avx512.packuswb.512"
// LOOPS:         arith.maxui %{{.*}}, %{{.*}} : vector<64xi8>
// LOOPS:       func.func private
// LOOPS:         llvm.call_intrinsic "llvm.x86.avx512.packsswb.512"
// LOOPS:         arith.maxsi
memref.global "private" constant @w : memref<64x1x1x4xi8> = dense<1>
memref.global "private" constant @b : memref<64xi32> = dense<0>
func.func @bits(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x64xi8>) {
  %w = memref.get_global @w : memref<64x1x1x4xi8>
  %b = memref.get_global @b : memref<64xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<64x1x1x4xi8>, memref<64xi32>) outs(%y : memref<1x1x1x64xi8>) {biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -100 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<64x1x1x4xi8>, memref<64xi32>) outs(%y : memref<1x1x1x64xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -100 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Steps that no line in f32 has but for one accumulator: a sum that is the exception of
// its channel is taken for the next. Exceptions are loaded beside scales and offsets.
// CHECK-LABEL: func.func @exception
// CHECK:         memref.get_global @{{.*}} : memref<192xi8>
// LOOPS-LABEL: func.func @exception
// LOOPS:       func.func private
// LOOPS:         %[[SUM:.*]] = scf.for
// LOOPS:         %[[E:.*]] = vector.bitcast %{{.*}} : vector<64xi8> to vector<16xi32>
// LOOPS:         %[[IS:.*]] = arith.cmpi eq, %[[SUM]], %[[E]] : vector<16xi32>
// LOOPS:         %[[NEXT:.*]] = arith.addi %[[SUM]], %{{.*}} : vector<16xi32>
// LOOPS:         %[[MENDED:.*]] = arith.select %[[IS]], %[[NEXT]], %[[SUM]]
// LOOPS:         vector.bitcast %[[MENDED]] : vector<16xi32> to vector<16xf32>
// LOOPS-NOT:     sitofp
// LOOPS:         llvm.call_intrinsic "llvm.x86.avx512.packuswb.512"
memref.global "private" constant @w : memref<16x1x1x12xi8> = dense<127>
memref.global "private" constant @b : memref<16xi32> = dense<0>
func.func @exception(%x: memref<1x1x1x12xi8>, %y: memref<1x1x1x16xi8>) {
  %w = memref.get_global @w : memref<16x1x1x12xi8>
  %b = memref.get_global @b : memref<16xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x12xi8>, memref<16x1x1x12xi8>, memref<16xi32>) outs(%y : memref<1x1x1x16xi8>) {biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1108090059>, shifts = array<i32: 39>, output_zero_point = -128 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// Sums of each sign have a line of their own: negative ones are those below that of 0,
// and have something added and an offset of their own.
// CHECK-LABEL: func.func @signs
// CHECK:         memref.get_global @{{.*}} : memref<320xi8>
// LOOPS-LABEL: func.func @signs
// LOOPS:       func.func private
// LOOPS-COUNT-4: vector.bitcast %{{.*}} : vector<64xi8> to vector<16xf32>
// LOOPS:         %[[MORE:.*]] = vector.bitcast %{{.*}} : vector<64xi8> to vector<16xf32>
// LOOPS:         %[[SUM:.*]] = vector.bitcast %{{.*}} : vector<16xi32> to vector<16xf32>
// LOOPS:         %[[IS:.*]] = arith.cmpf olt, %[[SUM]], %{{.*}} : vector<16xf32>
// LOOPS:         %[[OTHER:.*]] = arith.addf %[[SUM]], %[[MORE]] : vector<16xf32>
// LOOPS:         arith.select %[[IS]], %[[OTHER]], %[[SUM]]
// LOOPS:         arith.select %[[IS]]
// LOOPS-NOT:     sitofp
// LOOPS:         llvm.call_intrinsic "llvm.x86.avx512.packuswb.512"
memref.global "private" constant @w : memref<16x1x1x12xi8> = dense<127>
memref.global "private" constant @b : memref<16xi32> = dense<0>
func.func @signs(%x: memref<1x1x1x12xi8>, %y: memref<1x1x1x16xi8>) {
  %w = memref.get_global @w : memref<16x1x1x12xi8>
  %b = memref.get_global @b : memref<16xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x12xi8>, memref<16x1x1x12xi8>, memref<16xi32>) outs(%y : memref<1x1x1x16xi8>) {biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 41>, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// Layers whose forms differ do not share a function, though all else is equal: ties that
// go to even leave bits no offset.
// CHECK-LABEL: func.func @forms
// CHECK:         call @[[FIRST:kernel.*]](%arg0, %arg1
// CHECK:         call @[[SECOND:kernel.*]](%arg0, %arg1
// CHECK-COUNT-2: func.func private @kernel
memref.global "private" constant @w : memref<16x1x1x4xi8> = dense<1>
memref.global "private" constant @b : memref<16xi32> = dense<0>
func.func @forms(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x16xi8>) {
  %w = memref.get_global @w : memref<16x1x1x4xi8>
  %b = memref.get_global @b : memref<16xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<16x1x1x4xi8>, memref<16xi32>) outs(%y : memref<1x1x1x16xi8>) {biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -100 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<16x1x1x4xi8>, memref<16xi32>) outs(%y : memref<1x1x1x16xi8>) {biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1073741824>, shifts = array<i32: 38>, output_zero_point = 0 : i32, clamp_min = -100 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<half_even>}
  return
}

// -----

// Three rows of three pixels: tiles of one row, as those of two would compute one row
// again. Eight bytes of input are two steps, without a loop.
// CHECK-LABEL: func.func @small
// LOOPS-LABEL: func.func @small
// LOOPS:         scf.for %{{.*}} = %c0 to %c3
// LOOPS-NOT:     scf.for
// LOOPS-COUNT-24: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:     vpdpbusd
memref.global "private" constant @w : memref<64x1x1x8xi8> = dense<1>
memref.global "private" constant @b : memref<64xi32> = dense<0>
func.func @small(%x: memref<1x3x3x8xi8>, %y: memref<1x3x3x64xi8>) {
  %w = memref.get_global @w : memref<64x1x1x8xi8>
  %b = memref.get_global @b : memref<64xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x3x3x8xi8>, memref<64x1x1x8xi8>, memref<64xi32>) outs(%y : memref<1x3x3x64xi8>) {biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -100 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// A 3x3 window goes down the columns of an image: what a row of the input adds to
// three rows of results, four vectors each, is in one iteration, and the first two
// rows come before. Each row is interleaved once.
// CHECK-LABEL: func.func @columns
// CHECK:       memref.global "private" constant @weights{{.*}} : memref<768xi8> = dense<"0x0101010001010100
// LOOPS-LABEL: func.func @columns
// LOOPS-COUNT-12: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:     vpdpbusd
// LOOPS:         scf.for %{{.*}} = %c0 to %c7 {{.*}} iter_args
// LOOPS-COUNT-8:   vector.shuffle
// LOOPS-NOT:       vector.shuffle
// LOOPS-COUNT-12:  llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:       vpdpbusd
// LOOPS:           scf.yield %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : vector<16xi32>
memref.global "private" constant @w : memref<3x3x64xi8> = dense<1>
memref.global "private" constant @b : memref<64xi32> = dense<0>
func.func @columns(%x: memref<1x9x4x64xi8>, %y: memref<1x7x2x64xi8>) {
  %w = memref.get_global @w : memref<3x3x64xi8>
  %b = memref.get_global @b : memref<64xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x9x4x64xi8>, memref<3x3x64xi8>, memref<64xi32>) outs(%y : memref<1x7x2x64xi8>) {depthwise, biased_input, biased_result, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// With stride 2, two rows of the input make a row of results, and a third that the
// next one shares. Four pixels of 16 channels are arranged from one load each: words
// of four channels, then the bytes within 128 bits.
// CHECK-LABEL: func.func @narrow_columns
// CHECK:       memref.global "private" constant @weights{{.*}} : memref<192xi8> =
// LOOPS-LABEL: func.func @narrow_columns
// LOOPS-COUNT-4: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:     vpdpbusd
// LOOPS:         scf.for %{{.*}} = %c0 to %c4 {{.*}} iter_args
// LOOPS:           vector.load {{.*}} vector<64xi8>
// LOOPS:           vector.shuffle %{{.*}}, %{{.*}} [0, 4, 8, 8, 1, 5, 9, 9, 2, 6, 10, 10, 3, 7, 11, 11] : vector<16xi32>, vector<16xi32>
// LOOPS:           vector.shuffle %{{.*}}, %{{.*}} [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 16, 20, {{.*}} : vector<64xi8>, vector<64xi8>
// LOOPS-COUNT-12:  llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:       vpdpbusd
// LOOPS:           scf.yield %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : vector<16xi32>
memref.global "private" constant @w : memref<3x3x16xi8> = dense<1>
memref.global "private" constant @b : memref<16xi32> = dense<0>
func.func @narrow_columns(%x: memref<1x9x9x16xi8>, %y: memref<1x4x4x16xi8>) {
  %w = memref.get_global @w : memref<3x3x16xi8>
  %b = memref.get_global @b : memref<16xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x9x9x16xi8>, memref<3x3x16xi8>, memref<16xi32>) outs(%y : memref<1x4x4x16xi8>) {depthwise, biased_input, biased_result, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Pixels of 32 channels with stride 2: rows in pairs, whose first two columns and whose
// third one are pairs of bytes, which are interleaved to four taps. Of nine weights 1 to 9,
// the lower row of the turn before has 1 and 2; this turn's square has 4, 5, 7 and 8, and
// the third column, with the row before in its second tap, 3, 6 and 9.
// CHECK-LABEL: func.func @row_pairs
// CHECK:       memref.global "private" constant @weights{{.*}} : memref<384xi8> = dense<"0x{{(00000102)+(04050708)+(00030609)+}}"
// LOOPS-LABEL: func.func @row_pairs
// LOOPS:         scf.for
// LOOPS-COUNT-4:   llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:       vpdpbusd
// LOOPS:           scf.for %{{.*}} = %c0 to %c4 {{.*}} iter_args
// LOOPS-COUNT-2:     vector.shuffle %{{.*}}, %{{.*}} [0, 32, 1, 33, {{.*}} : vector<64xi8>, vector<64xi8>
// LOOPS-COUNT-2:     vector.load {{.*}} vector<32xi8>
// LOOPS:             vector.shuffle %{{.*}}, %{{.*}} [0, 1, 2, {{.*}} : vector<32xi8>, vector<32xi8>
// LOOPS:             vector.shuffle %{{.*}}, %{{.*}} [0, 32, 1, 33, {{.*}} : vector<64xi8>, vector<64xi8>
// LOOPS-COUNT-12:    llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// LOOPS-NOT:         vpdpbusd
// LOOPS:             scf.yield
memref.global "private" constant @w : memref<3x3x32xi8> = dense<"0x010101010101010101010101010101010101010101010101010101010101010102020202020202020202020202020202020202020202020202020202020202020303030303030303030303030303030303030303030303030303030303030303040404040404040404040404040404040404040404040404040404040404040405050505050505050505050505050505050505050505050505050505050505050606060606060606060606060606060606060606060606060606060606060606070707070707070707070707070707070707070707070707070707070707070708080808080808080808080808080808080808080808080808080808080808080909090909090909090909090909090909090909090909090909090909090909">
memref.global "private" constant @b : memref<32xi32> = dense<0>
func.func @row_pairs(%x: memref<1x9x9x32xi8>, %y: memref<1x4x4x32xi8>) {
  %w = memref.get_global @w : memref<3x3x32xi8>
  %b = memref.get_global @b : memref<32xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x9x9x32xi8>, memref<3x3x32xi8>, memref<32xi32>) outs(%y : memref<1x4x4x32xi8>) {depthwise, biased_input, biased_result, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// With stride 2 three rows of results are a tile, and its weights stay in registers: one
// place for all of them, as for bias and scales.
// CHECK-LABEL: func.func @kept_weights
// LOOPS-LABEL: func.func @kept_weights
// LOOPS:       func.func private
// LOOPS-COUNT-3: llvm.inline_asm
// LOOPS-NOT:     llvm.inline_asm
memref.global "private" constant @w : memref<3x3x64xi8> = dense<1>
memref.global "private" constant @b : memref<64xi32> = dense<0>
func.func @kept_weights(%x: memref<1x7x3x64xi8>, %y: memref<1x3x1x64xi8>) {
  %w = memref.get_global @w : memref<3x3x64xi8>
  %b = memref.get_global @b : memref<64xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x7x3x64xi8>, memref<3x3x64xi8>, memref<64xi32>) outs(%y : memref<1x3x1x64xi8>) {depthwise, biased_input, biased_result, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Two neighbouring pixels of a depthwise layer share what is interleaved: the
// second's weights begin with a zero.
// CHECK-LABEL: func.func @pair
// LOOPS-LABEL: func.func @pair
// CHECK:         %[[W:.*]] = memref.get_global @[[WEIGHTS:weights.*]] : memref<512xi8>
// CHECK:       memref.global "private" constant @[[WEIGHTS]] : memref<512xi8> = dense<"0x010203000102030001020300
// CHECK-SAME:    0001020300010203
memref.global "private" constant @w : memref<1x3x64xi8> = dense<"0x010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020203030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303">
memref.global "private" constant @b : memref<64xi32> = dense<0>
func.func @pair(%x: memref<1x1x4x64xi8>, %y: memref<1x1x2x64xi8>) {
  %w = memref.get_global @w : memref<1x3x64xi8>
  %b = memref.get_global @b : memref<64xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x4x64xi8>, memref<1x3x64xi8>, memref<64xi32>) outs(%y : memref<1x1x2x64xi8>) {depthwise, biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Rows of a frame are apart: 64 bytes each. Sums that differ in their scales
// alone share a function.
// CHECK-LABEL: func.func @sums
// CHECK:         %[[S:.*]] = memref.get_global @{{.*}} : memref<3xf32>
// CHECK:         call @[[ADD:kernel.*]](%arg0, %arg1, %arg2, %[[S]])
// CHECK:         call @[[ADD]](%arg1, %arg0, %arg2
// CHECK-NOT:     quantcc.fused_add
// CHECK-COUNT-1: func.func private @
// LOOPS:       func.func private {{.*}}memref<3xf32>
// LOOPS-COUNT-8: vfmadd.ps.512
// LOOPS-NOT:     vfmadd.ps.512
func.func @sums(%a: memref<1x4x4x16xi8>, %b: memref<1x4x4x16xi8>, %y: memref<1x4x4x16xi8, strided<[384, 96, 16, 1]>>) {
  quantcc.fused_add ins(%a, %b : memref<1x4x4x16xi8>, memref<1x4x4x16xi8>) outs(%y : memref<1x4x4x16xi8, strided<[384, 96, 16, 1]>>) {biased_operands, biased_result, lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  quantcc.fused_add ins(%b, %a : memref<1x4x4x16xi8>, memref<1x4x4x16xi8>) outs(%y : memref<1x4x4x16xi8, strided<[384, 96, 16, 1]>>) {biased_operands, biased_result, lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, rhs_zero_point = -1 : i32, rhs_multiplier = 1618500250 : i32, rhs_shift = 32 : i32, left_shift = 20 : i32, output_multiplier = 1210000000 : i32, output_shift = 49 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// The layer of @tail with weights of 4 bits and a third channel: two weights in
// a byte of the only vector, multiplied as 16 times what they are. So is the
// bias: 16 * (100 - 128 * 15), 16 * (7 + 128), 16 * -128.
// CHECK-LABEL: func.func @nibbles
// CHECK-DAG:   memref.global "private" constant @{{.*}} : memref<16xi32> = dense<[-29120, 2160, -2048, 0,
// CHECK-DAG:   memref.global "private" constant @{{.*}} : memref<64xi8> = dense<[33, 67, 15, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 80, 0,
// LOOPS-LABEL: func.func @nibbles
// LOOPS:       func.func private
// LOOPS-DAG:     %[[MASK:.*]] = arith.constant dense<-16> : vector<64xi8>
// LOOPS-DAG:     %[[FOUR:.*]] = arith.constant dense<4> : vector<32xi16>
// LOOPS-DAG:     %[[EIGHT:.*]] = arith.constant dense<8> : vector<32xi16>
// LOOPS:         %[[PAIRS:.*]] = arith.extui {{.*}} : vector<32xi8> to vector<32xi16>
// LOOPS:         %[[LOWER:.*]] = arith.shli %[[PAIRS]], %[[FOUR]]
// LOOPS:         %[[UPPER:.*]] = arith.shli %[[PAIRS]], %[[EIGHT]]
// LOOPS:         %[[BOTH:.*]] = arith.ori %[[LOWER]], %[[UPPER]]
// LOOPS:         %[[BYTES:.*]] = vector.bitcast %[[BOTH]]
// LOOPS:         %[[WEIGHTS:.*]] = arith.andi %[[BYTES]], %[[MASK]]
// LOOPS:         llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"({{.*}}, %[[WEIGHTS]])
memref.global "private" constant @w : memref<3x1x1x5xi4> = dense<[[[[1, 2, 3, 4, 5]]], [[[-1, 0, 0, 0, 0]]], [[[1, 0, 0, 0, 0]]]]>
memref.global "private" constant @b : memref<3xi32> = dense<[100, 7, 0]>
func.func @nibbles(%x: memref<1x1x1x5xi8>, %y: memref<1x1x1x3xi8>) {
  %w = memref.get_global @w : memref<3x1x1x5xi4>
  %b = memref.get_global @b : memref<3xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x5xi8>, memref<3x1x1x5xi4>, memref<3xi32>) outs(%y : memref<1x1x1x3xi8>) {biased_input, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
