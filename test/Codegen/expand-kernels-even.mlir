// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon-dotprod --canonicalize --cse | FileCheck %s --check-prefixes=CHECK,NEON
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=arm-mve --canonicalize --cse | FileCheck %s --check-prefixes=CHECK,MVE
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=arm-dsp --canonicalize --cse | FileCheck %s --check-prefixes=CHECK,WORDS
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=scalar --canonicalize --cse | FileCheck %s --check-prefixes=CHECK,WORDS

// A scale of 2^-6, ties to even. Sums of up to 512 leave 20 bits below 2^30, but as the
// shift has 20 at most, they are shifted up by 16: 36 + 16 - 32 = 20. What is added is
// 5 * 2^20 + 2^19 - 1, and the lowest bit of the quotient. NEON's instruction doubles the
// product, and so takes half of the multiplier of 2^30.
// CHECK-LABEL: func.func @even
// NEON-DAG:      memref.global "private" constant @{{.*}} : memref<4xi32> = dense<5767167>
// NEON-DAG:      memref.global "private" constant @{{.*}} : memref<4xi32> = dense<536870912>
// MVE:           memref.global "private" constant @{{.*}} = dense<[{{.*}}1073741824, {{.*}}5767167, 5767167,
// WORDS:         memref.global "private" constant @{{.*}} = dense<[{{.*}}1073741824, {{.*}}5767167,
// NEON-DAG:      %[[UP:.*]] = arith.constant dense<16> : vector<4xi32>
// NEON-DAG:      %[[BITS:.*]] = arith.constant dense<20> : vector<4xi32>
// NEON-DAG:      %[[ONE:.*]] = arith.constant dense<1> : vector<4xi32>
// NEON:          %[[SUM:.*]] = arith.shli %{{.*}}, %[[UP]]
// NEON:          %[[T:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sqdmulh"(%[[SUM]],
// NEON:          %[[QUOTIENT:.*]] = arith.shrsi %[[T]], %[[BITS]]
// NEON:          %[[ODD:.*]] = arith.andi %[[QUOTIENT]], %[[ONE]]
// NEON:          %[[MORE:.*]] = arith.addi %[[ODD]],
// NEON:          %[[ROUNDED:.*]] = arith.addi %[[T]], %[[MORE]]
// NEON:          arith.shrsi %[[ROUNDED]], %[[BITS]]
// MVE-DAG:       %[[BITS:.*]] = arith.constant dense<20> : vector<4xi32>
// MVE-DAG:       %[[ONE:.*]] = arith.constant dense<1> : vector<4xi32>
// MVE:           %[[T:.*]] = llvm.call_intrinsic "llvm.arm.mve.vmulh.v4i32"
// MVE:           %[[QUOTIENT:.*]] = arith.shrsi %[[T]], %[[BITS]]
// MVE:           %[[ODD:.*]] = arith.andi %[[QUOTIENT]], %[[ONE]]
// MVE:           %[[MORE:.*]] = arith.addi {{.*}}%[[ODD]]
// MVE:           %[[ROUNDED:.*]] = arith.addi %[[T]], %[[MORE]]
// MVE:           arith.shrsi %[[ROUNDED]], %[[BITS]]
// WORDS-DAG:     %[[BITS:.*]] = arith.constant 20 : i32
// WORDS-DAG:     %[[ONE:.*]] = arith.constant 1 : i32
// WORDS:         %[[T:.*]] = arith.trunci {{.*}} : i64 to i32
// WORDS:         %[[QUOTIENT:.*]] = arith.shrsi %[[T]], %[[BITS]]
// WORDS:         %[[ODD:.*]] = arith.andi %[[QUOTIENT]], %[[ONE]]
// WORDS:         %[[MORE:.*]] = arith.addi {{.*}}%[[ODD]]
// WORDS:         %[[ROUNDED:.*]] = arith.addi %[[T]], %[[MORE]]
// WORDS:         arith.shrsi %[[ROUNDED]], %[[BITS]]
memref.global "private" constant @w : memref<4x1x1x4xi8> = dense<1>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @even(%x: memref<1x1x2x4xi8>, %y: memref<1x1x2x4xi8>) {
  %w = memref.get_global @w : memref<4x1x1x4xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x4xi8>, memref<4x1x1x4xi8>, memref<4xi32>) outs(%y : memref<1x1x2x4xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1073741824>, shifts = array<i32: 36>, output_zero_point = 5 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<half_even>}
  return
}
