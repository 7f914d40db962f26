//===- plugin.c - Counts the instructions of a function -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plugin of qemu's code generator. Counts the instructions that are executed
// from the one at the address `begin` up to the next one at `end`, whatever is
// called in between, and writes one number a line to the file `out` for each
// time that happens:
//
//   qemu-aarch64 -plugin plugin.so,begin=0x4005d4,end=0x4006f0,out=counts
//   program
//
// An instruction that is executed without effect, such as one whose condition
// does not hold, counts as well. Debian has no package with qemu's header, so
// what is used of its interface is declared here.
//
//===----------------------------------------------------------------------===//

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The version of the interface: 1 for qemu 7 and 8, 2 from qemu 9 on. What is
// declared here is the same in both.
#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION 1
#endif

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t PluginId;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum CallbackFlags { NoRegisters };

void qemu_plugin_register_vcpu_tb_trans_cb(
    PluginId id, void (*callback)(PluginId, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(
    struct qemu_plugin_insn *instruction,
    void (*callback)(unsigned processor, void *data), enum CallbackFlags flags,
    void *data);
void qemu_plugin_register_atexit_cb(PluginId id,
                                    void (*callback)(PluginId, void *),
                                    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);

EXPORT int qemu_plugin_version = PLUGIN_VERSION;

// An instruction as it was translated once.
struct Translated {
  uint64_t address;
  uint64_t count;
  struct Translated *next;
};

static uint64_t begin, end;
static FILE *out, *profile;
static struct Translated *translated;
static bool counting;
static uint64_t count;

static void countOne(unsigned processor, void *data) {
  (void)processor;
  count += counting;
  ((struct Translated *)data)->count += counting;
}

static void countFirst(unsigned processor, void *data) {
  // A function that calls itself begins once.
  if (!counting)
    count = 0;
  counting = true;
  countOne(processor, data);
}

static void finish(unsigned processor, void *data) {
  (void)processor, (void)data;
  if (counting)
    fprintf(out, "%" PRIu64 "\n", count);
  counting = false;
}

static void instrument(PluginId id, struct qemu_plugin_tb *block) {
  (void)id;
  size_t size = qemu_plugin_tb_n_insns(block);
  for (size_t i = 0; i != size; ++i) {
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
    uint64_t address = qemu_plugin_insn_vaddr(instruction);
    struct Translated *entry = calloc(1, sizeof(*entry));
    if (!entry)
      abort();
    entry->address = address;
    entry->next = translated;
    translated = entry;
    qemu_plugin_register_vcpu_insn_exec_cb(instruction,
                                           address == begin ? countFirst
                                           : address == end ? finish
                                                            : countOne,
                                           NoRegisters, entry);
  }
}

static void writeProfile(PluginId id, void *data) {
  (void)id, (void)data;
  fclose(out);
  if (!profile)
    return;
  for (const struct Translated *entry = translated; entry; entry = entry->next)
    if (entry->count != 0)
      fprintf(profile, "%#" PRIx64 " %" PRIu64 "\n", entry->address,
              entry->count);
  fclose(profile);
}

EXPORT int qemu_plugin_install(PluginId id, const void *info, int argc,
                               char **argv) {
  (void)info;
  for (int i = 0; i != argc; ++i) {
    if (strncmp(argv[i], "begin=", 6) == 0)
      begin = strtoull(argv[i] + 6, NULL, 0);
    else if (strncmp(argv[i], "end=", 4) == 0)
      end = strtoull(argv[i] + 4, NULL, 0);
    else if (strncmp(argv[i], "out=", 4) == 0)
      out = fopen(argv[i] + 4, "w");
    else if (strncmp(argv[i], "profile=", 8) == 0)
      profile = fopen(argv[i] + 8, "w");
  }
  if (begin == 0 || end == 0 || !out) {
    fprintf(stderr, "plugin.so: begin, end and out must be given\n");
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, instrument);
  qemu_plugin_register_atexit_cb(id, writeProfile, NULL);
  return 0;
}
