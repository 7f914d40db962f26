//===- Passes.td - Passes of the code generator ------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes that take a model from linalg on tensors to the LLVM dialect on
// views of one static arena.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_PASSES
#define QUANTCC_CODEGEN_PASSES

include "mlir/Pass/PassBase.td"
include "quantcc/Codegen/MemoryPasses.td"
include "quantcc/Codegen/ParallelPasses.td"

def VariablesToArguments
    : Pass<"quantcc-variables-to-arguments", "mlir::ModuleOp"> {
  let summary = "Turn a model's variables into arguments and results";
  let description = [{
    Each `quantcc.variable` becomes an argument of the one public function, and a
    result: the value that was assigned last. Both carry its name as
    `quantcc.state`. A function NAME_reset, marked `quantcc.reset`, gives the
    initial values.

    ```mlir
    quantcc.variable @v : tensor<4xi8> = dense<3> : tensor<4xi8>
    func.func @f(%x: tensor<4xi8>) -> tensor<4xi8> {
      %0 = quantcc.read_variable @v : tensor<4xi8>
      quantcc.assign_variable @v, %x : tensor<4xi8>
      return %0 : tensor<4xi8>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<4xi8>, %v: tensor<4xi8> {quantcc.state = "v"})
        -> (tensor<4xi8>, tensor<4xi8> {quantcc.state = "v"}) {
      return %v, %x : tensor<4xi8>, tensor<4xi8>
    }
    func.func @f_reset() -> (tensor<4xi8> {quantcc.state = "v"})
        attributes {quantcc.reset} {
      %0 = arith.constant dense<3> : tensor<4xi8>
      return %0 : tensor<4xi8>
    }
    ```
  }];
  let dependentDialects = ["mlir::arith::ArithDialect"];
}

def QuantCC_KernelsOption
    : Option<"kernels", "kernels", "::quantcc::KernelSet",
             "::quantcc::KernelSet::Avx512Vnni", "Which kernels there are",
             [{::llvm::cl::values(
               clEnumValN(::quantcc::KernelSet::Portable, "portable", "None"),
               clEnumValN(::quantcc::KernelSet::Sse41, "sse41",
                          "Those for x86 with SSE4.1"),
               clEnumValN(::quantcc::KernelSet::Avx2, "avx2",
                          "Those for x86 with AVX2"),
               clEnumValN(::quantcc::KernelSet::AvxVnni, "avx-vnni",
                          "Those for x86 with AVX-VNNI"),
               clEnumValN(::quantcc::KernelSet::Avx512, "avx512",
                          "Those for x86 with AVX-512"),
               clEnumValN(::quantcc::KernelSet::Avx512Vnni, "avx512-vnni",
                          "Those for x86 with AVX-512 VNNI"),
               clEnumValN(::quantcc::KernelSet::Neon, "neon",
                          "Those for AArch64"),
               clEnumValN(::quantcc::KernelSet::NeonDotprod, "neon-dotprod",
                          "Those for AArch64 with dot products"),
               clEnumValN(::quantcc::KernelSet::NeonI8mm, "neon-i8mm",
                          "Those for AArch64 with products of matrices"),
               clEnumValN(::quantcc::KernelSet::ArmDsp, "arm-dsp",
                          "Those for the DSP extension of Armv7E-M and "
                          "Armv8-M"),
               clEnumValN(::quantcc::KernelSet::RiscvVector, "riscv-vector",
                          "Those for RISC-V with vectors"),
               clEnumValN(::quantcc::KernelSet::RiscvVectorDot,
                          "riscv-vector-dot",
                          "Those for RISC-V with vectors and dot products"),
               clEnumValN(::quantcc::KernelSet::ArmMve, "arm-mve",
                          "Those for the vectors of Armv8.1-M"),
               clEnumValN(::quantcc::KernelSet::ArmNeon, "arm-neon",
                          "Those for Armv7-A with NEON"),
               clEnumValN(::quantcc::KernelSet::Scalar, "scalar",
                          "Those for RISC-V of 32 bits with products"))}]>;

def FuseKernels : Pass<"quantcc-fuse-kernels", "mlir::func::FuncOp"> {
  let summary = "Make layers that the target has kernels for";
  let description = [{
    A contraction of 8-bit values whose accumulators are requantized at once
    becomes one `quantcc.fused_conv2d`, if the target has kernels and their way of
    requantizing is proved to give the rule's bytes, whatever the input. Others
    keep the portable way; a remark says of each which way it takes and why.

    Where the dot products want unsigned bytes, values between such layers are
    held plus 128: the flips in between cancel, those that are left are
    `arith.xori`.

    ```mlir
    %acc = linalg.conv_2d_nhwc_fhwc ins(%x, %w : ...) outs(%bias : ...)
    %y = quantcc.requantize %acc {...}
    ```

    becomes

    ```mlir
    %biased = arith.xori %x, dense<-128>
    %z = quantcc.fused_conv2d ins(%biased, %w, %b : ...) outs(%init : ...)
           {biased_input, biased_result, ...}
    %y = arith.xori %z, dense<-128>
    ```
  }];
  let dependentDialects = ["mlir::arith::ArithDialect",
                           "mlir::tensor::TensorDialect",
                           "quantcc::QuantCCDialect"];
  let options = [
    QuantCC_KernelsOption];
}

def ExpandKernels : Pass<"quantcc-expand-kernels", "mlir::ModuleOp"> {
  let summary = "Expand fused layers to loops and vectors";
  let description = [{
    Each `quantcc.fused_conv2d` on buffers becomes the call of a private function
    of loops over tiles of its result, vectors, and the target's instructions.
    Its constants are packed in the order in which the loops read them; layers
    that differ in these alone share a function. Requantization is the form that
    was proved; a layer that the target has no kernel for is an error.
  }];
  let options = [QuantCC_KernelsOption];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::func::FuncDialect",
                           "mlir::LLVM::LLVMDialect",
                           "mlir::memref::MemRefDialect",
                           "mlir::scf::SCFDialect",
                           "mlir::vector::VectorDialect"];
}

def ExpandFloatContractions
    : Pass<"quantcc-expand-float-contractions", "mlir::ModuleOp"> {
  let summary = "Compute several sums of f32 products at once";
  let description = [{
    A contraction of f32 on buffers (`linalg.generic` whose body multiplies and
    adds) becomes loops over tiles of its result: vectors along a dimension in
    which results are neighbours, by positions along one that shares what these
    are multiplied with. The sums of a tile stay in registers. Each is computed
    as before, in the order of the reduction's loops, products rounded before
    they are added (docs/Numerics.md, N19). Where vectors do not fit, the last
    ones are shorter.

    Applies if there is a dimension along which the results, and at least one of
    the operands, are neighbours in memory, and the other is too or stays.

    ```mlir
    linalg.generic ... ins(%a, %b : memref<5x8xf32>, memref<8x32xf32>)
                       outs(%c : memref<5x32xf32>)
    ```

    becomes, with 16 lanes,

    ```mlir
    %s0 = vector.load %c[0, 0] : memref<5x32xf32>, vector<16xf32>
    ...
    %sums:10 = scf.for %k = ... iter_args(%t0 = %s0, ...) {
      %w0 = vector.load %b[%k, 0] : memref<8x32xf32>, vector<16xf32>
      %x0 = vector.broadcast (memref.load %a[0, %k]) : f32 to vector<16xf32>
      %p0 = arith.mulf %x0, %w0 : vector<16xf32>
      %u0 = arith.addf %t0, %p0 : vector<16xf32>
      ...
    ```
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16",
           "How many f32 a vector register holds: a power of two, or 0 to do "
           "nothing">,
    Option<"registers", "registers", "int64_t", "32",
           "How many vector registers there are">];
  let dependentDialects = ["mlir::arith::ArithDialect",
                           "mlir::memref::MemRefDialect",
                           "mlir::scf::SCFDialect",
                           "mlir::vector::VectorDialect"];
}

def DecomposeTensorOps
    : Pass<"quantcc-decompose-tensor-ops", "mlir::func::FuncOp"> {
  let summary = "Split pads and concatenations into fills and slice inserts";
  let description = [{
    A `tensor.pad` of a constant becomes a fill and a `tensor.insert_slice`, a
    `tensor.concat` a chain of inserts, so that producers can write their part
    of the result in place.

    ```mlir
    %0 = tensor.concat dim(1) %a, %b
        : (tensor<1x2xi8>, tensor<1x3xi8>) -> tensor<1x5xi8>
    ```

    becomes

    ```mlir
    %0 = tensor.empty() : tensor<1x5xi8>
    %1 = tensor.insert_slice %a into %0[0, 0] [1, 2] [1, 1]
        : tensor<1x2xi8> into tensor<1x5xi8>
    %2 = tensor.insert_slice %b into %1[0, 2] [1, 3] [1, 1]
        : tensor<1x3xi8> into tensor<1x5xi8>
    ```
  }];
  let dependentDialects = ["mlir::linalg::LinalgDialect",
                           "mlir::tensor::TensorDialect"];
}

def VectorizeReductions
    : Pass<"quantcc-vectorize-reductions", "mlir::func::FuncOp"> {
  let summary = "Reduce, and copy, several elements at a time, in vectors";
  let description = [{
    A `linalg` operation on buffers that reduces integers of at most 32 bits, and
    whose results follow each other in memory along a dimension of its own (a
    pool, a mean over an image, a product of activations) becomes loops with
    vectors along that dimension. The accumulators stay in registers while the
    reduction's loops run. What is left of the dimension takes narrower vectors,
    and at last single elements. Each result is computed as before, in the same
    order; operations that reduce along the dimension itself, or compute with
    floats or 64 bits, stay as they are. Copies of rows that lie apart, such as
    concatenation leaves, move vectors too. So do elementwise operations that look
    bytes up in a table, where `kernels` has instructions for that: shuffles of
    registers on AArch64 and AVX-512, gathering loads with MVE.

    ```mlir
    linalg.pooling_nhwc_sum ... ins(%x, %window : memref<1x8x8x16xi8>, memref<8x8xi8>)
                                outs(%sum : memref<1x1x1x16xi32>)
    ```

    becomes, with vectors of 16 lanes,

    ```mlir
    %init = vector.load %sum[...] : memref<1x1x1x16xi32>, vector<16xi32>
    %r = scf.for %i ... iter_args(%row = %init) {
      %s = scf.for %j ... iter_args(%acc = %row) {
        %v = vector.load %x[%c0, %i, %j, %c0] : memref<1x8x8x16xi8>, vector<16xi8>
        %e = arith.extsi %v : vector<16xi8> to vector<16xi32>
        %a = arith.addi %acc, %e : vector<16xi32>
        scf.yield %a : vector<16xi32>
      }
      scf.yield %s : vector<16xi32>
    }
    vector.store %r, %sum[...] : memref<1x1x1x16xi32>, vector<16xi32>
    ```
  }];
  let options = [Option<"accumulatorBits", "accumulator-bits", "unsigned", "0",
                        "Bits of the registers that hold the elements being "
                        "computed; 0 for a target without vectors">,
                 QuantCC_KernelsOption];
  let dependentDialects = ["mlir::affine::AffineDialect",
                           "mlir::arith::ArithDialect",
                           "mlir::LLVM::LLVMDialect",
                           "mlir::memref::MemRefDialect",
                           "mlir::scf::SCFDialect",
                           "mlir::vector::VectorDialect"];
}

def FuseRequantization
    : Pass<"quantcc-fuse-requantization", "mlir::func::FuncOp"> {
  let summary = "Requantize accumulators as soon as they are complete";
  let description = [{
    An elementwise operation on the result of a contraction, such as the one
    that requantizes it, is tiled to one position (all but the innermost
    dimension) and at most 64 channels at a time; the contraction and the
    operation that initializes it are fused into the loops. A whole tensor of
    accumulators, four times as large as its result, thus becomes one row of
    channels. So are several contractions that one operation reads, as where a
    residual is added. Each element is computed as before. Applies if nothing
    else reads the contraction and there is more than one such tile.

    With `rows-of-floats`, contractions of f32 that
    `quantcc-expand-float-contractions` takes are tiled to one position of all
    but the two innermost dimensions: it wants many positions at a time.

    ```mlir
    %acc = linalg.conv_2d_nhwc_hwcf ... -> tensor<1x8x8x6xi32>
    %y = linalg.generic ... ins(%acc) ... -> tensor<1x8x8x6xi8>
    ```

    becomes

    ```mlir
    %y = scf.for %h ... {
      scf.for %w ... {
        %acc = linalg.conv_2d_nhwc_hwcf ... -> tensor<1x1x1x6xi32>
        %row = linalg.generic ... ins(%acc) ... -> tensor<1x1x1x6xi8>
        tensor.insert_slice %row into ...[0, %h, %w, 0] ...
    ```
  }];
  let options = [
    Option<"rowsOfFloats", "rows-of-floats", "bool", "false",
           "Tile contractions of f32 to rows">];
  let dependentDialects = ["mlir::affine::AffineDialect", "mlir::arith::ArithDialect",
                           "mlir::scf::SCFDialect", "mlir::tensor::TensorDialect"];
}

def AssignFrames : Pass<"quantcc-assign-frames", "mlir::func::FuncOp"> {
  let summary = "Let values live in the frames they are padded in";
  let description = [{
    A frame is the larger tensor that a pad or a concatenation inserts a value
    into. This pass prepares bufferization, which can make a value in its frame
    instead of copying it there:

    - Each use of a `tensor.empty`, or of a fill of one, gets its own: one frame
      shared by several values would be copied for each.
    - Where a value is inserted into a frame and read elsewhere too, the
      insertion moves next to the value and the other readers read that part of
      the frame. So the value exists once, not both padded and unpadded.

    ```mlir
    %x = linalg.generic ... -> tensor<1x4x4x8xi8>
    %padded = tensor.insert_slice %x into %frame[0, 1, 1, 0] [1, 4, 4, 8] ...
    %sum = linalg.generic ... ins(%x, ...)
    ```

    becomes

    ```mlir
    %x = linalg.generic ... -> tensor<1x4x4x8xi8>
    %padded = tensor.insert_slice %x into %frame[0, 1, 1, 0] [1, 4, 4, 8] ...
    %part = tensor.extract_slice %padded[0, 1, 1, 0] [1, 4, 4, 8] ...
    %sum = linalg.generic ... ins(%part, ...)
    ```

    Does not apply to the function's inputs and results, which lie in the
    caller's memory. CSE undoes it: bufferization must follow at once.
  }];
  let dependentDialects = ["mlir::linalg::LinalgDialect",
                           "mlir::tensor::TensorDialect"];
}

def FillHalos : Pass<"quantcc-fill-halos", "mlir::func::FuncOp"> {
  let summary = "Fill frames only around the values that they are for";
  let description = [{
    A pad fills its frame as a whole before the value is written into the middle,
    and so writes most of the frame twice. Where nothing reads the middle before
    it is overwritten, only the parts around it are filled, if these are cheaper:
    they are shorter runs of memory, and more of them.

    ```mlir
    %frame = linalg.fill ins(%v : i8) outs(%empty : tensor<1x50x48x8xi8>)
    %padded = tensor.insert_slice %x into %frame[0, 1, 0, 0] [1, 48, 48, 8] ...
    ```

    becomes

    ```mlir
    %above = tensor.extract_slice %empty[0, 0, 0, 0] [1, 1, 48, 8] ...
    %0 = linalg.fill ins(%v : i8) outs(%above : tensor<1x1x48x8xi8>)
    %1 = tensor.insert_slice %0 into %empty[0, 0, 0, 0] [1, 1, 48, 8] ...
    %below = tensor.extract_slice %1[0, 49, 0, 0] [1, 1, 48, 8] ...
    %2 = linalg.fill ins(%v : i8) outs(%below : tensor<1x1x48x8xi8>)
    %frame = tensor.insert_slice %2 into %1[0, 49, 0, 0] [1, 1, 48, 8] ...
    %padded = tensor.insert_slice %x into %frame[0, 1, 0, 0] [1, 48, 48, 8] ...
    ```
  }];
  let dependentDialects = ["mlir::linalg::LinalgDialect",
                           "mlir::tensor::TensorDialect"];
}

def Bufferize : Pass<"quantcc-bufferize", "mlir::ModuleOp"> {
  let summary = "Turn tensors into buffers, inputs and constants read-only";
  let description = [{
    Runs one-shot bufferization over the module with identity layouts at the
    function boundary. The arguments of a public function belong to its caller
    and are never written. Constants become private globals.
  }];
  let dependentDialects = ["mlir::bufferization::BufferizationDialect",
                           "mlir::memref::MemRefDialect"];
}

def ResultsToOutParams : Pass<"quantcc-results-to-out-params", "mlir::ModuleOp"> {
  let summary = "Return buffers through arguments the caller provides";
  let description = [{
    Every result of a public function becomes an argument after the inputs, in
    the order of the results, marked `quantcc.output`; the attributes of the
    result move to it. A buffer that the function allocates and returns is
    replaced by the argument. What cannot be (an input, a constant, a value
    that is returned twice) is copied.

    A result marked `quantcc.state` is copied to the argument of the same mark
    instead, after everything else; where there is none, as in the function that
    resets a model, to a new one.

    ```mlir
    func.func @f(%arg0: memref<4xi8>) -> (memref<4xi8> {quantcc.name = "y"}) {
      %0 = memref.alloc() : memref<4xi8>
      "fill"(%arg0, %0) : (memref<4xi8>, memref<4xi8>) -> ()
      return %0 : memref<4xi8>
    }
    ```

    becomes

    ```mlir
    func.func @f(%arg0: memref<4xi8>,
                 %arg1: memref<4xi8> {quantcc.name = "y", quantcc.output}) {
      "fill"(%arg0, %arg1) : (memref<4xi8>, memref<4xi8>) -> ()
      return
    }
    ```
  }];
  let dependentDialects = ["mlir::memref::MemRefDialect"];
}

def LowerCopies : Pass<"quantcc-lower-copies", "mlir::func::FuncOp"> {
  let summary = "Turn copies and fills of strided buffers into loops of runs";
  let description = [{
    A copy between contiguous buffers stays `memref.copy` and becomes a memcpy;
    any other would become a call of a run-time library, so it becomes
    `linalg.copy`, hence loops. A copy of a buffer onto itself is removed.

    A fill of a strided buffer becomes loops, never unrolled, around fills of what
    is contiguous:

    ```mlir
    linalg.fill ins(%v : i8) outs(%edge : memref<25x64xi8, strided<[448, 1]>>)
    ```

    becomes

    ```mlir
    scf.for %i = %c0 to %c25 step %c1 {
      %run = memref.subview %edge[%i, 0] [1, 64] [1, 1] ...
      linalg.fill ins(%v : i8) outs(%run : memref<1x64xi8, ...>)
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <disable = true>>}
    ```
  }];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::LLVM::LLVMDialect",
                           "mlir::linalg::LinalgDialect",
                           "mlir::memref::MemRefDialect", "mlir::scf::SCFDialect"];
}

def PromoteAccumulators
    : Pass<"quantcc-promote-accumulators", "mlir::func::FuncOp"> {
  let summary = "Keep the accumulator of a reduction loop in a register";
  let description = [{
    A loop that loads an element, changes it and stores it back to the same
    place in every iteration carries it as an iteration argument instead, loaded
    before and stored after the loop; applied from the innermost loop outwards.
    Applies if no other access of the loop may touch the buffer. The order of
    the arithmetic does not change.

    ```mlir
    scf.for %i = %c0 to %c8 step %c1 {
      %x = memref.load %a[%i] : memref<8xi32>
      %acc = memref.load %b[%j] : memref<4xi32>
      %sum = arith.addi %acc, %x : i32
      memref.store %sum, %b[%j] : memref<4xi32>
    }
    ```

    becomes

    ```mlir
    %init = memref.load %b[%j] : memref<4xi32>
    %r = scf.for %i = %c0 to %c8 step %c1 iter_args(%acc = %init) -> (i32) {
      %x = memref.load %a[%i] : memref<8xi32>
      %sum = arith.addi %acc, %x : i32
      scf.yield %sum : i32
    }
    memref.store %r, %b[%j] : memref<4xi32>
    ```
  }];
  let dependentDialects = ["mlir::memref::MemRefDialect",
                           "mlir::scf::SCFDialect"];
}

def PlanArena : Pass<"quantcc-plan-arena", "mlir::ModuleOp"> {
  let summary = "Place every buffer in one arena given by the caller";
  let description = [{
    Every `memref.alloc` of a public function becomes a view into one argument
    `memref<Nxi8>`, appended last and marked `quantcc.arena`, also when N is 0.
    Buffers whose lifetimes are disjoint may share bytes. A lifetime spans the
    operations of the function's body that touch the buffer or a view of it. An
    allocation inside a loop is hoisted out of it.

    With `regions` there is one argument for each memory instead, marked with its
    name as `quantcc.region`. The buffers that are read and written the most for
    their size come into the first regions; what they leave free goes to others.

    The plan is kept on the function: `quantcc.arena_bytes`,
    `quantcc.arena_alignment`, `quantcc.arena_lower_bound` (the most bytes alive
    at any moment), `quantcc.arena_buffers`, one dictionary a buffer,
    `quantcc.arena_regions`, one a region, and `quantcc.arena_moments`, the name
    of the tensor that each operation of the body computes.
  }];
  let options = [ListOption<"regions", "regions", "std::string",
      "the memories, the fastest first, as NAME=BYTES, or NAME without a limit; "
      "none for one arena">];
  let dependentDialects = ["mlir::arith::ArithDialect",
                           "mlir::memref::MemRefDialect"];
}

def PackState : Pass<"quantcc-pack-state", "mlir::ModuleOp"> {
  let summary = "Place all variables in one block given by the caller";
  let description = [{
    The arguments of a public function that are marked `quantcc.state` become
    views into one argument `memref<Nxi8>`, appended last and marked
    `quantcc.state_block`: in their order, each aligned as the arena is. The
    function keeps `quantcc.state_bytes` and `quantcc.state_alignment`. Functions
    without such arguments stay as they are.

    ```mlir
    func.func @f_reset(%v: memref<4xi8> {quantcc.state = "v"}) {
      memref.copy %initial, %v : memref<4xi8> to memref<4xi8>
      return
    }
    ```

    becomes

    ```mlir
    func.func @f_reset(%state: memref<16xi8> {quantcc.state_block})
        attributes {quantcc.state_bytes = 16, quantcc.state_alignment = 16} {
      %v = memref.view %state[%c0][] : memref<16xi8> to memref<4xi8>
      memref.copy %initial, %v : memref<4xi8> to memref<4xi8>
      return
    }
    ```
  }];
  let dependentDialects = ["mlir::arith::ArithDialect",
                           "mlir::memref::MemRefDialect"];
}

def LowerToLLVM : Pass<"quantcc-lower-to-llvm", "mlir::ModuleOp"> {
  let summary = "Lower loops, arithmetic and buffers to the LLVM dialect";
  let description = [{
    One conversion for all dialects that are left after `quantcc-plan-arena`.
    Buffers are passed as bare pointers; index is `index-bitwidth` bits wide.
    Functions get `nounwind`, pointer arguments `noalias`, `nonnull` and their
    alignment. Whatever would need the heap or a run-time library is an error.
  }];
  let dependentDialects = ["mlir::LLVM::LLVMDialect", "mlir::cf::ControlFlowDialect",
                           "mlir::affine::AffineDialect", "mlir::arith::ArithDialect",
                           "mlir::memref::MemRefDialect", "mlir::scf::SCFDialect",
                           "mlir::vector::VectorDialect"];
  let options = [Option<"indexBitwidth", "index-bitwidth", "unsigned", "64",
                        "Width of index and of pointers, in bits (32 or 64)">];
}

#endif // QUANTCC_CODEGEN_PASSES
