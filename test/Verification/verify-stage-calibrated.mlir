// RUN: quant-opt --quantcc-verify-stage=calibrated --split-input-file --verify-diagnostics %s

func.func @range_missing(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{breaks the contract of stage 'calibrated': expected a range, found none}}
  %r = quantcc.observe %x {name = "x"} : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @result_not_observed(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{breaks the contract of stage 'calibrated': expected an observed result, found none}}
  %r = quantcc.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
