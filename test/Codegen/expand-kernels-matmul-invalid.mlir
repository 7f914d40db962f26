// RUN: quant-opt %s --quantcc-expand-kernels=kernels=riscv-vector --verify-diagnostics

func.func @product(%a: memref<2x4x8xi8>, %b: memref<2x8x6xi8>, %y: memref<2x4x6xi8>) {
  // expected-error @+1 {{has no kernel: there is no kernel for products of activations}}
  quantcc.fused_matmul ins(%a, %b : memref<2x4x8xi8>, memref<2x8x6xi8>) outs(%y : memref<2x4x6xi8>) {lhs_zero_point = 5 : i32, rhs_zero_point = -7 : i32, multiplier = 1518500250 : i32, shift = 44 : i32, output_zero_point = -3 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<double>}
  return
}
