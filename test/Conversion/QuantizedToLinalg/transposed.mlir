// RUN: quant-opt --quantcc-convert-quantized-to-linalg %s | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32, 0.25>
!y = !quant.uniform<i8:f32, 1.0:-5>

// Pixels move 2 rows and 1 column apart into a field of zero points, and the
// kernel is reversed: rows, then columns.

// CHECK-LABEL: func.func @input_is_spread
// CHECK-SAME: (%[[X:.*]]: tensor<1x3x4x1xi8>
// CHECK: %[[ZERO:.*]] = arith.constant 3 : i8
// CHECK: %[[FIELD:.*]] = linalg.fill ins(%[[ZERO]] : i8) outs(%{{.*}} : tensor<1x7x8x1xi8>)
// CHECK: %[[SPREAD:.*]] = tensor.insert_slice %[[X]] into %[[FIELD]][0, 1, 2, 0] [1, 3, 4, 1] [1, 2, 1, 1]
// CHECK: %[[W:.*]] = arith.constant dense<{{\[\[\[\[}}6], [5], [4]], {{\[\[}}3], [2], [1]]]]> : tensor<1x2x3x1xi8>
// CHECK: linalg.conv_2d_nhwc_fhwc {{.*}}strides = dense<1>
// CHECK-SAME: ins(%[[SPREAD]], %[[W]]
func.func @input_is_spread(%x: tensor<1x3x4x1x!x>) -> tensor<1x6x6x1x!y> {
  %c = arith.constant dense<[[[[1], [2], [3]], [[4], [5], [6]]]]> : tensor<1x2x3x1xi8>
  %w = quant.scast %c : tensor<1x2x3x1xi8> to tensor<1x2x3x1x!w>
  %r = quantcc.transpose_conv2d %x, %w {strides = array<i64: 2, 1>,
      padding = array<i64: 0, 0, 0, 0>, rounding = #quantcc.rounding<single>}
      : (tensor<1x3x4x1x!x>, tensor<1x2x3x1x!w>) -> tensor<1x6x6x1x!y>
  return %r : tensor<1x6x6x1x!y>
}
