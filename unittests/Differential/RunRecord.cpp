//===- RunRecord.cpp - What a long run has done so far --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A line a batch: its first seed and number of seeds, the report's graphs, ops
// and large graphs, the coverage, and after a bar the refusals.
//
//===----------------------------------------------------------------------===//

#include "RunRecord.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>

using namespace quantcc;
using namespace quantcc::differential;

using llvm::Error;
using llvm::StringRef;

static Error append(StringRef path, StringRef text) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code, llvm::sys::fs::OF_Append);
  if (!code) {
    stream << text;
    stream.close();
    code = stream.error();
  }
  if (code)
    return llvm::createStringError(code, "cannot write " + path);
  return Error::success();
}

llvm::Expected<RunRecord> RunRecord::open(StringRef path, StringRef key) {
  RunRecord record(path);
  if (!llvm::sys::fs::exists(path)) {
    if (Error error = append(path, key.str() + "\n"))
      return std::move(error);
    return std::move(record);
  }
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "cannot read " + path);
  auto [first, rest] = (*buffer)->getBuffer().split('\n');
  if (first != key)
    return llvm::createStringError(path + " is the record of another run");
  while (!rest.empty()) {
    // A line without an end was cut short.
    if (!rest.contains('\n')) {
      if (Error error = append(path, "\n"))
        return std::move(error);
      break;
    }
    StringRef line;
    std::tie(line, rest) = rest.split('\n');
    record.readLine(line);
  }
  return std::move(record);
}

void RunRecord::readLine(StringRef line) {
  auto [numberText, refusedText] = line.split('|');
  llvm::SmallVector<StringRef> words;
  numberText.split(words, ' ', -1, /*KeepEmpty=*/false);
  std::vector<uint64_t> numbers(words.size());
  for (auto [word, number] : llvm::zip_equal(words, numbers))
    if (word.getAsInteger(10, number))
      return; // part of a line that was cut short
  size_t fixed = 5;
  if (!line.contains('|') ||
      numbers.size() != fixed + Coverage().cases().size())
    return;
  RunReport report;
  report.graphs = numbers[2];
  report.ops = numbers[3];
  report.largeGraphs = numbers[4];
  report.coverage =
      Coverage(std::vector<unsigned>(numbers.begin() + fixed, numbers.end()));
  while (!refusedText.empty()) {
    StringRef text;
    std::tie(text, refusedText) = refusedText.split('|');
    report.refused.push_back(text.str());
  }
  batches[{numbers[0], static_cast<unsigned>(numbers[1])}] = std::move(report);
}

const RunReport *RunRecord::find(uint64_t first, unsigned count) const {
  auto found = batches.find({first, count});
  return found == batches.end() ? nullptr : &found->second;
}

Error RunRecord::add(uint64_t first, unsigned count, const RunReport &report) {
  std::string line;
  llvm::raw_string_ostream stream(line);
  stream << first << " " << count << " " << report.graphs << " " << report.ops
         << " " << report.largeGraphs;
  for (unsigned cases : report.coverage.cases())
    stream << " " << cases;
  stream << "|";
  for (std::string text : report.refused) {
    llvm::replace(text, '|', '/');
    llvm::replace(text, '\n', ' ');
    stream << text << "|";
  }
  stream << "\n";
  return append(path, line);
}
