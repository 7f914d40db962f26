// RUN: quant-opt --quantcc-requantize-to-smt --split-input-file %s | FileCheck %s
// RUN: quant-opt --quantcc-requantize-to-smt=exact-products --split-input-file %s | FileCheck %s --check-prefix=EXACT
// RUN: quant-opt --quantcc-requantize-to-smt=claim=half_even --split-input-file %s | FileCheck %s --check-prefix=CLAIM

// One shift, so one obligation for the rounding, and one for the product: the
// factors lie within i32 and [0, 2^31).

// CHECK: smt.solver
// CHECK: %[[ACC:.*]] = smt.declare_fun "accumulator" : !smt.bv<32>
// CHECK: smt.declare_fun "multiplier" : !smt.bv<32>
// CHECK: %[[PRODUCT:.*]] = smt.declare_fun "product" : !smt.bv<64>
// CHECK: smt.bv.ashr
// CHECK: smt.declare_fun "rounded"
// CHECK: smt.check
// CHECK: smt.solver
// CHECK-DAG: smt.int.constant -2147483648
// CHECK-DAG: smt.int.constant 2147483647
// CHECK: smt.int.mul
// CHECK: smt.check
// CHECK-NOT: smt.solver
// CHECK-NOT: func.func

// The same multipliers, but as stated, and multiplied out: two obligations.
// EXACT-NOT: smt.declare_fun "multiplier"
// EXACT: smt.bv.mul
// EXACT: smt.check
// EXACT: smt.int.mul
// EXACT: smt.bv.mul
// EXACT: smt.check
// EXACT: smt.int.mul

// A tie is even: that is what half_even asks, and single does not.
// CLAIM: smt.declare_fun "rounded"
// CLAIM: smt.bv.and
// CLAIM: smt.or
func.func @single(%a: tensor<2xi32>) -> tensor<2xi8> {
  %r = quantcc.requantize %a {axis = 0 : i64,
      multipliers = array<i32: 1073741824, 1518500250>,
      shifts = array<i32: 38, 38>, output_zero_point = 0 : i32,
      clamp_min = -128 : i32, clamp_max = 127 : i32,
      rounding = #quantcc.rounding<single>} : tensor<2xi32> -> tensor<2xi8>
  return %r : tensor<2xi8>
}
