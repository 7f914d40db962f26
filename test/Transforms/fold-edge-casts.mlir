// RUN: quant-opt %s --quantcc-fold-edge-casts | FileCheck %s

!in = !quant.uniform<i8:f32, 0.5>
!other = !quant.uniform<i8:f32, 0.25>
!out = !quant.uniform<i8:f32, 1.0:-3>

// CHECK-LABEL: func.func @casts_at_both_edges(
// CHECK-SAME: %[[X:.*]]: tensor<4x!quant.uniform<i8:f32, 5.000000e-01>> {quantcc.name = "x"}) -> (tensor<4x!quant.uniform<i8:f32, 1.000000e+00:-3>> {quantcc.name = "y"})
// CHECK-NEXT: %[[Y:.*]] = quantcc.rescale %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @casts_at_both_edges(%x: tensor<4xf32> {quantcc.name = "x"}) -> (tensor<4xf32> {quantcc.name = "y"}) {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!in>
  %1 = quantcc.rescale %0 {rounding = #quantcc.rounding<double>} : (tensor<4x!in>) -> tensor<4x!out>
  %2 = quant.dcast %1 : tensor<4x!out> to tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func.func @one_type_twice(
// CHECK-SAME: %[[X:.*]]: tensor<4x!quant.uniform<i8:f32, 5.000000e-01>>)
// CHECK-NEXT: return %[[X]], %[[X]]
func.func @one_type_twice(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!in>
  %1 = quant.qcast %x : tensor<4xf32> to tensor<4x!in>
  %2 = quant.dcast %0 : tensor<4x!in> to tensor<4xf32>
  %3 = quant.dcast %1 : tensor<4x!in> to tensor<4xf32>
  return %2, %3 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @two_types_stay_in_float(
// CHECK-SAME: %{{.*}}: tensor<4xf32>)
func.func @two_types_stay_in_float(%x: tensor<4xf32>) -> (tensor<4x!in>, tensor<4x!other>) {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!in>
  %1 = quant.qcast %x : tensor<4xf32> to tensor<4x!other>
  return %0, %1 : tensor<4x!in>, tensor<4x!other>
}

// CHECK-LABEL: func.func @other_use_stays_in_float(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>) -> (tensor<4x!quant.uniform<i8:f32, 5.000000e-01>>, tensor<4xf32>)
func.func @other_use_stays_in_float(%x: tensor<4xf32>) -> (tensor<4x!in>, tensor<4xf32>) {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!in>
  return %0, %x : tensor<4x!in>, tensor<4xf32>
}

// CHECK-LABEL: func.func @unused_argument_stays(
// CHECK-SAME: %{{.*}}: tensor<4xf32>)
func.func @unused_argument_stays(%x: tensor<4xf32>) {
  return
}
