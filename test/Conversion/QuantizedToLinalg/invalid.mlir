// RUN: quant-opt --quantcc-convert-quantized-to-linalg --split-input-file --verify-diagnostics %s

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.25>

func.func @accumulator_beyond_47_bits(%x: tensor<1x2x!x>) -> tensor<1x1x!x> {
  %c = arith.constant dense<-128> : tensor<1x2xi8>
  %w = quant.scast %c : tensor<1x2xi8> to tensor<1x2x!w>
  %b = arith.constant dense<140737488322560> : tensor<1xi64>
  // expected-error @below {{expected accumulators of magnitude below 2^47, found a bound of 140737488355328}}
  %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<double>}
      : (tensor<1x2x!x>, tensor<1x2x!w>, tensor<1xi64>) -> tensor<1x1x!x>
  return %r : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<i8:f32, 64.0>
!w = !quant.uniform<i8:f32, 1024.0>
!y = !quant.uniform<i8:f32, 1.0>

// M = 2^16: shift 14, and 128 * 128 * 2^17 is 2^31.
func.func @left_shift_overflows(%x: tensor<1x1x!x>) -> tensor<1x1x!y> {
  %c = arith.constant dense<-128> : tensor<1x1xi8>
  %w = quant.scast %c : tensor<1x1xi8> to tensor<1x1x!w>
  // expected-error @below {{expected accumulators that a left shift of 17 keeps below 2^31, found a bound of 16384}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<double>}
      : (tensor<1x1x!x>, tensor<1x1x!w>) -> tensor<1x1x!y>
  return %r : tensor<1x1x!y>
}

// -----

!x = !quant.uniform<i8:f32, 65536.0>
!w = !quant.uniform<i8:f32, 65536.0>
!y = !quant.uniform<i8:f32, 1.0>

func.func @multiplier_too_large(%x: tensor<1x1x!x>) -> tensor<1x1x!y> {
  %c = arith.constant dense<127> : tensor<1x1xi8>
  %w = quant.scast %c : tensor<1x1xi8> to tensor<1x1x!w>
  // expected-error @below {{cannot be requantized: expected a multiplier below 2^29}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<double>}
      : (tensor<1x1x!x>, tensor<1x1x!w>) -> tensor<1x1x!y>
  return %r : tensor<1x1x!y>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.25>

func.func @weights_not_constant(%x: tensor<1x2x!x>, %w: tensor<1x2x!w>)
    -> tensor<1x1x!x> {
  // expected-error @below {{expected constant weights}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<double>}
      : (tensor<1x2x!x>, tensor<1x2x!w>) -> tensor<1x1x!x>
  return %r : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>

func.func @half_even_add(%x: tensor<4x!x>) -> tensor<4x!x> {
  // expected-error @below {{expected rounding double or single, found half_even}}
  %r = quantcc.add %x, %x {rounding = #quantcc.rounding<half_even>}
      : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  return %r : tensor<4x!x>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!p = !quant.uniform<i8:f32, 0.00390625:-128>

func.func @softmax_row_too_long(%x: tensor<1x4096x!x>) -> tensor<1x4096x!p> {
  // expected-error @below {{expected rows of at most 4095 elements, found 4096}}
  %r = quantcc.softmax %x {beta = 1.0 : f32}
      : (tensor<1x4096x!x>) -> tensor<1x4096x!p>
  return %r : tensor<1x4096x!p>
}

// -----

!x = !quant.uniform<i16:f32, 0.5:1>

// 32769 * 65535.
func.func @product_beyond_32_bits(%x: tensor<4x!x>, %u: tensor<4x!quant.uniform<i16:f32, 0.5:32767>>)
    -> tensor<4x!x> {
  // expected-error @below {{expected accumulators of magnitude below 2^31, found a bound of 2147516415}}
  %r = quantcc.mul %x, %u {rounding = #quantcc.rounding<double>}
      : (tensor<4x!x>, tensor<4x!quant.uniform<i16:f32, 0.5:32767>>) -> tensor<4x!x>
  return %r : tensor<4x!x>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!h = !quant.uniform<i8:f32, 0.0078125>
!c = !quant.uniform<i16:f32, 4.8828125e-04>
!w = !quant.uniform<i8:f32, 0.001953125>

func.func @lstm_rounding(%x: tensor<1x9x1x!x>, %h: tensor<1x1x!h>, %c: tensor<1x1x!c>, %v: tensor<1x1x!w>)
    -> tensor<1x9x1x!h> {
  %k = arith.constant dense<7> : tensor<1x1xi8>
  %w = quant.scast %k : tensor<1x1xi8> to tensor<1x1x!w>
  %b = arith.constant dense<0> : tensor<1xi32>
  // expected-error @below {{expected rounding double or single, found half_even}}
  %r:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%w, %w, %w, %w) bias(%b, %b, %b, %b)
      {rounding = #quantcc.rounding<half_even>}
      : (tensor<1x9x1x!x>, tensor<1x1x!h>, tensor<1x1x!c>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>,
         tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>)
      -> (tensor<1x9x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>)
  return %r#0 : tensor<1x9x1x!h>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!h = !quant.uniform<i8:f32, 0.0078125>
!c = !quant.uniform<i16:f32, 4.8828125e-04>
!w = !quant.uniform<i8:f32, 0.001953125>

func.func @lstm_computed_weights(%x: tensor<1x9x1x!x>, %h: tensor<1x1x!h>, %c: tensor<1x1x!c>, %v: tensor<1x1x!w>)
    -> tensor<1x9x1x!h> {
  %k = arith.constant dense<7> : tensor<1x1xi8>
  %w = quant.scast %k : tensor<1x1xi8> to tensor<1x1x!w>
  %b = arith.constant dense<0> : tensor<1xi32>
  // expected-error @below {{expected constant weights}}
  %r:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %v) recurrent_weights(%w, %w, %w, %w) bias(%b, %b, %b, %b)
      {rounding = #quantcc.rounding<single>}
      : (tensor<1x9x1x!x>, tensor<1x1x!h>, tensor<1x1x!c>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>,
         tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>)
      -> (tensor<1x9x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>)
  return %r#0 : tensor<1x9x1x!h>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!h = !quant.uniform<i8:f32, 0.0078125>
!c = !quant.uniform<i16:f32, 4.8828125e-04>
!w = !quant.uniform<i8:f32, 0.001953125>

func.func @lstm_accumulator_beyond_32_bits(%x: tensor<1x9x1x!x>, %h: tensor<1x1x!h>, %c: tensor<1x1x!c>, %v: tensor<1x1x!w>)
    -> tensor<1x9x1x!h> {
  %k = arith.constant dense<7> : tensor<1x1xi8>
  %w = quant.scast %k : tensor<1x1xi8> to tensor<1x1x!w>
  %b = arith.constant dense<2147483647> : tensor<1xi32>
  // expected-error @below {{expected accumulators of magnitude below 2^31}}
  %r:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%w, %w, %w, %w) bias(%b, %b, %b, %b)
      {rounding = #quantcc.rounding<single>}
      : (tensor<1x9x1x!x>, tensor<1x1x!h>, tensor<1x1x!c>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>,
         tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>)
      -> (tensor<1x9x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>)
  return %r#0 : tensor<1x9x1x!h>
}

// -----

!x = !quant.uniform<i8:f32, 8.0>
!h = !quant.uniform<i8:f32, 0.0078125>
!c = !quant.uniform<i16:f32, 4.8828125e-04>
!w = !quant.uniform<i8:f32, 0.001953125>

func.func @lstm_left_shift_of_the_gates(%x: tensor<1x9x1x!x>, %h: tensor<1x1x!h>, %c: tensor<1x1x!c>, %v: tensor<1x1x!w>)
    -> tensor<1x9x1x!h> {
  %k = arith.constant dense<7> : tensor<1x1xi8>
  %w = quant.scast %k : tensor<1x1xi8> to tensor<1x1x!w>
  %b = arith.constant dense<70000000> : tensor<1xi32>
  // expected-error @below {{expected accumulators that a left shift of 7 keeps below 2^31}}
  %r:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%w, %w, %w, %w) bias(%b, %b, %b, %b)
      {rounding = #quantcc.rounding<single>}
      : (tensor<1x9x1x!x>, tensor<1x1x!h>, tensor<1x1x!c>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>,
         tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>)
      -> (tensor<1x9x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>)
  return %r#0 : tensor<1x9x1x!h>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!h = !quant.uniform<i8:f32, 8.67361737988403547e-19>
!c = !quant.uniform<i16:f32, 4.8828125e-04>
!w = !quant.uniform<i8:f32, 0.001953125>

func.func @lstm_hidden_scale(%x: tensor<1x9x1x!x>, %h: tensor<1x1x!h>, %c: tensor<1x1x!c>, %v: tensor<1x1x!w>)
    -> tensor<1x9x1x!h> {
  %k = arith.constant dense<7> : tensor<1x1xi8>
  %w = quant.scast %k : tensor<1x1xi8> to tensor<1x1x!w>
  %b = arith.constant dense<0> : tensor<1xi32>
  // expected-error @below {{cannot be requantized}}
  %r:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w) recurrent_weights(%w, %w, %w, %w) bias(%b, %b, %b, %b)
      {rounding = #quantcc.rounding<single>}
      : (tensor<1x9x1x!x>, tensor<1x1x!h>, tensor<1x1x!c>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>,
         tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>)
      -> (tensor<1x9x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>)
  return %r#0 : tensor<1x9x1x!h>
}
