//===- ParallelPasses.td - Passes that cut layers ----------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes that cut layers into pieces, which the caller's threads run.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_PARALLELPASSES
#define QUANTCC_CODEGEN_PARALLELPASSES

include "mlir/Pass/PassBase.td"

def Parallelize : Pass<"quantcc-parallelize", "mlir::ModuleOp"> {
  let summary = "Cut layers into pieces that may run at once";
  let description = [{
    Fused layers, structured operations and loops on buffers, in the body of the
    public function, become a `scf.forall` of at most `pieces` pieces each, along
    the rows of an image if there are enough of them; a convolution of one pixel
    along its channels, whose weights are cut as well. Their number is a constant,
    and so is the memory that they take. All pieces but the last are equal, so
    that kernels have the code for two shapes at most.

    Pieces run in any order and at once. That they are independent is proved from
    their code: no piece may write an element that another one writes or reads.
    What is not proved, or would take fewer than `least-cycles` cycles a piece,
    stays whole; remarks say of each layer how it is cut, or why not. Fills and
    copies stay whole as well. An `scf.forall` that is there already has to
    pass the same proof (**C97**).

    ```mlir
    quantcc.fused_conv2d ins(%x, %w, %b : memref<1x34x34x16xi8>, ...)
        outs(%y : memref<1x32x32x16xi8>) {...}
    ```

    becomes

    ```mlir
    scf.forall (%i) in (2) {
      %row = affine.apply affine_map<(d0) -> (d0 * 16)>(%i)
      %in = memref.subview %x[0, %row, 0, 0] [1, 18, 34, 16] [1, 1, 1, 1]
      %out = memref.subview %y[0, %row, 0, 0] [1, 16, 32, 16] [1, 1, 1, 1]
      quantcc.fused_conv2d ins(%in, %w, %b : ...) outs(%out : ...) {...}
    }
    ```
  }];
  let options = [
    Option<"pieces", "pieces", "int64_t", "2",
           "The most pieces that a layer is cut into">,
    Option<"rate", "rate", "double", "1",
           "Products that the target's kernels add up in a cycle, about">,
    Option<"leastCycles", "least-cycles", "int64_t", "8192",
           "Cycles that a piece must take, about, to be worth a thread">];
  let dependentDialects = ["mlir::affine::AffineDialect",
                           "mlir::arith::ArithDialect",
                           "mlir::memref::MemRefDialect",
                           "mlir::scf::SCFDialect"];
}

def PrivatizeBuffers : Pass<"quantcc-privatize-buffers", "mlir::func::FuncOp"> {
  let summary = "Give each piece of a layer buffers of its own";
  let description = [{
    A buffer that is allocated in a `scf.forall` becomes a part of one that is
    allocated before it, which has room for all pieces: pieces may run at once.

    ```mlir
    scf.forall (%i) in (2) {
      %a = memref.alloc() {alignment = 16 : i64} : memref<4xi32>
    }
    ```

    becomes

    ```mlir
    %all = memref.alloc() {alignment = 16 : i64} : memref<32xi8>
    scf.forall (%i) in (2) {
      %begin = arith.muli %i, %c16 : index
      %a = memref.view %all[%begin][] : memref<32xi8> to memref<4xi32>
    }
    ```
  }];
  let dependentDialects = ["mlir::arith::ArithDialect",
                           "mlir::memref::MemRefDialect"];
}

def OutlinePieces : Pass<"quantcc-outline-pieces", "mlir::ModuleOp"> {
  let summary = "Make a function of the pieces of each layer";
  let description = [{
    The body of each `scf.forall` of a public function becomes a private function
    that takes the public one's arguments and the number of the piece. Constants,
    globals and views of the arguments are made again in it; whatever else a body
    takes from outside is an error (**C98**).

    ```mlir
    scf.forall (%i) in (2) {
      "some"(%view, %i)
    }
    ```

    becomes

    ```mlir
    scf.forall (%i) in (2) {
      func.call @model_piece(%arg0, %arg1, %arena, %i)
    }
    ```
  }];
  let dependentDialects = ["mlir::func::FuncDialect",
                           "mlir::LLVM::LLVMDialect"];
}

#endif // QUANTCC_CODEGEN_PARALLELPASSES
