// RUN: not quant-opt %s --quantcc-apply-calibration=file=%t-nothing.json 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not quant-opt %s --quantcc-apply-calibration=file=%S/Inputs/calibration-version.json 2>&1 | FileCheck %s --check-prefix=VERSION
// RUN: not quant-opt %s --quantcc-apply-calibration=estimator=guess 2>&1 | FileCheck %s --check-prefix=ESTIMATOR
// RUN: not quant-opt %s --quantcc-apply-calibration=recipe=%t-nothing.json 2>&1 | FileCheck %s --check-prefix=RECIPE

// MISSING: error: {{.*}}-nothing.json
// VERSION: error: {{.*}}calibration-version.json
// ESTIMATOR: error: {{.*}}guess
// RECIPE: error: {{.*}}-nothing.json

func.func @nothing() {
  return
}
