// RUN: quant-opt --quantcc-verify-stage=imported --split-input-file --verify-diagnostics %s

func.func @observation(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{breaks the contract of stage 'imported': expected no observation, found one}}
  %r = quantcc.observe %x {name = "x"} : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @simulated_quantization(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{breaks the contract of stage 'imported': expected no simulated quantization, found one}}
  %r = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>}
      : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// expected-error @below {{breaks the contract of stage 'imported': expected no quantized type, found}}
func.func @quantized_type(%x: tensor<4x!quant.uniform<i8:f32, 0.5>>) {
  return
}
