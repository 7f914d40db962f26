// RUN: quant-opt --quantcc-verify-stage=integer --split-input-file --verify-diagnostics %s

func.func @integers_keep_the_contract(%x: tensor<4xi8>, %t: tensor<256xi8>)
    -> tensor<4xi8> {
  %r = quantcc.lookup %x, %t : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// -----

func.func @float_within(%x: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @below {{breaks the contract of stage 'integer': expected no float type, found 'tensor<4xf32>'}}
  %c = arith.constant dense<1.0> : tensor<4xf32>
  return %x : tensor<4xi8>
}

// -----

// An island's inside is its own matter.
func.func @float_in_an_island(%x: tensor<4xi8>) -> tensor<4xi8> {
  %r = quantcc.float_island (%x) reason "by hand"
      : (tensor<4xi8>) -> tensor<4xi8> {
  ^bb0(%a: tensor<4xi8>):
    %c = arith.constant dense<1.0> : tensor<4xf32>
    quantcc.yield %a : tensor<4xi8>
  }
  return %r : tensor<4xi8>
}
