// RUN: quant-opt %s --quantcc-propagate-ranges --split-input-file --verify-diagnostics

func.func @nothing_reaches(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expected a range of value 'x', but it was not calibrated and none follows from other values}}
  %0 = quantcc.observe %x {name = "x"} : tensor<4xf32>
  %1 = quantcc.observe %y {name = "y", range = #quantcc.range<-1.0, 2.0>} : tensor<4xf32>
  %2 = quantcc.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // expected-note@+1 {{nor of value 'sum'}}
  %3 = quantcc.observe %2 {name = "sum"} : tensor<4xf32>
  return %3 : tensor<4xf32>
}
