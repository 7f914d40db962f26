// RUN: quant-opt %s --quantcc-strip-observers | FileCheck %s

// CHECK-LABEL: func.func @observers
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>
func.func @observers(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK-NOT: quantcc.observe
  // CHECK: return %[[X]]
  %0 = quantcc.observe %x {name = "x"} : tensor<2xf32>
  %1 = quantcc.observe %0 {name = "y", range = #quantcc.range<0.0, 1.0>} : tensor<2xf32>
  return %1 : tensor<2xf32>
}
