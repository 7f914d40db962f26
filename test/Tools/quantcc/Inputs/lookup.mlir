!q = !quant.uniform<i8:f32, 0.5>
func.func @net(%x: tensor<4x!q>) -> tensor<4x!q> {
  %table = arith.constant dense<1> : tensor<256xi8>
  %r = quantcc.lookup %x, %table
       : (tensor<4x!q>, tensor<256xi8>) -> tensor<4x!q> loc("table")
  return %r : tensor<4x!q>
}
