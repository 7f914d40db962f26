// RUN: quant-opt %s --quantcc-insert-fake-quantize='recipe=%S/Inputs/recipe.json exclude=kept' | FileCheck %s
// RUN: not quant-opt %s --quantcc-insert-fake-quantize=recipe=%t-nothing.json 2>&1 | FileCheck %s --check-prefix=MISSING

// MISSING: error: {{.*}}-nothing.json

// CHECK-LABEL: func.func @symmetric
func.func @symmetric(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: {params = !quant.uniform<i8:f32, 1.000000e+00>}
  %0 = quantcc.observe %x {name = "act", range = #quantcc.range<0.0, 127.0>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @not_symmetric
func.func @not_symmetric(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: {params = !quant.uniform<i8:f32, 5.000000e-01:-128>}
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<0.0, 127.5>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @granularity
func.func @granularity(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  // CHECK: {params = !quant.uniform<i8<-127:127>:f32, 2.000000e+00>}
  %w = arith.constant dense<[[254.0], [1.0]]> : tensor<2x1xf32>
  %0 = quantcc.linear %x, %w : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @excluded
func.func @excluded(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.keep_float = "excluded by the recipe"
  %0 = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The recipe wins over the option.
// CHECK-LABEL: func.func @not_excluded
// CHECK-NOT: quantcc.keep_float
func.func @not_excluded(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = quantcc.function <abs> %x : tensor<4xf32> loc("kept")
  return %0 : tensor<4xf32>
}
