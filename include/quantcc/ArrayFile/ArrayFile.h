//===- ArrayFile.h - Read and write .npy and .npz ---------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whole arrays from and to numpy's .npy and .npz files. SampleReader.h reads
// them sample by sample in fixed memory.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ARRAYFILE_ARRAYFILE_H
#define QUANTCC_ARRAYFILE_ARRAYFILE_H

#include "quantcc/ArrayFile/Array.h"

#include <llvm/Support/raw_ostream.h>
#include <vector>

namespace quantcc {

/// Reads the .npy file at `path`: format versions 1 to 3, elements bool, 8- to
/// 64-bit integers, float32 or float64, of either byte order, row-major.
///
/// Errors name the file and, in an .npz, the array. No size in the file is
/// trusted: nothing is allocated before the file is known to hold that much.
/// Source: numpy.lib.format, "NEP 1".
llvm::Expected<Array> readNpy(llvm::StringRef path);

/// Reads every array of the .npz file at `path`, in the order of its directory.
/// Members are stored or deflated, of any size (ZIP64); their checksums are
/// verified. Encrypted or split archives and members that are no .npy are
/// errors. Source: PKWARE's APPNOTE 6.3.
llvm::Expected<std::vector<NamedArray>> readNpz(llvm::StringRef path);

/// Writes the header of an .npy file, which its elements in the host's byte
/// order follow: for writers that stream what does not fit in memory.
void writeNpyHeader(llvm::raw_ostream &stream, ElementType type,
                    llvm::ArrayRef<int64_t> shape);

/// Writes `array` to an .npy file, whole or not at all.
llvm::Error writeNpy(llvm::StringRef path, const Array &array);

/// Writes `arrays` to an .npz file, stored and dated 1980-01-01 so that equal
/// arrays make equal files, whole or not at all. Errors: two arrays of one
/// name, or 4 GiB or more in total.
llvm::Error writeNpz(llvm::StringRef path, llvm::ArrayRef<NamedArray> arrays);

} // namespace quantcc

#endif // QUANTCC_ARRAYFILE_ARRAYFILE_H
