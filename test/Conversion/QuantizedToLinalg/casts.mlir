// RUN: quant-opt --quantcc-convert-quantized-to-linalg %s | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5:3>

// CHECK-LABEL: func.func @edges_keep_their_casts
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>) -> tensor<2x2xf32>
// CHECK: %[[Q:.*]] = quant.qcast %[[X]]
// CHECK: %[[S:.*]] = quant.scast %[[Q]] : tensor<4x!{{.*}}> to tensor<4xi8>
// CHECK: %[[R:.*]] = tensor.expand_shape %[[S]]
// CHECK: %[[T:.*]] = quant.scast %[[R]] : tensor<2x2xi8> to tensor<2x2x!{{.*}}>
// CHECK: quant.dcast %[[T]]
func.func @edges_keep_their_casts(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  %q = quant.qcast %x : tensor<4xf32> to tensor<4x!x>
  %r = quantcc.reshape %q : (tensor<4x!x>) -> tensor<2x2x!x>
  %d = quant.dcast %r : tensor<2x2x!x> to tensor<2x2xf32>
  return %d : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @islands_take_storage
// CHECK: quantcc.float_island(%{{.*}}) reason "by hand"
// CHECK-SAME: (tensor<4xi8>) -> tensor<4xi8>
// CHECK: ^bb0(%[[A:.*]]: tensor<4xi8>):
// CHECK: %[[Q:.*]] = quant.scast %[[A]] : tensor<4xi8> to tensor<4x!
// CHECK: quant.dcast %[[Q]]
// CHECK: %[[R:.*]] = quant.qcast
// CHECK: %[[S:.*]] = quant.scast %[[R]] : tensor<4x!{{.*}}> to tensor<4xi8>
// CHECK: quantcc.yield %[[S]] : tensor<4xi8>
func.func @islands_take_storage(%x: tensor<4x!x>) -> tensor<4x!x> {
  %r = quantcc.float_island (%x) reason "by hand"
      : (tensor<4x!x>) -> tensor<4x!x> {
  ^bb0(%a: tensor<4x!x>):
    %d = quant.dcast %a : tensor<4x!x> to tensor<4xf32>
    %s = quantcc.function #quantcc.function<tanh> %d : tensor<4xf32>
    %q = quant.qcast %s : tensor<4xf32> to tensor<4x!x>
    quantcc.yield %q : tensor<4x!x>
  }
  return %r : tensor<4x!x>
}
