//===- AssignRegions.h - Which memory a buffer lies in ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Spreads buffers over memories of limited size.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_ASSIGNREGIONS_H
#define QUANTCC_LIB_CODEGEN_ASSIGNREGIONS_H

#include "quantcc/Codegen/MemoryPlanner.h"

#include <optional>

namespace quantcc {

/// Sets the region of each of `requests`, which alias nothing: those with the
/// most `accesses` a byte come into the first region that has room for them
/// beside those before them. If that leaves one without a place, larger ones
/// come first. `limits` has the bytes of each region, nothing for a region
/// without a limit. Returns the plan. Errors: those of `planner`; no order
/// finds room for all.
llvm::Expected<MemoryPlan>
assignRegions(llvm::MutableArrayRef<BufferRequest> requests,
              llvm::ArrayRef<int64_t> accesses,
              llvm::ArrayRef<std::optional<int64_t>> limits,
              const MemoryPlanner &planner);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_ASSIGNREGIONS_H
