// RUN: quant-opt %s --quantcc-convert-to-quantized --split-input-file --verify-diagnostics

!w = !quant.uniform<i8:f32:0, {0.5, 0.25}>

func.func @activation_per_axis(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{expected per-tensor parameters of an activation, found}}
  %0 = quantcc.fake_quantize %x {params = !w} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// expected-error@+1 {{expected a body of one block}}
func.func @two_blocks(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
^bb1:
  return %x : tensor<2xf32>
}

// -----

// expected-error@+1 {{output 'out' is an input as it is: there is no layer to compile}}
func.func @nothing(%x: tensor<2xf32>) -> (tensor<2xf32> {quantcc.name = "out"}) {
  return %x : tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>
!wide = !quant.uniform<i16:f32, 0.5>

func.func @function_of_16_bits(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.fake_quantize %x {params = !wide} : tensor<2xf32>
  // expected-error@+1 {{cannot be quantized from 'tensor<2x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %1 = quantcc.function <abs> %0 : tensor<2xf32>
  %2 = quantcc.fake_quantize %1 {params = !a} : tensor<2xf32>
  return %2 : tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>

func.func private @effect(tensor<2xf32>) -> tensor<2xf32>

func.func @side_effects(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  // expected-error@+1 {{layer 'func.call' stays in float, and it has side effects or regions}}
  %1 = func.call @effect(%0) : (tensor<2xf32>) -> tensor<2xf32>
  %2 = quantcc.fake_quantize %1 {params = !a} : tensor<2xf32>
  return %2 : tensor<2xf32>
}

// -----

quantcc.variable @v : tensor<4xf32> = dense<0.0> : tensor<4xf32>
func.func @variable(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{keeps f32 values from run to run, which cannot be quantized yet}}
  %0 = quantcc.read_variable @v : tensor<4xf32>
  return %0 : tensor<4xf32>
}
