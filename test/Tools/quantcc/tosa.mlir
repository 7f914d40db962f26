// A model in tosa, as text or bytecode, with two inputs and two outputs.

// RUN: rm -rf %t && mkdir -p %t
// RUN: mlir-opt %s --emit-bytecode -o %t/net.mlirbc
// RUN: %python %S/Inputs/array.py %t/x.npz image=16,4,4,2 offset=16,4,4,3
// RUN: quantcc calibrate %s --samples %t/x.npz -o %t/ranges.json
// RUN: quantcc compile %s --ranges %t/ranges.json -o %t/out
// RUN: FileCheck %s --input-file %t/out/tosa.h
// RUN: quantcc run %s --ranges %t/ranges.json --input %t/x.npz --stage quantized -o %t/quantized.npz
// RUN: quantcc run %s --ranges %t/ranges.json --input %t/x.npz --stage object -o %t/object.npz
// RUN: cmp %t/quantized.npz %t/object.npz
// RUN: quantcc run %t/net.mlirbc --ranges %t/ranges.json --input %t/x.npz --stage object -o %t/bytecode.npz
// RUN: cmp %t/bytecode.npz %t/object.npz

// Several outputs do not fit into an .npy.
// RUN: %refused %t run %s --ranges %t/ranges.json --input %t/x.npz -o y.npy | FileCheck %s --check-prefix=NPY
// NPY: error: y.npy: the model has 2 outputs, which need an .npz file
// Several inputs do not come from one.
// RUN: %python %S/Inputs/array.py %t/x.npy 16,4,4,2
// RUN: %refused %t calibrate %s --samples x.npy -o ranges2.json | FileCheck %s --check-prefix=INPUTS
// INPUTS: error: {{.*}}x.npy

// CHECK: #define TOSA_INPUT0_SHAPE {1, 4, 4, 2}
// CHECK: #define TOSA_INPUT1_SHAPE {1, 4, 4, 3}
// CHECK: #define TOSA_OUTPUT0_SHAPE {1, 4, 4, 3}
// CHECK: #define TOSA_OUTPUT1_SHAPE {1, 4, 4, 3}
// CHECK: void tosa(const int8_t *

func.func @net(%image: tensor<1x4x4x2xf32> {quantcc.name = "image"}, %offset: tensor<1x4x4x3xf32> {quantcc.name = "offset"}) -> (tensor<1x4x4x3xf32> {quantcc.name = "features"}, tensor<1x4x4x3xf32> {quantcc.name = "sum"}) {
  %weight = "tosa.const"() <{values = dense<[[[[0.5, -0.25]]], [[[1.0, 0.75]]], [[[-0.125, 0.3]]]]> : tensor<3x1x1x2xf32>}> : () -> tensor<3x1x1x2xf32>
  %bias = "tosa.const"() <{values = dense<[0.1, -0.2, 0.3]> : tensor<3xf32>}> : () -> tensor<3xf32>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.conv2d %image, %weight, %bias, %zero, %zero {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x4x4x3xf32>) -> tensor<1x4x4x3xf32>
  %2 = tosa.add %1, %offset : (tensor<1x4x4x3xf32>, tensor<1x4x4x3xf32>) -> tensor<1x4x4x3xf32>
  return %1, %2 : tensor<1x4x4x3xf32>, tensor<1x4x4x3xf32>
}
