// RUN: sed 's/BIASED/biased_input,/' %s | quant-opt --pass-pipeline='builtin.module(quantcc-expand-kernels,canonicalize)' | FileCheck %s --check-prefixes=CHECK,X86
// RUN: sed 's/BIASED//' %s | quant-opt --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=neon-dotprod},canonicalize)' | FileCheck %s --check-prefixes=CHECK,NEON
// RUN: sed 's/BIASED//' %s | quant-opt --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=riscv-vector},canonicalize)' | FileCheck %s --check-prefixes=CHECK,RVV
// RUN: sed 's/BIASED//' %s | quant-opt --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-dsp},canonicalize)' | FileCheck %s --check-prefixes=CHECK,DSP
// RUN: sed 's/BIASED//' %s | quant-opt --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-mve},canonicalize)' | FileCheck %s --check-prefixes=CHECK,MVE

// Accumulators are stored as they are: nothing is multiplied but the input, and
// no numbers of a requantization are among the constants. Of six channels those
// that a vector has too many of are stored one by one, or computed again. A bias
// of x86 makes up for the 128 of its input: 7 - 128 * 8.
// CHECK-LABEL: func.func @product
// CHECK:         call @[[KERNEL:[^(]*]](
// X86:         memref.global "private" constant @{{.*}} : memref<16xi32> = dense<[-1017, -1017, -1017, -1017, -1017, -1017, 0,
// X86-NOT:     memref.global {{.*}}scales
// NEON:        memref.global "private" constant @{{.*}} : memref<8xi32> = dense<[7, 7, 7, 7, 7, 7, 0, 0]>
// NEON-NOT:    memref.global {{.*}}multipliers
// RVV:         memref.global "private" constant @{{.*}} : memref<6xi32> = dense<7>
// RVV-NOT:     memref.global {{.*}}multipliers
// CHECK:       func.func private @[[KERNEL]]({{.*}}memref<1x1x1x6xi32>
// X86:           llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// X86-COUNT-6:   memref.store {{.*}} : memref<6xi32
// NEON:          llvm.call_intrinsic "llvm.aarch64.neon.sdot.v4i32.v16i8"
// NEON:          vector.store {{.*}} vector<4xi32>
// NEON-COUNT-2:  memref.store {{.*}} : memref<6xi32
// RVV:           llvm.call_intrinsic "llvm.riscv.vse"({{.*}}vector<[8]xi32>
// DSP:           llvm.call_intrinsic "llvm.arm.smlad"
// DSP:           llvm.store {{.*}} : i32, !llvm.ptr
// MVE:           llvm.call_intrinsic "llvm.arm.mve.vmldava
// MVE:           llvm.store {{.*}} : vector<4xi32>, !llvm.ptr
// CHECK:         return
memref.global "private" constant @w : memref<6x1x1x8xi8> = dense<1>
memref.global "private" constant @b : memref<6xi32> = dense<7>
func.func @product(%x: memref<1x1x1x8xi8>, %y: memref<1x1x1x6xi32>) {
  %w = memref.get_global @w : memref<6x1x1x8xi8>
  %b = memref.get_global @b : memref<6xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x8xi8>, memref<6x1x1x8xi8>, memref<6xi32>) outs(%y : memref<1x1x1x6xi32>) {BIASED strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32>, shifts = array<i32>, output_zero_point = 0 : i32, clamp_min = -2147483648 : i32, clamp_max = 2147483647 : i32, rounding = #quantcc.rounding<single>}
  return
}
