//===- HeaderWriter.cpp - The C header of a compiled model ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Spells a model's interface in C.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/HeaderWriter.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::formatv;
using llvm::StringRef;

/// Words that can't name a function in C or C++, and functions that the object
/// itself calls.
static constexpr llvm::StringLiteral kReservedWords[] = {
    "alignas",   "alignof", "and",      "asm",      "auto",      "bitand",
    "bitor",     "bool",    "break",    "case",     "catch",     "char",
    "class",     "compl",   "const",    "continue", "decltype",  "default",
    "delete",    "do",      "double",   "else",     "enum",      "explicit",
    "export",    "extern",  "false",    "float",    "for",       "friend",
    "goto",      "if",      "inline",   "int",      "long",      "main",
    "memcpy",    "memmove", "memset",   "mutable",  "namespace", "new",
    "noexcept",  "not",     "nullptr",  "operator", "or",        "private",
    "protected", "public",  "register", "restrict", "return",    "short",
    "signed",    "sizeof",  "static",   "struct",   "switch",    "template",
    "this",      "throw",   "true",     "try",      "typedef",   "typeid",
    "typename",  "union",   "unsigned", "using",    "virtual",   "void",
    "volatile",  "while",   "xor"};

llvm::Error quantcc::checkSymbol(StringRef symbol) {
  bool isIdentifier =
      !symbol.empty() && llvm::isAlpha(symbol.front()) &&
      llvm::all_of(symbol, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (!isIdentifier)
    return llvm::createStringError(
        "symbol '" + symbol +
        "' expected to begin with a letter and to hold only letters, digits "
        "and underscores");
  if (llvm::is_contained(kReservedWords, symbol))
    return llvm::createStringError("symbol '" + symbol +
                                   "' has a meaning of its own in C or C++");
  return llvm::Error::success();
}

llvm::Error quantcc::checkRegions(llvm::ArrayRef<MemoryRegion> regions) {
  llvm::StringSet<> seen;
  for (const MemoryRegion &region : regions) {
    StringRef name = region.name;
    std::string lower = name.lower();
    if (llvm::Error error = checkSymbol(name)) {
      llvm::consumeError(std::move(error));
      return llvm::createStringError("region '" + name +
                                     "' expected a name that C allows");
    }
    if (StringRef(lower).starts_with("input") ||
        StringRef(lower).starts_with("output") || lower == "state" ||
        lower == "stack" || lower == "task" || lower == "pool" ||
        lower == "parallel_for")
      return llvm::createStringError(
          "region '" + name + "' is named like another part of the header");
    if (!seen.insert(lower).second)
      return llvm::createStringError("region '" + name + "' is there twice");
  }
  return llvm::Error::success();
}

/// `text` such that it can stand in a comment or in a string.
static std::string quoteText(StringRef text) {
  std::string result;
  for (char c : text)
    result += llvm::isPrint(c) && !StringRef("*\\?\"").contains(c) ? c : '_';
  return result;
}

/// The float `value`, read back exactly.
static std::string spellFloat(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", value);
  if (text.find_first_of(".e") == std::string::npos)
    text += ".0";
  return text + "f";
}

static std::string spellInteger(int64_t value) {
  return value < 0 ? "(" + std::to_string(value) + ")" : std::to_string(value);
}

namespace {

class HeaderPrinter {
public:
  HeaderPrinter(const ModelDescription &model, llvm::raw_ostream &stream)
      : model(model), interface(model.interface), stream(stream),
        prefix(StringRef(interface.symbol).upper()) {}

  void print();

private:
  void printTop();
  void printOrigin();
  void printSections();
  void printState();
  void printTensor(const TensorInterface &tensor, StringRef role);
  void printQuantize(const TensorInterface &tensor, StringRef role);
  void printDequantize(const TensorInterface &tensor, StringRef role);
  void printThreads();
  void printParallelFor();
  void printEntryPoint();
  template <typename Function>
  void forEach(llvm::ArrayRef<TensorInterface> tensors, StringRef role,
               Function &&function);

  const ModelDescription &model;
  const ModelInterface &interface;
  llvm::raw_ostream &stream;
  std::string prefix;
};

} // namespace

/// Whether the header has inline functions for values of `tensor`.
static bool hasHelper(const TensorInterface &tensor) {
  return tensor.quantization && tensor.format.bits <= 16;
}

template <typename Function>
void HeaderPrinter::forEach(llvm::ArrayRef<TensorInterface> tensors,
                            StringRef role, Function &&function) {
  for (auto [position, tensor] : llvm::enumerate(tensors))
    function(tensor, (role + positionSuffix(position, tensors.size())).str());
}

void HeaderPrinter::printTop() {
  stream << formatv("/* {0}.h: how to call the compiled model '{1}'.\n"
                    " * Made by {2} for target '{3}'; do not edit. */\n\n",
                    interface.symbol, quoteText(model.source.name),
                    compilerVersion(), quoteText(model.target.name));
  stream << formatv("#ifndef QUANTCC_MODEL_{0}_H\n"
                    "#define QUANTCC_MODEL_{0}_H\n\n"
                    "#include <stdint.h>\n\n",
                    prefix);
  printOrigin();
  stream << "/* Working memory that the caller provides, in bytes. Its content "
            "need\n * not be kept between calls. */\n";
  for (const ArenaRegion &region : interface.regions)
    stream << formatv("#define {0}_{1}_BYTES {2}\n"
                      "#define {0}_{1}_ALIGNMENT {3}\n",
                      prefix, StringRef(region.name).upper(), region.bytes,
                      interface.arenaAlignment);
  stream << "\n";
  printSections();
  if (interface.stackBytes)
    stream << formatv(
        "/* What a call takes of the stack at most, in bytes{2}. */\n"
        "#define {0}_STACK_BYTES {1}\n\n",
        prefix, *interface.stackBytes,
        interface.isThreaded() ? ", with a task in\n * the same thread but "
                                 "without the parallel-for itself"
                               : "");
  printThreads();
}

/// What the caller must know of the pieces that layers are cut into.
void HeaderPrinter::printThreads() {
  if (!interface.isThreaded())
    return;
  stream << formatv("/* The most tasks of one layer. More threads are of no "
                    "use. */\n#define {0}_THREADS {1}\n\n",
                    prefix, interface.pieces);
  if (interface.taskStackBytes)
    stream << formatv("/* What the call of a task takes of the stack at most, "
                      "in bytes. */\n#define {0}_TASK_STACK_BYTES {1}\n\n",
                      prefix, *interface.taskStackBytes);
}

/// The types of the functions that run tasks.
void HeaderPrinter::printParallelFor() {
  stream << formatv(
      "/* Part `index` of a layer. */\n"
      "typedef void (*{0}_task)(void *context, int32_t index);\n\n"
      "/* Calls task(context, index) once for each index from 0 to count - 1, "
      "in\n"
      " * any order and in any threads, and returns when all these calls have\n"
      " * returned: what they wrote is then visible to the caller, and what "
      "the\n"
      " * caller wrote before is visible to them. A plain loop will do. `pool` "
      "is\n"
      " * what the model was given. */\n"
      "typedef void (*{0}_parallel_for)(void *pool, int32_t count,\n"
      "    {0}_task task, void *context);\n\n",
      interface.symbol);
}

/// What the model was made from and by.
void HeaderPrinter::printOrigin() {
  auto define = [&](StringRef name, StringRef text) {
    if (!text.empty())
      stream << formatv("#define {0}_{1} \"{2}\"\n", prefix, name,
                        quoteText(text));
  };
  stream
      << "/* The model's file and that of its ranges, as sha256sum has them. "
         "*/\n";
  define("MODEL_NAME", model.source.name);
  define("MODEL_SHA256", model.source.hash);
  define("RANGES_SHA256", model.source.rangesHash);
  define("COMPILER", compilerVersion());
  define("TARGET", model.target.name);
  stream << "\n";
}

/// Where the build was asked to put the working memory.
void HeaderPrinter::printSections() {
  for (const MemoryRegion &region : model.target.regions) {
    if (region.section.empty())
      continue;
    stream << formatv(
        "/* Puts an array into the section for {2}:\n"
        " * static unsigned char {2}[{0}_{1}_BYTES] {0}_{1}_STORAGE; */\n"
        "#define {0}_{1}_SECTION \"{3}\"\n"
        "#define {0}_{1}_STORAGE \\\n"
        "  __attribute__((section({0}_{1}_SECTION), "
        "aligned({0}_{1}_ALIGNMENT)))\n\n",
        prefix, StringRef(region.name).upper(), region.name, region.section);
  }
}

void HeaderPrinter::printState() {
  if (!interface.isStateful())
    return;
  stream << formatv("/* Memory that the caller provides and keeps from run to "
                    "run, in bytes.\n"
                    " * {1} writes its first content. */\n"
                    "#define {0}_STATE_BYTES {2}\n"
                    "#define {0}_STATE_ALIGNMENT {3}\n\n",
                    prefix, interface.resetSymbol(), interface.stateBytes,
                    interface.stateAlignment);
}

void HeaderPrinter::printTensor(const TensorInterface &tensor, StringRef role) {
  std::string name = prefix + "_" + role.upper();
  stream << formatv("/* {0}", role);
  if (!tensor.name.empty())
    stream << formatv(", '{0}' in the model", quoteText(tensor.name));
  if (const auto &parameters = tensor.quantization)
    stream << formatv(": real = {0} * (stored - {1})",
                      spellFloat(parameters->scale),
                      spellInteger(parameters->zeroPoint));
  stream << ". SIZE counts elements. */\n";
  stream << formatv("#define {0}_TYPE {1}\n", name, spellInC(tensor.format));
  stream << formatv("#define {0}_SIZE {1}\n", name, tensor.numElements());
  stream << formatv("#define {0}_BYTES {1}\n", name, tensor.numBytes());
  stream << formatv("#define {0}_RANK {1}\n", name, tensor.shape.size());
  if (!tensor.shape.empty())
    stream << formatv(
        "#define {0}_SHAPE {{{1}}\n", name,
        llvm::join(llvm::map_range(
                       tensor.shape,
                       [](int64_t extent) { return std::to_string(extent); }),
                   ", "));
  if (const auto &parameters = tensor.quantization) {
    stream << formatv("#define {0}_SCALE {1}\n", name,
                      spellFloat(parameters->scale));
    stream << formatv("#define {0}_ZERO_POINT {1}\n", name,
                      spellInteger(parameters->zeroPoint));
  }
  stream << "\n";
}

void HeaderPrinter::printQuantize(const TensorInterface &tensor,
                                  StringRef role) {
  if (!hasHelper(tensor))
    return;
  const QuantizationFormat &parameters = *tensor.quantization;
  std::string type = spellInC(tensor.format);
  stream << formatv(
      "/* The stored value of a real value of {0}: rounded to nearest, ties\n"
      " * away from zero, saturated. Not a number gives the zero point. */\n"
      "static inline {1} {2}_quantize_{0}(float real) {{\n",
      role, type, interface.symbol);
  int64_t low = parameters.storedMin - parameters.zeroPoint;
  int64_t high = parameters.storedMax - parameters.zeroPoint;
  stream << formatv("  const float scaled = real / {0};\n"
                    "  int32_t whole = 0;\n"
                    "  float rest;\n"
                    "  if (scaled <= {1})\n"
                    "    return {2};\n"
                    "  if (scaled >= {3})\n"
                    "    return {4};\n"
                    "  if (scaled == scaled)\n"
                    "    whole = (int32_t)scaled;\n"
                    "  rest = scaled - (float)whole;\n"
                    "  if (rest >= 0.5f)\n"
                    "    ++whole;\n"
                    "  else if (rest <= -0.5f)\n"
                    "    --whole;\n"
                    "  return ({5})(whole + {6});\n"
                    "}\n\n",
                    spellFloat(parameters.scale),
                    spellFloat(static_cast<double>(low)), parameters.storedMin,
                    spellFloat(static_cast<double>(high)), parameters.storedMax,
                    type, spellInteger(parameters.zeroPoint));
}

void HeaderPrinter::printDequantize(const TensorInterface &tensor,
                                    StringRef role) {
  if (!hasHelper(tensor))
    return;
  stream << formatv("/* The real value of a stored value of {0}. */\n"
                    "static inline float {1}_dequantize_{0}({2} stored) {{\n"
                    "  return {3} * (float)((int32_t)stored - {4});\n"
                    "}\n\n",
                    role, interface.symbol, spellInC(tensor.format),
                    spellFloat(tensor.quantization->scale),
                    spellInteger(tensor.quantization->zeroPoint));
}

void HeaderPrinter::printEntryPoint() {
  stream << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  if (interface.isThreaded())
    printParallelFor();
  stream << "/* Runs the model once. Tensors are stored values in row-major "
            "order. Beside\n * them the caller gives memory:\n";
  for (const ArenaRegion &region : interface.regions)
    stream << formatv(" * - {2}: {0}_{1}_BYTES bytes, aligned to "
                      "{0}_{1}_ALIGNMENT\n",
                      prefix, StringRef(region.name).upper(), region.name);
  if (interface.isStateful())
    stream << formatv(" * - state: {0}_STATE_BYTES bytes, aligned to "
                      "{0}_STATE_ALIGNMENT,\n"
                      " *   which {1} has written\n",
                      prefix, interface.resetSymbol());
  if (interface.isThreaded())
    stream
        << " * The tasks of its layers are run by parallel_for, which is "
           "called with\n * pool as first argument, and only from the thread "
           "that calls this.\n";
  stream << formatv(
      " * Outputs and that memory overlap nothing else. May run in several\n"
      " * threads at once, each with memory of its own. */\n"
      "void {0}(",
      interface.symbol);
  forEach(interface.inputs, "input",
          [&](const TensorInterface &tensor, StringRef role) {
            stream << formatv("const {0} *{1}, ", spellInC(tensor.format),
                              role);
          });
  forEach(interface.outputs, "output",
          [&](const TensorInterface &tensor, StringRef role) {
            stream << formatv("{0} *{1}, ", spellInC(tensor.format), role);
          });
  for (const auto &[index, region] : llvm::enumerate(interface.regions))
    stream << (index ? ", " : "") << "void *" << region.name;
  stream << (interface.isStateful() ? ", void *state" : "");
  if (interface.isThreaded())
    stream << formatv(",\n    {0}_parallel_for parallel_for, void *pool",
                      interface.symbol);
  stream << ");\n\n";
  if (interface.isStateful())
    stream << formatv(
        "/* Makes the model forget all samples: writes the initial\n"
        " * state. */\n"
        "void {0}(void *state);\n\n",
        interface.resetSymbol());
  stream << "#ifdef __cplusplus\n} /* extern \"C\" */\n#endif\n\n";
}

void HeaderPrinter::print() {
  printTop();
  printState();
  auto tensor = [&](const TensorInterface &tensor, StringRef role) {
    printTensor(tensor, role);
  };
  forEach(interface.inputs, "input", tensor);
  forEach(interface.outputs, "output", tensor);
  forEach(interface.inputs, "input",
          [&](const TensorInterface &tensor, StringRef role) {
            printQuantize(tensor, role);
          });
  forEach(interface.outputs, "output",
          [&](const TensorInterface &tensor, StringRef role) {
            printDequantize(tensor, role);
          });
  printEntryPoint();
  stream << formatv("#endif /* QUANTCC_MODEL_{0}_H */\n", prefix);
}

void quantcc::writeHeader(const ModelDescription &model,
                          llvm::raw_ostream &stream) {
  HeaderPrinter(model, stream).print();
}
