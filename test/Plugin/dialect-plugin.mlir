// The dialect loads into stock mlir-opt, with its verifiers.
// A sanitized plugin needs a sanitized host.

// UNSUPPORTED: sanitizers

// RUN: mlir-opt %s --load-dialect-plugin=%plugin --split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @parses
func.func @parses(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: quantcc.add
  %r = quantcc.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @verifies(%x: tensor<4xf32>, %y: tensor<3xf32>) -> tensor<4xf32> {
  // expected-error @below {{C14}}
  %r = quantcc.add %x, %y : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
