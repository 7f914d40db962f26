// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-dsp})' --split-input-file | FileCheck %s
// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-dsp},canonicalize)' --split-input-file | FileCheck %s --check-prefix=CODE

// One pixel. Five input channels: four bytes, then the last four again, with
// zeros for the weights of those three that were taken before. Two channels of
// results: biases, multipliers, offsets, and then the weights step by step,
// 0x04030201 and 0x000000FF, 0x05000000 and 0. Single rounding keeps the
// multiplier; with a shift of 34 - 32 = 2, half a unit of the result is 2.
// CHECK-LABEL: func.func @tail
// CHECK:         %[[C:.*]] = memref.get_global @[[CONSTANTS:.*]] : memref<10xi32>
// CHECK:         call @[[KERNEL:.*]](%arg0, %arg1, %[[C]])
// CHECK-NOT:     quantcc.fused_conv2d
// CHECK:       memref.global "private" constant @[[CONSTANTS]] : memref<10xi32> = dense<[100, 7, 1518500250, 1518500250, 2, 2, 67305985, 255, 83886080, 0]> {alignment = 8 : i64}
// CHECK:       func.func private @[[KERNEL]]{{.*}}noinline
// Two steps of one pixel and two channels. The weights are widened in registers.
// CODE-LABEL:  func.func @tail
// CODE-NOT:    llvm.alloca
// CODE-COUNT-8: llvm.call_intrinsic "llvm.arm.smlad"
// CODE-NOT:    smlad
// CODE:        {{^}}// -----
memref.global "private" constant @w : memref<2x1x1x5xi8> = dense<[[[[1, 2, 3, 4, 5]]], [[[-1, 0, 0, 0, 0]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @tail(%x: memref<1x1x1x5xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x5xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x5xi8>, memref<2x1x1x5xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Rounding double differs with the sign: twice the sum, and the sign's bits.
// A clamp that is not that of i8 takes instructions of its own.
// CODE-LABEL:  func.func @double
// CODE:          arith.addi %[[SUM:.*]], %[[SUM]] : i32
// CODE:          arith.shrsi %[[SUM]], %c31_i32
// CODE:          arith.muli {{.*}} : i64
// CODE:          arith.minsi {{.*}}, %c127_i32
// CODE:          arith.maxsi {{.*}}, %c-128_i32
// CODE:          arith.minsi {{.*}}, %c100_i32
// CODE:          arith.maxsi {{.*}}, %c-100_i32
memref.global "private" constant @w : memref<1x1x1x4xi8> = dense<1>
memref.global "private" constant @b : memref<1xi32> = dense<0>
func.func @double(%x: memref<1x1x1x4xi8>, %y: memref<1x1x1x1xi8>) {
  %w = memref.get_global @w : memref<1x1x1x4xi8>
  %b = memref.get_global @b : memref<1xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x4xi8>, memref<1x1x1x4xi8>, memref<1xi32>) outs(%y : memref<1x1x1x1xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1073741824>, shifts = array<i32: 34>, output_zero_point = 3 : i32, clamp_min = -100 : i32, clamp_max = 100 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// Two pixels by two channels. Nine tiles use the weights: they are widened in
// the frame, two words of halves for each of the two of a pair of channels, and
// read in pairs.
// CODE-LABEL:  func.func @widened
// CODE:          %[[WORDS:.*]] = arith.constant 4 : i32
// CODE:          llvm.alloca %[[WORDS]] x i32 {alignment = 8 : i64}
// CODE-COUNT-2:  llvm.load volatile {{.*}} : !llvm.ptr -> i64
// CODE-NOT:      load volatile
// CODE:        {{^}}// -----
memref.global "private" constant @w : memref<4x1x1x4xi8> = dense<1>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @widened(%x: memref<1x3x6x4xi8>, %y: memref<1x3x6x4xi8>) {
  %w = memref.get_global @w : memref<4x1x1x4xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x3x6x4xi8>, memref<4x1x1x4xi8>, memref<4xi32>) outs(%y : memref<1x3x6x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Six channels of a depthwise layer: the second group of four begins at the
// third channel. Each of the window's two places has the bytes of four channels.
// CHECK-LABEL: func.func @depthwise
// CHECK:       memref.global "private" constant @{{.*}} : memref<28xi32> = dense<[0, 0, 0, 0, {{.*}}, 67305985, 269422093, 0, 0, 0, 0, {{.*}}, 100992003, 303108111]>
// CODE-LABEL:  func.func @depthwise
// CODE-COUNT-4: "llvm.arm.smlatt"
// CODE-NOT:    smlatt
// CODE-NOT:    "llvm.arm.smlad"
memref.global "private" constant @w : memref<1x2x6xi8> = dense<[[[1, 2, 3, 4, 5, 6], [13, 14, 15, 16, 17, 18]]]>
memref.global "private" constant @b : memref<6xi32> = dense<0>
func.func @depthwise(%x: memref<1x1x2x6xi8>, %y: memref<1x1x1x6xi8>) {
  %w = memref.get_global @w : memref<1x2x6xi8>
  %b = memref.get_global @b : memref<6xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x6xi8>, memref<1x2x6xi8>, memref<6xi32>) outs(%y : memref<1x1x1x6xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// The layer of @tail with weights of 4 bits: those of the second channel are the
// upper nibbles of those of the first, 0x040302F1 and 0x05000000. Weights are
// multiplied as 16 times what they are, with 16 times the bias.
// CHECK-LABEL: func.func @nibbles
// CHECK:       memref.global "private" constant {{.*}} : memref<8xi32> = dense<[1600, 112, 1518500250, 1518500250, 2, 2, 67306225, 83886080]>
// CODE-LABEL:  func.func @nibbles
// CODE:          %[[ONES:.*]] = arith.constant -252645136 : i32
// CODE:          %[[LOWER:.*]] = arith.shli {{.*}}, %c4_i32
// CODE:          %[[BYTES:.*]] = arith.andi %[[LOWER]], %[[ONES]]
// CODE:          llvm.call_intrinsic "llvm.arm.sxtb16"(%[[BYTES]])
// CODE:          %[[UPPER:.*]] = llvm.load {{.*}}invariant
// CODE:          arith.andi %[[UPPER]], %[[ONES]]
// CODE:          arith.shrsi {{.*}}, %c4_i32
memref.global "private" constant @w : memref<2x1x1x5xi4> = dense<[[[[1, 2, 3, 4, 5]]], [[[-1, 0, 0, 0, 0]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @nibbles(%x: memref<1x1x1x5xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x5xi4>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x5xi8>, memref<2x1x1x5xi4>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
