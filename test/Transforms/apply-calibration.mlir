// RUN: quant-opt %s --quantcc-apply-calibration=file=%S/Inputs/calibration.json | FileCheck %s
// RUN: quant-opt %s --quantcc-apply-calibration='file=%S/Inputs/calibration.json estimator=averaged-min-max' | FileCheck %s --check-prefix=AVERAGED
// RUN: quant-opt %s --quantcc-apply-calibration='file=%S/Inputs/calibration.json recipe=%S/Inputs/recipe.json' | FileCheck %s --check-prefix=RECIPE
// RUN: quant-opt %s --quantcc-apply-calibration='file=%S/Inputs/calibration.json estimator=percentile:30' | FileCheck %s --check-prefix=CLIPPED
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

// The values (8, 0) and (-1, 2): each channel's part of the range, and its mean.
// CHECK-LABEL: func.func @channels
// RECIPE-LABEL: func.func @channels
func.func @channels(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: {channel_max = array<f32: 8.000000e+00, 2.000000e+00>, channel_mean = array<f32: 3.500000e+00, 1.000000e+00>, channel_min = array<f32: -1.000000e+00, 0.000000e+00>, name = "channels", range = #quantcc.range<-1.000000e+00, 8.000000e+00>}
  // A range set by hand is for all channels alike.
  // RECIPE: {channel_mean = array<f32: 3.500000e+00, 1.000000e+00>, name = "channels", range = #quantcc.range<-2.000000e+00, 2.000000e+00>}
  %0 = quantcc.observe %x {name = "channels"} : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// Of the three values that are not 0 one is clipped on each side: 2 is left, whose bin
// ends 2^-7 above it. Of channel 0 the same is left.
// CLIPPED-LABEL: func.func @channels
// CLIPPED: channel_max = array<f32: 2.0078125, 2.000000e+00>
// CLIPPED-SAME: channel_min = array<f32: 0.000000e+00, 0.000000e+00>
// CLIPPED-SAME: range = #quantcc.range<0.000000e+00, 2.0078125{{0*(E[+]00)?}}>
