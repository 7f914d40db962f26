// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-dsp},canonicalize)' | FileCheck %s --check-prefixes=CHECK,DSP
// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-mve},canonicalize)' | FileCheck %s --check-prefixes=CHECK,MVE

// Activations of 16 bits. With the DSP extension four taps a step, whose weights
// come in the order 0, 2, 1, 3, as bytes 0 and 2 are widened to one pair; the
// fifth tap is alone. With MVE each of the five is, as eight make a step.
// CHECK-LABEL: func.func @convolution
// DSP:         memref.global "private" constant @{{.*}} : memref<16xi8> = dense<[1, 3, 2, 4, -1, -3, -2, -4, 5, 0, 0, 0, -5, 0, 0, 0]>
// MVE:         memref.global "private" constant @{{.*}} : memref<80xi8>
// CHECK:       func.func private
// DSP:           %[[FIRST:.*]] = llvm.call_intrinsic "llvm.arm.sxtb16"
// DSP:           %[[SECOND:.*]] = llvm.call_intrinsic "llvm.arm.sxtb16"
// DSP-COUNT-8:   llvm.call_intrinsic "llvm.arm.smlad"
// DSP-NOT:       smlad
// MVE-COUNT-10:  llvm.call_intrinsic "llvm.arm.mve.vmldava.v8i16"
// MVE-NOT:       vmldava
// CHECK:         arith.muli {{.*}} : vector<1xi64>
// CHECK:         return
memref.global "private" constant @w : memref<2x1x1x5xi8> = dense<[[[[1, 2, 3, 4, 5]]], [[[-1, -2, -3, -4, -5]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @convolution(%x: memref<1x1x1x5xi16>, %y: memref<1x1x1x2xi16>) {
  %w = memref.get_global @w : memref<2x1x1x5xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x5xi16>, memref<2x1x1x5xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi16>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>}
  return
}
