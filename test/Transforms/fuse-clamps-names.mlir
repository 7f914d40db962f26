// RUN: quant-opt %s --quantcc-fuse-clamps --quantcc-insert-observers | FileCheck %s

// The value has the name of the activation.
// CHECK-LABEL: func.func @name_of_the_activation
func.func @name_of_the_activation(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.observe %{{.*}} {name = "arg0"}
  // CHECK: quantcc.observe %{{.*}} {name = "act"}
  %0 = quantcc.mul %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("product")
  %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32> loc("act")
  return %1 : tensor<4xf32>
}
