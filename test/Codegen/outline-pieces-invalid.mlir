// RUN: quant-opt %s --split-input-file --quantcc-outline-pieces --verify-diagnostics

func.func @c98_value_from_memory(%x: memref<1xi8>, %y: memref<2xi8> {quantcc.output}) {
  %c0 = arith.constant 0 : index
  %a = memref.load %x[%c0] : memref<1xi8>
  // expected-error @+1 {{expected pieces that take from outside only what follows from the function's arguments (C98)}}
  scf.forall (%i) in (2) {
    memref.store %a, %y[%i] : memref<2xi8>
  }
  return
}

// -----

func.func @c98_buffer_without_a_place(%y: memref<2xi8> {quantcc.output}) {
  %buffer = memref.alloc() : memref<2xi8>
  // expected-error @+1 {{expected pieces that take from outside only what follows from the function's arguments (C98)}}
  scf.forall (%i) in (2) {
    %a = memref.load %buffer[%i] : memref<2xi8>
    memref.store %a, %y[%i] : memref<2xi8>
  }
  return
}

// -----

func.func @c99_unknown_number(%y: memref<2xi8> {quantcc.output}, %n: index) {
  // expected-error @+1 {{expected one index from 0 to a constant, and no results (C99)}}
  scf.forall (%i) in (%n) {
  }
  return
}

// -----

func.func @c99_two_indices(%y: memref<2xi8> {quantcc.output}) {
  // expected-error @+1 {{expected one index from 0 to a constant, and no results (C99)}}
  scf.forall (%i, %j) in (2, 3) {
  }
  return
}
