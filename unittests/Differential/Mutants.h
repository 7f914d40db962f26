//===- Mutants.h - Mistakes to plant in the lowering ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules that change lowered graphs as a mistake in the lowering would: the test
// of the differential tests is that they find each.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_MUTANTS_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_MUTANTS_H

#include "GraphCase.h"

namespace quantcc::differential {

/// Mistakes in the requantizations and the other integer ops of the integer
/// stage.
std::vector<Mutant> integerOpMutants();

/// Mistakes in the shapes, windows and constants around them.
std::vector<Mutant> structureMutants();
std::vector<Mutant> recurrentMutants();

/// Mistakes in the scalar arithmetic that the integer ops are expanded to.
std::vector<Mutant> arithmeticMutants();

/// Mistakes in the layers that `kernels` are for.
std::vector<Mutant> layoutMutants(KernelSet kernels);

/// Mistakes in loops and kernels on memory, for targets that have kernels.
std::vector<Mutant> scheduleMutants();

/// Mistakes in the pieces that layers are cut into, for targets that have some.
std::vector<Mutant> pieceMutants();

/// Mistakes in strips of layers, and in results that lie over operands, for
/// targets that prefer strips.
std::vector<Mutant> stripMutants();

/// All others that there are for a target with `kernels`, in a fixed order.
std::vector<Mutant> allMutants(KernelSet kernels);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_MUTANTS_H
