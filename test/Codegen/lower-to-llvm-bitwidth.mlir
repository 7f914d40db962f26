// RUN: not quant-opt %s --quantcc-lower-to-llvm=index-bitwidth=16 2>&1 | FileCheck %s

// CHECK: error: 'builtin.module' op index-bitwidth expected 32 or 64, found 16
module {}
