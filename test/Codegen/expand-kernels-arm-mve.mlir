// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-mve})' --split-input-file | FileCheck %s
// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-mve},canonicalize)' --split-input-file | FileCheck %s --check-prefix=CODE

// 18 input channels: 16 bytes, and then the last 16 again, with zeros for the
// weights of those 14 that were taken before. A vector for each of four channels
// in each step: 12 words before, 2 * 4 * 4 of weights.
// CHECK-LABEL: func.func @tail
// CHECK:         memref.get_global @[[CONSTANTS:.*]] : memref<44xi32>
// CHECK:       memref.global "private" constant @[[CONSTANTS]] : memref<44xi32> = dense<[5, 6, 7, 8, 1518500250, 1518500250, 1518500250, 1518500250, 2, 2, 2, 2, 16843009, 16843009, 16843009, 16843009, {{.*}}, 0, 0, 0, 16842752, 0, 0, 0, 16842752, 0, 0, 0, 16842752, 0, 0, 0, 16842752]> {alignment = 16 : i64}
// CODE-LABEL:  func.func @tail
// CODE-COUNT-8: llvm.call_intrinsic "llvm.arm.mve.vmldava.v16i8"
// CODE-NOT:    vmldava
// CODE:        llvm.call_intrinsic "llvm.arm.mve.vmulh.v4i32"
// CODE:        arith.trunci {{.*}} : vector<4xi32> to vector<4xi8>
// CODE:        {{^}}// -----
memref.global "private" constant @w : memref<4x1x1x18xi8> = dense<1>
memref.global "private" constant @b : memref<4xi32> = dense<[5, 6, 7, 8]>
func.func @tail(%x: memref<1x1x1x18xi8>, %y: memref<1x1x1x4xi8>) {
  %w = memref.get_global @w : memref<4x1x1x18xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x18xi8>, memref<4x1x1x18xi8>, memref<4xi32>) outs(%y : memref<1x1x1x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Nine bytes a row: what is not there is not read.
// CODE-LABEL:  func.func @short_runs
// CODE-COUNT-3: llvm.intr.masked.load
// CODE-NOT:    masked.load
// CODE:        {{^}}// -----
memref.global "private" constant @w : memref<4x3x3x3xi8> = dense<1>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @short_runs(%x: memref<1x3x3x3xi8, strided<[1000, 100, 3, 1]>>, %y: memref<1x1x1x4xi8>) {
  %w = memref.get_global @w : memref<4x3x3x3xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x3x3x3xi8, strided<[1000, 100, 3, 1]>>, memref<4x3x3x3xi8>, memref<4xi32>) outs(%y : memref<1x1x1x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// One word a row of the window, of which there are five: four rows are one
// vector, the fifth and three zeros another.
// CODE-LABEL:  func.func @collected
// CODE-NOT:    masked.load
// CODE-COUNT-2: vector.from_elements {{.*}} : vector<4xi32>
// CODE-COUNT-4: "llvm.arm.mve.vmldava.v16i8"
// CODE:        {{^}}// -----
memref.global "private" constant @w : memref<4x5x4x1xi8> = dense<1>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @collected(%x: memref<1x5x4x1xi8, strided<[1000, 100, 1, 1]>>, %y: memref<1x1x1x4xi8>) {
  %w = memref.get_global @w : memref<4x5x4x1xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x5x4x1xi8, strided<[1000, 100, 1, 1]>>, memref<4x5x4x1xi8>, memref<4xi32>) outs(%y : memref<1x1x1x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Two pixels share the weights of both places of the window. Rounding double
// takes the product of twice the sum, rounded.
// CODE-LABEL:  func.func @depthwise
// CODE-COUNT-4: arith.muli {{.*}} : vector<4xi32>
// CODE-NOT:    arith.muli {{.*}} : vector<4xi32>
// CODE-COUNT-2: "llvm.arm.mve.vrmulh.v4i32"
// CODE:        {{^}}// -----
memref.global "private" constant @w : memref<1x2x4xi8> = dense<1>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @depthwise(%x: memref<1x1x3x4xi8>, %y: memref<1x1x2x4xi8>) {
  %w = memref.get_global @w : memref<1x2x4xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x3x4xi8>, memref<1x2x4xi8>, memref<4xi32>) outs(%y : memref<1x1x2x4xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1073741824>, shifts = array<i32: 34>, output_zero_point = 3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// A multiplier of a half: twice the sums.
// CODE-LABEL:  func.func @steep
// CODE-DAG:    %[[ONE:.*]] = arith.constant dense<1> : vector<4xi32>
// CODE:        vector.from_elements
// CODE:        %[[SUMS:.*]] = arith.addi
// CODE:        %[[TWICE:.*]] = arith.shli %[[SUMS]], %[[ONE]]
// CODE:        "llvm.arm.mve.vmulh.v4i32"(%[[TWICE]]
memref.global "private" constant @w : memref<4x1x1x16xi8> = dense<1>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @steep(%x: memref<1x1x1x16xi8>, %y: memref<1x1x1x4xi8>) {
  %w = memref.get_global @w : memref<4x1x1x16xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x16xi8>, memref<4x1x1x16xi8>, memref<4xi32>) outs(%y : memref<1x1x1x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 31>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Fewer channels than a vector has words go by the DSP extension.
// CODE-LABEL:  func.func @narrow
// CODE:        "llvm.arm.smlad"
// CODE-NOT:    llvm.arm.mve
memref.global "private" constant @w : memref<2x1x1x16xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<0>
func.func @narrow(%x: memref<1x1x1x16xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x16xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x16xi8>, memref<2x1x1x16xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Weights of 4 bits: 16 of one channel, and in the upper nibbles 16 of the next.
// Two vectors of a step instead of four, 0x21 and 0x43 in each byte.
// CHECK-LABEL: func.func @nibbles
// CHECK:       memref.global "private" constant {{.*}} : memref<20xi32> = dense<[80, 96, 112, 128, 1518500250, 1518500250, 1518500250, 1518500250, 2, 2, 2, 2, 555819297, 555819297, 555819297, 555819297, 1128481603, 1128481603, 1128481603, 1128481603]>
// CODE-LABEL:  func.func @nibbles
// CODE-DAG:      %[[FOUR:.*]] = arith.constant dense<4> : vector<16xi8>
// CODE-DAG:      %[[MASK:.*]] = arith.constant dense<-16> : vector<16xi8>
// CODE-DAG:      %[[DOWN:.*]] = arith.constant dense<4> : vector<4xi32>
// CODE:          %[[LOWER:.*]] = arith.shli {{.*}}, %[[FOUR]]
// CODE:          llvm.call_intrinsic "llvm.arm.mve.vmldava.v16i8"({{.*}}, %[[LOWER]])
// CODE:          %[[UPPER:.*]] = arith.andi {{.*}}, %[[MASK]]
// CODE:          llvm.call_intrinsic "llvm.arm.mve.vmldava.v16i8"({{.*}}, %[[UPPER]])
// CODE:          arith.shrsi {{.*}}, %[[DOWN]]
memref.global "private" constant @w : memref<4x1x1x16xi4> = dense<[[[[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]], [[[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]]], [[[3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]]], [[[4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]]]]>
memref.global "private" constant @b : memref<4xi32> = dense<[5, 6, 7, 8]>
func.func @nibbles(%x: memref<1x1x1x16xi8>, %y: memref<1x1x1x4xi8>) {
  %w = memref.get_global @w : memref<4x1x1x16xi4>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x16xi8>, memref<4x1x1x16xi4>, memref<4xi32>) outs(%y : memref<1x1x1x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
