// RUN: quant-opt --quantcc-requantize-to-smt --split-input-file --verify-diagnostics %s

func.func @two_uses(%a: tensor<2xi32>) -> (tensor<2xi8>, tensor<2xi8>) {
  // expected-error @+1 {{expected one use of a requantization to prove}}
  %r = quantcc.requantize %a {multipliers = array<i32: 1073741824>,
      shifts = array<i32: 38>, output_zero_point = 0 : i32,
      clamp_min = -128 : i32, clamp_max = 127 : i32,
      rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi8>
  return %r, %r : tensor<2xi8>, tensor<2xi8>
}
