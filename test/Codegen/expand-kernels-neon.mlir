// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon-dotprod --split-input-file --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon-dotprod --split-input-file --verify-diagnostics --canonicalize --cse | FileCheck %s --check-prefix=LOOPS

// Nine input channels: eight bytes, then the last four, with zeros for the weights
// of those three that were taken before. Two results in a vector of four. Kernels
// are called with rounding to nearest, and the caller gets its own back.
// CHECK-LABEL: func.func @rest
// CHECK:         %[[W:.*]] = memref.get_global @[[WEIGHTS:.*]] : memref<48xi8>
// CHECK:         %[[B:.*]] = memref.get_global @[[BIAS:.*]] : memref<4xi32>
// CHECK:         %[[S:.*]] = memref.get_global @{{.*}} : memref<4xf32>
// CHECK:         %[[O:.*]] = memref.get_global @{{.*}} : memref<4xf32>
// CHECK:         %[[BEFORE:.*]] = llvm.call_intrinsic "llvm.get.rounding"()
// CHECK:         %[[NEAREST:.*]] = arith.constant 1 : i32
// CHECK:         llvm.call_intrinsic "llvm.set.rounding"(%[[NEAREST]])
// CHECK:         call @[[KERNEL:.*]](%arg0, %arg1, %[[W]], %[[B]], %[[S]], %[[O]])
// CHECK:         llvm.call_intrinsic "llvm.set.rounding"(%[[BEFORE]])
// CHECK-DAG:   memref.global "private" constant @[[BIAS]] : memref<4xi32> = dense<[100, 7, 0, 0]> {alignment = 16 : i64}
// CHECK-DAG:   memref.global "private" constant @[[WEIGHTS]] : memref<48xi8> = dense<[1, 2, 3, 4, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]>
// CHECK-DAG:   func.func private @[[KERNEL]]{{.*}}noinline
// LOOPS:       func.func private
// LOOPS:         vector.load {{.*}} vector<8xi8>
// LOOPS-COUNT-2: llvm.call_intrinsic "llvm.aarch64.neon.sdot
// LOOPS:         vector.load {{.*}} vector<4xi8>
// LOOPS:         llvm.call_intrinsic "llvm.aarch64.neon.sdot
// LOOPS-NOT:     neon.sdot
// LOOPS:         llvm.call_intrinsic "llvm.fma"
// LOOPS:         llvm.call_intrinsic "llvm.aarch64.neon.fcvtns"
memref.global "private" constant @w : memref<2x1x1x9xi8> = dense<[[[[1, 2, 3, 4, 5, 6, 7, 8, 9]]], [[[-1, 0, 0, 0, 0, 0, 0, 0, 0]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @rest(%x: memref<1x1x1x9xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x9xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x9xi8>, memref<2x1x1x9xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Panels that need different forms share the sums; a byte each says which form.
// 16 channels are exact in f32, of the next some are in f64 only.
// CHECK-LABEL: func.func @forms
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<2xi8> = dense<[0, 1]>
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<20xf32>
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<20xf64>
// LOOPS-LABEL: func.func @forms
// LOOPS:       func.func private
// LOOPS-COUNT-16: neon.sdot
// LOOPS:         scf.if
// LOOPS:           fcvtns{{.*}}vector<4xf32>) -> vector<4xi32>
// LOOPS:         else
// LOOPS:           fcvtns{{.*}}vector<2xf64>) -> vector<2xi64>
// LOOPS:           return
memref.global "private" constant @w : memref<20x1x1x16xi8> = dense<127>
memref.global "private" constant @b : memref<20xi32> = dense<[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1015021568, 0, 0, 0]>
func.func @forms(%x: memref<1x1x1x16xi8>, %y: memref<1x1x1x20xi8>) {
  %w = memref.get_global @w : memref<20x1x1x16xi8>
  %b = memref.get_global @b : memref<20xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x16xi8>, memref<20x1x1x16xi8>, memref<20xi32>) outs(%y : memref<1x1x1x20xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1073741824>, shifts = array<i32: 54>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
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
