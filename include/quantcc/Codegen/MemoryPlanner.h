//===- MemoryPlanner.h - Offsets of buffers in a static arena ---*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Places buffers of known size and lifetime in as few bytes as possible. Pure
// arithmetic: it knows nothing of the IR.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_MEMORYPLANNER_H
#define QUANTCC_CODEGEN_MEMORYPLANNER_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/Error.h>
#include <memory>
#include <optional>
#include <string>

namespace quantcc {

/// Alignment of the arena that the caller provides, in bytes.
constexpr int64_t kArenaAlignment = 16;

/// What a buffer needs. Sizes, halos and alignments are in bytes.
struct BufferRequest {
  /// For messages only; need not be unique.
  std::string name;
  int64_t size = 0;
  /// Of the first byte, a power of two.
  int64_t alignment = kArenaAlignment;
  /// The first and the last moment at which the content matters, both
  /// included. A moment is a position in the order of execution.
  int64_t firstUse = 0;
  int64_t lastUse = 0;
  /// Bytes before the first and behind the last byte that belong to the buffer
  /// as well, so that a kernel may read or write over its edges.
  int64_t haloBefore = 0;
  int64_t haloAfter = 0;
  /// The request in whose memory this one lies, `aliasOffset` bytes behind its
  /// first byte. It must lie there whole; its lifetime extends the other's.
  std::optional<unsigned> aliasOf;
  int64_t aliasOffset = 0;
  /// The memory to place the buffer in, such as a small fast one. Each region
  /// has addresses, size and lower bound of its own.
  unsigned region = 0;
};

/// The answer to a list of requests.
struct MemoryPlan {
  /// Offset of each buffer's first byte (behind its halo) in its region.
  llvm::SmallVector<int64_t> offsets;
  /// Bytes that each region needs, and the least that any plan could need:
  /// the most bytes, halos included, that are alive at one moment.
  llvm::SmallVector<int64_t> regionSizes;
  llvm::SmallVector<int64_t> lowerBounds;
};

class MemoryPlanner {
public:
  virtual ~MemoryPlanner();

  /// Places `requests`. Two buffers of one region that are alive at the same
  /// moment do not overlap, halos included, unless one aliases the other. The
  /// result depends on the requests and their order alone.
  ///
  /// Errors name the request: a negative size or halo, an alignment that is no
  /// power of two, a lifetime that ends before it begins, an alias that does
  /// not fit or forms a cycle, a sum of sizes that does not fit in 63 bits.
  virtual llvm::Expected<MemoryPlan>
  plan(llvm::ArrayRef<BufferRequest> requests) const = 0;
};

/// Places one buffer after the other into the smallest gap between those that
/// are alive with it; tries several orders (by size, by lifetime, by area) and
/// keeps the smallest plan. See Pisarchyk and Lee, "Efficient Memory Management
/// for Deep Neural Net Inference" (2020), section 5, for the greedy by size.
std::unique_ptr<MemoryPlanner> createBestFitPlanner();

} // namespace quantcc

#endif // QUANTCC_CODEGEN_MEMORYPLANNER_H
