// RUN: quant-opt %s --split-input-file --quantcc-outline-pieces --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --split-input-file --quantcc-outline-pieces --quantcc-lower-to-llvm --verify-diagnostics | FileCheck %s --check-prefix=LLVM

memref.global "private" constant @table : memref<2xi8> = dense<[1, 2]>

// CHECK-LABEL: func.func @model
// CHECK-SAME: (%[[Y:.*]]: memref<2xi8> {quantcc.output}, %[[ARENA:.*]]: memref<16xi8> {quantcc.arena})
// CHECK: scf.forall (%[[I:.*]]) in (2) {
// CHECK-NEXT: func.call @model_piece(%[[Y]], %[[ARENA]], %[[I]])
// CHECK-NEXT: }
// CHECK: func.func private @model_piece(%[[PY:.*]]: memref<2xi8>, %[[PARENA:.*]]: memref<16xi8>, %[[N:.*]]: index) attributes
// CHECK-SAME: quantcc.piece
// CHECK-DAG: %[[VIEW:.*]] = memref.view %[[PARENA]][%c4{{.*}}][] : memref<16xi8> to memref<2xi8>
// CHECK-DAG: %[[TABLE:.*]] = memref.get_global @table
// CHECK: memref.load %[[TABLE]][%[[N]]]
// CHECK: memref.store %{{.*}}, %[[PY]][%[[N]]]

// The context holds the arguments; the two that are the caller's come last.
// LLVM-LABEL: llvm.func @model(
// LLVM-SAME: %[[Y:[^:]*]]: !llvm.ptr {{{[^}]*}}}, %[[ARENA:[^:]*]]: !llvm.ptr {{{[^}]*}}}, %[[FOR:[^:]*]]: !llvm.ptr, %[[POOL:[^:]*]]: !llvm.ptr)
// LLVM: %[[CONTEXT:.*]] = llvm.alloca %{{.*}} x !llvm.ptr
// LLVM: llvm.store %[[Y]], %{{.*}}
// LLVM: llvm.store %[[ARENA]], %{{.*}}
// LLVM: %[[COUNT:.*]] = llvm.mlir.constant(2 : i32) : i32
// LLVM: %[[TASK:.*]] = llvm.mlir.addressof @model_piece_task
// LLVM: llvm.call %[[FOR]](%[[POOL]], %[[COUNT]], %[[TASK]], %[[CONTEXT]]) : !llvm.ptr, (!llvm.ptr, i32 {llvm.signext}, !llvm.ptr, !llvm.ptr) -> ()
// Pieces know of their arguments what the model does.
// LLVM: llvm.func internal @model_piece(%{{.*}}: !llvm.ptr {{{.*}}llvm.noalias{{.*}}}, %{{.*}}: !llvm.ptr {{{.*}}llvm.noalias
// LLVM: llvm.func internal @model_piece_task(%[[C:.*]]: !llvm.ptr, %[[N:.*]]: i32)
// LLVM: %[[WIDE:.*]] = llvm.zext %[[N]] : i32 to i64
// LLVM: llvm.call @model_piece(%{{.*}}, %{{.*}}, %[[WIDE]])
func.func @model(%y: memref<2xi8> {quantcc.output}, %arena: memref<16xi8> {quantcc.arena})
    attributes {quantcc.pieces = 2 : i64, quantcc.arena_bytes = 16 : i64, quantcc.arena_alignment = 16 : i64} {
  %c4 = arith.constant 4 : index
  %table = memref.get_global @table : memref<2xi8>
  %view = memref.view %arena[%c4][] : memref<16xi8> to memref<2xi8>
  scf.forall (%i) in (2) {
    %a = memref.load %view[%i] : memref<2xi8>
    %b = memref.load %table[%i] : memref<2xi8>
    %c = arith.addi %a, %b : i8
    memref.store %c, %y[%i] : memref<2xi8>
  }
  return
}

// -----

// A threaded model takes the two pointers though it has no pieces.
// LLVM-LABEL: llvm.func @nothing_to_cut(
// LLVM-SAME: !llvm.ptr {{{[^}]*}}}, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr)
func.func @nothing_to_cut(%y: memref<2xi8> {quantcc.output}) attributes {quantcc.pieces = 2 : i64} {
  return
}
