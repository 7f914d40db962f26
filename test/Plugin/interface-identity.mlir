// A plugin that was linked apart finds the interfaces of the dialect, be it
// linked into its host or another plugin.

// UNSUPPORTED: sanitizers

// RUN: quant-opt %s --load-pass-plugin=%quantcc_build/test/Plugin/InterfaceProbe.so --pass-pipeline='builtin.module(probe-interface)' -verify-diagnostics
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --load-pass-plugin=%quantcc_build/test/Plugin/InterfaceProbe.so --pass-pipeline='builtin.module(probe-interface)' -verify-diagnostics

func.func @quantizable(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-remark @below {{quantizable, 2 operands, the first an activation}}
  %r = quantcc.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
