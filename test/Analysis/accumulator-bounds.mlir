// RUN: quant-opt --quantcc-test-accumulator-bounds --verify-diagnostics %s

!x = !quant.uniform<i8:f32, 0.5:-128>
!s = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.25>
!u = !quant.uniform<u8:f32, 0.25:100>
!y = !quant.uniform<i8:f32, 1.0>

// x - zp lies within [0, 255]: negative weights alone reach down, positive ones
// up; 255 * 3 + 7 and 255 * -4. The bias may come first or last.
func.func @ends_by_sign(%x: tensor<1x2x!x>) -> tensor<1x2x!y> {
  %c = arith.constant dense<[[1, 2], [-4, 3]]> : tensor<2x2xi8>
  %w = quant.scast %c : tensor<2x2xi8> to tensor<2x2x!w>
  %b = arith.constant dense<[7, -9]> : tensor<2xi32>
  // expected-remark @+1 {{accumulators within [0, 772] [-1029, 765]}}
  %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<double>}
      : (tensor<1x2x!x>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<1x2x!y>
  return %r : tensor<1x2x!y>
}

// -128 times -128 is the largest product of signed values.
func.func @largest_product(%x: tensor<1x3x!s>) -> tensor<1x1x!y> {
  %c = arith.constant dense<-128> : tensor<1x3xi8>
  %w = quant.scast %c : tensor<1x3xi8> to tensor<1x3x!w>
  // expected-remark @+1 {{accumulators within [-48768, 49152]}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<double>}
      : (tensor<1x3x!s>, tensor<1x3x!w>) -> tensor<1x1x!y>
  return %r : tensor<1x1x!y>
}

// Unsigned weights less their zero point are -100 and 155.
func.func @unsigned_weights(%x: tensor<1x2x!s>) -> tensor<1x1x!y> {
  %c = arith.constant dense<[[0, -1]]> : tensor<1x2xi8>
  %w = quant.scast %c : tensor<1x2xi8> to tensor<1x2x!u>
  // expected-remark @+1 {{accumulators within [-32540, 32485]}}
  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<double>}
      : (tensor<1x2x!s>, tensor<1x2x!u>) -> tensor<1x1x!y>
  return %r : tensor<1x1x!y>
}

// The clamp of a relu halves the range, through a reshape and a pad; the pad's
// border of -3 widens it.
func.func @clamped_input(%x: tensor<1x2x!s>, %y: tensor<1x2x!s>)
    -> (tensor<1x1x!y>, tensor<1x1x!y>) {
  %a = quantcc.add %x, %y {rounding = #quantcc.rounding<double>,
      stored_clamp = array<i32: 0, 100>}
      : (tensor<1x2x!s>, tensor<1x2x!s>) -> tensor<1x2x!s>
  %f = quantcc.reshape %a : (tensor<1x2x!s>) -> tensor<1x2x!s>
  %c = arith.constant dense<[[10, -1]]> : tensor<1x2xi8>
  %w = quant.scast %c : tensor<1x2xi8> to tensor<1x2x!w>
  // expected-remark @+1 {{accumulators within [-100, 1000]}}
  %r = quantcc.linear %f, %w {rounding = #quantcc.rounding<double>}
      : (tensor<1x2x!s>, tensor<1x2x!w>) -> tensor<1x1x!y>
  %p = quantcc.pad %f {low = array<i64: 0, 0>, high = array<i64: 0, 1>,
      stored_value = -3 : i32} : (tensor<1x2x!s>) -> tensor<1x3x!s>
  %d = arith.constant dense<[[10, -1, 0]]> : tensor<1x3xi8>
  %v = quant.scast %d : tensor<1x3xi8> to tensor<1x3x!w>
  // expected-remark @+1 {{accumulators within [-130, 1003]}}
  %t = quantcc.linear %p, %v {rounding = #quantcc.rounding<double>}
      : (tensor<1x3x!s>, tensor<1x3x!w>) -> tensor<1x1x!y>
  return %r, %t : tensor<1x1x!y>, tensor<1x1x!y>
}

// A constant input has the range of its values.
func.func @constant_operand(%x: tensor<2x3x!s>) -> tensor<2x2x!y> {
  %c = arith.constant dense<[[2, 0], [5, 1], [-3, 0]]> : tensor<3x2xi8>
  %k = quant.scast %c : tensor<3x2xi8> to tensor<3x2x!w>
  // 3 * -128 * 5 and 3 * -128 * -3, 3 * 127 * 5.
  // expected-remark @+1 {{accumulators within [-1920, 1905]}}
  %r = quantcc.matmul %x, %k {rounding = #quantcc.rounding<double>}
      : (tensor<2x3x!s>, tensor<3x2x!w>) -> tensor<2x2x!y>
  return %r : tensor<2x2x!y>
}

// Weights that are no constants have the ends of their storage range, a bias
// those of its type.
func.func @computed_weights(%x: tensor<1x2x!s>, %w: tensor<1x2x!w>,
                            %b: tensor<1xi32>) -> tensor<1x1x!y> {
  // 2 * 128 * 128 + 2^31.
  // expected-remark @+1 {{accumulators within [-2147516160, 2147516416]}}
  %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<single>}
      : (tensor<1x2x!s>, tensor<1x2x!w>, tensor<1xi32>) -> tensor<1x1x!y>
  return %r : tensor<1x1x!y>
}

func.func @zero_channel(%x: tensor<1x1x1x1x!s>) -> tensor<1x1x1x3x!y> {
  %c = arith.constant dense<[[[[0]]], [[[0]]], [[[1]]]]> : tensor<3x1x1x1xi8>
  %w = quant.scast %c : tensor<3x1x1x1xi8> to tensor<3x1x1x1x!w>
  %b = arith.constant dense<[0, 4, 0]> : tensor<3xi32>
  // expected-remark @+1 {{accumulators within [0, 0] [0, 4] [-128, 127]}}
  %r = quantcc.conv2d %x, %w, %b {strides = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>,
      groups = 1 : i64, rounding = #quantcc.rounding<double>}
      : (tensor<1x1x1x1x!s>, tensor<3x1x1x1x!w>, tensor<3xi32>)
      -> tensor<1x1x1x3x!y>
  return %r : tensor<1x1x1x3x!y>
}
