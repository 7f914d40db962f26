//===- RearrangeOps.cpp - Import of ops that only move elements -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SPACE_TO_DEPTH, DEPTH_TO_SPACE, TILE, BROADCAST_TO, MIRROR_PAD, PACK, UNPACK,
// REVERSE_V2, and GATHER by constant indices: each by way of reshapes,
// transpositions, slices, broadcasts and concatenations.
//
//===----------------------------------------------------------------------===//

#include "OperatorTable.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

//===----------------------------------------------------------------------===//
// Steps. Each passes a failure on.
//===----------------------------------------------------------------------===//

static FailureOr<Value> reshape(GraphImporter &graph, const Node &node,
                                FailureOr<Value> input,
                                ArrayRef<int64_t> shape) {
  if (failed(input))
    return failure();
  return graph.reshape(node, *input, shape);
}

static FailureOr<Value> transpose(GraphImporter &graph, const Node &node,
                                  FailureOr<Value> input,
                                  ArrayRef<int64_t> permutation) {
  if (failed(input))
    return failure();
  SmallVector<int64_t> shape;
  for (int64_t source : permutation)
    shape.push_back(shapeOf(*input)[source]);
  return graph.create<TransposeOp>(
      node, cast<RankedTensorType>(input->getType()).clone(shape), *input,
      graph.getBuilder().getDenseI64ArrayAttr(permutation));
}

static FailureOr<Value> broadcast(GraphImporter &graph, const Node &node,
                                  FailureOr<Value> input,
                                  ArrayRef<int64_t> shape) {
  if (failed(input) || shapeOf(*input) == shape)
    return input;
  return graph.create<BroadcastOp>(
      node, cast<RankedTensorType>(input->getType()).clone(shape), *input);
}

/// `size` indices of dimension `axis`, from `offset` on by steps of `stride`.
static FailureOr<Value> slice(GraphImporter &graph, const Node &node,
                              Value input, int64_t axis, int64_t offset,
                              int64_t size, int64_t stride) {
  SmallVector<int64_t> shape(shapeOf(input));
  SmallVector<int64_t> offsets(shape.size(), 0), strides(shape.size(), 1);
  shape[axis] = size;
  offsets[axis] = offset;
  strides[axis] = stride;
  Builder &builder = graph.getBuilder();
  return graph.create<SliceOp>(
      node, cast<RankedTensorType>(input.getType()).clone(shape), input,
      builder.getDenseI64ArrayAttr(offsets),
      builder.getDenseI64ArrayAttr(strides));
}

static FailureOr<Value> concatenate(GraphImporter &graph, const Node &node,
                                    ArrayRef<Value> parts, int64_t axis) {
  if (parts.size() == 1)
    return parts.front();
  SmallVector<int64_t> shape(shapeOf(parts.front()));
  for (Value part : parts.drop_front())
    shape[axis] += shapeOf(part)[axis];
  return graph.create<ConcatOp>(
      node, cast<RankedTensorType>(parts.front().getType()).clone(shape), parts,
      graph.getBuilder().getI64IntegerAttr(axis));
}

/// `axis` of `rank` dimensions, counted from the end where it is negative.
static FailureOr<int64_t> normalizeAxis(GraphImporter &graph, const Node &node,
                                        int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return graph.error(node)
           << "expected an axis within rank " << rank << ", found " << axis;
  return axis < 0 ? axis + rank : axis;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

LogicalResult quantcc::tflite::importSpaceToDepth(GraphImporter &graph,
                                                  const Node &node) {
  const auto *options = node.op->builtin_options_as_SpaceToDepthOptions();
  FailureOr<Value> input = graph.getInput(node, 0);
  if (failed(input))
    return failure();
  int64_t block = options ? options->block_size() : 0;
  ArrayRef<int64_t> shape = shapeOf(*input);
  if (shape.size() != 4 || block < 1 || shape[1] % block || shape[2] % block)
    return graph.error(node) << "expected an input of rank 4 whose height and "
                             << "width are multiples of the block size, found "
                             << input->getType() << " and " << block;
  int64_t height = shape[1] / block, width = shape[2] / block;
  SmallVector<int64_t> split{shape[0], height, block, width, block, shape[3]};
  SmallVector<int64_t> joined{shape[0], height, width,
                              block * block * shape[3]};
  FailureOr<Value> blocks = transpose(
      graph, node, reshape(graph, node, *input, split), {0, 1, 3, 2, 4, 5});
  return graph.define(node, reshape(graph, node, blocks, joined));
}

LogicalResult quantcc::tflite::importDepthToSpace(GraphImporter &graph,
                                                  const Node &node) {
  const auto *options = node.op->builtin_options_as_DepthToSpaceOptions();
  FailureOr<Value> input = graph.getInput(node, 0);
  if (failed(input))
    return failure();
  int64_t block = options ? options->block_size() : 0;
  ArrayRef<int64_t> shape = shapeOf(*input);
  if (shape.size() != 4 || block < 1 || block > (1 << 15) ||
      shape[3] % (block * block))
    return graph.error(node)
           << "expected an input of rank 4 whose channels are "
           << "a multiple of the block, found " << input->getType() << " and "
           << block;
  int64_t channels = shape[3] / (block * block);
  SmallVector<int64_t> split{shape[0], shape[1], shape[2],
                             block,    block,    channels};
  SmallVector<int64_t> joined{shape[0], shape[1] * block, shape[2] * block,
                              channels};
  FailureOr<Value> rows = transpose(
      graph, node, reshape(graph, node, *input, split), {0, 1, 3, 2, 4, 5});
  return graph.define(node, reshape(graph, node, rows, joined));
}

//===----------------------------------------------------------------------===//
// Repetition
//===----------------------------------------------------------------------===//

LogicalResult quantcc::tflite::importTile(GraphImporter &graph,
                                          const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<SmallVector<int64_t>> multiples = failure();
  if (failed(input) || failed(multiples = graph.getIntegers(node, 1)))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(*input);
  bool fits = multiples->size() == shape.size();
  // Each dimension in two: which copy, and where in it.
  SmallVector<int64_t> before, between, result;
  for (size_t i = 0; fits && i < shape.size(); ++i) {
    int64_t multiple = (*multiples)[i];
    fits = multiple >= 1 && multiple <= kMaxElements / shape[i];
    before.append({1, shape[i]});
    between.append({multiple, shape[i]});
    result.push_back(multiple * shape[i]);
  }
  if (!fits)
    return graph.error(node) << "expected " << shape.size()
                             << " multiples of 1 or more, of at most "
                             << kMaxElements << " elements each way";
  FailureOr<Value> copies =
      broadcast(graph, node, reshape(graph, node, *input, before), between);
  return graph.define(node, reshape(graph, node, copies, result));
}

LogicalResult quantcc::tflite::importBroadcastTo(GraphImporter &graph,
                                                 const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<SmallVector<int64_t>> asked = failure();
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(asked = graph.getIntegers(node, 1)) ||
      failed(result = graph.getResultType(node)))
    return failure();
  size_t rank = shapeOf(*input).size();
  if (result->getShape() != ArrayRef<int64_t>(*asked) || rank > asked->size())
    return graph.error(node) << "expected a result of the shape that the shape "
                             << "operand gives, found " << *result;
  SmallVector<int64_t> aligned(asked->size() - rank, 1);
  llvm::append_range(aligned, shapeOf(*input));
  return graph.define(node, broadcast(graph, node,
                                      reshape(graph, node, *input, aligned),
                                      result->getShape()));
}

//===----------------------------------------------------------------------===//
// Mirrors
//===----------------------------------------------------------------------===//

LogicalResult quantcc::tflite::importReverse(GraphImporter &graph,
                                             const Node &node) {
  FailureOr<Value> value = graph.getInput(node, 0);
  FailureOr<SmallVector<int64_t>> axes = failure();
  if (failed(value) || failed(axes = graph.getIntegers(node, 1)))
    return failure();
  for (int64_t given : *axes) {
    FailureOr<int64_t> axis =
        normalizeAxis(graph, node, given, shapeOf(*value).size());
    if (failed(axis))
      return failure();
    int64_t size = shapeOf(*value)[*axis];
    value = slice(graph, node, *value, *axis, size - 1, size, -1);
    if (failed(value))
      return failure();
  }
  return graph.define(node, value);
}

/// `input` with `low` and `high` mirrored elements before and behind it along
/// `axis`; the elements at the edge are mirrored too if `skipped` is 0.
static FailureOr<Value> mirror(GraphImporter &graph, const Node &node,
                               Value input, int64_t axis, int64_t low,
                               int64_t high, int64_t skipped) {
  int64_t size = shapeOf(input)[axis];
  if (low < 0 || high < 0 || low > size - skipped || high > size - skipped)
    return graph.error(node) << "expected borders within [0, " << size - skipped
                             << "] along dimension " << axis << ", found "
                             << low << " and " << high;
  SmallVector<Value> parts;
  auto add = [&](FailureOr<Value> part) {
    if (succeeded(part))
      parts.push_back(*part);
    return succeeded(part);
  };
  if (low != 0 &&
      !add(slice(graph, node, input, axis, low - 1 + skipped, low, -1)))
    return failure();
  parts.push_back(input);
  if (high != 0 &&
      !add(slice(graph, node, input, axis, size - 1 - skipped, high, -1)))
    return failure();
  return concatenate(graph, node, parts, axis);
}

LogicalResult quantcc::tflite::importMirrorPad(GraphImporter &graph,
                                               const Node &node) {
  const auto *options = node.op->builtin_options_as_MirrorPadOptions();
  FailureOr<Value> value = graph.getInput(node, 0);
  FailureOr<DenseElementsAttr> borders = failure();
  if (failed(value) || failed(borders = graph.getConstant(node, 1)))
    return failure();
  int64_t rank = shapeOf(*value).size();
  auto element = dyn_cast<IntegerType>(borders->getElementType());
  if (!options || !element || element.getWidth() < 32 ||
      borders->getType().getShape() != ArrayRef<int64_t>{rank, 2})
    return graph.error(node) << "expected a mode, and borders of INT32 or "
                             << "INT64, [" << rank << ",2]";
  SmallVector<int64_t> sizes;
  for (const APInt &size : borders->getValues<APInt>())
    sizes.push_back(size.getSExtValue());
  int64_t skipped = options->mode() == MirrorPadMode::REFLECT ? 1 : 0;
  for (int64_t axis = 0; axis < rank; ++axis) {
    value = mirror(graph, node, *value, axis, sizes[2 * axis],
                   sizes[2 * axis + 1], skipped);
    if (failed(value))
      return failure();
  }
  return graph.define(node, value);
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

LogicalResult quantcc::tflite::importPack(GraphImporter &graph,
                                          const Node &node) {
  const auto *options = node.op->builtin_options_as_PackOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  int64_t axis = 0;
  SmallVector<Value> parts;
  for (unsigned i = 0; i < node.inputs.size(); ++i) {
    FailureOr<Value> input = graph.getInput(node, i);
    if (failed(input))
      return failure();
    SmallVector<int64_t> shape(shapeOf(*input));
    FailureOr<int64_t> place =
        normalizeAxis(graph, node, options->axis(), shape.size() + 1);
    if (failed(place))
      return failure();
    axis = *place;
    shape.insert(shape.begin() + axis, 1);
    if (!parts.empty() && shapeOf(parts.front()) != ArrayRef<int64_t>(shape))
      return graph.error(node) << "expected inputs of one shape";
    FailureOr<Value> part = graph.reshape(node, *input, shape);
    if (failed(part))
      return failure();
    parts.push_back(*part);
  }
  return graph.define(node, concatenate(graph, node, parts, axis));
}

LogicalResult quantcc::tflite::importUnpack(GraphImporter &graph,
                                            const Node &node) {
  const auto *options = node.op->builtin_options_as_UnpackOptions();
  FailureOr<Value> input = graph.getInput(node, 0);
  if (failed(input))
    return failure();
  FailureOr<int64_t> axis = normalizeAxis(
      graph, node, options ? options->axis() : 0, shapeOf(*input).size());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(shapeOf(*input));
  if (shape[*axis] != static_cast<int64_t>(node.outputs.size()))
    return graph.error(node) << "expected " << shape[*axis]
                             << " outputs, found " << node.outputs.size();
  shape.erase(shape.begin() + *axis);
  for (unsigned i = 0; i < node.outputs.size(); ++i) {
    FailureOr<Value> part = slice(graph, node, *input, *axis, i, 1, 1);
    if (failed(graph.define(node, reshape(graph, node, part, shape), i)))
      return failure();
  }
  return success();
}

LogicalResult quantcc::tflite::importGather(GraphImporter &graph,
                                            const Node &node) {
  const auto *options = node.op->builtin_options_as_GatherOptions();
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<DenseElementsAttr> indices = failure();
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(indices = graph.getConstant(node, 1)) ||
      failed(result = graph.getResultType(node)))
    return failure();
  FailureOr<int64_t> axis = normalizeAxis(
      graph, node, options ? options->axis() : 0, shapeOf(*input).size());
  if (failed(axis))
    return failure();
  auto element = dyn_cast<IntegerType>(indices->getElementType());
  if ((options && options->batch_dims() != 0) || !element ||
      element.getWidth() < 32)
    return graph.error(node)
           << "expected indices of INT32 or INT64 and no batch dimensions";
  // Each index is a slice of its own.
  constexpr int64_t limit = 256;
  if (indices->getNumElements() > limit)
    return graph.error(node) << "expected at most " << limit
                             << " indices, found " << indices->getNumElements();
  SmallVector<Value> parts;
  int64_t size = shapeOf(*input)[*axis];
  for (const APInt &index : indices->getValues<APInt>()) {
    int64_t place = index.getSExtValue();
    if (place < 0 || place >= size)
      return graph.error(node) << "expected indices within [0, " << size - 1
                               << "], found " << place;
    FailureOr<Value> part = slice(graph, node, *input, *axis, place, 1, 1);
    if (failed(part))
      return failure();
    parts.push_back(*part);
  }
  // The indices' own dimensions take the place of the axis.
  SmallVector<int64_t> shape(shapeOf(*input).take_front(*axis));
  llvm::append_range(shape, indices->getType().getShape());
  llvm::append_range(shape, shapeOf(*input).drop_front(*axis + 1));
  return graph.define(
      node,
      reshape(graph, node, concatenate(graph, node, parts, *axis), shape));
}
