// RUN: quant-opt %s --quantcc-test-float-ranges --split-input-file --verify-diagnostics

func.func @arithmetic(%x: tensor<2xf32>, %y: tensor<2xf32>) {
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %a = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<2xf32>
  // expected-remark@+1 {{is [-3.000000e+00, 4.000000e+00]}}
  %b = quantcc.observe %y {name = "y", range = #quantcc.range<-3.0, 4.0>} : tensor<2xf32>
  // expected-remark@+1 {{is [-4.000000e+00, 6.000000e+00]}}
  %0 = quantcc.add %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-5.000000e+00, 5.000000e+00]}}
  %1 = quantcc.sub %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-6.000000e+00, 8.000000e+00]}}
  %2 = quantcc.mul %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 4.000000e+00]}}
  %3 = quantcc.maximum %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-3.000000e+00, 2.000000e+00]}}
  %4 = quantcc.minimum %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [0.000000e+00, 3.000000e+00]}}
  %5 = quantcc.add %a, %b {clamp = array<f32: 0.0, 3.0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @moves(%x: tensor<1x2x2x1xf32>) {
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %a = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<1x2x2x1xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %0 = quantcc.reshape %a : (tensor<1x2x2x1xf32>) -> tensor<4xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 7.000000e+00]}}
  %1 = quantcc.pad %0 {low = array<i64: 1>, high = array<i64: 0>, value = 7.0 : f32} : (tensor<4xf32>) -> tensor<5xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 7.000000e+00]}}
  %2 = quantcc.concat %0, %1 {axis = 0 : i64} : (tensor<4xf32>, tensor<5xf32>) -> tensor<9xf32>
  // expected-remark@+1 {{is [0.000000e+00, 2.000000e+00]}}
  %3 = quantcc.avg_pool2d %a {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, clamp = array<f32: 0.0, 6.0>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %4 = quantcc.mean %a {axes = array<i64: 1, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1xf32>
  return
}

// -----

// Ops that bound their result need to know nothing of their operand.
func.func @bounded(%x: tensor<2xf32>) {
  // expected-remark@+1 {{is [0.000000e+00, 1.000000e+00]}}
  %0 = quantcc.function <sigmoid> %x : tensor<2xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 1.000000e+00]}}
  %1 = quantcc.function <tanh> %x : tensor<2xf32>
  // expected-remark@+1 {{is [0.000000e+00, 1.000000e+00]}}
  %2 = quantcc.softmax %x {beta = 1.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [0.000000e+00, 6.000000e+00]}}
  %3 = quantcc.rescale %x {clamp = array<f32: 0.0, 6.0>} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is unknown}}
  %4 = quantcc.rescale %x {clamp = array<f32: 0.0, 0x7F800000>} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is unknown}}
  %5 = quantcc.function <abs> %x : tensor<2xf32>
  return
}

// -----

func.func @functions(%x: tensor<2xf32>) {
  // expected-remark@+1 {{is [-2.000000e+00, 1.000000e+00]}}
  %a = quantcc.observe %x {name = "x", range = #quantcc.range<-2.0, 1.0>} : tensor<2xf32>
  // expected-remark@+1 {{is [0.000000e+00, 2.000000e+00]}}
  %0 = quantcc.function <abs> %a : tensor<2xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %1 = quantcc.function <neg> %a : tensor<2xf32>
  // expected-remark@+1 {{is [0.000000e+00, 4.000000e+00]}}
  %2 = quantcc.function <square> %a : tensor<2xf32>
  // expected-remark@+1 {{is [-5.000000e-01, 1.000000e+00]}}
  %3 = quantcc.function <leaky_relu> %a {alpha = 0.25 : f32} : tensor<2xf32>
  // expected-remark@+1 {{is [-3.750000e-01, 1.000000e+00]}}
  %4 = quantcc.function <hard_swish> %a : tensor<2xf32>
  // expected-remark@+1 {{is unknown}}
  %5 = quantcc.function <rsqrt> %a : tensor<2xf32>
  return
}

// -----

// What is observed replaces what would follow: it may be narrower and wider.
func.func @observed_wins(%x: tensor<2xf32>) {
  // expected-remark@+1 {{is [0.000000e+00, 1.000000e+00]}}
  %0 = quantcc.function <sigmoid> %x : tensor<2xf32>
  // expected-remark@+1 {{is [2.500000e-01, 2.000000e+00]}}
  %1 = quantcc.observe %0 {name = "s", range = #quantcc.range<0.25, 2.0>} : tensor<2xf32>
  // expected-remark@+1 {{is [2.500000e-01, 2.000000e+00]}}
  %2 = quantcc.observe %1 {name = "t"} : tensor<2xf32>
  return
}

// -----

func.func @constants(%x: tensor<2xf32>) {
  %c = arith.constant dense<[-1.5, 3.0]> : tensor<2xf32>
  %n = arith.constant dense<[0.0, 0x7FC00000]> : tensor<2xf32>
  // expected-remark@+1 {{is [-1.500000e+00, 3.000000e+00]}}
  %0 = quantcc.reshape %c : (tensor<2xf32>) -> tensor<1x2xf32>
  // expected-remark@+1 {{is unknown}}
  %1 = quantcc.reshape %n : (tensor<2xf32>) -> tensor<1x2xf32>
  return
}

// -----

// 0.5 * (-128 + 8) to 0.5 * (127 + 8).
func.func @parameters(%x: tensor<2xf32>, %q: tensor<2x!quant.uniform<i8:f32, 0.5:-8>>) {
  // expected-remark@+1 {{is [-6.000000e+01, 6.750000e+01]}}
  %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5:-8>} : tensor<2xf32>
  // expected-remark@+1 {{is [-6.000000e+01, 6.750000e+01]}}
  %1 = quant.dcast %q : tensor<2x!quant.uniform<i8:f32, 0.5:-8>> to tensor<2xf32>
  return
}

// -----

// A convolution bounds nothing that is worth having.
func.func @no_interface(%x: tensor<1x2xf32>, %w: tensor<1x2xf32>) {
  // expected-remark@+1 {{is [-1.000000e+00, 1.000000e+00]}}
  %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 1.0>} : tensor<1x2xf32>
  // expected-remark@+1 {{is unknown}}
  %1 = quantcc.linear %0, %w : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return
}
