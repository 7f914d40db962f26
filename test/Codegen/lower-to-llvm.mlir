// RUN: quant-opt %s --split-input-file --verify-diagnostics --quantcc-lower-to-llvm | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: quant-opt %s --split-input-file --verify-diagnostics --quantcc-lower-to-llvm=index-bitwidth=32 | FileCheck %s --check-prefixes=CHECK,NARROW

// CHECK: llvm.mlir.global private constant @weights(dense<[1, 2]> : tensor<2xi8>) {{.*}}alignment = 16
memref.global "private" constant @weights : memref<2xi8> = dense<[1, 2]> {alignment = 16}

// CHECK-LABEL: llvm.func @arguments_are_bare_pointers
// CHECK-SAME: %{{.*}}: !llvm.ptr {llvm.align = 4 : i64, llvm.noalias, llvm.nonnull, llvm.noundef, llvm.readonly}
// CHECK-SAME: %{{.*}}: !llvm.ptr {llvm.align = 1 : i64, llvm.noalias, llvm.nonnull, llvm.noundef}
// CHECK-SAME: %{{.*}}: !llvm.ptr {llvm.align = 16 : i64, llvm.noalias, llvm.noundef})
// CHECK-SAME: no_unwind
// CHECK-NOT: quantcc.
func.func @arguments_are_bare_pointers(
    %in: memref<2xi32> {quantcc.name = "x", quantcc.type = i32},
    %out: memref<2xi8> {quantcc.output},
    %arena: memref<0xi8> {quantcc.arena})
    attributes {quantcc.arena_bytes = 0 : i64, quantcc.arena_alignment = 16 : i64} {
  %c0 = arith.constant 0 : index
  %weights = memref.get_global @weights : memref<2xi8>
  %0 = memref.load %weights[%c0] : memref<2xi8>
  memref.store %0, %out[%c0] : memref<2xi8>
  return
}

// CHECK-LABEL: llvm.func @index_has_the_width_of_the_target
func.func @index_has_the_width_of_the_target(%out: memref<8xi8> {quantcc.output}) {
  // WIDE: llvm.mlir.constant(8 : index) : i64
  // NARROW: llvm.mlir.constant(8 : index) : i32
  // WIDE-NOT: i32
  // NARROW-NOT: i64
  // CHECK: llvm.return
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0 : i8
  scf.for %i = %c0 to %c8 step %c1 {
    memref.store %zero, %out[%i] : memref<8xi8>
  }
  return
}

// CHECK-LABEL: llvm.func @contiguous_copy_becomes_memcpy
func.func @contiguous_copy_becomes_memcpy(%in: memref<8xi8>, %out: memref<8xi8> {quantcc.output}) {
  // CHECK: llvm.intr.memcpy
  memref.copy %in, %out : memref<8xi8> to memref<8xi8>
  return
}

// -----

func.func @heap(%value: i8, %i: index) {
  // expected-error @+1 {{failed to legalize operation 'memref.alloc'}}
  %0 = memref.alloc() : memref<4xi8>
  memref.store %value, %0[%i] : memref<4xi8>
  return
}

// -----

// expected-error @+1 {{'llvm.func' op expected a model that calls no library}}
module {
  func.func @strided_copy(%in: memref<4x4xi8>, %out: memref<2x2xi8>) {
    %0 = memref.subview %in[0, 0] [2, 2] [1, 1] : memref<4x4xi8> to memref<2x2xi8, strided<[4, 1]>>
    memref.copy %0, %out : memref<2x2xi8, strided<[4, 1]>> to memref<2x2xi8>
    return
  }
}

// -----

// What is said of a loop reaches LLVM.
// CHECK: #[[$UNROLL:.*]] = #llvm.loop_unroll<disable = true>
// CHECK: #[[$LOOP:.*]] = #llvm.loop_annotation<unroll = #[[$UNROLL]]>
// CHECK-LABEL: llvm.func @loop_stays_one
// CHECK:         llvm.br ^{{.*}} {loop_annotation = #[[$LOOP]]}
func.func @loop_stays_one(%m: memref<25xi8>, %v: i8) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c25 = arith.constant 25 : index
  scf.for %i = %c0 to %c25 step %c1 {
    memref.store %v, %m[%i] : memref<25xi8>
  } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <disable = true>>}
  return
}
