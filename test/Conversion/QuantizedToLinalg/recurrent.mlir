// RUN: quant-opt --quantcc-convert-quantized-to-linalg %s | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5:3>
!h = !quant.uniform<i8:f32, 0.0078125:-1>
!c = !quant.uniform<i16:f32, 4.8828125e-04>

// One loop for all steps, its states in place; nothing is built outside but
// constants, with the zero points in the bias: 5 - 3 * (1 + 2) = -4. The weights of all
// gates are one product with the input and one with the hidden state.

// CHECK-LABEL: func.func @lstm_is_one_loop
// CHECK-SAME: (%[[X:[^:]*]]: tensor<1x9x2xi8> {{{.*}}}, %[[H:[^:]*]]: tensor<1x1xi8> {{{.*}}}, %[[C:[^:]*]]: tensor<1x1xi16>
// CHECK-DAG: arith.constant dense<-4> : tensor<4xi32>
// CHECK-DAG: %[[W:.*]] = arith.constant {{.*}} : tensor<4x2xi8>
// CHECK-DAG: %[[R:.*]] = arith.constant dense<7> : tensor<4x1xi8>
// CHECK-DAG: %[[FIRST:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[LAST:.*]] = arith.constant 9 : index
// CHECK: %[[RESULT:.*]]:3 = scf.for %[[T:.*]] = %[[FIRST]] to %[[LAST]] step %{{.*}} iter_args(%[[OUT:.*]] = %{{.*}}, %[[OLD_H:.*]] = %[[H]], %[[OLD_C:.*]] = %[[C]])
// CHECK: tensor.extract_slice %[[X]][0, %[[T]], 0] [1, 1, 2] [1, 1, 1] : tensor<1x9x2xi8> to tensor<1x2xi8>
// CHECK: %[[SUMS:.*]] = linalg.matmul {{.*}} ins(%{{.*}}, %[[W]] : tensor<1x2xi8>, tensor<4x2xi8>)
// CHECK: linalg.matmul {{.*}} ins(%[[OLD_H]], %[[R]] : tensor<1x1xi8>, tensor<4x1xi8>)
// CHECK-NOT: linalg.matmul
// CHECK: tensor.extract_slice %[[SUMS]][0, {{[0-3]}}] [1, 1] [1, 1] : tensor<1x4xi32> to tensor<1x1xi32>
// CHECK-COUNT-8: quantcc.requantize {{.*}} tensor<1x1xi32> -> tensor<1x1xi16>
// CHECK: %[[NEXT:.*]] = tensor.insert_slice %{{.*}} into %[[OUT]][0, %[[T]], 0]
// CHECK: %[[NEW_H:.*]] = linalg.copy ins(%{{.*}}) outs(%[[OLD_H]]
// CHECK: %[[NEW_C:.*]] = linalg.copy ins(%{{.*}}) outs(%[[OLD_C]]
// CHECK: scf.yield %[[NEXT]], %[[NEW_H]], %[[NEW_C]]
// CHECK: return %[[RESULT]]#0, %[[RESULT]]#1, %[[RESULT]]#2
func.func @lstm_is_one_loop(%x: tensor<1x9x2x!x>, %h: tensor<1x1x!h>, %c: tensor<1x1x!c>)
    -> (tensor<1x9x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>) {
  %k0 = arith.constant dense<[[1, 2]]> : tensor<1x2xi8>
  %w = quant.scast %k0 : tensor<1x2xi8> to tensor<1x2x!quant.uniform<i8:f32, 0.001953125>>
  %k1 = arith.constant dense<7> : tensor<1x1xi8>
  %r = quant.scast %k1 : tensor<1x1xi8> to tensor<1x1x!quant.uniform<i8:f32, 0.001953125>>
  %b = arith.constant dense<5> : tensor<1xi32>
  %0:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%r, %r, %r, %r) bias(%b, %b, %b, %b)
      {rounding = #quantcc.rounding<double>}
    : (tensor<1x9x2x!x>, tensor<1x1x!h>, tensor<1x1x!c>,
       tensor<1x2x!quant.uniform<i8:f32, 0.001953125>>, tensor<1x2x!quant.uniform<i8:f32, 0.001953125>>,
       tensor<1x2x!quant.uniform<i8:f32, 0.001953125>>, tensor<1x2x!quant.uniform<i8:f32, 0.001953125>>,
       tensor<1x1x!quant.uniform<i8:f32, 0.001953125>>, tensor<1x1x!quant.uniform<i8:f32, 0.001953125>>,
       tensor<1x1x!quant.uniform<i8:f32, 0.001953125>>, tensor<1x1x!quant.uniform<i8:f32, 0.001953125>>,
       tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>)
    -> (tensor<1x9x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>)
  return %0#0, %0#1, %0#2 : tensor<1x9x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>
}

!s = !quant.uniform<i16:f32, 2.0>
!w = !quant.uniform<i16:f32, 0.5>
!y = !quant.uniform<i8:f32, 8.0>

// Weights of 16 bits may drive the sum over the state beyond 32 bits.

// CHECK-LABEL: func.func @svdf_sums_in_64_bits_where_it_must
// CHECK: linalg.matmul
// CHECK: quantcc.requantize {{.*}} tensor<1x2xi32> -> tensor<1x2xi16>
// CHECK: tensor.concat dim(2) {{.*}} (tensor<1x2x2xi16>, tensor<1x2x1xi16>) -> tensor<1x2x3xi16>
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<1x1xi64>)
// CHECK: arith.trunci %{{.*}} : i64 to i32
// CHECK: quantcc.requantize {{.*}} tensor<1x1xi32> -> tensor<1x1xi8>
func.func @svdf_sums_in_64_bits_where_it_must(%x: tensor<1x2x!x>, %s: tensor<1x6x!s>) -> (tensor<1x1x!y>, tensor<1x6x!s>) {
  %k0 = arith.constant dense<1> : tensor<2x2xi8>
  %f = quant.scast %k0 : tensor<2x2xi8> to tensor<2x2x!quant.uniform<i8:f32, 0.25>>
  %k1 = arith.constant dense<32767> : tensor<2x3xi16>
  %t = quant.scast %k1 : tensor<2x3xi16> to tensor<2x3x!w>
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 2 : i64, rounding = #quantcc.rounding<double>}
    : (tensor<1x2x!x>, tensor<1x6x!s>, tensor<2x2x!quant.uniform<i8:f32, 0.25>>, tensor<2x3x!w>) -> (tensor<1x1x!y>, tensor<1x6x!s>)
  return %0#0, %0#1 : tensor<1x1x!y>, tensor<1x6x!s>
}

// CHECK-LABEL: func.func @svdf_sums_in_32_bits_where_it_can
// CHECK-NOT: i64
// CHECK: return
func.func @svdf_sums_in_32_bits_where_it_can(%x: tensor<1x2x!x>, %s: tensor<1x6x!s>) -> (tensor<1x1x!y>, tensor<1x6x!s>) {
  %k0 = arith.constant dense<1> : tensor<2x2xi8>
  %f = quant.scast %k0 : tensor<2x2xi8> to tensor<2x2x!quant.uniform<i8:f32, 0.25>>
  %k1 = arith.constant dense<100> : tensor<2x3xi16>
  %t = quant.scast %k1 : tensor<2x3xi16> to tensor<2x3x!w>
  %0:2 = quantcc.svdf %x, %s, %f, %t {rank = 2 : i64, rounding = #quantcc.rounding<double>}
    : (tensor<1x2x!x>, tensor<1x6x!s>, tensor<2x2x!quant.uniform<i8:f32, 0.25>>, tensor<2x3x!w>) -> (tensor<1x1x!y>, tensor<1x6x!s>)
  return %0#0, %0#1 : tensor<1x1x!y>, tensor<1x6x!s>
}
