// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels,canonicalize)' --split-input-file | FileCheck %s --check-prefixes=CHECK,X86
// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=neon-dotprod},canonicalize)' --split-input-file | FileCheck %s --check-prefixes=CHECK,NEON
// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=avx2},canonicalize)' --split-input-file | FileCheck %s --check-prefix=AVX2
// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=sse41},canonicalize)' --split-input-file | FileCheck %s --check-prefix=SSE
// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=arm-neon},canonicalize)' --split-input-file | FileCheck %s --check-prefix=ARMV7
// RUN: quant-opt %s --pass-pipeline='builtin.module(quantcc-expand-kernels{kernels=riscv-vector},canonicalize)' --split-input-file | FileCheck %s --check-prefix=RVV

// Activations of 16 bits. Five taps: two pairs and one tap with a zero, or five
// taps, of which eight would be loaded at once. The sums are requantized in 64
// bits: two channels of 16, or of eight, are there, and stored.
// Where there is no vpdpwssd, products of pairs are added to each other before.
// CHECK-LABEL: func.func @convolution
// AVX2-LABEL:  func.func @convolution
// AVX2:          memref.global "private" constant @{{.*}} : memref<48xi8> = dense<[1, 2, -1, 0, 0,
// AVX2:          %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// AVX2:          arith.addi %{{.*}}, %[[PAIRS]] : vector<8xi32>
// AVX2-COUNT-2:  memref.store
// SSE-LABEL:   func.func @convolution
// SSE:           %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.x86.sse2.pmadd.wd"
// SSE:           arith.addi %{{.*}}, %[[PAIRS]] : vector<4xi32>
// RISC-V's vectors shift the product once, or twice with a half away from zero.
// RVV-LABEL:   func.func @convolution
// RVV:           memref.load {{.*}}xi16
// RVV:           llvm.call_intrinsic "llvm.riscv.vwmacc"
// RVV:           %[[P:.*]] = llvm.call_intrinsic "llvm.riscv.vwmul"
// RVV:           llvm.call_intrinsic "llvm.riscv.vnclip"({{.*}}%[[P]]
// RVV:           llvm.call_intrinsic "llvm.riscv.vnclip"({{.*}}vector<[8]xi16>
// RVV-NOT:       llvm.riscv.vnclip
// RVV:           llvm.call_intrinsic "llvm.riscv.vse"
// RVV-LABEL:   func.func @depthwise
// RVV:           memref.global "private" constant @{{.*}} : memref<12xi32> = dense<3>
// RVV:           %[[T:.*]] = llvm.call_intrinsic "llvm.riscv.vnclip"
// RVV:           %[[SIGN:.*]] = llvm.call_intrinsic "llvm.riscv.vsra"({{.*}}%[[T]]
// RVV:           %[[AWAY:.*]] = llvm.call_intrinsic "llvm.riscv.vadd"({{.*}}%[[T]], %[[SIGN]]
// RVV:           llvm.call_intrinsic "llvm.riscv.vssra"({{.*}}%[[AWAY]]
// ARMV7-LABEL: func.func @convolution
// ARMV7:         memref.global "private" constant @{{.*}} : memref<40xi8> = dense<[1, -1, 0, 0, 0, 0, 0, 0, 2, 0,
// ARMV7:         llvm.call_intrinsic "llvm.arm.neon.vmulls.v4i32"
// CHECK:         call @[[KERNEL:.*]](%arg0, %arg1,
// X86:         memref.global "private" constant @{{.*}} : memref<96xi8> = dense<[1, 2, -1, 0, 0, 0,
// NEON:        memref.global "private" constant @{{.*}} : memref<40xi8> = dense<[1, -1, 0, 0, 0, 0, 0, 0, 2, 0,
// CHECK:       func.func private @[[KERNEL]]{{.*}}noinline
// X86:           arith.extsi {{.*}} : vector<32xi8> to vector<32xi16>
// X86:           llvm.call_intrinsic "llvm.x86.avx512.vpdpwssd.512"
// X86:           arith.extui {{.*}} : i16 to i32
// X86:           llvm.call_intrinsic "llvm.x86.avx512.vpdpwssd.512"
// NEON-COUNT-5:  arith.extsi {{.*}} : vector<8xi8> to vector<8xi16>
// CHECK:         arith.shli
// CHECK:         %[[M:.*]] = arith.extsi {{.*}} : vector<[[N:.*]]xi32> to vector<[[N]]xi64>
// CHECK:         %[[WIDE:.*]] = arith.extsi {{.*}} : vector<[[N]]xi32> to vector<[[N]]xi64>
// CHECK:         %[[PRODUCT:.*]] = arith.muli %[[WIDE]], %[[M]]
// CHECK:         %[[SUM:.*]] = arith.addi %[[PRODUCT]],
// CHECK:         %[[SHIFTED:.*]] = arith.shrsi %[[SUM]],
// CHECK:         arith.maxsi %[[SHIFTED]],
// CHECK:         arith.trunci {{.*}} to vector<[[N]]xi32>
// CHECK:         arith.trunci {{.*}} to vector<[[N]]xi16>
// X86:           vector.maskedstore
// NEON-COUNT-2:  memref.store
// CHECK:         return
memref.global "private" constant @w : memref<2x1x1x5xi8> = dense<[[[[1, 2, 3, 4, 5]]], [[[-1, 0, 0, 0, 0]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @convolution(%x: memref<1x1x1x5xi16>, %y: memref<1x1x1x2xi16>) {
  %w = memref.get_global @w : memref<2x1x1x5xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x5xi16>, memref<2x1x1x5xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi16>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Twelve channels: vectors of eight and of four. Rounding double shifts twice:
// by 31, and, from zero, by 34 - 31.
// CHECK-LABEL: func.func @depthwise
// CHECK:       memref.global "private" constant @{{.*}} : memref<12xi32> = dense<1518500250>
// CHECK:       memref.global "private" constant @{{.*}} : memref<12xi32> = dense<3>
// CHECK:       func.func private
// CHECK:         vector.load {{.*}} vector<8xi8>
// CHECK:         vector.load {{.*}} vector<8xi16>
// CHECK:         %[[HIGH:.*]] = arith.shrsi {{.*}}, %{{.*}} : vector<8xi64>
// CHECK:         %[[SIGN:.*]] = arith.shrsi %[[HIGH]], %{{.*}} : vector<8xi64>
// CHECK:         %[[AWAY:.*]] = arith.addi %[[HIGH]], %[[SIGN]]
// CHECK:         arith.addi %[[AWAY]],
// CHECK:         vector.store {{.*}} vector<8xi16>
// CHECK:         vector.load {{.*}} vector<4xi8>
// CHECK:         vector.store {{.*}} vector<4xi16>
memref.global "private" constant @w : memref<3x3x12xi8> = dense<3>
memref.global "private" constant @b : memref<12xi32> = dense<7>
func.func @depthwise(%x: memref<1x3x3x12xi16>, %y: memref<1x1x1x12xi16>) {
  %w = memref.get_global @w : memref<3x3x12xi8>
  %b = memref.get_global @b : memref<12xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x3x3x12xi16>, memref<3x3x12xi8>, memref<12xi32>) outs(%y : memref<1x1x1x12xi16>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<double>}
  return
}
