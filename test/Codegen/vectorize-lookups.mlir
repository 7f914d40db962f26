// RUN: quant-opt %s --quantcc-vectorize-reductions='accumulator-bits=256 kernels=neon' | FileCheck %s --check-prefixes=CHECK,NEON
// RUN: quant-opt %s --quantcc-vectorize-reductions='accumulator-bits=256 kernels=arm-neon' | FileCheck %s --check-prefixes=CHECK,ARMV7
// RUN: quant-opt %s --quantcc-vectorize-reductions='accumulator-bits=256 kernels=arm-mve' | FileCheck %s --check-prefixes=CHECK,MVE
// RUN: quant-opt %s --quantcc-vectorize-reductions='accumulator-bits=1024 kernels=avx512' | FileCheck %s --check-prefixes=CHECK,AVX512
// RUN: quant-opt %s --quantcc-vectorize-reductions='accumulator-bits=256 kernels=avx2' | FileCheck %s --check-prefix=NONE

// NONE-NOT: vector.load

memref.global "private" constant @table : memref<256xi8> = dense<1>
#same = affine_map<(d0, d1) -> (d0, d1)>

// Both dimensions of a whole buffer become one; its rest is looked up one by
// one. The table is in sixteen registers, of which an instruction takes four;
// or bytes are gathered; or words of two bytes are permuted, for even and odd
// positions.
// CHECK-LABEL: func.func @whole
// CHECK-SAME:    (%[[X:.*]]: memref<5x41xi8>, %[[Y:.*]]: memref<5x41xi8>)
// CHECK-DAG:     %[[FROM:.*]] = memref.collapse_shape %[[X]]
// CHECK-DAG:     %[[TO:.*]] = memref.collapse_shape %[[Y]]
// NEON:          scf.for
// NEON:            %[[P:.*]] = vector.load %[[FROM]]{{.*}} : memref<205xi8>, vector<16xi8>
// NEON:            %[[A:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.tbl4.v16i8"({{.*}}, %[[P]])
// NEON:            %[[P1:.*]] = arith.subi %[[P]],
// NEON:            %[[B:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.tbx4.v16i8"(%[[A]], {{.*}}, %[[P1]])
// NEON:            %[[C:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.tbx4.v16i8"(%[[B]],
// NEON:            %[[D:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.tbx4.v16i8"(%[[C]],
// NEON:            vector.store %[[D]], %[[TO]]
// ARMV7:         %[[P:.*]] = vector.load %[[FROM]]{{.*}} : memref<205xi8>, vector<16xi8>
// ARMV7-COUNT-4: vector.load %{{.*}} : memref<256xi8>, vector<8xi8>
// ARMV7:         %[[LOW:.*]] = vector.shuffle %[[P]], %[[P]] [0, 1, 2, 3, 4, 5, 6, 7]
// ARMV7:         %[[A:.*]] = llvm.call_intrinsic "llvm.arm.neon.vtbl4"({{.*}}, %[[LOW]])
// ARMV7:         %[[HIGH:.*]] = vector.shuffle %[[P]], %[[P]] [8, 9, 10, 11, 12, 13, 14, 15]
// ARMV7:         %[[B:.*]] = llvm.call_intrinsic "llvm.arm.neon.vtbl4"({{.*}}, %[[HIGH]])
// ARMV7:         %[[P1:.*]] = arith.subi %[[P]],
// ARMV7:         %[[LOW1:.*]] = vector.shuffle %[[P1]], %[[P1]] [0,
// ARMV7:         llvm.call_intrinsic "llvm.arm.neon.vtbx4"(%[[A]], {{.*}}, %[[LOW1]])
// ARMV7-COUNT-13: llvm.call_intrinsic "llvm.arm.neon.vtbx4"
// ARMV7:         %[[R:.*]] = vector.shuffle %{{.*}} [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
// ARMV7:         vector.store %[[R]], %[[TO]]
// MVE:           %[[P:.*]] = vector.load %[[FROM]]{{.*}} : memref<205xi8>, vector<16xi8>
// MVE:           %[[R:.*]] = llvm.call_intrinsic "llvm.arm.mve.vldr.gather.offset.v16i8.p0.v16i8"(%{{.*}}, %[[P]],
// MVE:           vector.store %[[R]], %[[TO]]
// AVX512:        vector.load %[[FROM]]{{.*}} : memref<205xi8>, vector<64xi8>
// AVX512-COUNT-4: llvm.call_intrinsic "llvm.x86.avx512.vpermi2var.hi.512"
// AVX512:        vector.store {{.*}}, %[[TO]]{{.*}} vector<64xi8>
// CHECK:         scf.for
// CHECK:           memref.load %[[FROM]]
// CHECK:           arith.index_castui
// CHECK:           memref.store %{{.*}}, %[[TO]]
// CHECK-NOT:     linalg
// CHECK:         return
func.func @whole(%x: memref<5x41xi8>, %y: memref<5x41xi8>) {
  %table = memref.get_global @table : memref<256xi8>
  linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%x : memref<5x41xi8>) outs(%y : memref<5x41xi8>) {
  ^bb0(%in: i8, %out: i8):
    %index = arith.index_castui %in : i8 to index
    %r = memref.load %table[%index] : memref<256xi8>
    linalg.yield %r : i8
  }
  return
}

// Rows that lie apart stay rows. What is computed before a lookup is computed
// in vectors too.
// CHECK-LABEL: func.func @rows
// CHECK-NOT:     memref.collapse_shape
// CHECK:         scf.for
// CHECK:           %[[V:.*]] = vector.load {{.*}} memref<5x64xi8, strided<[80, 1]>>
// CHECK:           arith.addi %[[V]], {{.*}} : vector<{{16|64}}xi8>
// CHECK-NOT:     memref.store
// CHECK:         return
func.func @rows(%x: memref<5x64xi8, strided<[80, 1]>>, %y: memref<5x64xi8>) {
  %table = memref.get_global @table : memref<256xi8>
  linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%x : memref<5x64xi8, strided<[80, 1]>>) outs(%y : memref<5x64xi8>) {
  ^bb0(%in: i8, %out: i8):
    %more = arith.addi %in, %in : i8
    %index = arith.index_castui %more : i8 to index
    %r = memref.load %table[%index] : memref<256xi8>
    linalg.yield %r : i8
  }
  return
}

// Fewer bytes than are looked up at once, and a table of words.
// CHECK-LABEL: func.func @few
// CHECK-NOT:     vector.load
// CHECK:         linalg.generic
// CHECK:         linalg.generic
func.func @few(%x: memref<3x5xi8>, %y: memref<3x5xi8>, %u: memref<5x64xi8>, %v: memref<5x64xi16>, %words: memref<256xi16>) {
  %table = memref.get_global @table : memref<256xi8>
  linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%x : memref<3x5xi8>) outs(%y : memref<3x5xi8>) {
  ^bb0(%in: i8, %out: i8):
    %index = arith.index_castui %in : i8 to index
    %r = memref.load %table[%index] : memref<256xi8>
    linalg.yield %r : i8
  }
  linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%u : memref<5x64xi8>) outs(%v : memref<5x64xi16>) {
  ^bb0(%in: i8, %out: i16):
    %index = arith.index_castui %in : i8 to index
    %r = memref.load %words[%index] : memref<256xi16>
    linalg.yield %r : i16
  }
  return
}
