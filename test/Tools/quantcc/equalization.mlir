// Channels of very unequal range before a depthwise convolution: calibration
// tells them apart, the model is equalized by default, and in float it stays what
// it was to the last bit.

// RUN: rm -rf %t && mkdir -p %t/on %t/off
// RUN: %python %S/Inputs/array.py %t/x.npy 16,4,4,2
// RUN: quantcc calibrate %s --samples %t/x.npy -o %t/ranges.json
// RUN: FileCheck %s --input-file %t/ranges.json --check-prefix=FILE
// FILE: "relu": {
// FILE: "channels": {
// FILE-NEXT: "min": [0,0,0],
// FILE-NEXT: "max": [{{[^,]+,[^,]+,[^,]+}}],
// FILE-NEXT: "sums_of_means": ["0x{{.*}}"]

// RUN: quantcc compile %s --ranges %t/ranges.json --stop-after=calibrated -o %t/on
// RUN: quantcc compile %s --ranges %t/ranges.json --stop-after=calibrated --no-channel-equalization -o %t/off
// RUN: FileCheck %s --input-file %t/on/equalization.mlir --check-prefix=ON
// RUN: FileCheck %s --input-file %t/off/equalization.mlir --check-prefix=OFF
// The largest values, about 2, 0.06 and 0.003, become 2, 32 * 0.06 and 512 * 0.003.
// ON: arith.constant dense<{{.*}}1.000000e+00{{.*}}, {{.*}}1.000000e+00{{.*}}, {{.*}}2.000000e+00{{.*}}> : tensor<3x1x1x1xf32>
// OFF: arith.constant dense<{{.*}}1.000000e+00{{.*}}, {{.*}}3.200000e+01{{.*}}, {{.*}}1.024000e+03{{.*}}> : tensor<3x1x1x1xf32>

// RUN: quant-opt %t/on/equalization.mlir --quantcc-strip-observers -o %t/on.mlir
// RUN: quantcc run %s --stage float --input %t/x.npy -o %t/original.npy
// RUN: quantcc run %t/on.mlir --stage float --input %t/x.npy -o %t/equalized.npy
// RUN: cmp %t/original.npy %t/equalized.npy

// The default corrects biases too; both options lead to other bytes, and to what
// the named pipelines' options do.
// RUN: quantcc compile %s --ranges %t/ranges.json --stop-after=fake-quantized -o %t/on
// RUN: quantcc compile %s --ranges %t/ranges.json --stop-after=fake-quantized --no-bias-correction -o %t/off
// RUN: not cmp -s %t/on/equalization.mlir %t/off/equalization.mlir
// RUN: quant-opt %s --quantcc-to-imported --quantcc-to-observed --quantcc-to-calibrated=ranges=%t/ranges.json --quantcc-to-fake-quantized -o %t/pipeline-on.mlir
// RUN: quant-opt %s --quantcc-to-imported --quantcc-to-observed --quantcc-to-calibrated=ranges=%t/ranges.json --quantcc-to-fake-quantized=correct-bias=false -o %t/pipeline-off.mlir
// RUN: FileCheck %s --input-file %t/pipeline-on.mlir --check-prefix=CORRECTED
// RUN: FileCheck %s --input-file %t/pipeline-off.mlir --check-prefix=UNCORRECTED
// CORRECTED-NOT: channel_mean
// UNCORRECTED: channel_mean

// What is quantized already cannot be equalized.
// RUN: quantcc compile %s --ranges %t/ranges.json --stop-after=quantized -o %t/off
// RUN: %refused %t compile off/equalization.mlir --no-channel-equalization -o out | FileCheck %s --check-prefix=QUANTIZED
// QUANTIZED: error: off/equalization.mlir: the model is already quantized, so that calibration and quantization options do not apply

func.func @equalization(%x: tensor<1x4x4x2xf32> {quantcc.name = "x"}) -> (tensor<1x4x4x3xf32> {quantcc.name = "y"}) {
  %weight = arith.constant dense<[[[[1.0, -0.75]]], [[[0.03, 0.02]]], [[[-0.001, 0.0015]]]]> : tensor<3x1x1x2xf32>
  %bias = arith.constant dense<[0.5, 0.01, 0.001]> : tensor<3xf32>
  %depthwise = arith.constant dense<[[[[1.0]]], [[[32.0]]], [[[1024.0]]]]> : tensor<3x1x1x1xf32>
  %0 = quantcc.conv2d %x, %weight, %bias {clamp = array<f32: 0.0, 0x7F800000>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>) -> tensor<1x4x4x3xf32> loc("relu")
  %1 = quantcc.conv2d %0, %depthwise {dilations = array<i64: 1, 1>, groups = 3 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x4x3xf32>, tensor<3x1x1x1xf32>) -> tensor<1x4x4x3xf32> loc("y")
  return %1 : tensor<1x4x4x3xf32>
}
