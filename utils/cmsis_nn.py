# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models in MLIR for the test vectors of CMSIS-NN's kernels.

A vector has parameters, arrays, and the bytes that the kernel must give. It
states multipliers, not scales. Convolutions and products therefore become
contractions in accumulator form with a requantize of these multipliers; for
add, mul and softmax, which have one multiplier an operand, scales are searched
that make just these multipliers (docs/Numerics.md, N3, N7, N8, N12).
"""

import itertools
import json
import math
import os

import numpy

from cmsis_model import (Model, Unsupported, clamp_attribute, normalize,
                         quantized, real, split_scales, tensor, unpack_int4)


# Convolutions and products.


def window_padding(size, kernel, stride, dilation, before, out):
    """The border behind, for a result of `out` positions."""
    reach = (kernel - 1) * dilation + 1
    return max(0, (out - 1) * stride + reach - size - before)


def convolve(model, x, kind, p, weights, bias, multipliers, shifts, width,
             depthwise):
    """Appends one convolution; `p` reads a parameter by its name."""
    batches = p("input_batches")
    h, w, c, o = p("input_h"), p("input_w"), p("in_ch"), p("out_ch")
    kh, kw = p("filter_y"), p("filter_x")
    oh, ow = p("output_h"), p("output_w")
    per_group = 1 if depthwise else weights.size // (kh * kw * o)
    if depthwise:
        # [KH,KW,O] to [O,KH,KW,1]
        weights = weights.reshape(kh * kw, o).T.reshape(-1)
    shape = [o, kh, kw, per_group]
    weight, weight_kind = model.weights(weights, shape, p("weight_width"))
    operands, kinds = [x, weight], [kind, weight_kind]
    wide = 64 if width == 16 else 32
    reduced = bias is not None and bias.dtype == numpy.int64
    if bias is not None:
        value, bias_kind = model.constant(bias, [o], bias.dtype.itemsize * 8)
        operands.append(value)
        kinds.append(bias_kind)
    sides = []
    for size, kernel, axis, out in ((h, kh, "y", oh), (w, kw, "x", ow)):
        before = p("pad_" + axis)
        sides += [before, window_padding(size, kernel, p("stride_" + axis),
                                         p("dilation_" + axis), before, out)]
    result_shape = [batches, oh, ow, o]
    accumulators = tensor(result_shape, f"i{wide}")
    value = model.emit(
        f"quantcc.conv2d {', '.join(operands)} {{strides = array<i64: "
        f"{p('stride_y')}, {p('stride_x')}>, padding = array<i64: "
        f"{', '.join(map(str, sides))}>, dilations = array<i64: "
        f"{p('dilation_y')}, {p('dilation_x')}>, groups = "
        f"{c // per_group} : i64}} : ({', '.join(kinds)}) -> {accumulators}")
    return model.requantize(
        value, accumulators, result_shape, multipliers, shifts,
        zero_point=p("output_offset"), width=width, axis=3, reduced=reduced,
        clamp=(p("out_activation_min"), p("out_activation_max")))


def convolution(model):
    weights = model.array("weights", "input_weights")
    inputs = model.arrays["input"]
    get = model.get
    depthwise = "ch_mult" in model.parameters
    per_group = get("filter_ch", get("in_ch"))
    count = get("filter_x") * get("filter_y") * get("out_ch") * (
        1 if depthwise else per_group)
    width = 8
    if weights.size < count:
        weights, width = unpack_int4(weights, count), 4
    elif weights.size != count:
        raise Unsupported(f"{weights.size} weights where {count} are expected")
    model.parameters["weight_width"] = width
    shape = [get("input_batches"), get("input_h"), get("input_w"),
             get("in_ch")]
    bits = inputs.dtype.itemsize * 8
    x, kind = model.input("x", inputs, shape, -get("input_offset"))
    value, kind = convolve(
        model, x, kind, get, weights, model.array("biases", "bias",
                                                  "input_bias"),
        model.array("output_mult", "output_multiplier").tolist(),
        model.array("output_shift").tolist(), bits, depthwise)
    return model.finish(value, kind, model.array("output_ref", "output"))


def connect(model, x, kind, rows, p, weights, bias, width, bits):
    depth, channels = weights.size // p("out_ch"), p("out_ch")
    weight, weight_kind = model.weights(
        weights, [channels, depth], bits, -p("filter_offset", 0))
    operands, kinds = [x, weight], [kind, weight_kind]
    if bias is not None:
        value, bias_kind = model.constant(bias, [channels],
                                          bias.dtype.itemsize * 8)
        operands.append(value)
        kinds.append(bias_kind)
    shape = [rows, channels]
    accumulators = tensor(shape, f"i{64 if width == 16 else 32}")
    value = model.emit(f"quantcc.linear {', '.join(operands)} : "
                       f"({', '.join(kinds)}) -> {accumulators}")
    return model.requantize(
        value, accumulators, shape, [p("output_multiplier")],
        [p("output_shift")], zero_point=p("output_offset"), width=width,
        axis=1, reduced=width == 16,
        clamp=(p("out_activation_min"), p("out_activation_max")))


def fully_connected(model):
    weights = model.array("weights", "input_weights")
    inputs = model.arrays["input"]
    get = model.get
    depth, channels = get("accumulation_depth"), get("out_ch")
    bits = 8
    if weights.size < depth * channels:
        weights, bits = unpack_int4(weights, depth * channels), 4
    rows = get("input_batches")
    x, kind = model.input("x", inputs, [rows, depth], -get("input_offset"))
    value, kind = connect(model, x, kind, rows, get, weights,
                          model.array("biases", "input_bias"),
                          inputs.dtype.itemsize * 8, bits)
    return model.finish(value, kind, model.array("output_ref", "output"))


def batch_matmul(model):
    get = model.get
    operands, kinds = [], []
    for side in ("lhs", "rhs"):
        values = model.arrays[side + "_input_tensor"]
        shape = [get(f"{side}_{part}")
                 for part in ("batch", "height", "rows", "cols")]
        operand, kind = model.input(side, values, shape,
                                    -get(side + "_offset"))
        operands.append(operand)
        kinds.append(kind)
    width = values.dtype.itemsize * 8
    shape = [get("output_" + part)
             for part in ("batch", "height", "rows", "cols")]
    wide = tensor(shape, f"i{64 if width == 16 else 32}")
    flags = [f"transpose_{side}" for side, flag in
             (("lhs", "adj_x"), ("rhs", "adj_y")) if get(flag)]
    value = model.emit(
        f"quantcc.matmul {', '.join(operands)} "
        f"{'{' + ', '.join(flags) + '} ' if flags else ''}: "
        f"({', '.join(kinds)}) -> {wide}")
    value, kind = model.requantize(
        value, wide, shape, [get("output_multiplier")], [get("output_shift")],
        zero_point=get("output_offset"), width=width, axis=3,
        clamp=(get("activation_min"), get("activation_max")),
        reduced=width == 16)
    return model.finish(value, kind, model.arrays["output"])


# Ops whose multipliers come from scales.


def elementwise(model):
    get = model.get
    first, second = model.arrays["input1"], model.arrays["input2"]
    width, size = first.dtype.itemsize * 8, get("dst_size")
    if "left_shift" in model.parameters:
        # lhs / twice, rhs / twice and twice / (2^left_shift * out).
        name, scales = "add", []
        for side in ("input1", "input2"):
            scales.append(2.0 * math.ldexp(get(side + "_mult"),
                                           get(side + "_shift") - 31))
        out = 2.0 / math.ldexp(get("output_mult"), get("output_shift") - 31 +
                               get("left_shift"))
        if max(scales) != 1.0 or numpy.float32(out) != out:
            raise Unsupported("no scales make the multipliers")
    else:
        name, out = "mul", 1.0
        scales = split_scales(get("output_mult"), get("output_shift"))
    x, x_kind = model.input("x", first, [1, size], -get("input1_offset"),
                            scales[0])
    y, y_kind = model.input("y", second, [1, size], -get("input2_offset"),
                            scales[1])
    kind = tensor([1, size], quantized(width, get("output_offset"), out))
    clamp = clamp_attribute(get("out_activation_min"),
                            get("out_activation_max"), width)
    value = model.emit(
        f"quantcc.{name} {x}, {y} {{{clamp}rounding = "
        f"#quantcc.rounding<double>}} : ({x_kind}, {y_kind}) -> {kind}")
    return model.finish(value, kind, model.arrays["output_ref"])


def append_softmax(model, x, shape, width, beta):
    if width == 8:
        kind = tensor(shape, quantized(8, -128, 1 / 256))
    else:
        kind = tensor(shape, quantized(16, -32768, 1 / 65536))
    return model.emit(f"quantcc.softmax {x[0]} {{beta = {real(beta)} : f32}} : "
                      f"({x[1]}) -> {kind}"), kind


def softmax_scales(multiplier, left_shift):
    """beta and the input's scale: beta * s_in * 2^26 = multiplier * 2^..."""
    return split_scales(multiplier, left_shift - 26)


def softmax(model):
    get = model.get
    inputs, expected = model.arrays["input"], model.arrays["output_ref"]
    if inputs.dtype != numpy.int8:
        raise Unsupported("softmax of 16-bit values from its multiplier")
    beta, scale = softmax_scales(get("input_mult"), get("input_left_shift"))
    shape = [get("num_rows"), get("row_size")]
    x = model.input("x", inputs, shape, 0, scale)
    value, kind = append_softmax(model, x, shape,
                                 expected.dtype.itemsize * 8, beta)
    return model.finish(value, kind, expected)


# The recurrent ops, whose multipliers come from f32 products of scales.


def factor(multiplier, left_shift):
    """The factor as f32; TFLite makes these multipliers from such."""
    real = math.ldexp(multiplier, left_shift - 31)
    if numpy.float32(real) != real:
        raise Unsupported(f"no f32 scale makes the multiplier {multiplier}")
    return float(real)


def svdf(model):
    """One op a step of the sequence; the last one's result counts."""
    get = model.get
    batches, features = get("input_batches"), get("input_size")
    filters, memory, rank = (get("feature_batches"), get("time_batches"),
                             get("rank"))
    sequence = model.arrays["input_sequence"].reshape(-1, batches, features)
    # With scale 1 of state and result, the others are the factors.
    x_scale = factor(get("multiplier_in"), get("shift_1"))
    out_scale = factor(get("multiplier_out"), get("shift_2"))
    state_shape = [batches, filters * memory]
    state, state_kind = model.weights(model.arrays["state"], state_shape, 16)
    feature = model.weights(model.arrays["weights_feature"],
                            [filters, features], 8)
    value, kind = model.constant(model.arrays["weights_time"],
                                 [filters, memory], 16)
    time_kind = tensor([filters, memory], quantized(16, 0, out_scale))
    time = model.emit(f"quant.scast {value} : {kind} to {time_kind}")
    bias, bias_kind = model.constant(model.arrays["biases"],
                                     [filters // rank], 32)
    result = tensor([batches, filters // rank],
                    quantized(8, get("output_offset")))
    clamp = clamp_attribute(get("out_activation_min"),
                            get("out_activation_max"), 8)
    for index, step in enumerate(sequence):
        x, x_kind = model.input(f"x{index}", step, [batches, features],
                                -get("input_offset"), x_scale)
        name = model.emit(
            f"quantcc.svdf {x}, {state}, {feature[0]}, {time}, {bias} "
            f"{{{clamp}rank = {rank} : i64, rounding = "
            f"#quantcc.rounding<double>}} : ({x_kind}, {state_kind}, "
            f"{feature[1]}, {time_kind}, {bias_kind}) -> "
            f"({result}, {state_kind})", results=2)
        value, state = f"{name}#0", f"{name}#1"
    return model.finish(value, result, model.arrays["output_ref"])


def nearest_scale(real, accept):
    """The f32 number about `real` that `accept` takes."""
    for first in (numpy.float32(real),):
        for step in range(-8, 9):
            scale = numpy.array(first).view(numpy.int32) + step
            scale = numpy.int32(scale).view(numpy.float32)
            if accept(float(scale)):
                return float(scale)
    raise Unsupported("no f32 scale makes the multiplier")


def lstm(model):
    get = model.get
    inputs = model.arrays["input_tensor"]
    if inputs.dtype != numpy.int8:
        raise Unsupported("lstm of 16-bit activations")
    batches, steps = get("batch_size"), get("time_steps")
    features, hidden = get("input_size"), get("hidden_size")
    time_major = get("time_major") == "true"

    def wanted(prefix):
        return get(prefix + "_multiplier"), 31 - get(prefix + "_shift")

    # out = requantize(o * tanh, 2^-30 / s_h)
    m, s = wanted("output")
    h_scale = nearest_scale(2.0**-30 / math.ldexp(m, -s),
                            lambda h: normalize(2.0**-30 / h) == (m, s))
    first = [steps, batches] if time_major else [batches, steps]
    x, x_kind = model.input("x", inputs, first + [features],
                            -get("input_zero_point"))
    state = [batches, hidden]
    zero_point = get("output_zero_point")
    h, h_kind = model.weights(numpy.full(batches * hidden, zero_point,
                                         numpy.int8), state, 8)
    h_type = quantized(8, zero_point, h_scale)
    h = model.emit(f"quant.scast {h} : {h_kind} to {tensor(state, 'i8')}")
    h_kind = tensor(state, h_type)
    h = model.emit(f"quant.scast {h} : {tensor(state, 'i8')} to {h_kind}")
    c, c_plain = model.constant(numpy.zeros(batches * hidden, numpy.int16),
                                state, 16)
    c_kind = tensor(state, quantized(16, 0, 2.0 ** get("cell_scale_power")))
    c = model.emit(f"quant.scast {c} : {c_plain} to {c_kind}")
    lists = {"input": [], "hidden": [], "bias": []}
    kinds = {"input": [], "hidden": [], "bias": []}
    gates = ("input_gate", "forget_gate", "cell_gate", "output_gate")
    for gate in gates:
        for side, columns, scale in (("input", features, 1.0),
                                     ("hidden", hidden, h_scale)):
            m, s = wanted(f"{gate}_{side}")

            def makes(w, scale=scale, m=m, s=s):
                product = numpy.float32(scale) * numpy.float32(w)
                return normalize(float(product) * 4096.0) == (m, s)

            w_scale = nearest_scale(math.ldexp(m, -s - 12) / scale, makes)
            plain = model.constant(model.arrays[f"{gate}_{side}_weights"],
                                   [hidden, columns], 8)
            kind = tensor([hidden, columns], quantized(8, 0, w_scale))
            lists[side].append(model.emit(
                f"quant.scast {plain[0]} : {plain[1]} to {kind}"))
            kinds[side].append(kind)
        value, kind = model.constant(model.arrays[gate + "_bias"], [hidden],
                                     32)
        lists["bias"].append(value)
        kinds["bias"].append(kind)
    result = tensor(first + [hidden], h_type)
    flags = "time_major, " if time_major else ""
    name = model.emit(
        f"quantcc.lstm {x}, {h}, {c} input_weights({', '.join(lists['input'])})"
        f" recurrent_weights({', '.join(lists['hidden'])}) "
        f"bias({', '.join(lists['bias'])}) {{{flags}rounding = "
        f"#quantcc.rounding<double>}} : ({x_kind}, {h_kind}, {c_kind}, "
        f"{', '.join(kinds['input'] + kinds['hidden'] + kinds['bias'])}) -> "
        f"({result}, {h_kind}, {c_kind})", results=3)
    return model.finish(f"{name}#0", result, model.arrays["output"])


# Ops without multipliers.


def pool(model):
    get = model.get
    inputs = model.arrays["input_tensor"]
    width = inputs.dtype.itemsize * 8
    image = [get("input_h"), get("input_w"), get("input_c")]
    # The stated batches and what the arrays hold may differ.
    shape = [inputs.size // math.prod(image), *image]
    x, kind = model.input("x", inputs, shape, 0)
    out = [shape[0], get("output_h"), get("output_w"), get("output_c")]
    sides = []
    for size, axis, result in ((shape[1], "h", out[1]), (shape[2], "w",
                                                         out[2])):
        before = get("padding_" + axis)
        sides += [before, window_padding(size, get("filter_" + axis),
                                         get("stride_" + axis), 1, before,
                                         result)]
    name = "avg_pool2d" if model.name.startswith("avg") else "max_pool2d"
    clamp = clamp_attribute(get("activation_min"), get("activation_max"),
                            width)
    result = tensor(out, quantized(width))
    value = model.emit(
        f"quantcc.{name} {x} {{{clamp}kernel = array<i64: {get('filter_h')}, "
        f"{get('filter_w')}>, strides = array<i64: {get('stride_h')}, "
        f"{get('stride_w')}>, padding = array<i64: "
        f"{', '.join(map(str, sides))}>}} : ({kind}) -> {result}")
    return model.finish(value, result, model.arrays["output"])


def extreme(model):
    get = model.get
    sides = []
    for side in ("1", "2"):
        shape = [get(f"{part}_{side}")
                 for part in ("batch", "height", "width", "channel")]
        sides.append(model.input("xy"[int(side) - 1],
                                 model.arrays["input_tensor_" + side], shape,
                                 0))
    out = [get("output_" + part)
           for part in ("batch", "height", "width", "channel")]
    result = tensor(out, quantized(8))
    value = model.emit(
        f"quantcc.{get('layer_type')} {sides[0][0]}, {sides[1][0]} : "
        f"({sides[0][1]}, {sides[1][1]}) -> {result}")
    return model.finish(value, result, model.arrays["output"])


def pad(model):
    get = model.get
    inputs = model.arrays["input_tensor"]
    shape = [get("input_" + part) for part in "nhwc"]
    low = [get("pre_pad_" + part) for part in "nhwc"]
    high = [get("post_pad_" + part) for part in "nhwc"]
    out = [sum(sizes) for sizes in zip(low, shape, high)]
    x, kind = model.input("x", inputs, shape, 0)
    result = tensor(out, quantized(8))
    value = model.emit(
        f"quantcc.pad {x} {{low = array<i64: {', '.join(map(str, low))}>, "
        f"high = array<i64: {', '.join(map(str, high))}>, stored_value = "
        f"{get('pad_value')} : i32}} : ({kind}) -> {result}")
    return model.finish(value, result, model.arrays["output"])


def shapes_of(size, rank):
    if rank == 1:
        yield (size,)
        return
    for first in range(2, size):
        if size % first == 0:
            for rest in shapes_of(size // first, rank - 1):
                yield (first, *rest)


def transpose(model):
    """The vectors lost their shapes; the arrays tell them."""
    inputs, expected = model.arrays["input_tensor"], model.arrays["output"]
    rank = model.get("perm_size")
    found = None
    for shape in shapes_of(inputs.size, rank):
        for order in itertools.permutations(range(rank)):
            if order != tuple(range(rank)) and numpy.array_equal(
                    inputs.reshape(shape).transpose(order).reshape(-1),
                    expected):
                found = shape, order
    if not found:
        raise Unsupported("the vector does not tell its shape")
    shape, order = found
    x, kind = model.input("x", inputs, shape, 0)
    result = tensor([shape[i] for i in order], quantized(8))
    value = model.emit(
        f"quantcc.transpose {x} {{permutation = array<i64: "
        f"{', '.join(map(str, order))}>}} : ({kind}) -> {result}")
    return model.finish(value, result, expected)


# The one whole network: convolutions, average pool, product, softmax.


def keyword_spotting(model):
    layers = [("conv_2d_1", "layer_1_conv_2d", False)]
    for index in range(2, 12):
        depthwise = index % 2 == 0
        kind = "depthwise_conv_2d" if depthwise else "conv_2d"
        layers.append((f"{kind}_{index}", f"layer_{index}_{kind}", depthwise))

    def reader(prefix):
        return lambda name, default=None: (
            8 if name == "weight_width" else
            model.get(f"{prefix}_{name}", default))

    first = reader("conv_2d_1")
    shape = [first("input_batches"), first("input_h"), first("input_w"),
             first("in_ch")]
    value, kind = model.input("x", model.arrays["input"], shape,
                              -first("input_offset"))
    for prefix, name, depthwise in layers:
        value, kind = convolve(
            model, value, kind, reader(prefix), model.arrays[name + "_weights"],
            model.arrays[name + "_bias"],
            model.arrays[name + "_output_mult"].tolist(),
            model.arrays[name + "_output_shift"].tolist(), 8, depthwise)
    p = reader("average_pool_2d_12")
    out = [1, p("output_h"), p("output_w"), p("out_ch")]
    stored = kind[kind.index("!"):-1]
    pooled = tensor(out, stored)
    value = model.emit(
        f"quantcc.avg_pool2d {value} {{kernel = array<i64: {p('filter_y')}, "
        f"{p('filter_x')}>, strides = array<i64: {p('stride_y')}, "
        f"{p('stride_x')}>, padding = array<i64: 0, 0, 0, 0>}} : ({kind}) -> "
        f"{pooled}")
    flat = tensor([1, p("out_ch")], stored)
    value = model.emit(f"quantcc.reshape {value} : ({pooled}) -> {flat}")
    weights = model.arrays["layer_14_fully_connected_weights"]
    bias = model.arrays["layer_14_fully_connected_bias"]
    p = reader("fully_connected_14")
    # The product's channels are stated as its depth.
    def read(name, default=None):
        return bias.size if name == "out_ch" else p(name, default)

    offset = p("output_offset")
    value, kind = connect(model, value, flat, 1, read, weights, bias, 8, 8)
    p = reader("softmax_15")
    beta, scale = softmax_scales(p("mult"), p("shift"))
    shape = [1, bias.size]
    scaled = tensor(shape, quantized(8, offset, scale))
    plain = tensor(shape, "i8")
    value = model.emit(f"quant.scast {value} : {kind} to {plain}")
    value = model.emit(f"quant.scast {value} : {plain} to {scaled}")
    value, kind = append_softmax(model, (value, scaled), shape, 8, beta)
    return model.finish(value, kind, model.arrays["output_ref"])


def family(vector):
    arrays, parameters = vector["arrays"], vector["parameters"]
    name = vector["case"]
    if name == "ds_cnn_l":
        return "network", keyword_spotting
    for prefix, build in (("transpose_conv", None), ("svdf", svdf),
                          ("lstm", lstm), ("softmax", softmax), ("pad", pad),
                          ("transpose", transpose), ("avgpool", pool),
                          ("maxpool", pool), ("batch_matmul", batch_matmul),
                          ("maximum", extreme), ("minimum", extreme)):
        if name.startswith(prefix):
            return prefix, build
    if "input1" in arrays:
        return "elementwise", elementwise
    if "accumulation_depth" in parameters:
        return "fully_connected", fully_connected
    return "convolution", convolution


def read_model(path):
    """The model of one vector's file; raises Unsupported without an op."""
    with open(path, encoding="utf-8") as text:
        vector = json.load(text)
    kind, build = family(vector)
    if not build:
        raise Unsupported(f"{kind} takes no explicit multipliers")
    model = Model(vector)
    model.name = os.path.basename(path)
    return build(model)
