// RUN: quant-opt %s --quantcc-expand-kernels=kernels=avx512-vnni --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=VNNI
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=avx2 --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=PAIRS
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon-dotprod --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=DOT
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=neon --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=NEON
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=arm-mve --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=MVE
// RUN: quant-opt %s --quantcc-expand-kernels=kernels=arm-dsp --split-input-file --canonicalize --cse | FileCheck %s --check-prefix=DSP

// Ten products a sum take three words of four with zeros; sixteen columns of four rows
// are interleaved to 64 bytes. Four rows of the first operand are 128 larger. Zero
// points: that of the first operand as products of each column, -(5 + 128) of them,
// that of the second as sums of each row.
// VNNI-LABEL: func.func @matmul
// VNNI:         memref.alloc() {{.*}} : memref<384xi8>
// VNNI:         func.func private @kernel
// VNNI-DAG:       %[[ZERO_TAP:.*]] = arith.constant -123 : i8
// VNNI-DAG:       %[[FLIP:.*]] = arith.constant dense<[-128, -128, -128, -128, -128, -128, -128, -128, -128, -128, 0, 0, 0, 0, 0, 0]>
// VNNI:           vector.interleave {{.*}} : vector<16xi8>
// VNNI:           vector.interleave {{.*}} : vector<32xi8>
// VNNI:           memref.store %[[ZERO_TAP]]
// VNNI:           vpdpbusd.512
// VNNI:           arith.xori %{{.*}}, %[[FLIP]]
// VNNI:           vector.reduction <add>
// VNNI-COUNT-4:   vpdpbusd.512
// VNNI-NOT:       vpdpbusd
// VNNI-COUNT-4:   cvtps2dq.512

// Pairs of i16 less their zero point: the columns have no terms.
// PAIRS-LABEL: func.func @matmul
// PAIRS:         func.func private @kernel
// PAIRS:           arith.subi {{.*}} : vector<16xi16>
// PAIRS:           vector.reduction <add>
// PAIRS-COUNT-8:   avx2.pmadd.wd
// PAIRS-NOT:       avx2.pmadd.wd
// PAIRS-COUNT-8:   avx.cvt.ps2dq.256

// Sixteen bytes of a row serve four steps; eight columns are two registers.
// DOT-LABEL: func.func @matmul
// DOT:         func.func private @kernel
// DOT-COUNT-16:  neon.sdot
// DOT:           vector.reduction <add>
// DOT-COUNT-64:  neon.sdot
// DOT-NOT:       neon.sdot
// DOT-COUNT-16:  neon.sqrdmulh

// NEON-LABEL: func.func @matmul
// NEON:         func.func private @kernel
// NEON-NOT:       sdot
// NEON:           neon.smull.v4i32

// Sums one by one, and sixteen products each.
// MVE-LABEL: func.func @matmul
// MVE:         func.func private @kernel
// MVE:           mve.vmldava.v16i8

// DSP-LABEL: func.func @matmul
// DSP:         func.func private @kernel
// DSP:           llvm.arm.sxtb16
// DSP:           llvm.arm.smlad
func.func @matmul(%a: memref<2x4x10xi8>, %b: memref<2x10x16xi8>, %y: memref<2x4x16xi8>) {
  quantcc.fused_matmul ins(%a, %b : memref<2x4x10xi8>, memref<2x10x16xi8>) outs(%y : memref<2x4x16xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -100 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}

// -----

// Zero points that are 0 have no terms; what is transposed is copied by four bytes.
// DOT-LABEL: func.func @transposed
// DOT:         func.func private @kernel
// DOT-NOT:       vector.reduction
// DOT:           vector.load {{.*}} vector<4xi8>
// DOT:           vector.store {{.*}} vector<4xi8>
// DOT-NOT:       vector.reduction
// DOT:         return
// PAIRS-LABEL: func.func @transposed
// PAIRS:         func.func private @kernel
// PAIRS:           vector.load {{.*}} vector<2xi8>
// PAIRS:           vector.store {{.*}} vector<2xi8>
func.func @transposed(%a: memref<1x4x16xi8>, %b: memref<1x8x16xi8>, %y: memref<1x4x8xi8>) {
  quantcc.fused_matmul ins(%a, %b : memref<1x4x16xi8>, memref<1x8x16xi8>) outs(%y : memref<1x4x8xi8>) {transpose_rhs, lhs_zero_point = 0 : i32, rhs_zero_point = 0 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -100 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}
