// RUN: quant-opt %s --quantcc-expand-kernels=kernels=riscv-vector --split-input-file --verify-diagnostics --canonicalize --cse | FileCheck %s

// Channels in strips of as many as four registers hold sums: 8 for every 64 bits.
// A byte of each pixel times the weights of one tap. Rounded twice: the upper half of
// the product to the nearest, then what is left of 34 bits, halves of negative values
// downwards; four is a half of what is shifted out.
// CHECK-LABEL: func.func @split
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<6xi8> = dense<[1, 4, 2, 5, 3, 6]>
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<2xi32> = dense<4>
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<2xi16> = dense<3>
// CHECK:         func.func private @kernel
// CHECK-DAG:       %[[EIGHT:.*]] = arith.constant 8 : index
// CHECK-DAG:       %[[UP:.*]] = arith.constant 0 : i64
// CHECK-DAG:       %[[DOWN:.*]] = arith.constant 2 : i64
// CHECK-DAG:       %[[SIGN_BIT:.*]] = arith.constant 31 : i64
// CHECK:           %[[SCALE:.*]] = vector.vscale
// CHECK:           %[[LANES:.*]] = arith.muli %[[SCALE]], %[[EIGHT]]
// CHECK:           scf.for %[[CHANNEL:.*]] = %{{.*}} to %{{.*}} step %[[LANES]]
// CHECK:             arith.minui %{{.*}}, %[[LANES]]
// CHECK-COUNT-2:     "llvm.riscv.vwmacc"
// CHECK:             %[[ACC:.*]] = llvm.call_intrinsic "llvm.riscv.vwmacc"
// CHECK-NOT:         "llvm.riscv.vwmacc"
// CHECK:             %[[HIGH:.*]] = llvm.call_intrinsic "llvm.riscv.vsmul"(%{{[^,]*}}, %[[ACC]], %{{[^,]*}}, %[[UP]],
// CHECK:             %[[SUM:.*]] = llvm.call_intrinsic "llvm.riscv.vadd"(%{{[^,]*}}, %[[HIGH]],
// CHECK:             %[[SIGN:.*]] = llvm.call_intrinsic "llvm.riscv.vsra"(%{{[^,]*}}, %[[ACC]], %[[SIGN_BIT]],
// CHECK:             %[[ALL:.*]] = llvm.call_intrinsic "llvm.riscv.vadd"(%{{[^,]*}}, %[[SUM]], %[[SIGN]],
// CHECK:             %[[HALVES:.*]] = llvm.call_intrinsic "llvm.riscv.vnclip"(%{{[^,]*}}, %[[ALL]], %{{[^,]*}}, %[[DOWN]],
// CHECK:             %[[BYTES:.*]] = llvm.call_intrinsic "llvm.riscv.vnclip"(%{{[^,]*}}, %[[HALVES]], %[[UP]], %[[DOWN]],
// CHECK:             "llvm.riscv.vse"(%[[BYTES]],
memref.global "private" constant @w : memref<2x1x1x3xi8> = dense<[[[[1, 2, 3]]], [[[4, 5, 6]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @split(%x: memref<1x1x1x3xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x3xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x3xi8>, memref<2x1x1x3xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// Nothing to round twice: what is added before the shift rounds, here with ties to
// even, where these accumulators have none.
// CHECK-LABEL: func.func @line
// CHECK:         func.func private @kernel
// CHECK-DAG:       %[[DOWN:.*]] = arith.constant 2 : i64
// CHECK:           %[[HIGH:.*]] = llvm.call_intrinsic "llvm.riscv.vmulh"
// CHECK:           %[[SUM:.*]] = llvm.call_intrinsic "llvm.riscv.vadd"(%{{[^,]*}}, %[[HIGH]],
// CHECK:           llvm.call_intrinsic "llvm.riscv.vnclip"(%{{[^,]*}}, %[[SUM]], %{{[^,]*}}, %[[DOWN]],
// CHECK-NOT:       "llvm.riscv.vs{{ra|mul}}"
// CHECK:           return
memref.global "private" constant @w : memref<2x1x1x1xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<7>
func.func @line(%x: memref<1x1x1x1xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x1xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x1xi8>, memref<2x1x1x1xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<half_even>}
  return
}

// -----

// Half of an odd number is a tie, which goes up and down in turn: the product takes
// 64 bits, shifted once.
// CHECK-LABEL: func.func @wide
// CHECK:         func.func private @kernel
// CHECK-DAG:       %[[EVEN:.*]] = arith.constant 1 : i64
// CHECK:           %[[PRODUCT:.*]] = llvm.call_intrinsic "llvm.riscv.vwmul"
// CHECK:           llvm.call_intrinsic "llvm.riscv.vnclip"(%{{[^,]*}}, %[[PRODUCT]], %{{[^,]*}}, %[[EVEN]],
// CHECK-NOT:       "llvm.riscv.v{{smul|mulh}}"
// CHECK:           return
memref.global "private" constant @w : memref<2x1x1x1xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<7>
func.func @wide(%x: memref<1x1x1x1xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x1xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x1xi8>, memref<2x1x1x1xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1073741824>, shifts = array<i32: 31>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<half_even>}
  return
}

// -----

// A factor above a half takes the upper half of a product with twice the accumulator.
// CHECK-LABEL: func.func @steep
// CHECK:         func.func private @kernel
// CHECK-DAG:       %[[ONE:.*]] = arith.constant 1 : i64
// CHECK:           %[[ACC:.*]] = llvm.call_intrinsic "llvm.riscv.vwmacc"
// CHECK:           %[[TWICE:.*]] = llvm.call_intrinsic "llvm.riscv.vsll"(%{{[^,]*}}, %[[ACC]], %[[ONE]],
// CHECK:           llvm.call_intrinsic "llvm.riscv.vmulh"(%{{[^,]*}}, %[[TWICE]],
memref.global "private" constant @w : memref<2x1x1x1xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<7>
func.func @steep(%x: memref<1x1x1x1xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x1xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x1xi8>, memref<2x1x1x1xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 31>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<half_even>}
  return
}

// -----

// Accumulators beyond 2^30 have no bit to spare.
memref.global "private" constant @w : memref<2x1x1x70000xi8> = dense<127>
memref.global "private" constant @b : memref<2xi32> = dense<7>
func.func @mixed(%x: memref<1x1x1x70000xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x70000xi8>
  %b = memref.get_global @b : memref<2xi32>
  // expected-error @+1 {{has no kernel: its channels are rounded once and twice: rounding single rounds all once}}
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x70000xi8>, memref<2x1x1x70000xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250, 1518500250>, shifts = array<i32: 31, 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// A row of pixels, up to five. The rows of the window are a loop that LLVM keeps, so
// that a row's weights and inputs fit the registers: for 7 inputs of a row 15 products.
// CHECK-LABEL: func.func @depthwise
// CHECK:         func.func private @kernel
// CHECK:           %[[SUMS:.*]]:5 = scf.for
// CHECK-COUNT-15:    "llvm.riscv.vwmacc"
// CHECK-NOT:         "llvm.riscv.vwmacc"
// CHECK:             scf.yield
// CHECK-NEXT:      } {llvm.loop_annotation = #{{.*}}}
// CHECK:           "llvm.riscv.vmulh"(%{{[^,]*}}, %[[SUMS]]#0
// CHECK:           "llvm.riscv.vmulh"(%{{[^,]*}}, %[[SUMS]]#4
memref.global "private" constant @w : memref<3x3x2xi8> = dense<1>
memref.global "private" constant @b : memref<2xi32> = dense<7>
func.func @depthwise(%x: memref<1x3x7x2xi8>, %y: memref<1x1x5x2xi8>) {
  %w = memref.get_global @w : memref<3x3x2xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x3x7x2xi8>, memref<3x3x2xi8>, memref<2xi32>) outs(%y : memref<1x1x5x2xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Weights of 4 bits: a byte has those of two taps, 0x21 and 0x54, and 0x03 and 0x0A with
// nothing above. They are taken out with their signs, so that sums are what they are.
// CHECK-LABEL: func.func @nibbles
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<4xi8> = dense<[33, 84, 3, 10]>
// CHECK-DAG:     memref.global "private" constant @{{.*}} : memref<2xi32> = dense<[100, 7]>
// CHECK:         func.func private @kernel
// CHECK-DAG:       %[[FOUR:.*]] = arith.constant 4 : i64
// CHECK-DAG:       %[[TWELVE:.*]] = arith.constant 12 : i64
// CHECK:           %[[TOP:.*]] = llvm.call_intrinsic "llvm.riscv.vsll"(%{{[^,]*}}, %[[BYTES:[^,]*]], %[[TWELVE]],
// CHECK:           %[[LOWER:.*]] = llvm.call_intrinsic "llvm.riscv.vsra"(%{{[^,]*}}, %[[TOP]], %[[TWELVE]],
// CHECK:           llvm.call_intrinsic "llvm.riscv.vwmacc"(%{{[^,]*}}, %{{[^,]*}}, %[[LOWER]],
// CHECK:           %[[UPPER:.*]] = llvm.call_intrinsic "llvm.riscv.vsra"(%{{[^,]*}}, %[[BYTES]], %[[FOUR]],
// CHECK:           llvm.call_intrinsic "llvm.riscv.vwmacc"(%{{[^,]*}}, %{{[^,]*}}, %[[UPPER]],
// CHECK:           llvm.call_intrinsic "llvm.riscv.vsll"
// CHECK:           llvm.call_intrinsic "llvm.riscv.vwmacc"
// CHECK-NOT:       vwmacc
// CHECK:           return
memref.global "private" constant @w : memref<2x1x1x3xi4> = dense<[[[[1, 2, 3]]], [[[4, 5, -6]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @nibbles(%x: memref<1x1x1x3xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x3xi4>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x3xi8>, memref<2x1x1x3xi4>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
