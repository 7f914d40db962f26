// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-dsp},canonicalize)' | FileCheck %s
// RUN: not quant-opt %s --quantcc-expand-kernels=kernels=arm-mve 2>&1 | FileCheck %s --check-prefix=MVE

// With the DSP extension channels are taken one by one, for four pixels at once,
// which share the weight.
// CHECK-LABEL:   func.func @depthwise
// CHECK:           func.func private
// CHECK:             %[[WEIGHT:.*]] = vector.load {{.*}} vector<1xi8>
// CHECK-COUNT-4:     vector.load {{.*}} vector<1xi16>
// CHECK:             vector.store {{.*}} vector<1xi16>
// MVE: 'quantcc.fused_conv2d' op has no kernel: depthwise layers of 16 bits take less so
memref.global "private" constant @w : memref<1x3x5xi8> = dense<3>
memref.global "private" constant @b : memref<5xi32> = dense<7>
func.func @depthwise(%x: memref<1x1x6x5xi16>, %y: memref<1x1x4x5xi16>) {
  %w = memref.get_global @w : memref<1x3x5xi8>
  %b = memref.get_global @b : memref<5xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x6x5xi16>, memref<1x3x5xi8>, memref<5xi32>) outs(%y : memref<1x1x4x5xi16>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>}
  return
}
