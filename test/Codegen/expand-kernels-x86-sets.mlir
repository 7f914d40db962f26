// RUN: quant-opt %s --quantcc-expand-kernels=kernels=avx2 --split-input-file --canonicalize --cse | FileCheck %s --check-prefixes=WIDENED,AVX2
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=sse41 --split-input-file --canonicalize --cse | FileCheck %s --check-prefixes=WIDENED,SSE41
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=avx512 --split-input-file --canonicalize --cse | FileCheck %s --check-prefixes=WIDENED,AVX512

// Three inputs of two pixels are widened to memory of their own, with room for what a
// pair reads beyond the last. Weights are pairs of 16 bits by channel; the last pair goes
// back by one, with a zero. Kernels are called with rounding to nearest where instructions
// do not say so themselves.
// WIDENED-LABEL:  func.func @two_pixels
// WIDENED:          %[[SCRATCH:.*]] = memref.alloc() {alignment = {{[0-9]+}} : i64} : memref<14xi8>
// AVX2:             call_intrinsic "llvm.set.rounding"
// AVX512-NOT:       call_intrinsic "llvm.set.rounding"
// WIDENED:          call @[[KERNEL:.*]](%arg0, %arg1, %[[SCRATCH]],
// AVX2:             memref.global "private" constant @{{.*}} : memref<64xi8> = dense<[1, 0, -2, -1, 4, 0, -5, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, -6, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]>
// SSE41:            memref.global "private" constant @{{.*}} : memref<32xi8> = dense<[1, 0, -2, -1, 4, 0, -5, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, -6, -1, 0, 0, 0, 0, 0, 0, 0, 0]>
// WIDENED:          func.func private @[[KERNEL]]({{.*}}, %[[MEMORY:[a-z0-9]*]]: memref<14xi8> {quantcc.output}
// WIDENED:            %[[WIDE:.*]] = arith.extsi {{.*}} : vector<[[N:[0-9]+]]xi8> to vector<[[N]]xi16>
// AVX2-COUNT-4:       "llvm.x86.avx2.pmadd.wd"
// AVX2-NOT:           pmadd
// AVX2:               "llvm.fma"
// AVX2:               "llvm.x86.avx.cvt.ps2dq.256"
// SSE41-COUNT-4:      "llvm.x86.sse2.pmadd.wd"
// SSE41-NOT:          pmadd
// SSE41:              %[[PRODUCT:.*]] = arith.mulf
// SSE41:              arith.addf %[[PRODUCT]]
// SSE41:              "llvm.x86.sse2.cvtps2dq"
// AVX512-COUNT-4:     "llvm.x86.avx512.pmaddw.d.512"
// AVX512-NOT:         pmadd
// AVX512:             "llvm.x86.avx512.vfmadd.ps.512"
memref.global "private" constant @w : memref<2x1x1x3xi8> = dense<[[[[1, -2, 3]]], [[[4, -5, -6]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<0>
func.func @two_pixels(%x: memref<1x1x2x3xi8>, %y: memref<1x1x2x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x3xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x3xi8>, memref<2x1x1x3xi8>, memref<2xi32>) outs(%y : memref<1x1x2x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// A single pixel uses each weight once: they have 8 bits in memory.
// WIDENED-LABEL: func.func @one_pixel
// AVX2:            memref.global "private" constant @{{.*}} : memref<16xi8> = dense<[1, -2, 4, -5, 0
// WIDENED:         func.func private @
// AVX2:              vector.load {{.*}} : memref<16xi8>, vector<16xi8>
// AVX2-NEXT:         arith.extsi {{.*}} : vector<16xi8> to vector<16xi16>
memref.global "private" constant @w : memref<2x1x1x2xi8> = dense<[[[[1, -2]]], [[[4, -5]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<0>
func.func @one_pixel(%x: memref<1x1x1x2xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x2xi8>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x2xi8>, memref<2x1x1x2xi8>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Two taps of a depthwise layer are widened, then interleaved in halves of 128 bits.
// WIDENED-LABEL: func.func @depthwise
// WIDENED-NOT:     memref.alloc
// AVX2:            func.func private @
// AVX2:              %[[ONE:.*]] = arith.extsi {{.*}} : vector<16xi8> to vector<16xi16>
// AVX2:              %[[TWO:.*]] = arith.extsi {{.*}} : vector<16xi8> to vector<16xi16>
// AVX2:              vector.shuffle %[[ONE]], %[[TWO]] [0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25, 10, 26, 11, 27]
// AVX2:              vector.shuffle %[[ONE]], %[[TWO]] [4, 20, 5, 21, 6, 22, 7, 23, 12, 28, 13, 29, 14, 30, 15, 31]
memref.global "private" constant @w : memref<1x2x16xi8> = dense<1>
memref.global "private" constant @b : memref<16xi32> = dense<0>
func.func @depthwise(%x: memref<1x1x2x16xi8>, %y: memref<1x1x1x16xi8>) {
  %w = memref.get_global @w : memref<1x2x16xi8>
  %b = memref.get_global @b : memref<16xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x16xi8>, memref<1x2x16xi8>, memref<16xi32>) outs(%y : memref<1x1x1x16xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Weights of 4 bits, widened when they are read: 16 of AVX2's first vector and, above them,
// of its second; 8 with SSE4.1; with AVX-512 16 of each half of one vector. They are taken
// out with their signs.
// WIDENED-LABEL:  func.func @nibbles
// AVX2:             memref.global "private" constant @{{.*}} : memref<16xi8> = dense<51>
// SSE41:            memref.global "private" constant @{{.*}} : memref<16xi8> = dense<51>
// AVX512:           memref.global "private" constant @{{.*}} : memref<16xi8> = dense<51>
// WIDENED:          func.func private @
// AVX2-DAG:           %[[UP:.*]] = arith.constant dense<12> : vector<16xi16>
// AVX2-DAG:           %[[FOUR:.*]] = arith.constant dense<4> : vector<16xi16>
// AVX2:               %[[WIDE:.*]] = arith.extsi {{.*}} : vector<16xi8> to vector<16xi16>
// AVX2:               %[[TOP:.*]] = arith.shli %[[WIDE]], %[[UP]]
// AVX2:               arith.shrsi %[[TOP]], %[[UP]]
// AVX2:               arith.shrsi %[[WIDE]], %[[FOUR]]
// SSE41:              %[[WIDE:.*]] = arith.extsi {{.*}} : vector<8xi8> to vector<8xi16>
// SSE41:              arith.shli %[[WIDE]],
// SSE41:              arith.shrsi %[[WIDE]],
// AVX512:             %[[WIDE:.*]] = arith.extsi {{.*}} : vector<16xi8> to vector<16xi16>
// AVX512:             %[[TOP:.*]] = arith.shli %[[WIDE]],
// AVX512:             %[[LOWER:.*]] = arith.shrsi %[[TOP]],
// AVX512:             %[[UPPER:.*]] = arith.shrsi %[[WIDE]],
// AVX512:             vector.shuffle %[[LOWER]], %[[UPPER]] [0, 1, {{.*}}, 30, 31] : vector<16xi16>, vector<16xi16>
memref.global "private" constant @w : memref<16x1x1x2xi4> = dense<3>
memref.global "private" constant @b : memref<16xi32> = dense<0>
func.func @nibbles(%x: memref<1x1x2x2xi8>, %y: memref<1x1x2x16xi8>) {
  %w = memref.get_global @w : memref<16x1x1x2xi4>
  %b = memref.get_global @b : memref<16xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x2xi8>, memref<16x1x1x2xi4>, memref<16xi32>) outs(%y : memref<1x1x2x16xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
