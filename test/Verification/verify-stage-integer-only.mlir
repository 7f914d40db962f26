// RUN: quant-opt --quantcc-verify-stage="integer integer-only" --verify-diagnostics %s

func.func @island(%x: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @below {{expected no float island, found one: by hand}}
  %r = quantcc.float_island (%x) reason "by hand"
      : (tensor<4xi8>) -> tensor<4xi8> {
  ^bb0(%a: tensor<4xi8>):
    quantcc.yield %a : tensor<4xi8>
  }
  return %r : tensor<4xi8>
}
