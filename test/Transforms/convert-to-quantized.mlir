// RUN: quant-opt %s --quantcc-convert-to-quantized --split-input-file | FileCheck %s
// RUN: quant-opt %s --quantcc-convert-to-quantized=rounding=double --split-input-file | FileCheck %s --check-prefix=DOUBLE

!a = !quant.uniform<i8:f32, 0.5:-3>
!b = !quant.uniform<i8:f32, 0.25:4>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.125}>

// The bias is stored at the scales 0.25 and 0.0625; 6.0 is stored as 28 and 0
// as the zero point.
// CHECK-LABEL: func.func @linear
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x!quant.uniform<i8:f32, 5.000000e-01:-3>> {quantcc.name = "in"}) -> (tensor<1x2x!quant.uniform<i8:f32, 2.500000e-01:4>> {quantcc.name = "out"})
// DOUBLE-LABEL: func.func @linear
func.func @linear(%x: tensor<1x2xf32> {quantcc.name = "in"}) -> (tensor<1x2xf32> {quantcc.name = "out"}) {
  // CHECK: %[[WI:.*]] = arith.constant dense<{{\[\[}}2, -4], [8, 127]]> : tensor<2x2xi8>
  // CHECK: %[[W:.*]] = quant.scast %[[WI]] : tensor<2x2xi8> to tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {5.000000e-01,1.250000e-01}>>
  // CHECK: %[[B:.*]] = arith.constant dense<[4, -16]> : tensor<2xi32>
  // CHECK: %[[R:.*]] = quantcc.linear %[[X]], %[[W]], %[[B]] {rounding = #quantcc.rounding<single>, stored_clamp = array<i32: 4, 28>}
  // CHECK: return %[[R]]
  // DOUBLE: rounding = #quantcc.rounding<double>
  %w = arith.constant dense<[[1.0, -2.0], [1.0, 99.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<[1.0, -1.0]> : tensor<2xf32>
  %fx = quantcc.fake_quantize %x {params = !a} : tensor<1x2xf32>
  %fw = quantcc.fake_quantize %w {params = !w} : tensor<2x2xf32>
  %0 = quantcc.linear %fx, %fw, %b {clamp = array<f32: 0.0, 6.0>} : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = quantcc.fake_quantize %0 {params = !b} : tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>

// A clamp that the storage range implies is none.
// CHECK-LABEL: func.func @clamp_beyond_storage
func.func @clamp_beyond_storage(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: quantcc.add %{{.*}}, %{{.*}} {rounding = #quantcc.rounding<single>} :
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  %1 = quantcc.add %0, %0 {clamp = array<f32: -100.0, 0x7F800000>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %2 = quantcc.fake_quantize %1 {params = !a} : tensor<2xf32>
  return %2 : tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>

// CHECK-LABEL: func.func @constant_activation
func.func @constant_activation(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[C:.*]] = arith.constant dense<[-1, 127]> : tensor<2xi8>
  // CHECK: %[[S:.*]] = quant.scast %[[C]]
  // CHECK: quantcc.mul %{{.*}}, %[[S]]
  %c = arith.constant dense<[1.0, 100.0]> : tensor<2xf32>
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  %1 = quantcc.fake_quantize %c {params = !a} : tensor<2xf32>
  %2 = quantcc.mul %0, %1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = quantcc.fake_quantize %2 {params = !a} : tensor<2xf32>
  return %3 : tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>

// An op that moves values passes parameters on, needing none of its own.
// CHECK-LABEL: func.func @pass_parameters_on
// CHECK-SAME: -> tensor<2x1x!quant{{.*}}>
func.func @pass_parameters_on(%x: tensor<2xf32>) -> tensor<2x1xf32> {
  // CHECK-NOT: quantcc.rescale
  // CHECK: quantcc.reshape %{{.*}} : (tensor<2x!quant{{.*}}>) -> tensor<2x1x!quant
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  %1 = quantcc.reshape %0 : (tensor<2xf32>) -> tensor<2x1xf32>
  return %1 : tensor<2x1xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>
!b = !quant.uniform<i8:f32, 0.25:4>

// CHECK-LABEL: func.func @consumers_of_other_parameters
// CHECK-SAME: %[[X:.*]]: tensor
func.func @consumers_of_other_parameters(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // CHECK: %[[R:.*]] = quantcc.rescale %[[X]] {rounding = #quantcc.rounding<single>}
  // CHECK: return %[[X]], %[[R]]
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  %1 = quantcc.fake_quantize %x {params = !b} : tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>
!b = !quant.uniform<i8:f32, 0.25:4>

// CHECK-LABEL: func.func @concat_of_other_parameters
// CHECK-SAME: %[[X:.*]]: tensor<2x!quant.uniform<i8:f32, 5.000000e-01:-3>>, %[[Y:.*]]: tensor<2x!quant.uniform<i8:f32, 2.500000e-01:4>>
func.func @concat_of_other_parameters(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<4xf32> {
  // CHECK: %[[RY:.*]] = quantcc.rescale %[[Y]]
  // CHECK: quantcc.concat %[[X]], %[[RY]]
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  %1 = quantcc.fake_quantize %y {params = !b} : tensor<2xf32>
  %2 = quantcc.concat %0, %1 {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %3 = quantcc.fake_quantize %2 {params = !a} : tensor<4xf32>
  return %3 : tensor<4xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>
!b = !quant.uniform<i8:f32, 0.25:4>

// Without parameters of its own, it takes those of the widest operand.
// CHECK-LABEL: func.func @concat_without_parameters
// CHECK-SAME: -> tensor<4x!quant.uniform<i8:f32, 5.000000e-01:-3>>
func.func @concat_without_parameters(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<4xf32> {
  %0 = quantcc.fake_quantize %x {params = !b} : tensor<2xf32>
  %1 = quantcc.fake_quantize %y {params = !a} : tensor<2xf32>
  %2 = quantcc.concat %0, %1 {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>
!b = !quant.uniform<i8:f32, 0.25:4>

// A pool works under the parameters of its operand, before the change.
// CHECK-LABEL: func.func @pool_then_rescale
// CHECK-SAME: %[[X:.*]]: tensor
func.func @pool_then_rescale(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32> {
  // CHECK: %[[P:.*]] = quantcc.max_pool2d %[[X]]
  // CHECK: quantcc.rescale %[[P]]
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<1x2x2x1xf32>
  %1 = quantcc.max_pool2d %0 {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = quantcc.fake_quantize %1 {params = !b} : tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>
!p = !quant.uniform<i8:f32, 0.0039215688593685627:-128>

// A trained model gives softmax the range [0, 1]; the op itself yields 1/256.
// CHECK-LABEL: func.func @softmax
func.func @softmax(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK: %[[R:.*]] = quantcc.softmax %{{.*}} -> tensor<1x2x!quant.uniform<i8:f32, 3.906250e-03:-128>>
  // CHECK: quantcc.rescale %[[R]]
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<1x2xf32>
  %1 = quantcc.softmax %0 {beta = 1.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = quantcc.fake_quantize %1 {params = !p} : tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>
!b = !quant.uniform<i8:f32, 1.0>

// |0.5 * (i + 3)|, rounded away from zero, for i from -128 to 127.
// CHECK-LABEL: func.func @function
func.func @function(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[T:.*]] = arith.constant dense<"0x3F3E3E3D3D{{[0-9A-F]*}}0202010100010102020303{{[0-9A-F]*}}3F40404141"> : tensor<256xi8>
  // CHECK: quantcc.lookup %{{.*}}, %[[T]]
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  %1 = quantcc.function <abs> %0 : tensor<2xf32>
  %2 = quantcc.fake_quantize %1 {params = !b} : tensor<2xf32>
  return %2 : tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5:-3>

// CHECK-LABEL: func.func @pad_value
func.func @pad_value(%x: tensor<2xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.pad %{{.*}} {high = array<i64: 1>, low = array<i64: 1>, stored_value = 1 : i32}
  %0 = quantcc.fake_quantize %x {params = !a} : tensor<2xf32>
  %1 = quantcc.pad %0 {low = array<i64: 1>, high = array<i64: 1>, value = 2.0 : f32} : (tensor<2xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32:0, {1.0, 9.3132257461547852E-10}>

// 4.0 at the scale 0.5 * 2^-30 is 2^33: the scale of the channel becomes 2^-27,
// at which it is 2^30.
// CHECK-LABEL: func.func @bias_beyond_30_bits
func.func @bias_beyond_30_bits(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  // CHECK: quant.scast %{{.*}} to tensor<2x1x!quant.uniform<i8<-127:127>:f32:0, {1.000000e+00,7.450580{{[0-9]*}}E-9}>>
  // CHECK: arith.constant dense<[8, 1073741824]> : tensor<2xi32>
  %w = arith.constant dense<[[1.0], [1.0e-8]]> : tensor<2x1xf32>
  %b = arith.constant dense<4.0> : tensor<2xf32>
  %fx = quantcc.fake_quantize %x {params = !a} : tensor<1x1xf32>
  %fw = quantcc.fake_quantize %w {params = !w} : tensor<2x1xf32>
  %0 = quantcc.linear %fx, %fw, %b : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = quantcc.fake_quantize %0 {params = !a} : tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: func.func @observers_are_stripped
// CHECK-NOT: quantcc.observe
func.func @observers_are_stripped(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = quantcc.observe %x {name = "x"} : tensor<2xf32>
  %1 = quantcc.fake_quantize %0 {params = !a} : tensor<2xf32>
  return %1 : tensor<2xf32>
}
