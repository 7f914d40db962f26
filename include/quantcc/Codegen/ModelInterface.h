//===- ModelInterface.h - What the caller of a model must know --*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The entry function's inputs, outputs and arena as plain data, read from the
// scheduled stage; and the names of the attributes that carry them there.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_MODELINTERFACE_H
#define QUANTCC_CODEGEN_MODELINTERFACE_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <cstdint>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>
#include <mlir/IR/BuiltinOps.h>
#include <optional>
#include <string>

namespace quantcc {

/// On an argument: memory that receives a result (unit).
constexpr llvm::StringLiteral kOutputAttrName = "quantcc.output";
/// On an argument: the arena (unit).
constexpr llvm::StringLiteral kArenaAttrName = "quantcc.arena";
/// On the function: the memory plan (integers, and an array of dictionaries).
constexpr llvm::StringLiteral kArenaBytesAttrName = "quantcc.arena_bytes";
constexpr llvm::StringLiteral kArenaAlignmentAttrName =
    "quantcc.arena_alignment";
constexpr llvm::StringLiteral kArenaLowerBoundAttrName =
    "quantcc.arena_lower_bound";
constexpr llvm::StringLiteral kArenaBuffersAttrName = "quantcc.arena_buffers";
/// On an argument: the region of the arena that it is (string), if there are
/// several.
constexpr llvm::StringLiteral kRegionAttrName = "quantcc.region";
/// On the function: the regions (an array of dictionaries), if there are
/// several.
constexpr llvm::StringLiteral kArenaRegionsAttrName = "quantcc.arena_regions";
/// On the function: the tensor that each of its operations computes (strings).
constexpr llvm::StringLiteral kArenaMomentsAttrName = "quantcc.arena_moments";
/// On an argument or result: the variable (its name) that it is the value of.
constexpr llvm::StringLiteral kStateAttrName = "quantcc.state";
/// On an argument: the block that holds all variables (unit).
constexpr llvm::StringLiteral kStateBlockAttrName = "quantcc.state_block";
/// On the function: size and alignment of that block.
constexpr llvm::StringLiteral kStateBytesAttrName = "quantcc.state_bytes";
constexpr llvm::StringLiteral kStateAlignmentAttrName =
    "quantcc.state_alignment";
/// On a function: it writes the variables' initial values (unit).
constexpr llvm::StringLiteral kResetAttrName = "quantcc.reset";

/// On the function: its layers are cut into so many pieces at most (integer),
/// and its caller gives a function that runs them.
constexpr llvm::StringLiteral kPiecesAttrName = "quantcc.pieces";

/// On a function: it computes the pieces of one layer (unit). It takes the
/// arguments of the public function, and the number of a piece.
constexpr llvm::StringLiteral kPieceAttrName = "quantcc.piece";

/// How a tensor's elements are stored.
struct ElementFormat {
  /// Bits of one element, as stored: 8, 16, 32 or 64.
  unsigned bits = 8;
  bool isFloat = false;
  bool isSigned = true;
};

/// The quantization parameters of a per-tensor quantized tensor.
struct QuantizationFormat {
  /// real = scale * (stored - zeroPoint); scale is a float value.
  double scale = 1;
  int64_t zeroPoint = 0;
  /// The stored values that may occur, both included.
  int64_t storedMin = 0;
  int64_t storedMax = 0;
};

/// One input or output.
struct TensorInterface {
  /// In the source model; may be empty.
  std::string name;
  llvm::SmallVector<int64_t> shape;
  ElementFormat format;
  /// Nothing for float tensors and for plain integers.
  std::optional<QuantizationFormat> quantization;

  int64_t numElements() const;
  int64_t numBytes() const;
};

/// One of the blocks that the arena consists of.
struct ArenaRegion {
  /// That of the entry's argument.
  std::string name;
  int64_t bytes = 0;
};

/// One buffer of the memory plan. Moments are positions in the function.
struct PlannedBuffer {
  std::string name;
  /// Index of its region, and where in it the buffer begins.
  unsigned region = 0;
  int64_t offset = 0;
  int64_t bytes = 0;
  int64_t firstUse = 0;
  int64_t lastUse = 0;
};

/// The constants that belong to one layer: weights, bias, multipliers, tables.
struct LayerConstants {
  /// Of the layer's result in the source model; may be empty.
  std::string name;
  int64_t bytes = 0;
};

/// The entry function `void symbol(const T0 *in0, ..., U0 *out0, ...,
/// void *arena)`, with one pointer for each region of the arena; see `pieces`
/// for more.
struct ModelInterface {
  std::string symbol;
  llvm::SmallVector<TensorInterface> inputs;
  llvm::SmallVector<TensorInterface> outputs;
  /// Of all regions together.
  int64_t arenaBytes = 0;
  int64_t arenaAlignment = 1;
  /// At least one.
  llvm::SmallVector<ArenaRegion> regions;
  /// The least that any plan of these buffers could need.
  int64_t arenaLowerBound = 0;
  llvm::SmallVector<PlannedBuffer> buffers;
  /// The tensor of the source model that is computed at each moment of the
  /// plan; may be empty.
  llvm::SmallVector<std::string> moments;
  /// The block that keeps the variables of a stateful model from run to run; 0
  /// bytes for other models, whose entry does not take it.
  int64_t stateBytes = 0;
  int64_t stateAlignment = 1;
  /// Bytes of all constants, and each layer's share, in the order in which the
  /// layers first appear.
  int64_t constantBytes = 0;
  llvm::SmallVector<LayerConstants> constants;
  /// Stack that a call takes at most, in bytes; known once there is an object,
  /// and not where frames depend on the machine's vector length.
  std::optional<int64_t> stackBytes;

  /// The most pieces that a layer is cut into; 0 for an entry that runs in one
  /// thread. Others take two pointers more, after all others: a function that
  /// runs pieces, and its first argument.
  int64_t pieces = 0;
  /// Of a threaded model: its layers, or steps of one, that are cut, in the
  /// variant that cuts the most.
  int64_t cutLayers = 0;
  /// Of a threaded model: stack that the call of one piece takes at most.
  std::optional<int64_t> taskStackBytes;

  bool isThreaded() const { return pieces != 0; }
  bool isStateful() const { return stateBytes != 0; }
  /// The function that writes the variables' initial values.
  std::string resetSymbol() const { return symbol + "_reset"; }
};

/// The name of the model's tensor that `location` stands for, or "".
llvm::StringRef findTensorName(mlir::Location location);

/// Reads the interface of the only public function of `module`, which must be
/// in the scheduled stage (after `quantcc-plan-arena`). Emits an error and
/// returns nothing if it is not.
std::optional<ModelInterface> readModelInterface(mlir::ModuleOp module);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_MODELINTERFACE_H
