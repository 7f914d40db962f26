// RUN: quant-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected a tensor of f32, of a per-tensor quantized type or of integers, of static shape, found 'tensor<?xf32>' (C45)}}
quantcc.variable @dynamic : tensor<?xf32> = dense<0.0> : tensor<1xf32>

// -----

// expected-error@+1 {{expected a tensor of f32, of a per-tensor quantized type or of integers, of static shape, found 'tensor<2xf64>' (C45)}}
quantcc.variable @type : tensor<2xf64> = dense<0.0> : tensor<2xf64>

// -----

// expected-error@+1 {{of static shape, found 'tensor<2x!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>>' (C45)}}
quantcc.variable @axis : tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>> = dense<0> : tensor<2xi8>

// -----

// expected-error@+1 {{expected initial values of type 'tensor<2xi8>', found 'tensor<3xi8>' (C45)}}
quantcc.variable @shape : tensor<2x!quant.uniform<i8:f32, 0.5>> = dense<0> : tensor<3xi8>

// -----

// expected-error@+1 {{expected initial values of type 'tensor<2xi8>', found 'tensor<2xf32>' (C45)}}
quantcc.variable @element : tensor<2x!quant.uniform<i8:f32, 0.5>> = dense<0.0> : tensor<2xf32>

// -----

// expected-error@+1 {{expected initial values within [-127, 127], found -128 (C45)}}
quantcc.variable @range : tensor<2x!quant.uniform<i8<-127:127>:f32, 0.5>> = dense<-128> : tensor<2xi8>

// -----

// expected-error@+1 {{expected finite initial values (C45)}}
quantcc.variable @nan : tensor<1xf32> = dense<0x7FC00000> : tensor<1xf32>

// -----

// expected-error@+1 {{expected a zero point within [-128, 127], found 300 (C4)}}
quantcc.variable @zero_point : tensor<1x!quant.uniform<i8:f32, 0.5:300>> = dense<0> : tensor<1xi8>

// -----

func.func @read_of_nothing() -> tensor<2xf32> {
  // expected-error@+1 {{expected a variable @missing, found none (C46)}}
  %0 = quantcc.read_variable @missing : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

quantcc.variable @v : tensor<2xf32> = dense<0.0> : tensor<2xf32>
func.func @read_of_another_type() -> tensor<3xf32> {
  // expected-error@+1 {{expected the variable's type 'tensor<2xf32>', found 'tensor<3xf32>' (C46)}}
  %0 = quantcc.read_variable @v : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

func.func @assignment_of_a_function(%x: tensor<2xf32>) {
  // expected-error@+1 {{expected a variable @assignment_of_a_function, found none (C47)}}
  quantcc.assign_variable @assignment_of_a_function, %x : tensor<2xf32>
  return
}

// -----

quantcc.variable @v : tensor<2xf32> = dense<0.0> : tensor<2xf32>
func.func @assignment_of_another_type(%x: tensor<1x2xf32>) {
  // expected-error@+1 {{expected the variable's type 'tensor<2xf32>', found 'tensor<1x2xf32>' (C47)}}
  quantcc.assign_variable @v, %x : tensor<1x2xf32>
  return
}
