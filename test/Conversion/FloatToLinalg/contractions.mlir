// RUN: quant-opt --quantcc-convert-float-to-linalg %s | FileCheck %s

// Loops m, k, n: the sum over k stays in order, n is innermost.

// CHECK: #[[$LHS:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK: #[[$RHS:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK: #[[$OUT:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>

// CHECK-LABEL: func.func @weights_are_transposed_at_compile_time
// CHECK: %[[W:.*]] = arith.constant dense<{{\[\[}}1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]> : tensor<3x2xf32>
// CHECK: linalg.generic {indexing_maps = [#[[$LHS]], #[[$RHS]], #[[$OUT]]], iterator_types = ["parallel", "reduction", "parallel"]}
// CHECK-SAME: ins(%{{.*}}, %[[W]]
// CHECK: arith.mulf %{{[^ ]*}}, %{{[^ ]*}} : f32
// CHECK: arith.addf %{{[^ ]*}}, %{{[^ ]*}} : f32
func.func @weights_are_transposed_at_compile_time(%x: tensor<1x3xf32>)
    -> tensor<1x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]>
      : tensor<2x3xf32>
  %r = quantcc.linear %x, %w : (tensor<1x3xf32>, tensor<2x3xf32>)
      -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

// 0.74 / 0.5 rounds to 1, 0.75 / 0.5 away from zero to 2, -100 saturates.

// CHECK-LABEL: func.func @fake_quantized_weights_stay_constant
// CHECK: arith.constant dense<{{\[\[}}5.000000e-01, 1.000000e+00, -6.400000e+01]]>
// CHECK-NOT: quantcc.fake_quantize
func.func @fake_quantized_weights_stay_constant() -> tensor<1x3xf32> {
  %w = arith.constant dense<[[0.74, 0.75, -100.0]]> : tensor<1x3xf32>
  %f = quantcc.fake_quantize %w {params = !quant.uniform<i8:f32, 0.5>}
      : tensor<1x3xf32>
  return %f : tensor<1x3xf32>
}

// CHECK-LABEL: func.func @markers_vanish
// CHECK-NEXT: return %{{.*}} : tensor<4xf32>
func.func @markers_vanish(%x: tensor<4xf32>) -> tensor<4xf32> {
  %o = quantcc.observe %x {name = "x"} : tensor<4xf32>
  %r = quantcc.float_island (%o) reason "by hand"
      : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    quantcc.yield %a : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// CHECK-LABEL: func.func @functions_call_no_library
// CHECK-NOT: math.{{tanh|exp|erf|fma|floor}}
// CHECK: return
func.func @functions_call_no_library(%x: tensor<4xf32>) -> tensor<4xf32> {
  %a = quantcc.function #quantcc.function<tanh> %x : tensor<4xf32>
  %b = quantcc.function #quantcc.function<sigmoid> %a : tensor<4xf32>
  %c = quantcc.function #quantcc.function<gelu> %b : tensor<4xf32>
  return %c : tensor<4xf32>
}
