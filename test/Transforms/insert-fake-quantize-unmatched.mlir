// RUN: quant-opt %s --quantcc-insert-fake-quantize='exclude=dense*,hed' --verify-diagnostics

// A pattern that fits a layer says nothing; one that fits none may be misspelt.
// expected-warning@+1 {{no layer matches the pattern to exclude 'hed'}}
func.func @misspelt(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<2xf32>
  %1 = quantcc.function <abs> %0 : tensor<2xf32> loc("dense1")
  %2 = quantcc.function <neg> %1 : tensor<2xf32> loc("head")
  %3 = quantcc.observe %2 {name = "head", range = #quantcc.range<-2.0, 0.0>} : tensor<2xf32>
  return %3 : tensor<2xf32>
}
