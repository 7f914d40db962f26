// The passes load into stock mlir-opt.

// UNSUPPORTED: sanitizers

// RUN: mlir-opt %s --load-dialect-plugin=%plugin --load-pass-plugin=%plugin --pass-pipeline='builtin.module(func.func(quantcc-decompose-tensor-ops))' | FileCheck %s

// RUN: mlir-opt %s --load-dialect-plugin=%plugin --load-pass-plugin=%plugin --pass-pipeline='builtin.module(func.func(quantcc-import-tosa))' | FileCheck %s --check-prefix=TOSA

// CHECK-LABEL: func.func @decomposes
func.func @decomposes(%a: tensor<1x2xi8>, %b: tensor<1x3xi8>) -> tensor<1x5xi8> {
  // CHECK-COUNT-2: tensor.insert_slice
  // CHECK-NOT: tensor.concat
  %r = tensor.concat dim(1) %a, %b : (tensor<1x2xi8>, tensor<1x3xi8>) -> tensor<1x5xi8>
  return %r : tensor<1x5xi8>
}

// The interface models of tosa come with the dialect.

// TOSA-LABEL: func.func @imports
func.func @imports(%a: tensor<1x2xf32>, %b: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // TOSA: quantcc.add
  %r = tosa.add %a, %b : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
