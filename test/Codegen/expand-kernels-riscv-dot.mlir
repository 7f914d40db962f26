// RUN: quant-opt %s --quantcc-expand-kernels=kernels=riscv-vector-dot --split-input-file --canonicalize --cse | FileCheck %s

// Five bytes of three pixels: two words, the second of one byte and of three that count
// for nothing. The windows are copied, bytes by bytes, to where words are aligned, before
// the strips of channels. A word of each pixel times the words of the channels' weights.
// CHECK-LABEL: func.func @words
// CHECK:         memref.alloc() {{.*}} : memref<24xi8>
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<16xi8> = dense<[1, 2, 3, 4, 6, 7, 8, 9, 5, 0, 0, 0, 10, 0, 0, 0]>
// CHECK:         func.func private @kernel
// CHECK-DAG:       %[[FIVE:.*]] = arith.constant 5 : i64
// CHECK-COUNT-3:   "llvm.riscv.vse"(%{{[^,]*}}, %{{[^,]*}}, %[[FIVE]]) : (vector<[64]xi8>
// CHECK:           scf.for
// CHECK:             "llvm.riscv.vle"{{.*}} -> vector<[8]xi32>
// CHECK:             %[[WEIGHTS:.*]] = llvm.call_intrinsic "llvm.riscv.vle"{{.*}} -> vector<[8]xi32>
// CHECK:             %[[WORD:.*]] = llvm.load {{.*}} {alignment = 4 : i64} : !llvm.ptr -> i32
// CHECK:             %[[BYTES:.*]] = vector.bitcast %[[WEIGHTS]] : vector<[8]xi32> to vector<[32]xi8>
// CHECK:             "llvm.riscv.vqdot"(%{{[^,]*}}, %[[BYTES]], %[[WORD]],
// CHECK-COUNT-5:     "llvm.riscv.vqdot"
// CHECK-NOT:         "llvm.riscv.vqdot"
// CHECK-NOT:         "llvm.riscv.vwmacc"
// CHECK:             "llvm.riscv.vmulh"
memref.global "private" constant @w : memref<2x1x1x5xi8> = dense<[[[[1, 2, 3, 4, 5]]], [[[6, 7, 8, 9, 10]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<7>
func.func @words(%x: memref<1x1x3x5xi8>, %y: memref<1x1x3x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x5xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x3x5xi8>, memref<2x1x1x5xi8>, memref<2xi32>) outs(%y : memref<1x1x3x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// A depthwise layer has no neighbours to add: products of halves.
// CHECK-LABEL: func.func @depthwise
// CHECK:         "llvm.riscv.vwmacc"
// CHECK-NOT:     "llvm.riscv.vqdot"
memref.global "private" constant @w : memref<1x3x2xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<7>
func.func @depthwise(%x: memref<1x1x7x2xi8>, %y: memref<1x1x5x2xi8>) {
  %w = memref.get_global @w : memref<1x3x2xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x7x2xi8>, memref<1x3x2xi8>, memref<2xi32>) outs(%y : memref<1x1x5x2xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Weights of 4 bits: the second word's are the upper nibbles of the first's, 0x51 and 0x6F
// at the begin of each channel's. Sums are 16 times as large, as biases are.
// CHECK-LABEL: func.func @nibbles
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<8xi8> = dense<[81, 2, 3, 4, 111, 14, 13, 12]>
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<2xi32> = dense<[1600, 112]>
// CHECK:         func.func private @kernel
// CHECK-DAG:       %[[FOUR:.*]] = arith.constant 4 : i64
// CHECK-DAG:       %[[MASK:.*]] = arith.constant -252645136 : i32
// CHECK:           %[[UP:.*]] = llvm.call_intrinsic "llvm.riscv.vsll"(%{{[^,]*}}, %[[NIBBLES:[^,]*]], %[[FOUR]],
// CHECK:           %[[LOWER:.*]] = llvm.call_intrinsic "llvm.riscv.vand"(%{{[^,]*}}, %[[UP]], %[[MASK]],
// CHECK:           vector.bitcast %[[LOWER]]
// CHECK:           %[[UPPER:.*]] = llvm.call_intrinsic "llvm.riscv.vand"(%{{[^,]*}}, %[[NIBBLES]], %[[MASK]],
// CHECK:           vector.bitcast %[[UPPER]]
// CHECK:           %[[SUMS:.*]] = llvm.call_intrinsic "llvm.riscv.vqdot"
// CHECK-NOT:       "llvm.riscv.vqdot"
// CHECK:           llvm.call_intrinsic "llvm.riscv.vsra"(%{{[^,]*}}, %[[SUMS]], %[[FOUR]],
memref.global "private" constant @w : memref<2x1x1x5xi4> = dense<[[[[1, 2, 3, 4, 5]]], [[[-1, -2, -3, -4, 6]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @nibbles(%x: memref<1x1x1x5xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x5xi4>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x5xi8>, memref<2x1x1x5xi4>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
