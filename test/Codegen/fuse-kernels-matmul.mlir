// RUN: quant-opt %s --quantcc-to-integer --quantcc-layout-pipeline=target=x86-64-vnni --split-input-file --remark-format=emitRemark --remarks-filter=quantcc --verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --quantcc-to-integer --quantcc-layout-pipeline=target=rv64gcv --split-input-file | FileCheck %s --check-prefix=NONE

// NONE-NOT: quantcc.fused_matmul

!lhs = !quant.uniform<i8:f32, 3.906250e-03:-128>
!rhs = !quant.uniform<i8:f32, 6.250000e-02:3>
!out = !quant.uniform<i8:f32, 4.687500e-02:-3>

// Batches of any rank become one dimension; a copy with rows and columns exchanged is
// not made.
// CHECK-LABEL: func.func @attention
// CHECK-SAME:    (%[[A:.*]]: tensor<2x3x5x16xi8> {{.*}}, %[[B:.*]]: tensor<2x3x7x16xi8>
// CHECK-DAG:     %[[LHS:.*]] = tensor.collapse_shape %[[A]] {{\[\[}}0, 1], [2], [3]]
// CHECK-DAG:     %[[RHS:.*]] = tensor.collapse_shape %[[B]] {{\[\[}}0, 1], [2], [3]]
// CHECK:         %[[R:.*]] = quantcc.fused_matmul ins(%[[LHS]], %[[RHS]] : tensor<6x5x16xi8>, tensor<6x7x16xi8>)
// CHECK-SAME:      lhs_zero_point = -128 : i32
// CHECK-SAME:      output_zero_point = -3 : i32, rhs_zero_point = 3 : i32
// CHECK-SAME:      transpose_rhs
// CHECK:         tensor.expand_shape %[[R]]
// CHECK-NOT:     linalg.transpose
func.func @attention(%a: tensor<2x3x5x16x!lhs> {quantcc.name = "a"}, %b: tensor<2x3x7x16x!rhs> {quantcc.name = "b"}) -> (tensor<2x3x5x7x!out> {quantcc.name = "y"}) {
  // expected-remark @+1 {{becomes a kernel, its sums requantized in f32}}
  %y = quantcc.matmul %a, %b {rounding = #quantcc.rounding<double>, transpose_rhs} : (tensor<2x3x5x16x!lhs>, tensor<2x3x7x16x!rhs>) -> tensor<2x3x5x7x!out>
  return %y : tensor<2x3x5x7x!out>
}

// -----

!lhs = !quant.uniform<u8:f32, 3.906250e-03:0>
!rhs = !quant.uniform<u8:f32, 6.250000e-02:131>
!out = !quant.uniform<u8:f32, 4.687500e-02:125>

// Stored values that are unsigned are taken as signed ones.
// CHECK-LABEL: func.func @unsigned
// CHECK:         arith.xori
// CHECK:         arith.xori
// CHECK:         quantcc.fused_matmul
// CHECK-SAME:      clamp_max = 127 : i32, clamp_min = -128 : i32, lhs_zero_point = -128 : i32
// CHECK-SAME:      output_zero_point = -3 : i32, rhs_zero_point = 3 : i32
// CHECK-NOT:       transpose_rhs
// CHECK:         arith.xori
func.func @unsigned(%a: tensor<4x16x!lhs> {quantcc.name = "a"}, %b: tensor<16x8x!rhs> {quantcc.name = "b"}) -> (tensor<4x8x!out> {quantcc.name = "y"}) {
  // expected-remark @+1 {{becomes a kernel, its sums requantized in f32}}
  %y = quantcc.matmul %a, %b {rounding = #quantcc.rounding<double>} : (tensor<4x16x!lhs>, tensor<16x8x!rhs>) -> tensor<4x8x!out>
  return %y : tensor<4x8x!out>
}

// -----

!lhs = !quant.uniform<i8:f32, 3.906250e-03:-128>
!rhs = !quant.uniform<i8:f32, 6.250000e-02:3>
!out = !quant.uniform<i8:f32, 4.687500e-02:-3>

// CHECK-LABEL: func.func @few_rows
// CHECK-NOT:     quantcc.fused_matmul
func.func @few_rows(%a: tensor<3x16x!lhs> {quantcc.name = "a"}, %b: tensor<16x8x!rhs> {quantcc.name = "b"}) -> (tensor<3x8x!out> {quantcc.name = "y"}) {
  // expected-remark @+1 {{takes the portable way: its second operand would be packed for a few rows}}
  %y = quantcc.matmul %a, %b {rounding = #quantcc.rounding<double>} : (tensor<3x16x!lhs>, tensor<16x8x!rhs>) -> tensor<3x8x!out>
  return %y : tensor<3x8x!out>
}

// -----

!lhs = !quant.uniform<i8:f32, 3.906250e-03:-128>
!rhs = !quant.uniform<i8:f32, 6.250000e-02:3>
!out = !quant.uniform<i8:f32, 4.687500e-02:-3>

// CHECK-LABEL: func.func @transposed_lhs
// CHECK-NOT:     quantcc.fused_matmul
func.func @transposed_lhs(%a: tensor<16x4x!lhs> {quantcc.name = "a"}, %b: tensor<16x8x!rhs> {quantcc.name = "b"}) -> (tensor<4x8x!out> {quantcc.name = "y"}) {
  // expected-remark @+1 {{takes the portable way: its first operand is transposed, or repeated for several batches}}
  %y = quantcc.matmul %a, %b {rounding = #quantcc.rounding<double>, transpose_lhs} : (tensor<16x4x!lhs>, tensor<16x8x!rhs>) -> tensor<4x8x!out>
  return %y : tensor<4x8x!out>
}

// -----

!lhs = !quant.uniform<i8:f32, 3.906250e-03:-128>
!rhs = !quant.uniform<i8:f32, 6.250000e-02:3>
!out = !quant.uniform<i8:f32, 4.687500e-02:-3>

// CHECK-LABEL: func.func @repeated_rhs
// CHECK-NOT:     quantcc.fused_matmul
func.func @repeated_rhs(%a: tensor<2x4x16x!lhs> {quantcc.name = "a"}, %b: tensor<1x16x8x!rhs> {quantcc.name = "b"}) -> (tensor<2x4x8x!out> {quantcc.name = "y"}) {
  // expected-remark @+1 {{takes the portable way: its second operand is repeated for several batches}}
  %y = quantcc.matmul %a, %b {rounding = #quantcc.rounding<double>} : (tensor<2x4x16x!lhs>, tensor<1x16x8x!rhs>) -> tensor<2x4x8x!out>
  return %y : tensor<2x4x8x!out>
}
