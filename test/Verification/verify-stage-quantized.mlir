// RUN: quant-opt --quantcc-verify-stage=quantized --split-input-file --verify-diagnostics %s

!x = !quant.uniform<i8:f32, 0.5:3>

func.func @float_at_the_edges(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!x>
  %r = quantcc.reshape %q : (tensor<4x!x>) -> tensor<2x2x!x>
  %s = quantcc.reshape %r : (tensor<2x2x!x>) -> tensor<4x!x>
  %d = quant.dcast %s : tensor<4x!x> to tensor<4xf32>
  return %d : tensor<4xf32>
}

// -----

func.func @float_network_op(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{breaks the contract of stage 'quantized': expected quantized operands and results, found 'tensor<4xf32>'}}
  %r = quantcc.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>

func.func @explicit_multipliers(%x: tensor<2x3x!x>, %y: tensor<3x2x!x>)
    -> tensor<2x2x!x> {
  %a = quantcc.matmul %x, %y : (tensor<2x3x!x>, tensor<3x2x!x>) -> tensor<2x2xi32>
  %r = quantcc.requantize %a {multipliers = array<i32: 1073741824>,
      shifts = array<i32: 38>, output_zero_point = 0 : i32,
      clamp_min = -128 : i32, clamp_max = 127 : i32,
      rounding = #quantcc.rounding<single>} : tensor<2x2xi32> -> tensor<2x2xi8>
  %s = quant.scast %r : tensor<2x2xi8> to tensor<2x2x!x>
  return %s : tensor<2x2x!x>
}
