// RUN: quant-opt %s --quantcc-apply-calibration=file=%S/Inputs/calibration.json | FileCheck %s
// RUN: quant-opt %s --quantcc-apply-calibration='file=%S/Inputs/calibration.json estimator=averaged-min-max' | FileCheck %s --check-prefix=AVERAGED
// RUN: quant-opt %s --quantcc-apply-calibration='file=%S/Inputs/calibration.json recipe=%S/Inputs/recipe.json' | FileCheck %s --check-prefix=RECIPE
// RUN: quant-opt %s --quantcc-apply-calibration | FileCheck %s --check-prefix=NOTHING

// The least of the two samples' minima is -2^-50, their average half of it; both
// have 2^-49 as maximum.
// CHECK-LABEL: func.func @statistics
// AVERAGED-LABEL: func.func @statistics
// RECIPE-LABEL: func.func @statistics
// NOTHING-LABEL: func.func @statistics
func.func @statistics(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: name = "x", range = #quantcc.range<-8.8817841970012523E-16, 1.7763568394002505E-15>
  // AVERAGED: name = "x", range = #quantcc.range<-4.4408920985006262E-16, 1.7763568394002505E-15>
  // RECIPE: name = "x", range = #quantcc.range<-8.8817841970012523E-16, 1.7763568394002505E-15>
  // NOTHING: {name = "x"}
  %0 = quantcc.observe %x {name = "x"} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @range_set_by_hand
// AVERAGED-LABEL: func.func @range_set_by_hand
// RECIPE-LABEL: func.func @range_set_by_hand
func.func @range_set_by_hand(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: name = "act", range = #quantcc.range<0.000000e+00, 6.000000e+00>
  // AVERAGED: name = "act", range = #quantcc.range<0.000000e+00, 6.000000e+00>
  // RECIPE: name = "act", range = #quantcc.range<-4.000000e+00, 4.000000e+00>
  %0 = quantcc.observe %x {name = "act"} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @known_range_stays
func.func @known_range_stays(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: name = "act", range = #quantcc.range<1.000000e+00, 2.000000e+00>
  %0 = quantcc.observe %x {name = "act", range = #quantcc.range<1.0, 2.0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @name_that_the_file_lacks
func.func @name_that_the_file_lacks(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: {name = "y"}
  %0 = quantcc.observe %x {name = "y"} : tensor<2xf32>
  return %0 : tensor<2xf32>
}
