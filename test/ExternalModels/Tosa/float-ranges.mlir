// RUN: quant-opt %s --quantcc-test-float-ranges --split-input-file --verify-diagnostics

func.func @elementwise(%x: tensor<2xf32>, %y: tensor<2xf32>) {
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %a = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<2xf32>
  // expected-remark@+1 {{is [-3.000000e+00, 4.000000e+00]}}
  %b = quantcc.observe %y {name = "y", range = #quantcc.range<-3.0, 4.0>} : tensor<2xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-remark@+1 {{is [-4.000000e+00, 6.000000e+00]}}
  %0 = tosa.add %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-5.000000e+00, 5.000000e+00]}}
  %1 = tosa.sub %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-6.000000e+00, 8.000000e+00]}}
  %2 = tosa.mul %a, %b, %shift : (tensor<2xf32>, tensor<2xf32>, tensor<1xi8>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 4.000000e+00]}}
  %3 = tosa.maximum %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-3.000000e+00, 2.000000e+00]}}
  %4 = tosa.minimum %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [0.000000e+00, 1.500000e+00]}}
  %5 = tosa.clamp %a {min_val = 0.0 : f32, max_val = 1.5 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [0.000000e+00, 6.000000e+00]}}
  %6 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is unknown}}
  %7 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [0.000000e+00, 1.000000e+00]}}
  %8 = tosa.sigmoid %x : (tensor<2xf32>) -> tensor<2xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 1.000000e+00]}}
  %9 = tosa.tanh %x : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @shapes(%x: tensor<1x2x2x1xf32>) {
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %a = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<1x2x2x1xf32>
  %shape = tosa.const_shape {values = dense<[4]> : tensor<1xindex>} : () -> !tosa.shape<1>
  %borders = tosa.const_shape {values = dense<[1, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %seven = "tosa.const"() <{values = dense<7.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %0 = tosa.reshape %a, %shape : (tensor<1x2x2x1xf32>, !tosa.shape<1>) -> tensor<4xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 7.000000e+00]}}
  %1 = tosa.pad %0, %borders, %seven : (tensor<4xf32>, !tosa.shape<2>, tensor<1xf32>) -> tensor<5xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 7.000000e+00]}}
  %2 = tosa.concat %0, %1 {axis = 0 : i32} : (tensor<4xf32>, tensor<5xf32>) -> tensor<9xf32>
  // expected-remark@+1 {{is [-1.000000e+00, 2.000000e+00]}}
  %3 = tosa.max_pool2d %a {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  // expected-remark@+1 {{is [-2.000000e+00, 4.000000e+00]}}
  %4 = tosa.reduce_sum %a {axis = 1 : i32} : (tensor<1x2x2x1xf32>) -> tensor<1x1x2x1xf32>
  return
}
