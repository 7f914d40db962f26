// RUN: quant-opt --quantcc-convert-quantized-to-linalg %s | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32, 0.25>
!y = !quant.uniform<i8:f32, 1.0:-5>
!ux = !quant.uniform<u8:f32, 0.5:131>
!uy = !quant.uniform<u8:f32, 1.0:5>

// The bias less zero point times sum of weights: 10 - 3 * 3, 20 - 3 * -1.
// M = 0.5 * 0.25 / 1.0 = 2^30 * 2^-33.

// CHECK-LABEL: func.func @zero_point_folds_into_bias
// CHECK-SAME: (%[[X:.*]]: tensor<1x2xi8> {quantcc.type = !quant.uniform<i8:f32, 5.000000e-01:3>})
// CHECK-SAME: -> (tensor<1x2xi8> {quantcc.type = !quant.uniform<i8:f32, 1.000000e+00:-5>})
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[\[}}1, 2], [-4, 3]]> : tensor<2x2xi8>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[1, 23]> : tensor<2xi32>
// CHECK: %[[INIT:.*]] = linalg.broadcast ins(%[[B]]
// CHECK: %[[ACC:.*]] = linalg.matmul
// CHECK-SAME: ins(%[[X]], %[[W]] : tensor<1x2xi8>, tensor<2x2xi8>) outs(%[[INIT]]
// CHECK: quantcc.requantize %[[ACC]]
// CHECK-SAME: clamp_max = 127 : i32, clamp_min = -128 : i32
// CHECK-SAME: multipliers = array<i32: 1073741824>, output_zero_point = -5 : i32
// CHECK-SAME: rounding = #quantcc.rounding<double>, shifts = array<i32: 33>
func.func @zero_point_folds_into_bias(%x: tensor<1x2x!x>) -> tensor<1x2x!y> {
  %c = arith.constant dense<[[1, 2], [-4, 3]]> : tensor<2x2xi8>
  %w = quant.scast %c : tensor<2x2xi8> to tensor<2x2x!w>
  %b = arith.constant dense<[10, 20]> : tensor<2xi32>
  %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<double>}
      : (tensor<1x2x!x>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<1x2x!y>
  return %r : tensor<1x2x!y>
}

// u8 131 is i8 3; the folded bias is the same as above.

// CHECK-LABEL: func.func @unsigned_input_becomes_signed
// CHECK: %[[BIT:.*]] = arith.constant -128 : i8
// CHECK: arith.xori %{{.*}}, %[[BIT]] : i8
// CHECK: arith.constant dense<[1, 23]> : tensor<2xi32>
// CHECK: linalg.matmul
// CHECK: quantcc.requantize
// CHECK-SAME: clamp_max = 255 : i32, clamp_min = 0 : i32
// CHECK-SAME: unsigned_result
func.func @unsigned_input_becomes_signed(%x: tensor<1x2x!ux>)
    -> tensor<1x2x!uy> {
  %c = arith.constant dense<[[1, 2], [-4, 3]]> : tensor<2x2xi8>
  %w = quant.scast %c : tensor<2x2xi8> to tensor<2x2x!w>
  %b = arith.constant dense<[10, 20]> : tensor<2xi32>
  %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<double>}
      : (tensor<1x2x!ux>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<1x2x!uy>
  return %r : tensor<1x2x!uy>
}

// CHECK-LABEL: func.func @padding_holds_the_zero_point
// CHECK: %[[ZP:.*]] = arith.constant 3 : i8
// CHECK: tensor.pad %{{.*}} low[0, 1, 2, 0] high[0, 0, 1, 0]
// CHECK: tensor.yield %[[ZP]] : i8
// CHECK: linalg.conv_2d_nhwc_fhwc
func.func @padding_holds_the_zero_point(%x: tensor<1x4x4x1x!x>)
    -> tensor<1x4x6x2x!y> {
  %c = arith.constant dense<1> : tensor<2x2x2x1xi8>
  %w = quant.scast %c : tensor<2x2x2x1xi8> to tensor<2x2x2x1x!w>
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>,
      padding = array<i64: 1, 0, 2, 1>, dilations = array<i64: 1, 1>,
      groups = 1 : i64, rounding = #quantcc.rounding<single>}
      : (tensor<1x4x4x1x!x>, tensor<2x2x2x1x!w>) -> tensor<1x4x6x2x!y>
  return %r : tensor<1x4x6x2x!y>
}

// Weights [C,KH,KW,1] become [KH,KW,C].

// CHECK-LABEL: func.func @depthwise_weights_have_channels_last
// CHECK-DAG: arith.constant dense<{{\[\[}}[1, 4]], {{\[\[?}}2, 5]], {{\[\[?}}3, 6]]]> : tensor<3x1x2xi8>
// CHECK-NOT: tensor.pad
// CHECK: linalg.depthwise_conv_2d_nhwc_hwc
func.func @depthwise_weights_have_channels_last(%x: tensor<1x3x1x2x!x>)
    -> tensor<1x1x1x2x!y> {
  %c = arith.constant dense<[[[[1]], [[2]], [[3]]], [[[4]], [[5]], [[6]]]]>
      : tensor<2x3x1x1xi8>
  %w = quant.scast %c : tensor<2x3x1x1xi8> to tensor<2x3x1x1x!w>
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>,
      groups = 2 : i64, rounding = #quantcc.rounding<single>}
      : (tensor<1x3x1x2x!x>, tensor<2x3x1x1x!w>) -> tensor<1x1x1x2x!y>
  return %r : tensor<1x1x1x2x!y>
}

// Results of a row follow each other; the operand that holds their columns as
// rows is turned first.

// CHECK-LABEL: func.func @product_of_activations_runs_along_its_results
// CHECK-SAME:    %[[A:[^:]*]]: tensor<4x8xi8>{{.*}}, %[[B:[^:]*]]: tensor<6x8xi8>
// CHECK-DAG: %[[T:.*]] = linalg.transpose ins(%[[B]] : tensor<6x8xi8>) outs(%{{.*}} : tensor<8x6xi8>) permutation = [1, 0]
// CHECK-DAG: %[[L:.*]] = linalg.generic {{.*}} ins(%[[A]] : tensor<4x8xi8>) outs(%{{.*}} : tensor<4x8xi16>)
// CHECK-DAG: %[[R:.*]] = linalg.generic {{.*}} ins(%[[T]] : tensor<8x6xi8>) outs(%{{.*}} : tensor<8x6xi16>)
// CHECK: linalg.generic {{.*}} ins(%[[L]], %[[R]] : tensor<4x8xi16>, tensor<8x6xi16>) outs(%{{.*}} : tensor<4x6xi32>)
func.func @product_of_activations_runs_along_its_results(%a: tensor<4x8x!x>, %b: tensor<6x8x!x>) -> tensor<4x6x!y> {
  %r = quantcc.matmul %a, %b {transpose_rhs, rounding = #quantcc.rounding<double>}
      : (tensor<4x8x!x>, tensor<6x8x!x>) -> tensor<4x6x!y>
  return %r : tensor<4x6x!y>
}

// Few rows would read the turned operand too seldom.

// CHECK-LABEL: func.func @product_of_few_rows_is_not_turned
// CHECK-NOT: linalg.transpose
// CHECK: return
func.func @product_of_few_rows_is_not_turned(%a: tensor<3x8x!x>, %b: tensor<6x8x!x>) -> tensor<3x6x!y> {
  %r = quantcc.matmul %a, %b {transpose_rhs, rounding = #quantcc.rounding<double>}
      : (tensor<3x8x!x>, tensor<6x8x!x>) -> tensor<3x6x!y>
  return %r : tensor<3x6x!y>
}
