//===- SampleLoop.cpp - Running over samples ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads samples one at a time and hands them to all processors.
//
//===----------------------------------------------------------------------===//

#include "SampleLoop.h"

#include <atomic>
#include <cmath>
#include <llvm/Support/Process.h>
#include <llvm/Support/Threading.h>
#include <llvm/Support/raw_ostream.h>
#include <mutex>
#include <thread>

using namespace llvm;
using namespace quantcc;

/// Whether integers of `type` are what `spec` stores.
static bool isStorageOf(ElementType type, const TensorSpec &spec) {
  if (spec.elementType.isF32())
    return false;
  switch (type) {
  case ElementType::I8:
    return spec.storageWidth() == 8 && spec.isSignedStorage();
  case ElementType::U8:
    return spec.storageWidth() == 8 && !spec.isSignedStorage();
  case ElementType::I16:
    return spec.storageWidth() == 16 && spec.isSignedStorage();
  case ElementType::U16:
    return spec.storageWidth() == 16 && !spec.isSignedStorage();
  case ElementType::I32:
    return spec.storageWidth() == 32 && spec.isSignedStorage();
  default:
    return false;
  }
}

Expected<std::unique_ptr<SampleSource>>
SampleSource::open(StringRef path, ArrayRef<TensorSpec> inputs,
                   SampleKind kind) {
  std::vector<std::string> names;
  for (const TensorSpec &input : inputs)
    names.push_back(input.name);
  Expected<SampleReader> reader = SampleReader::open(path, names);
  if (!reader)
    return reader.takeError();
  std::unique_ptr<SampleSource> source(new SampleSource(std::move(*reader)));
  source->path = path.str();
  source->inputs.assign(inputs.begin(), inputs.end());
  for (auto [index, input] : enumerate(inputs)) {
    if (Error error = source->reader.requireSampleShape(index, input.shape))
      return std::move(error);
    bool plainInteger = !input.elementType.isF32() && !input.quantizedType();
    source->stored.push_back(
        (kind == SampleKind::StoredWhereTyped || plainInteger) &&
        isStorageOf(source->reader.getElementType(index), input));
    if (plainInteger && !source->stored.back())
      return createStringError(
          inconvertibleErrorCode(),
          "%s: input '%s' takes integers of %u bits, found %s",
          source->path.c_str(), input.name.c_str(), input.storageWidth(),
          getElementTypeName(source->reader.getElementType(index)).data());
  }
  return source;
}

Expected<std::vector<TensorBytes>> SampleSource::read() {
  assert(next < size() && "expected a sample that is left");
  std::vector<TensorBytes> result;
  for (auto [index, input] : enumerate(inputs)) {
    if (stored[index]) {
      TensorBytes bytes(input.bytes());
      if (Error error = reader.readRaw(index, bytes))
        return std::move(error);
      result.push_back(std::move(bytes));
      continue;
    }
    std::vector<float> reals(reader.getSampleElements(index));
    if (Error error = reader.readFloat(index, reals))
      return std::move(error);
    if (!all_of(reals, [](float value) { return std::isfinite(value); }))
      return createStringError(
          inconvertibleErrorCode(),
          "%s: sample %zu of input '%s' holds a value that is not finite",
          path.c_str(), next, input.name.c_str());
    result.push_back(encodeReals(input, reals));
  }
  ++next;
  return result;
}

size_t quantcc::workerCount() {
  return std::max(1u, hardware_concurrency().compute_thread_count());
}

namespace {

/// The count of samples done, redrawn in place on a terminal.
class Progress {
public:
  Progress(StringRef title, size_t total)
      : title(title), total(total),
        visible(sys::Process::StandardErrIsDisplayed()) {}

  /// Expects calls from one thread at a time.
  void advance() {
    ++done;
    size_t percent = done * 100 / total;
    if (!visible || percent == shown)
      return;
    shown = percent;
    constexpr size_t kWidth = 30;
    size_t filled = done * kWidth / total;
    errs() << "\r" << title << " [" << std::string(filled, '#')
           << std::string(kWidth - filled, ' ') << "] " << done << "/" << total;
  }

  ~Progress() {
    if (visible && done != 0)
      errs() << "\r\x1b[K";
  }

private:
  StringRef title;
  size_t total;
  size_t done = 0;
  size_t shown = ~size_t(0);
  bool visible;
};

} // namespace

Error quantcc::forEachSample(
    SampleSource &source, StringRef title,
    function_ref<Error(size_t, ArrayRef<TensorBytes>, size_t)> work,
    bool inOrder) {
  std::mutex mutex;
  std::atomic<bool> stopped = false;
  Error firstError = Error::success();
  Progress progress(title, source.size());
  size_t next = 0;

  auto stop = [&](Error error) {
    std::lock_guard<std::mutex> lock(mutex);
    if (stopped.exchange(true))
      consumeError(std::move(error));
    else
      firstError = joinErrors(std::move(firstError), std::move(error));
  };
  auto loop = [&](size_t worker) {
    while (!stopped) {
      std::unique_lock<std::mutex> lock(mutex);
      if (stopped || next == source.size())
        return;
      size_t index = next++;
      Expected<std::vector<TensorBytes>> inputs = source.read();
      lock.unlock();
      if (!inputs)
        return stop(inputs.takeError());
      if (Error error = work(index, *inputs, worker))
        return stop(std::move(error));
      lock.lock();
      progress.advance();
    }
  };
  std::vector<std::thread> threads;
  size_t workers = inOrder ? 1 : std::min(workerCount(), source.size());
  for (size_t worker = 1; worker < workers; ++worker)
    threads.emplace_back(loop, worker);
  loop(0);
  for (std::thread &thread : threads)
    thread.join();
  return firstError;
}
