// RUN: quant-opt %s --quantcc-schedule-pipeline | FileCheck %s --check-prefix=SCHEDULED
// RUN: quant-opt %s --quantcc-schedule-pipeline --quantcc-llvm-pipeline=target=cortex-m4 | FileCheck %s --check-prefix=LLVM
// RUN: not quant-opt %s --quantcc-llvm-pipeline=target=z80 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: unknown target 'z80', expected one of host, x86-64-v2

// SCHEDULED-LABEL: func.func @padded_sum
// SCHEDULED-SAME: %[[IN:.*]]: memref<4xi8> {quantcc.name = "x"}
// SCHEDULED-SAME: %[[OUT:.*]]: memref<6xi8> {quantcc.name = "y", quantcc.output}
// SCHEDULED-SAME: memref<6xi8> {quantcc.arena}
// SCHEDULED-NOT: tensor
// SCHEDULED-NOT: linalg
// SCHEDULED-NOT: memref.alloc

// LLVM-LABEL: llvm.func @padded_sum(
// LLVM-SAME: no_unwind
func.func @padded_sum(%arg0: tensor<4xi8> {quantcc.name = "x"}) -> (tensor<6xi8> {quantcc.name = "y"}) {
  %zero = arith.constant 0 : i8
  %padded = tensor.pad %arg0 low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : i8
  } : tensor<4xi8> to tensor<6xi8>
  %reversed = tensor.empty() : tensor<6xi8>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (5 - d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
      ins(%padded, %padded : tensor<6xi8>, tensor<6xi8>) outs(%reversed : tensor<6xi8>) {
  ^bb0(%a: i8, %b: i8, %o: i8):
    %s = arith.addi %a, %b : i8
    linalg.yield %s : i8
  } -> tensor<6xi8>
  return %sum : tensor<6xi8>
}
