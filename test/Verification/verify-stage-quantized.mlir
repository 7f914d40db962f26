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
