//===- ModelFiles.cpp - Write a compiled model to a folder ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Temporary files first, then the renames that make them visible.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/ModelFiles.h"
#include "quantcc/Target/HeaderWriter.h"
#include "quantcc/Target/ModelReport.h"

#include <llvm/ADT/ScopeExit.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

using namespace quantcc;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static llvm::Error writeError(StringRef path, const llvm::Twine &reason) {
  return llvm::createStringError("cannot write '" + path + "': " + reason);
}

namespace {

/// The folders that had to be created; removed again unless kept.
class CreatedFolders {
public:
  ~CreatedFolders() {
    // The innermost comes last.
    for (const std::string &folder : llvm::reverse(folders))
      (void)fs::remove(folder);
  }

  llvm::Error create(StringRef folder);
  void keep() { folders.clear(); }

private:
  std::vector<std::string> folders;
};

/// Files that appear under their names together.
class FileSet {
public:
  ~FileSet() {
    for (Entry &entry : entries)
      if (entry.temporary)
        llvm::consumeError(entry.temporary->discard());
  }

  /// Writes `content` to a temporary file beside `path`.
  llvm::Error add(const llvm::Twine &path, StringRef content);

  /// Renames all; if one can't be, removes those that are new.
  llvm::Error publish();

private:
  struct Entry {
    std::string path;
    std::optional<fs::TempFile> temporary;
    bool existed;
  };
  std::vector<Entry> entries;
};

} // namespace

llvm::Error CreatedFolders::create(StringRef folder) {
  llvm::SmallVector<std::string> missing;
  for (StringRef at = folder; !at.empty() && !fs::exists(at);
       at = path::parent_path(at))
    missing.push_back(at.str());
  for (const std::string &at : llvm::reverse(missing)) {
    if (std::error_code code =
            fs::create_directory(at, /*IgnoreExisting=*/false)) {
      // Another process may have been faster; then it is not ours to remove.
      if (code == std::errc::file_exists)
        continue;
      return llvm::createStringError("cannot create folder '" + at +
                                     "': " + code.message());
    }
    folders.push_back(at);
  }
  if (!fs::is_directory(folder))
    return llvm::createStringError("'" + folder + "' is no folder");
  return llvm::Error::success();
}

llvm::Error FileSet::add(const llvm::Twine &pathTwine, StringRef content) {
  std::string path = pathTwine.str();
  fs::file_status status;
  bool existed = !fs::status(path, status) && fs::exists(status);
  if (existed && !fs::is_regular_file(status))
    return writeError(path, "is no regular file");
  auto temporary = fs::TempFile::create(path + ".%%%%%%%%.tmp");
  if (!temporary)
    return writeError(path, llvm::toString(temporary.takeError()));
  entries.push_back({path, std::move(*temporary), existed});

  llvm::raw_fd_ostream stream(entries.back().temporary->FD,
                              /*shouldClose=*/false);
  stream << content;
  stream.flush();
  if (!stream.has_error())
    return llvm::Error::success();
  std::string reason = stream.error().message();
  stream.clear_error();
  return writeError(path, reason);
}

llvm::Error FileSet::publish() {
  for (size_t i = 0; i != entries.size(); ++i) {
    llvm::Error error = entries[i].temporary->keep(entries[i].path);
    if (!error) {
      entries[i].temporary.reset();
      continue;
    }
    for (size_t done = 0; done != i; ++done)
      if (!entries[done].existed)
        (void)fs::remove(entries[done].path);
    // keep() has removed the temporary file.
    entries[i].temporary.reset();
    return writeError(entries[i].path, llvm::toString(std::move(error)));
  }
  return llvm::Error::success();
}

llvm::Expected<ModelDescription>
quantcc::describeModel(ModelSource source, const TargetInfo &target,
                       const CompiledObject &object, const SizeLimits &limits) {
  if (llvm::Error error = checkSymbol(object.interface.symbol))
    return std::move(error);
  auto facts = inspectObject(object.bytes, target, object.computesInFloat);
  if (!facts)
    return facts.takeError();
  ModelDescription model{std::move(source), target, object.interface,
                         std::move(*facts)};
  if (llvm::Error error = checkSizes(model, limits))
    return std::move(error);
  return model;
}

llvm::Expected<ModelDescription>
quantcc::writeModel(StringRef folder, ModelSource source,
                    const TargetInfo &target, CompiledObject object,
                    const SizeLimits &limits,
                    llvm::ArrayRef<CompanionFile> companions) {
  auto described = describeModel(std::move(source), target, object, limits);
  if (!described)
    return described.takeError();
  ModelDescription &model = *described;
  std::string header, report;
  llvm::raw_string_ostream headerStream(header), reportStream(report);
  writeHeader(model, headerStream);
  writeReport(model, reportStream);

  CreatedFolders folders;
  if (llvm::Error error = folders.create(folder))
    return std::move(error);
  llvm::SmallString<256> base(folder);
  path::append(base, model.interface.symbol);
  FileSet files;
  for (const CompanionFile &companion : companions)
    if (llvm::Error error = files.add(companion.path, companion.content))
      return std::move(error);
  if (llvm::Error error = files.add(base + ".json", report))
    return std::move(error);
  if (llvm::Error error = files.add(base + ".h", header))
    return std::move(error);
  if (llvm::Error error = files.add(
          base + ".o", StringRef(object.bytes.data(), object.bytes.size())))
    return std::move(error);
  if (llvm::Error error = files.publish())
    return std::move(error);
  folders.keep();
  return described;
}
