#!/usr/bin/python3
# ===- train.py - Train and export the digits example ---------------------===#
#
# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===----------------------------------------------------------------------===#
"""Trains a small convolutional network on the UCI handwritten digits and writes
it as digits.tflite, with calibration and test samples beside it.

Every run writes the same bytes. Training therefore runs on one thread in double
precision, and the weights are rounded to a coarse grid before they are written,
so that the last bits of a processor's own kernels do not show.
"""

import argparse
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

from tflite_writer import ModelWriter

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parents[1] / "lib" / "Importer" / "TFLite" / "TFLiteSchema.fbs"

SEED = 1797
TEST_SAMPLES = 400
CALIBRATION_SAMPLES = 200
EPOCHS = 60
BATCH = 32
# Exported weights and biases are multiples of this.
GRID = 2.0**-15

STEM_CHANNELS = 24
HEAD_CHANNELS = 64
CLASSES = 10


# ===----------------------------------------------------------------------===#
# Samples
# ===----------------------------------------------------------------------===#


def load_samples():
    """Returns (train images, train labels, test images, test labels). Images are
    f32 [N, 8, 8, 1] with the raw pixel values 0 to 16, labels i64 [N]."""
    digits = load_digits()
    images = digits.images.astype(np.float32)[..., np.newaxis]
    labels = digits.target.astype(np.int64)
    order = np.random.RandomState(SEED).permutation(len(images))
    test, train = order[:TEST_SAMPLES], order[TEST_SAMPLES:]
    return images[train], labels[train], images[test], labels[test]


def shift_randomly(images, random):
    """Moves each image of [N, 8, 8, 1] by up to one pixel in both directions."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    offsets = random.randint(0, 3, size=(len(images), 2))
    return np.stack([p[y : y + 8, x : x + 8] for p, (y, x) in zip(padded, offsets)])


# ===----------------------------------------------------------------------===#
# The network, as it is trained: NCHW, double precision, with batch norm
# ===----------------------------------------------------------------------===#


class ConvNorm(torch.nn.Module):
    """A 'same' convolution and the batch norm that export folds into it. An even
    input under stride 2 is padded at its far edges alone, as .tflite does."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__()
        self.pad = (0, 1, 0, 1) if stride == 2 else (kernel // 2,) * 4
        self.conv = torch.nn.Conv2d(
            inputs, outputs, kernel, stride, groups=groups, bias=False
        )
        self.norm = torch.nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(F.pad(x, self.pad)))

    def folded(self):
        """Returns the weight [O, kh, kw, I / groups] and the bias [O]."""
        factor = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        weight = (self.conv.weight * factor[:, None, None, None]).permute(0, 2, 3, 1)
        return weight, self.norm.bias - self.norm.running_mean * factor


class DigitsNetwork(torch.nn.Module):
    """A stem, a residual block and a strided block, both of a depthwise and a
    pointwise convolution, then the classifier. Returns logits."""

    def __init__(self):
        super().__init__()
        stem, head = STEM_CHANNELS, HEAD_CHANNELS
        self.stem = ConvNorm(1, stem, 3)
        self.block1_depthwise = ConvNorm(stem, stem, 3, groups=stem)
        self.block1_pointwise = ConvNorm(stem, stem, 1)
        self.block2_depthwise = ConvNorm(stem, stem, 3, stride=2, groups=stem)
        self.block2_pointwise = ConvNorm(stem, head, 1)
        self.classifier = torch.nn.Linear(2 * 2 * head, CLASSES)

    def forward(self, images):
        x = F.relu(self.stem(images.permute(0, 3, 1, 2)))
        y = F.relu6(self.block1_depthwise(x))
        x = F.relu(x + self.block1_pointwise(y))
        x = F.relu6(self.block2_depthwise(x))
        x = F.relu(self.block2_pointwise(x))
        x = F.avg_pool2d(x, 2)
        return self.classifier(x.permute(0, 2, 3, 1).flatten(1))


def train(images, labels):
    """Returns the network after EPOCHS of stochastic gradient descent."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(SEED)
    random = np.random.RandomState(SEED)

    network = DigitsNetwork()
    optimizer = torch.optim.SGD(
        network.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4
    )
    batches = len(images) // BATCH
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * batches)
    for epoch in range(EPOCHS):
        order = random.permutation(len(images))
        total = 0.0
        for chosen in np.split(order[: batches * BATCH], batches):
            batch = shift_randomly(images[chosen], random).astype(np.float64)
            optimizer.zero_grad()
            logits = network(torch.from_numpy(batch))
            loss = F.cross_entropy(logits, torch.from_numpy(labels[chosen]))
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: loss {total / batches:.4f}")
    return network.eval()


# ===----------------------------------------------------------------------===#
# The network, as it is exported: NHWC, single precision, batch norm folded
# ===----------------------------------------------------------------------===#


def export_weights(network):
    """Returns the weights by layer: {layer: (weight, bias)}, f32, in the layouts
    of .tflite: [O, kh, kw, I], depthwise [1, kh, kw, C], classifier [O, I]."""
    exported = {}
    for name, layer in network.named_children():
        if isinstance(layer, ConvNorm):
            weight, bias = layer.folded()
            if layer.conv.groups > 1:
                weight = weight.permute(3, 1, 2, 0)
        else:
            weight, bias = layer.weight, layer.bias
        exported[name.replace("_", "/")] = tuple(
            (np.rint(value.detach().numpy() / GRID) * GRID).astype(np.float32)
            for value in (weight, bias)
        )
    return exported


def convolve(x, weight, bias, stride=1):
    """'Same' convolution in numpy of x [N, H, W, C] with a weight [O, kh, kw, C],
    or depthwise with a weight [1, kh, kw, C]."""
    kernel, size = weight.shape[1], x.shape[1] // stride
    total = (size - 1) * stride + kernel - x.shape[1]
    edges = (total // 2, total - total // 2)
    x = np.pad(x, ((0, 0), edges, edges, (0, 0)))
    depthwise = weight.shape[0] == 1
    result = np.zeros((len(x), size, size, len(bias)), np.float32) + bias
    for dy in range(kernel):
        for dx in range(kernel):
            part = x[:, dy::stride, dx::stride][:, :size, :size]
            tap = weight[:, dy, dx]
            result += part * tap[0] if depthwise else part @ tap.T
    return result


def infer(weights, images):
    """Runs the exported network in numpy, sharing nothing with torch. Returns
    probabilities f32 [N, 10]."""
    x = np.maximum(convolve(images, *weights["stem"]), 0)
    y = np.clip(convolve(x, *weights["block1/depthwise"]), 0, 6)
    x = np.maximum(x + convolve(y, *weights["block1/pointwise"]), 0)
    x = np.clip(convolve(x, *weights["block2/depthwise"], stride=2), 0, 6)
    x = np.maximum(convolve(x, *weights["block2/pointwise"]), 0)
    x = x.reshape(-1, 2, 2, 2, 2, HEAD_CHANNELS).mean(axis=(2, 4))
    weight, bias = weights["classifier"]
    logits = x.reshape(len(x), -1) @ weight.T + bias
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


# ===----------------------------------------------------------------------===#
# Files
# ===----------------------------------------------------------------------===#


def write_model(path, weights):
    def convolution(kind, stride, activation, **more):
        fields = {"padding": "SAME", "stride_w": stride, "stride_h": stride}
        fields["fused_activation_function"] = activation
        return kind, {**fields, **more}

    def pointwise(activation):
        return convolution("Conv2DOptions", 1, activation)

    def depthwise(stride):
        kind = "DepthwiseConv2DOptions"
        return convolution(kind, stride, "RELU6", depth_multiplier=1)

    pool = {"padding": "VALID", "stride_w": 2, "stride_h": 2}
    pool.update(filter_width=2, filter_height=2)
    wide, narrow = [1, 8, 8, STEM_CHANNELS], [1, 4, 4, STEM_CHANNELS]
    features = 4 * HEAD_CHANNELS
    flat = np.array([1, features], np.int32)

    m = ModelWriter("digits")
    image = m.tensor("image", [1, 8, 8, 1])
    conv, spatial = "CONV_2D", "DEPTHWISE_CONV_2D"
    x = m.layer(conv, pointwise("RELU"), image, "stem", weights, wide)
    y = m.layer(spatial, depthwise(1), x, "block1/depthwise", weights, wide)
    y = m.layer(conv, pointwise("NONE"), y, "block1/pointwise", weights, wide)
    relu = {"fused_activation_function": "RELU"}
    x = m.operator("ADD", ("AddOptions", relu), [x, y], "block1/add", wide)
    x = m.layer(spatial, depthwise(2), x, "block2/depthwise", weights, narrow)
    head = [1, 4, 4, HEAD_CHANNELS]
    x = m.layer(conv, pointwise("RELU"), x, "block2/pointwise", weights, head)
    pooled = [1, 2, 2, HEAD_CHANNELS]
    x = m.operator("AVERAGE_POOL_2D", ("Pool2DOptions", pool), [x], "pool", pooled)
    shape = m.tensor("features/shape", [2], flat)
    options = ("ReshapeOptions", {"new_shape": flat.tolist()})
    x = m.operator("RESHAPE", options, [x, shape], "features", flat.tolist())
    options = ("FullyConnectedOptions", {})
    logits = [1, CLASSES]
    x = m.layer("FULLY_CONNECTED", options, x, "classifier", weights, logits)
    options = ("SoftmaxOptions", {"beta": 1.0})
    x = m.operator("SOFTMAX", options, [x], "probabilities", logits)
    m.write(path, SCHEMA, [image], [x])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--output", type=pathlib.Path, default=HERE, metavar="DIR")
    output = parser.parse_args().output.resolve()
    output.mkdir(parents=True, exist_ok=True)

    train_images, train_labels, test_images, test_labels = load_samples()
    network = train(train_images, train_labels)
    weights = export_weights(network)
    write_model(output / "digits.tflite", weights)
    # numpy dates the members of an .npz 1980-01-01, whatever the time.
    calibration = train_images[:CALIBRATION_SAMPLES]
    np.savez(output / "digits_calibration.npz", image=calibration)
    np.savez(output / "digits_test.npz", image=test_images)
    np.save(output / "digits_test.npy", test_images)
    np.save(output / "digits_test_labels.npy", test_labels)

    probabilities = infer(weights, test_images)
    with torch.no_grad():
        logits = network(torch.from_numpy(test_images.astype(np.float64)))
        trained = torch.softmax(logits, 1).numpy()
    parameters = sum(w.size + b.size for w, b in weights.values())
    print(f"parameters: {parameters}")
    for name, values in (("torch", trained), ("exported", probabilities)):
        accuracy = np.mean(values.argmax(axis=1) == test_labels)
        print(f"test accuracy, {name}: {accuracy:.4f} ({len(test_labels)} samples)")
    difference = np.abs(trained - probabilities).max()
    print(f"largest difference of a probability: {difference:.1e}")
    if difference > 0.01:
        raise SystemExit("error: the exported network differs from the trained one")


if __name__ == "__main__":
    main()
