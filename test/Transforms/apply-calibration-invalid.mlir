// RUN: not quant-opt %s --quantcc-apply-calibration=file=%t-nothing.json 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not quant-opt %s --quantcc-apply-calibration=file=%S/Inputs/calibration-version.json 2>&1 | FileCheck %s --check-prefix=VERSION
// RUN: not quant-opt %s --quantcc-apply-calibration=estimator=guess 2>&1 | FileCheck %s --check-prefix=ESTIMATOR
// RUN: not quant-opt %s --quantcc-apply-calibration=recipe=%t-nothing.json 2>&1 | FileCheck %s --check-prefix=RECIPE
// RUN: not quant-opt %s --quantcc-apply-calibration=file=%S/Inputs/calibration.json 2>&1 | FileCheck %s --check-prefix=CHANNELS

// MISSING: error: {{.*}}-nothing.json
// VERSION: error: {{.*}}calibration-version.json
// ESTIMATOR: error: {{.*}}guess
// CHANNELS: error: {{.*}}tensor 'channels' has 2 channels in the calibration file, but is of type 'tensor<4xf32>'
// RECIPE: error: {{.*}}-nothing.json

func.func @nothing() {
  return
}

func.func @other_channels(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = quantcc.observe %x {name = "channels"} : tensor<4xf32>
  return %0 : tensor<4xf32>
}
