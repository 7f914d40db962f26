//===- NpyHeader.cpp - The header of an .npy file -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and writes the header of an .npy file: a magic string, a version, and a
// Python dictionary literal with the keys descr, fortran_order and shape.
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"
#include "quantcc/ArrayFile/ArrayFile.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Endian.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/MathExtras.h>
#include <llvm/Support/SwapByteOrder.h>
#include <optional>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

static constexpr llvm::StringLiteral kMagic = "\x93NUMPY";
/// numpy itself refuses longer headers unless it is told to trust the file.
static constexpr uint64_t kLongestHeader = 65536;
static constexpr size_t kHighestRank = 32;

namespace {

/// Parses the dictionary of a header.
class DictionaryParser {
public:
  explicit DictionaryParser(StringRef text) : text(text) {}

  Error parse();

  std::optional<std::string> descriptor;
  std::optional<bool> fortranOrder;
  std::optional<llvm::SmallVector<int64_t>> shape;

private:
  bool consume(char expected) {
    text = text.ltrim();
    return text.consume_front(StringRef(&expected, 1));
  }
  Error malformed() { return llvm::createStringError("malformed header"); }
  bool parseString(StringRef &result);
  Error parseEntry();
  Error parseDescriptor();
  Error parseOrder();
  Error parseShape();

  StringRef text;
};

} // namespace

Error DictionaryParser::parse() {
  if (!consume('{'))
    return malformed();
  while (!consume('}')) {
    if (Error error = parseEntry())
      return error;
    if (!consume(',')) {
      if (!consume('}'))
        return malformed();
      break;
    }
  }
  if (!text.trim().empty())
    return malformed();
  for (auto [present, key] :
       {std::pair(descriptor.has_value(), "descr"),
        std::pair(fortranOrder.has_value(), "fortran_order"),
        std::pair(shape.has_value(), "shape")})
    if (!present)
      return llvm::createStringError(
          llvm::formatv("the header has no '{0}'", key));
  return Error::success();
}

bool DictionaryParser::parseString(StringRef &result) {
  text = text.ltrim();
  if (text.empty() || (text.front() != '\'' && text.front() != '"'))
    return false;
  size_t end = text.find(text.front(), 1);
  if (end == StringRef::npos)
    return false;
  result = text.slice(1, end);
  text = text.drop_front(end + 1);
  return true;
}

Error DictionaryParser::parseEntry() {
  StringRef key;
  if (!parseString(key) || !consume(':'))
    return malformed();
  if (key == "descr" && !descriptor)
    return parseDescriptor();
  if (key == "fortran_order" && !fortranOrder)
    return parseOrder();
  if (key == "shape" && !shape)
    return parseShape();
  return llvm::createStringError("unexpected or repeated key in the header");
}

Error DictionaryParser::parseDescriptor() {
  StringRef value;
  text = text.ltrim();
  if (text.starts_with("["))
    return llvm::createStringError("elements with fields are not supported");
  if (!parseString(value))
    return malformed();
  descriptor = value.str();
  return Error::success();
}

Error DictionaryParser::parseOrder() {
  text = text.ltrim();
  if (text.consume_front("True"))
    fortranOrder = true;
  else if (text.consume_front("False"))
    fortranOrder = false;
  else
    return malformed();
  return Error::success();
}

Error DictionaryParser::parseShape() {
  if (!consume('('))
    return malformed();
  shape.emplace();
  while (!consume(')')) {
    uint64_t extent;
    text = text.ltrim();
    if (text.consumeInteger(10, extent) || extent > uint64_t(INT64_MAX))
      return malformed();
    // Python 2 wrote long integers with this suffix.
    text.consume_front("L");
    shape->push_back(extent);
    if (shape->size() > kHighestRank)
      return llvm::createStringError("more than 32 axes");
    if (!consume(',')) {
      if (!consume(')'))
        return malformed();
      break;
    }
  }
  return Error::success();
}

static std::optional<ElementType> getTypeOfKind(StringRef kind) {
  for (ElementType type :
       {ElementType::Bool, ElementType::I8, ElementType::U8, ElementType::I16,
        ElementType::U16, ElementType::I32, ElementType::U32, ElementType::I64,
        ElementType::U64, ElementType::F32, ElementType::F64})
    if (kind == getElementTypeKind(type))
      return type;
  return std::nullopt;
}

/// Sets the type and byte order from a descriptor such as "<f4" or "|u1".
static Error interpretDescriptor(StringRef descriptor, NpyHeader &header) {
  StringRef kind = descriptor;
  bool big = kind.consume_front(">");
  if (!big && !kind.consume_front("<"))
    kind.consume_front("|");
  std::optional<ElementType> type = getTypeOfKind(kind);
  if (!type) {
    std::string shown;
    llvm::raw_string_ostream(shown).write_escaped(descriptor);
    return llvm::createStringError(llvm::formatv(
        "unsupported element type '{0}'; expected bool, an integer, float32 or "
        "float64",
        shown));
  }
  header.type = *type;
  header.swapped = big != llvm::sys::IsBigEndianHost;
  return Error::success();
}

/// Computes the size of the elements from the shape.
static Error measure(NpyHeader &header) {
  uint64_t size = getElementSize(header.type);
  bool overflow = false;
  for (int64_t extent : header.shape) {
    bool overflowHere = false;
    size = llvm::SaturatingMultiply<uint64_t>(size, extent, &overflowHere);
    overflow |= overflowHere;
  }
  // With an extent of 0 the array is empty whatever the other extents are.
  if (llvm::is_contained(header.shape, 0))
    size = 0;
  else if (overflow || size > uint64_t(INT64_MAX))
    return llvm::createStringError("the shape holds more elements than any "
                                   "file can");
  header.dataSize = size;
  return Error::success();
}

/// Reads the fixed part of the header; returns the size of the dictionary and
/// sets the offset at which it begins.
static Expected<uint64_t> readPrefix(ByteStream &stream, uint64_t size,
                                     uint64_t &offset) {
  char prefix[12];
  if (size < sizeof(prefix))
    return llvm::createStringError("not an .npy file: too short");
  if (Error error = stream.read(prefix))
    return std::move(error);
  if (StringRef(prefix, kMagic.size()) != kMagic)
    return llvm::createStringError("not an .npy file: wrong magic string");
  unsigned major = static_cast<unsigned char>(prefix[6]);
  if (major < 1 || major > 3)
    return llvm::createStringError(
        llvm::formatv("unsupported .npy format version {0}", major));
  offset = major == 1 ? 10 : 12;
  uint64_t length = major == 1 ? llvm::support::endian::read16le(prefix + 8)
                               : llvm::support::endian::read32le(prefix + 8);
  if (length > size - offset)
    return llvm::createStringError(
        llvm::formatv("the header of {0} bytes exceeds the {1} bytes there are",
                      length, size));
  if (length > kLongestHeader)
    return llvm::createStringError(llvm::formatv(
        "the header of {0} bytes is longer than {1}", length, kLongestHeader));
  return length;
}

Expected<NpyHeader> quantcc::readNpyHeader(ByteStream &stream, uint64_t size) {
  uint64_t offset;
  Expected<uint64_t> length = readPrefix(stream, size, offset);
  if (!length)
    return length.takeError();
  std::string text(*length, '\0');
  if (Error error = stream.seek(offset))
    return std::move(error);
  if (Error error = stream.read({text.data(), text.size()}))
    return std::move(error);

  DictionaryParser parser(text);
  if (Error error = parser.parse())
    return std::move(error);
  NpyHeader header;
  header.shape = std::move(*parser.shape);
  header.dataOffset = offset + *length;
  if (Error error = interpretDescriptor(*parser.descriptor, header))
    return std::move(error);
  if (Error error = measure(header))
    return std::move(error);
  if (header.dataSize != size - header.dataOffset)
    return llvm::createStringError(
        llvm::formatv("expected {0} bytes of elements, found {1}",
                      header.dataSize, size - header.dataOffset));
  // Column-major order is another order only if two axes are longer than 1.
  if (*parser.fortranOrder && llvm::count_if(header.shape, [](int64_t extent) {
                                return extent > 1;
                              }) > 1)
    return llvm::createStringError("column-major (Fortran) order is not "
                                   "supported; save a C-contiguous array");
  return header;
}

void quantcc::writeNpyHeader(llvm::raw_ostream &stream, ElementType type,
                             llvm::ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream dictionary(text);
  char order = llvm::sys::IsBigEndianHost ? '>' : '<';
  dictionary << "{'descr': '" << (getElementSize(type) == 1 ? '|' : order)
             << getElementTypeKind(type)
             << "', 'fortran_order': False, 'shape': (";
  llvm::interleave(shape, dictionary, ", ");
  dictionary << (shape.size() == 1 ? ",), }" : "), }");
  // The elements begin at a multiple of 64 bytes.
  size_t length = llvm::alignTo(kMagic.size() + 4 + text.size() + 1, 64) -
                  kMagic.size() - 4;
  text.resize(length - 1, ' ');
  text += '\n';
  char prefix[4] = {1, 0};
  llvm::support::endian::write16le(prefix + 2, length);
  stream << kMagic << StringRef(prefix, sizeof(prefix)) << text;
}
