// RUN: quant-opt %s --quantcc-insert-observers --verify-diagnostics

func.func @constant_is_not_finite(%x: tensor<1xf32>) -> tensor<1xf32> {
  %c = arith.constant dense<0x7F800000> : tensor<1xf32>
  // expected-error@+1 {{expected finite values in constant operand #1 of layer 'quantcc.add'}}
  %0 = quantcc.add %x, %c : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  return %0 : tensor<1xf32>
}
