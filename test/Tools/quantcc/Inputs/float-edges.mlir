!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @net(%x: tensor<1x4xf32> {quantcc.name = "x"}) -> tensor<1x3xf32> {
  %c = arith.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8], [-9, 10, -11, 12]]> : tensor<3x4xi8>
  %w = quant.scast %c : tensor<3x4xi8> to tensor<3x4x!quant.uniform<i8:f32, 0.25>>
  %0 = quant.qcast %x : tensor<1x4xf32> to tensor<1x4x!q>
  %1 = quantcc.linear %0, %w {rounding = #quantcc.rounding<single>}
       : (tensor<1x4x!q>, tensor<3x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x3x!q> loc("fc")
  %2 = quant.dcast %1 : tensor<1x3x!q> to tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}
