//===- SliceOps.cpp - Import of ops that take parts -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SLICE, STRIDED_SLICE, SPLIT and SPLIT_V.
//
//===----------------------------------------------------------------------===//

#include "OperatorTable.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

/// Builds `input[offsets + i * strides]` of the given sizes, under the shape
/// that output `index` declares, and defines that output.
static LogicalResult defineSlice(GraphImporter &graph, const Node &node,
                                 unsigned index, Value input,
                                 ArrayRef<int64_t> offsets,
                                 ArrayRef<int64_t> sizes,
                                 ArrayRef<int64_t> strides) {
  FailureOr<RankedTensorType> result = graph.getResultType(node, index);
  if (failed(result))
    return failure();
  for (int64_t size : sizes)
    if (size < 1 || size > kMaxElements)
      return graph.error(node) << "expected a part of 1 or more elements along "
                               << "each dimension, found " << size;
  Builder &builder = graph.getBuilder();
  FailureOr<Value> slice = graph.create<SliceOp>(
      node, result->clone(sizes), input, builder.getDenseI64ArrayAttr(offsets),
      builder.getDenseI64ArrayAttr(strides));
  if (failed(slice))
    return failure();
  return graph.define(node, graph.reshape(node, *slice, result->getShape()),
                      index);
}

LogicalResult quantcc::tflite::importSlice(GraphImporter &graph,
                                           const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<SmallVector<int64_t>> begin = failure(), size = failure();
  if (failed(input) || failed(begin = graph.getIntegers(node, 1)) ||
      failed(size = graph.getIntegers(node, 2)))
    return failure();
  ArrayRef<int64_t> shape = cast<RankedTensorType>(input->getType()).getShape();
  if (begin->size() != shape.size() || size->size() != shape.size())
    return graph.error(node)
           << "expected " << shape.size() << " begins and sizes, found "
           << begin->size() << " and " << size->size();
  for (size_t i = 0; i < shape.size(); ++i) {
    if ((*begin)[i] < 0 || (*begin)[i] >= shape[i])
      return graph.error(node) << "expected begins within the input, found "
                               << (*begin)[i] << " of " << shape[i];
    if ((*size)[i] == -1)
      (*size)[i] = shape[i] - (*begin)[i];
  }
  return defineSlice(graph, node, 0, *input, *begin, *size,
                     SmallVector<int64_t>(shape.size(), 1));
}

//===----------------------------------------------------------------------===//
// STRIDED_SLICE
//===----------------------------------------------------------------------===//

/// The part of a dimension of `size` elements that begin, end and stride
/// denote, as in numpy: negative positions count from the end, positions
/// outside are limited to it, and a masked one is the end of the dimension that
/// the stride comes from or goes to. Gives a size of 0 for an empty part.
static std::pair<int64_t, int64_t> stridedPart(int64_t size, int64_t begin,
                                               bool beginMasked, int64_t end,
                                               bool endMasked, int64_t stride) {
  int64_t least = stride > 0 ? 0 : -1;
  int64_t most = stride > 0 ? size : size - 1;
  auto limit = [&](int64_t position) {
    return std::clamp(position < 0 ? position + size : position, least, most);
  };
  int64_t from = beginMasked ? (stride > 0 ? least : most) : limit(begin);
  int64_t to = endMasked ? (stride > 0 ? most : least) : limit(end);
  int64_t distance = stride > 0 ? to - from : from - to;
  int64_t step = std::abs(stride);
  return {from, distance <= 0 ? 0 : (distance + step - 1) / step};
}

LogicalResult quantcc::tflite::importStridedSlice(GraphImporter &graph,
                                                  const Node &node) {
  const StridedSliceOptions *options =
      node.op->builtin_options_as_StridedSliceOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  if (options->ellipsis_mask() || options->new_axis_mask() || options->offset())
    return graph.error(node) << "ellipsis_mask, new_axis_mask and offset are "
                             << "not supported";
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<SmallVector<int64_t>> begin = failure(), end = failure(),
                                  stride = failure();
  if (failed(input) || failed(begin = graph.getIntegers(node, 1)) ||
      failed(end = graph.getIntegers(node, 2)) ||
      failed(stride = graph.getIntegers(node, 3)))
    return failure();
  ArrayRef<int64_t> shape = cast<RankedTensorType>(input->getType()).getShape();
  size_t given = begin->size();
  if (given > shape.size() || end->size() != given || stride->size() != given)
    return graph.error(node) << "expected as many begins, ends and strides, at "
                             << "most " << shape.size();
  // Dimensions behind the given ones are taken whole.
  SmallVector<int64_t> offsets(shape.size(), 0), sizes(shape),
      strides(shape.size(), 1);
  constexpr int64_t kLargest = int64_t(1) << 32;
  for (size_t i = 0; i < given; ++i) {
    int64_t from = std::clamp((*begin)[i], -kLargest, kLargest);
    int64_t to = std::clamp((*end)[i], -kLargest, kLargest);
    int64_t step = (*stride)[i];
    if (step == 0 || std::clamp(step, -kLargest, kLargest) != step)
      return graph.error(node)
             << "expected strides other than 0, found " << step;
    bool shrinks = options->shrink_axis_mask() & (1 << i);
    if (shrinks) {
      from = from < 0 ? from + shape[i] : from;
      offsets[i] = from;
      sizes[i] = 1;
      if (from < 0 || from >= shape[i])
        return graph.error(node) << "expected begins within the input, found "
                                 << (*begin)[i] << " of " << shape[i];
      continue;
    }
    std::tie(offsets[i], sizes[i]) =
        stridedPart(shape[i], from, options->begin_mask() & (1 << i), to,
                    options->end_mask() & (1 << i), step);
    strides[i] = sizes[i] == 1 ? 1 : step;
  }
  return defineSlice(graph, node, 0, *input, offsets, sizes, strides);
}

//===----------------------------------------------------------------------===//
// SPLIT and SPLIT_V
//===----------------------------------------------------------------------===//

static LogicalResult defineParts(GraphImporter &graph, const Node &node,
                                 Value input, int64_t axis,
                                 ArrayRef<int64_t> parts) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(input.getType()).getShape();
  SmallVector<int64_t> offsets(shape.size(), 0), sizes(shape),
      strides(shape.size(), 1);
  for (auto [index, part] : llvm::enumerate(parts)) {
    sizes[axis] = part;
    if (failed(defineSlice(graph, node, index, input, offsets, sizes, strides)))
      return failure();
    offsets[axis] += part;
  }
  if (offsets[axis] != shape[axis])
    return graph.error(node) << "expected parts that add up to " << shape[axis]
                             << ", found " << offsets[axis];
  return success();
}

/// The constant axis in input `index` of an operator on `input`.
static FailureOr<int64_t> getAxis(GraphImporter &graph, const Node &node,
                                  unsigned index, Value input) {
  FailureOr<SmallVector<int64_t>> axis = graph.getIntegers(node, index);
  if (failed(axis))
    return failure();
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  if (axis->size() != 1 || axis->front() < -rank || axis->front() >= rank)
    return graph.getFile().error(node, node.inputs[index])
           << "expected one axis within rank " << rank;
  return axis->front() < 0 ? axis->front() + rank : axis->front();
}

LogicalResult quantcc::tflite::importSplit(GraphImporter &graph,
                                           const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 1);
  if (failed(input))
    return failure();
  FailureOr<int64_t> axis = getAxis(graph, node, 0, *input);
  if (failed(axis))
    return failure();
  int64_t size = cast<RankedTensorType>(input->getType()).getDimSize(*axis);
  int64_t parts = node.outputs.size();
  if (size % parts != 0)
    return graph.error(node) << "expected parts that divide " << size
                             << ", found " << parts << " parts";
  return defineParts(graph, node, *input, *axis,
                     SmallVector<int64_t>(parts, size / parts));
}

LogicalResult quantcc::tflite::importSplitV(GraphImporter &graph,
                                            const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<SmallVector<int64_t>> parts = failure();
  if (failed(input) || failed(parts = graph.getIntegers(node, 1)))
    return failure();
  FailureOr<int64_t> axis = getAxis(graph, node, 2, *input);
  if (failed(axis))
    return failure();
  if (parts->size() != node.outputs.size())
    return graph.error(node) << "expected as many sizes as outputs, found "
                             << parts->size() << " and " << node.outputs.size();
  int64_t size = cast<RankedTensorType>(input->getType()).getDimSize(*axis);
  int64_t rest = size;
  for (int64_t part : *parts) {
    if (part < -1 || part > size)
      return graph.error(node)
             << "expected sizes within " << size << ", found " << part;
    rest -= std::max<int64_t>(part, 0);
  }
  // One size may be left open.
  auto *open = llvm::find(*parts, -1);
  if (open != parts->end())
    *open = rest;
  return defineParts(graph, node, *input, *axis, *parts);
}
