//===- WriteModelTest.cpp - Tests of what compiling leaves in a folder ----===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a hand-written model for every named target, compiles its header
// with the system's compilers, and checks that failures leave nothing behind.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/LLVMBackend.h"
#include "quantcc/Target/HeaderWriter.h"
#include "quantcc/Target/ModelFiles.h"

#include <gtest/gtest.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Program.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;
namespace fs = llvm::sys::fs;

namespace {

/// A dot product, requantized with a 64-bit product and a division: what
/// small processors lack.
constexpr const char *kModel = R"(
  #in = affine_map<(d0, d1) -> (d0)>
  #weight = affine_map<(d0, d1) -> (d1, d0)>
  #out = affine_map<(d0, d1) -> (d1)>
  #id = affine_map<(d0) -> (d0)>
  func.func @tiny(
      %x: tensor<8xi8> {quantcc.name = "x*/\0A\\",
                        quantcc.type = !quant.uniform<i8:f32, 0.1:-3>},
      %n: tensor<4xi32>)
      -> (tensor<4xi8> {quantcc.name = "y",
                        quantcc.type = !quant.uniform<i8:f32, 0.25:5>}) {
    %w = arith.constant dense<"0x0102030405060708090A0B0C0D0E0F10F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF7F">
        : tensor<4x8xi8>
    %zero = arith.constant 0 : i32
    %e = tensor.empty() : tensor<4xi32>
    %init = linalg.fill ins(%zero : i32) outs(%e : tensor<4xi32>)
        -> tensor<4xi32>
    %sum = linalg.generic {indexing_maps = [#in, #weight, #out],
                           iterator_types = ["reduction", "parallel"]}
        ins(%x, %w : tensor<8xi8>, tensor<4x8xi8>)
        outs(%init : tensor<4xi32>) {
    ^bb0(%a: i8, %b: i8, %acc: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %s = arith.addi %acc, %p : i32
      linalg.yield %s : i32
    } -> tensor<4xi32>
    %e8 = tensor.empty() : tensor<4xi8>
    %multiplier = arith.constant 1234567890 : i64
    %half = arith.constant 4294967296 : i64
    %shift = arith.constant 33 : i64
    %y = linalg.generic {indexing_maps = [#id, #id, #id],
                         iterator_types = ["parallel"]}
        ins(%sum, %n : tensor<4xi32>, tensor<4xi32>) outs(%e8 : tensor<4xi8>) {
    ^bb0(%acc: i32, %d: i32, %o: i8):
      %acc64 = arith.extsi %acc : i32 to i64
      %d64 = arith.extsi %d : i32 to i64
      %product = arith.muli %acc64, %multiplier : i64
      %rounded = arith.addi %product, %half : i64
      %shifted = arith.shrsi %rounded, %d64 : i64
      %quotient = arith.divsi %shifted, %d64 : i64
      %remainder = arith.remsi %acc, %d : i32
      %rest = arith.extsi %remainder : i32 to i64
      %square = arith.muli %quotient, %rest : i64
      %back = arith.trunci %square : i64 to i8
      linalg.yield %back : i8
    } -> tensor<4xi8>
    return %y : tensor<4xi8>
  })";

class WriteModelTest : public testing::Test {
protected:
  WriteModelTest() : context(makeRegistry()) {
    context.loadAllAvailableDialects();
    EXPECT_FALSE(fs::createUniqueDirectory("quantcc-test", root));
  }
  ~WriteModelTest() override { fs::remove_directories(root); }

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registry.insert<arith::ArithDialect, func::FuncDialect,
                    linalg::LinalgDialect, quant::QuantDialect, QuantCCDialect,
                    scf::SCFDialect, tensor::TensorDialect>();
    registerCodegenModels(registry);
    return registry;
  }

  CompiledObject compile(const TargetInfo &target, StringRef source = kModel) {
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(source, &context);
    EXPECT_TRUE(module);
    // A target of several processors takes a module for each.
    SmallVector<ModuleOp> modules(target.variants.size(), *module);
    auto object = modules.empty() ? compileObject(*module, target)
                                  : compileVariants(modules, target);
    EXPECT_TRUE(succeeded(object)) << target.name;
    return succeeded(object) ? std::move(*object) : CompiledObject();
  }

  std::string path(const Twine &name) {
    SmallString<256> result(root);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }

  std::string read(const Twine &name) {
    auto buffer = llvm::MemoryBuffer::getFile(path(name));
    return buffer ? (*buffer)->getBuffer().str() : "";
  }

  std::vector<std::string> list() {
    std::vector<std::string> names;
    std::error_code code;
    for (fs::directory_iterator it(root, code), end; it != end && !code;
         it.increment(code))
      names.push_back(llvm::sys::path::filename(it->path()).str());
    llvm::sort(names);
    return names;
  }

  MLIRContext context;
  SmallString<128> root;
};

TEST_F(WriteModelTest, CompilesForEveryTarget) {
  std::vector<TargetInfo> targets = namedTargets();
  targets.push_back(hostTarget());
  for (const TargetInfo &target : targets) {
    CompiledObject object = compile(target);
    auto facts =
        inspectObject(object.bytes, target, /*mayComputeInFloat=*/false);
    ASSERT_TRUE(static_cast<bool>(facts))
        << target.name << ": " << llvm::toString(facts.takeError());
    EXPECT_GT(facts->codeBytes, 0) << target.name;
    EXPECT_EQ(facts->writableBytes, target.name == "x86-64-multi" ? 4 : 0)
        << target.name;
    EXPECT_EQ(object.bytes, compile(target).bytes) << target.name;
  }
}

TEST_F(WriteModelTest, WritesThreeFiles) {
  auto model = writeModel(path("a/b"), {"tiny.tflite", "5e1f", "0a2b", {}},
                          hostTarget(), compile(hostTarget()));
  ASSERT_TRUE(static_cast<bool>(model)) << llvm::toString(model.takeError());
  EXPECT_TRUE(fs::exists(path("a/b/tiny.o")));

  std::string header = read("a/b/tiny.h");
  for (const char *line :
       {"#define TINY_MODEL_NAME \"tiny.tflite\"\n",
        "#define TINY_MODEL_SHA256 \"5e1f\"\n",
        "#define TINY_RANGES_SHA256 \"0a2b\"\n",
        "#define TINY_COMPILER \"quantcc ", "#define TINY_TARGET \"host\"\n",
        "#define TINY_INPUT0_SIZE 8\n", "#define TINY_INPUT0_TYPE int8_t\n",
        "#define TINY_INPUT0_SHAPE {8}\n",
        "#define TINY_INPUT0_SCALE 0.100000001f\n",
        "#define TINY_INPUT0_ZERO_POINT (-3)\n",
        "#define TINY_INPUT1_TYPE int32_t\n", "#define TINY_OUTPUT_BYTES 4\n",
        "#define TINY_ARENA_ALIGNMENT 16\n",
        "static inline int8_t tiny_quantize_input0(float real)",
        "static inline float tiny_dequantize_output(int8_t stored)",
        "void tiny(const int8_t *input0, const int32_t *input1, "
        "int8_t *output, void *arena);"})
    EXPECT_NE(header.find(line), std::string::npos) << line << header;

  auto report = llvm::json::parse(read("a/b/tiny.json"));
  ASSERT_TRUE(static_cast<bool>(report)) << read("a/b/tiny.json");
  const llvm::json::Object &top = *report->getAsObject();
  EXPECT_EQ(top.getString("model"), "tiny.tflite");
  EXPECT_EQ(top.getString("model_sha256"), "5e1f");
  EXPECT_EQ(top.getString("ranges_sha256"), "0a2b");
  EXPECT_EQ(top.getArray("inputs")->size(), 2u);
  const llvm::json::Object &arena = *top.getObject("arena");
  EXPECT_GE(*arena.getInteger("bytes"), *arena.getInteger("lower_bound"));
  EXPECT_EQ(*top.getObject("object")->getInteger("weight_bytes"), 4 * 8);
}

/// The header, compiled strictly, gives the stored values of docs/Numerics.md
/// (N1 and N2) at ties, at the ends and beyond.
TEST_F(WriteModelTest, HeaderIsCleanAndRoundsHalfAwayFromZero) {
  constexpr const char *program = R"(#include "tiny.h"
#include <stdio.h>
static const int shape[TINY_INPUT0_RANK] = TINY_INPUT0_SHAPE;
int main(void) {
  const float reals[] = {0.0f, 0.25f, -0.25f, 0.05f, -0.05f, 1e30f, -1e30f,
                         13.0f, 12.9f, -12.5f, -12.4f};
  const int expected[] = {-3, 0, -6, -2, -4, 127, -128, 127, 126, -128, -127};
  const float nan = 0.0f * (1e30f * 1e30f);
  int wrong = shape[0] != 8;
  for (int i = 0; i < 11; ++i)
    wrong += tiny_quantize_input0(reals[i]) != expected[i];
  wrong += tiny_quantize_input0(nan) != -3;
  wrong += tiny_dequantize_output(6) != 0.25f;
  wrong += tiny_dequantize_output(-128) != -33.25f;
  return wrong;
}
)";
  auto model = writeModel(root, {"tiny", "", "", {}}, hostTarget(),
                          compile(hostTarget()));
  ASSERT_TRUE(static_cast<bool>(model)) << llvm::toString(model.takeError());
  for (auto [compiler, standard, file] :
       {std::tuple("cc", "-std=c99", "main.c"),
        std::tuple("c++", "-std=c++11", "main.cpp")}) {
    auto compilerPath = llvm::sys::findProgramByName(compiler);
    if (!compilerPath)
      GTEST_SKIP() << "no " << compiler;
    std::error_code code;
    { llvm::raw_fd_ostream(path(file), code) << program; }
    ASSERT_FALSE(code);
    std::string source = path(file), output = path("main");
    EXPECT_EQ(llvm::sys::ExecuteAndWait(*compilerPath,
                                        {compiler, standard, "-Wall", "-Wextra",
                                         "-pedantic", "-Werror", source, "-o",
                                         output}),
              0);
    EXPECT_EQ(llvm::sys::ExecuteAndWait(output, {output}), 0) << compiler;
  }
}

/// A program in C keeps the state of a model that gives its last input back.
TEST_F(WriteModelTest, StatefulModelTakesItsStateFromTheCaller) {
  constexpr const char *source = R"(
    quantcc.variable @last : tensor<3xi8> = dense<[7, -8, 9]> : tensor<3xi8>
    func.func @tiny(%x: tensor<3xi8>) -> tensor<3xi8> {
      %0 = quantcc.read_variable @last : tensor<3xi8>
      quantcc.assign_variable @last, %x : tensor<3xi8>
      return %0 : tensor<3xi8>
    })";
  constexpr const char *program = R"(#include "tiny.h"
#include <string.h>
int main(void) {
  static unsigned char memory[TINY_STATE_BYTES + TINY_STATE_ALIGNMENT];
  void *state = memory + (TINY_STATE_ALIGNMENT -
                          (uintptr_t)memory % TINY_STATE_ALIGNMENT);
  const int8_t inputs[2][3] = {{1, 2, 3}, {-4, -5, -6}};
  const int8_t initial[3] = {7, -8, 9};
  int8_t output[3];
  tiny_reset(state);
  tiny(inputs[0], output, 0, state);
  if (memcmp(output, initial, 3)) return 1;
  tiny(inputs[1], output, 0, state);
  if (memcmp(output, inputs[0], 3)) return 2;
  tiny_reset(state);
  tiny(inputs[0], output, 0, state);
  return memcmp(output, initial, 3) ? 3 : 0;
}
)";
  auto model = writeModel(root, {"tiny", "", "", {}}, hostTarget(),
                          compile(hostTarget(), source));
  ASSERT_TRUE(static_cast<bool>(model)) << llvm::toString(model.takeError());
  EXPECT_EQ(model->interface.arenaBytes, 0);
  auto report = llvm::json::parse(read("tiny.json"));
  ASSERT_TRUE(static_cast<bool>(report)) << read("tiny.json");
  const llvm::json::Object &state = *report->getAsObject()->getObject("state");
  EXPECT_EQ(*state.getInteger("bytes"), 16);
  EXPECT_EQ(*state.getInteger("alignment"), 16);
  EXPECT_EQ(*state.getString("reset_symbol"), "tiny_reset");
  auto compiler = llvm::sys::findProgramByName("cc");
  if (!compiler)
    GTEST_SKIP() << "no cc";
  std::error_code code;
  { llvm::raw_fd_ostream(path("main.c"), code) << program; }
  ASSERT_FALSE(code);
  std::string text = path("main.c"), output = path("main"),
              object = path("tiny.o");
  EXPECT_EQ(llvm::sys::ExecuteAndWait(
                *compiler, {"cc", "-std=c99", "-Wall", "-Wextra", "-pedantic",
                            "-Werror", text, object, "-o", output}),
            0);
  EXPECT_EQ(llvm::sys::ExecuteAndWait(output, {output}), 0);
}

TEST_F(WriteModelTest, LeavesNothingBehindOnFailure) {
  ASSERT_FALSE(fs::create_directory(path("out")));
  // A folder stands where the header should go.
  ASSERT_FALSE(fs::create_directory(path("out/tiny.h")));
  auto model = writeModel(path("out"), {"tiny", "", "", {}}, hostTarget(),
                          compile(hostTarget()));
  ASSERT_FALSE(static_cast<bool>(model));
  EXPECT_EQ(llvm::toString(model.takeError()),
            "cannot write '" + path("out/tiny.h") + "': is no regular file");
  EXPECT_FALSE(fs::exists(path("out/tiny.o")));
  EXPECT_FALSE(fs::exists(path("out/tiny.json")));

  // A file stands where a folder is needed.
  model =
      writeModel(path("new/folder"), {"tiny", "", "", {}}, hostTarget(), [&] {
        CompiledObject object = compile(hostTarget());
        object.interface.symbol = "void";
        return object;
      }());
  ASSERT_FALSE(static_cast<bool>(model));
  EXPECT_EQ(llvm::toString(model.takeError()),
            "symbol 'void' has a meaning of its own in C or C++");
  EXPECT_EQ(list(), std::vector<std::string>{"out"});
}

/// A function that adds two floats.
constexpr const char *kFloatModel = R"(
  func.func @tiny(%a: tensor<f32>, %b: tensor<f32>) -> tensor<f32> {
    %e = tensor.empty() : tensor<f32>
    %y = linalg.add ins(%a, %b : tensor<f32>, tensor<f32>)
        outs(%e : tensor<f32>) -> tensor<f32>
    return %y : tensor<f32>
  })";

TEST_F(WriteModelTest, RefusesCodeThatNeedsALibrary) {
  TargetInfo target = *lookupTarget("cortex-m0plus");
  auto model = writeModel(root, {"tiny", "", "", {}}, target,
                          compile(target, kFloatModel));
  ASSERT_FALSE(static_cast<bool>(model));
  EXPECT_EQ(llvm::toString(model.takeError()),
            "function 'tiny' calls '__aeabi_fadd', but the object must need no "
            "library beside memcpy, memmove and memset");
  EXPECT_EQ(list(), std::vector<std::string>());
}

TEST_F(WriteModelTest, RefusesFloatsWhereIntegersAreWanted) {
  TargetInfo target = *lookupTarget("cortex-m4");
  auto model = writeModel(root, {"tiny", "", "", {}}, withoutFloat(target),
                          compile(target, kFloatModel));
  ASSERT_FALSE(static_cast<bool>(model));
  EXPECT_EQ(
      llvm::toString(model.takeError())
          .rfind("function 'tiny' computes in floating point, with 'vadd.f32 s",
                 0),
      0u);
  // Nor may code that the model did not ask for: here, that of another model.
  CompiledObject object = compile(target, kFloatModel);
  object.computesInFloat = compile(target).computesInFloat;
  model = writeModel(root, {"tiny", "", "", {}}, target, std::move(object));
  ASSERT_FALSE(static_cast<bool>(model));
  llvm::consumeError(model.takeError());
  EXPECT_EQ(list(), std::vector<std::string>());

  model = writeModel(root, {"tiny", "", "", {}}, target,
                     compile(target, kFloatModel));
  ASSERT_TRUE(static_cast<bool>(model)) << llvm::toString(model.takeError());
  EXPECT_EQ(model->facts.floatInstructions, 1);
  auto report = llvm::json::parse(read("tiny.json"));
  ASSERT_TRUE(static_cast<bool>(report));
  EXPECT_EQ(*report->getAsObject()->getObject("object")->getInteger(
                "float_instructions"),
            1);
}

TEST(CheckSymbolTest, RefusesWhatCannotBeAFunction) {
  EXPECT_FALSE(static_cast<bool>(checkSymbol("kws_2")));
  for (const char *symbol : {"", "2x", "a-b", "_x", "class", "main", "memcpy"})
    EXPECT_NE(llvm::toString(checkSymbol(symbol)), "") << symbol;
}

} // namespace
