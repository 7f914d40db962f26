// Ops beside those of the benchmark networks, each with an equivalent in ONNX.
func.func @net(%x: tensor<1x4x6x8xf32> {quantcc.name = "x"}, %rows: tensor<2x5x8xf32> {quantcc.name = "rows"})
    -> (tensor<1x8x12x4xf32> {quantcc.name = "image"}, tensor<2x5x6xf32> {quantcc.name = "product"}) {
  %slope = arith.constant dense<[0.25, 0.5, 0.125, 0.75, 0.0625, 0.25, 0.5, 0.3]> : tensor<8xf32>
  %0 = quantcc.prelu %x, %slope : (tensor<1x4x6x8xf32>, tensor<8xf32>) -> tensor<1x4x6x8xf32> loc("prelu")
  %1 = quantcc.function #quantcc.function<sigmoid> %0 : tensor<1x4x6x8xf32> loc("sigmoid")
  %2 = quantcc.slice %1 {offsets = array<i64: 0, 3, 1, 0>, strides = array<i64: 1, -1, 2, 1>}
       : (tensor<1x4x6x8xf32>) -> tensor<1x4x3x8xf32> loc("slice")
  %3 = quantcc.resize %2 {mode = #quantcc.resize_mode<nearest>, half_pixel_centers}
       : (tensor<1x4x3x8xf32>) -> tensor<1x4x6x8xf32> loc("nearest")
  %4 = quantcc.function #quantcc.function<tanh> %x : tensor<1x4x6x8xf32> loc("tanh")
  %5 = quantcc.maximum %3, %4 : (tensor<1x4x6x8xf32>, tensor<1x4x6x8xf32>) -> tensor<1x4x6x8xf32> loc("maximum")
  %k = arith.constant dense<0.125> : tensor<4x2x2x8xf32>
  %6 = quantcc.transpose_conv2d %5, %k {strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
       : (tensor<1x4x6x8xf32>, tensor<4x2x2x8xf32>) -> tensor<1x8x12x4xf32> loc("upsample")
  %7 = quantcc.resize %6 {mode = #quantcc.resize_mode<bilinear>, align_corners}
       : (tensor<1x8x12x4xf32>) -> tensor<1x8x12x4xf32> loc("bilinear")
  %8 = quantcc.slice %rows {offsets = array<i64: 0, 0, 1>, strides = array<i64: 1, 1, 1>}
       : (tensor<2x5x8xf32>) -> tensor<2x5x6xf32> loc("part")
  %9 = quantcc.slice %rows {offsets = array<i64: 0, 0, 0>, strides = array<i64: 1, 1, 1>}
       : (tensor<2x5x8xf32>) -> tensor<2x1x6xf32> loc("row")
  %10 = quantcc.broadcast %9 : (tensor<2x1x6xf32>) -> tensor<2x6x6xf32> loc("broadcast")
  %11 = quantcc.matmul %8, %10 {transpose_rhs}
       : (tensor<2x5x6xf32>, tensor<2x6x6xf32>) -> tensor<2x5x6xf32> loc("product")
  return %7, %11 : tensor<1x8x12x4xf32>, tensor<2x5x6xf32>
}
