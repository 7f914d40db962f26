// RUN: quant-opt %s --split-input-file --quantcc-parallelize --verify-diagnostics

func.func @c97_pieces_overlap(%y: memref<5x8xi32> {quantcc.output}) {
  %zero = arith.constant 0 : i32
  // expected-error @+1 {{expected independent pieces: two pieces may write the same element (C97)}}
  scf.forall (%i) in (4) {
    %out = memref.subview %y[%i, 0] [2, 8] [1, 1] : memref<5x8xi32> to memref<2x8xi32, strided<[8, 1], offset: ?>>
    linalg.fill ins(%zero : i32) outs(%out : memref<2x8xi32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

func.func @c97_pieces_read_the_next(%y: memref<5x8xi32> {quantcc.output}) {
  %c1 = arith.constant 1 : index
  // expected-error @+1 {{expected independent pieces: a piece may read what another one writes (C97)}}
  scf.forall (%i) in (4) {
    %next = arith.addi %i, %c1 : index
    %in = memref.subview %y[%next, 0] [1, 8] [1, 1] : memref<5x8xi32> to memref<1x8xi32, strided<[8, 1], offset: ?>>
    %out = memref.subview %y[%i, 0] [1, 8] [1, 1] : memref<5x8xi32> to memref<1x8xi32, strided<[8, 1], offset: ?>>
    linalg.copy ins(%in : memref<1x8xi32, strided<[8, 1], offset: ?>>) outs(%out : memref<1x8xi32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

func.func @c97_unknown_place(%y: memref<5x8xi32> {quantcc.output}, %at: memref<4xindex>) {
  %zero = arith.constant 0 : i32
  // expected-error @+1 {{expected independent pieces: it is not known what 'linalg.fill' touches (C97)}}
  scf.forall (%i) in (4) {
    %row = memref.load %at[%i] : memref<4xindex>
    %out = memref.subview %y[%row, 0] [1, 8] [1, 1] : memref<5x8xi32> to memref<1x8xi32, strided<[8, 1], offset: ?>>
    linalg.fill ins(%zero : i32) outs(%out : memref<1x8xi32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

// Inputs may overlap anything.
func.func @c97_writes_an_input(%x: memref<4x8xi32>) {
  %zero = arith.constant 0 : i32
  // expected-error @+1 {{expected independent pieces: it is not known what else has the bytes that it writes (C97)}}
  scf.forall (%i) in (4) {
    %out = memref.subview %x[%i, 0] [1, 8] [1, 1] : memref<4x8xi32> to memref<1x8xi32, strided<[8, 1], offset: ?>>
    linalg.fill ins(%zero : i32) outs(%out : memref<1x8xi32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

func.func @c97_unknown_number(%y: memref<4x8xi32> {quantcc.output}, %n: index) {
  // expected-error @+1 {{expected independent pieces: their number is not known (C97)}}
  scf.forall (%i) in (%n) {
  }
  return
}
