//===- MemoryPasses.td - Passes that save working memory ---*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes on buffers after which less memory is alive at once.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_MEMORYPASSES
#define QUANTCC_CODEGEN_MEMORYPASSES

include "mlir/Pass/PassBase.td"

def ShareFrames : Pass<"quantcc-share-frames", "mlir::func::FuncOp"> {
  let summary = "Write the results of elementwise layers over their operands";
  let description = [{
    A layer that computes each element of its result from the elements of its
    operands at the same place, as sums do, may write it over an operand that
    nothing reads afterwards. Each of the two may lie in a frame, with a halo for
    the layers that read it: they get one frame that has room for both, each
    value at the same place. Where the operand's halo holds something else than
    the result's is to hold, it is filled right before the layer.

    This is done where nothing else uses the operand's memory from there on, nor
    the result's before, and where the memory plan takes no more bytes with it. A
    remark says which operand a result is written over, or why none.

    ```mlir
    %x = memref.alloc() : memref<1x34x34x16xi8>
    %r = memref.alloc() : memref<1x33x33x16xi8>
    %a = memref.subview %x[0, 1, 1, 0] [1, 32, 32, 16] [1, 1, 1, 1]
    %s = memref.subview %r[0, 0, 0, 0] [1, 32, 32, 16] [1, 1, 1, 1]
    quantcc.fused_add ins(%a, %b : ...) outs(%s : ...) {...}
    ```

    becomes

    ```mlir
    %x = memref.alloc() : memref<1x34x34x16xi8>
    %r = memref.subview %x[0, 1, 1, 0] [1, 33, 33, 16] [1, 1, 1, 1]
    %a = memref.subview %x[0, 1, 1, 0] [1, 32, 32, 16] [1, 1, 1, 1]
    %s = memref.subview %r[0, 0, 0, 0] [1, 32, 32, 16] [1, 1, 1, 1]
    quantcc.fused_add ins(%a, %b : ...) outs(%s : ...) {...}
    ```
  }];
  let dependentDialects = ["mlir::linalg::LinalgDialect",
                           "mlir::memref::MemRefDialect"];
}

def StripLayers : Pass<"quantcc-strip-layers", "mlir::func::FuncOp"> {
  let summary = "Compute layers and what alone reads them in strips of rows";
  let description = [{
    A chain of layers, of which each alone reads the result of the one before, and
    that row for row, becomes one loop over strips of rows. A strip of what is
    between them lies in a buffer of its own, and the whole of it never exists. A
    chain begins with any fused convolution; pointwise convolutions and
    elementwise layers follow, such as the sum at the end of a residual block.
    Nothing is computed twice; rows of the input that the windows of two strips
    lie on are read twice.

    A strip has as many rows as let each layer take `least-cycles`, and more where
    the memory plan stays the same. All strips are equal where a number of rows
    divides the image. That no strip reads or writes what another one writes is
    proved from their code, as for `quantcc-parallelize`.

    Strips take some time. So only chains are computed in strips without which the
    memory plan would take more bytes, unless `everywhere` is given; remarks say
    which, or why not.

    ```mlir
    %t = memref.alloc() : memref<1x32x32x16xi8>
    quantcc.fused_conv2d ins(%x, %w, %b : memref<1x34x34x16xi8>, ...)
        outs(%t : memref<1x32x32x16xi8>) {...}
    quantcc.fused_add ins(%y, %t : ...) outs(%y : memref<1x32x32x16xi8>) {...}
    ```

    becomes

    ```mlir
    scf.for %i = %c0 to %c16 step %c1 {
      %t = memref.alloc() : memref<1x2x32x16xi8>
      %row = affine.apply affine_map<(d0) -> (d0 * 2)>(%i)
      %in = memref.subview %x[0, %row, 0, 0] [1, 4, 34, 16] [1, 1, 1, 1]
      quantcc.fused_conv2d ins(%in, %w, %b : ...) outs(%t : ...) {...}
      %out = memref.subview %y[0, %row, 0, 0] [1, 2, 32, 16] [1, 1, 1, 1]
      quantcc.fused_add ins(%out, %t : ...) outs(%out : ...) {...}
    }
    ```
  }];
  let options = [
    Option<"rate", "rate", "double", "1",
           "Products that the target's kernels add up in a cycle, about">,
    Option<"leastCycles", "least-cycles", "int64_t", "4096",
           "Cycles that each layer of a strip must take, about">,
    Option<"everywhere", "everywhere", "bool", "false",
           "Also compute in strips what saves no memory">];
  let dependentDialects = ["mlir::affine::AffineDialect",
                           "mlir::arith::ArithDialect",
                           "mlir::LLVM::LLVMDialect",
                           "mlir::memref::MemRefDialect",
                           "mlir::scf::SCFDialect"];
}

#endif // QUANTCC_CODEGEN_MEMORYPASSES
