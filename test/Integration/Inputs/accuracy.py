#!/usr/bin/python3
# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calibrates a float model and judges the integer one against its goals.

usage: accuracy.py MODEL --quantcc FILE --data DIR --output DIR
"""

import argparse
import json
import os
import subprocess
import sys

import numpy


def mel_windows(files):
    """Five consecutive frames a window: [files, 200, 128] to [N, 640]."""
    frames = files.reshape(len(files), -1)
    width, step = 5 * files.shape[2], files.shape[2]
    return numpy.concatenate([
        frames[:, i * step:i * step + width][:, None]
        for i in range(files.shape[1] - 4)], axis=1).reshape(-1, width)


# The arrays of each model, what makes model inputs of them, how to judge, and
# the least figure and agreement with the float model that will do.
MODELS = {
    "kws": ("calib_x_int8", "dev_x_int8", "dev_y",
            lambda x: (x.astype("f4") - 83) * numpy.float32(0.584703),
            ["--metric", "top1"], 0.93, 0.98),
    "ic": ("calib_x", "dev_exact_x", "dev_exact_y",
           lambda x: x, ["--metric", "top1"], 0.89, 0.0),
    "vww": ("calib_x", "dev_x", "dev_y_visual",
            lambda x: x.astype("f4") / numpy.float32(255),
            ["--metric", "top1"], 0.0, 0.99),
    "ad": ("calib_x", "dev_x", "dev_y",
           mel_windows, ["--metric", "auc", "--group", "196"], 0.87, 0.0),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     usage=argparse.SUPPRESS)
    parser.add_argument("model", choices=sorted(MODELS))
    parser.add_argument("--quantcc", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    (calibration, samples, labels, convert, metric, least_figure,
     least_agreement) = MODELS[options.model]
    folder = os.path.join(options.data, options.model)
    paths = []
    for name in (calibration, samples):
        paths.append(os.path.join(options.output, name + ".npy"))
        numpy.save(paths[-1],
                   convert(numpy.load(os.path.join(folder, name + ".npy"))))
    judged = json.loads(subprocess.run(
        [options.quantcc, "evaluate",
         os.path.join(options.data, "mlperf-tiny",
                      options.model + "_float.tflite"),
         "--calibrate", paths[0], "--input", paths[1],
         "--labels", os.path.join(folder, labels + ".npy"), "--json", *metric],
        stdout=subprocess.PIPE, check=True).stdout)
    figure = judged["stages"]["integer"]
    agreement = judged["agreement"]["integer"]
    print(f"{options.model}: {figure:.4f} (float "
          f"{judged['stages']['float']:.4f}), agreement {agreement:.4f}")
    return 0 if figure >= least_figure and agreement >= least_agreement else 1


if __name__ == "__main__":
    sys.exit(main())
