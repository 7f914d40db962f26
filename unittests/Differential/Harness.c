//===- Harness.c - Calls compiled graphs without a C library --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A whole Linux program for x86-64, AArch64, Arm, and RISC-V of 32 and 64 bits,
// with system calls of its own, or firmware for Cortex-M, so that it needs a
// compiler and a linker for the target and nothing else. It is linked with the
// objects of many graphs, the tables of their entry points `case_entries` and
// of their resets `case_resets`, null where a graph has no state, and
// `case_data`, which holds for each of them, as 32-bit little-endian words,
//
//   inputs, outputs, arena bytes, arena alignment, state bytes, state
//   alignment, samples, and bytes and element bytes of each tensor,
//
// then for each sample a byte that is 1 if the state is reset before it, the
// bytes of the inputs and of the outputs expected, and zeros up to the next
// word. It prints, in hexadecimal,
//
//   d CASE SAMPLE OUTPUT OFFSET EXPECTED FOUND     an output differs
//   w CASE SAMPLE TENSOR                           memory around it was written
//   e CASES                                        the end
//
// once a case, where TENSOR counts inputs, outputs, the arena, and, with one
// more than that, the state.
//
// Samples take turns. In one, memory is aligned to no more than it must be, and
// what lies around it has to stay as it is. In the other, inputs, outputs and
// arena end where memory does, as far as their alignment allows, so that
// whoever reads beyond them dies; and floating point rounds up, where the
// caller can set that, which no integer may show.
//
//===----------------------------------------------------------------------===//

#include <stddef.h>
#include <stdint.h>

typedef unsigned char byte;

extern void (*const case_entries[])(void);
extern void (*const case_resets[])(void *);
extern const uint32_t case_count;
extern const byte case_data[];

//===----------------------------------------------------------------------===//
// What an operating system and a C library would give
//===----------------------------------------------------------------------===//

#if defined(__x86_64__)
enum { SysWrite = 1, SysExit = 60, SysProtect = 10 };
__asm__(".globl _start\n_start: andq $-16, %rsp\ncall run\n");
static long system_call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { SysWrite = 64, SysExit = 93, SysProtect = 226 };
__asm__(".globl _start\n_start: b run\n");
static long system_call(long number, long a, long b, long c) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}
#elif defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
// No operating system: the debugger's calls, which emulators answer.
enum { SysWrite = 0x03, SysExit = 0x20, SysProtect = 0x100 };
static byte stack[1 << 16] __attribute__((aligned(16), used));
__attribute__((used)) static void reset(void);
__attribute__((section(".vectors"), used)) static void *const vectors[] = {
    stack + sizeof(stack), (void *)reset, (void *)reset, (void *)reset};
static long debugger_call(long number, void *argument) {
  register long r0 __asm__("r0") = number;
  register void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
/// Lets nobody touch the page `page` if `access` is 0, else everybody all
/// pages. There are fewer regions than pages in some graphs; the others stay
/// open.
static long protect_page(uintptr_t page, long bytes, long access) {
  volatile uint32_t *unit = (volatile uint32_t *)0xE000ED90;
  static uint32_t used;
  if (access) {
    unit[1] = 0;
    for (; used; --used) {
      unit[2] = used - 1;
      unit[4] = 0;
    }
  }
#if __ARM_ARCH >= 8
  // What lies in two regions is closed to everybody.
  for (int i = 0; !access && i < 2 && used < ((unit[0] >> 8 & 255) & ~1u);
       ++i) {
    unit[2] = used++;
    unit[3] = page | 1;
    unit[4] = ((page + bytes - 1) & ~31u) | 1;
  }
#else
  if (!access && used < (unit[0] >> 8 & 255)) {
    unit[2] = used++;
    unit[3] = page;
    unit[4] = (uint32_t)(__builtin_ctz(bytes) - 1) << 1 | 1;
  }
#endif
  // The rest of memory is as without regions.
  if (!access)
    unit[1] = 5;
  __asm__ volatile("dsb\nisb" ::: "memory");
  return 0;
}
static long system_call(long number, long a, long b, long c) {
  if (number == SysExit)
    return debugger_call(number, (long[]){0x20026, a});
  if (number == SysProtect)
    return protect_page(a, b, c);
  for (long i = 0; i < c; ++i)
    debugger_call(number, (byte *)b + i);
  return c;
}
__attribute__((used)) void run(void);
static void reset(void) {
  static int starts;
  // Faults come here too; then the report breaks off.
  if (starts++)
    system_call(SysExit, 3, 0, 0);
  // The coprocessors 10 and 11 are the floating-point unit and the vectors.
  *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20;
  __asm__ volatile("dsb\nisb" ::: "memory");
  run();
}
#elif defined(__arm__)
enum { SysWrite = 4, SysExit = 1, SysProtect = 125 };
#if defined(__thumb__)
__asm__(".thumb_func\n.globl _start\n_start: bl run\n");
#else
__asm__(".globl _start\n_start: bl run\n");
#endif
static long system_call(long number, long a, long b, long c) {
  register long r7 __asm__("r7") = number;
  register long r0 __asm__("r0") = a;
  register long r1 __asm__("r1") = b;
  register long r2 __asm__("r2") = c;
  __asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
  return r0;
}
#elif defined(__riscv)
enum { SysWrite = 64, SysExit = 93, SysProtect = 226 };
__asm__(".globl _start\n_start: tail run\n");
static long system_call(long number, long a, long b, long c) {
  register long a7 __asm__("a7") = number;
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
  return a0;
}
#else
#error "no system calls are known for this target"
#endif

void *memcpy(void *to, const void *from, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i)
    ((byte *)to)[i] = ((const byte *)from)[i];
  return to;
}

void *memmove(void *to, const void *from, size_t bytes) {
  if ((uintptr_t)to <= (uintptr_t)from)
    return memcpy(to, from, bytes);
  while (bytes--)
    ((byte *)to)[bytes] = ((const byte *)from)[bytes];
  return to;
}

void *memset(void *to, int value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i)
    ((byte *)to)[i] = (byte)value;
  return to;
}

#if defined(__arm__)
// The names that the embedded ABI gives them.
#define EABI(SUFFIX)                                                           \
  void __aeabi_memcpy##SUFFIX(void *to, const void *from, size_t bytes) {      \
    memcpy(to, from, bytes);                                                   \
  }                                                                            \
  void __aeabi_memmove##SUFFIX(void *to, const void *from, size_t bytes) {     \
    memmove(to, from, bytes);                                                  \
  }                                                                            \
  void __aeabi_memset##SUFFIX(void *to, size_t bytes, int value) {             \
    memset(to, value, bytes);                                                  \
  }                                                                            \
  void __aeabi_memclr##SUFFIX(void *to, size_t bytes) { memset(to, 0, bytes); }
EABI()
EABI(4)
EABI(8)
#endif

static char line[128];
static unsigned line_length;

static void put(char character) { line[line_length++] = character; }

static void put_number(uint32_t number) {
  put(' ');
  int digits = 8;
  while (digits > 1 && !(number >> (4 * (digits - 1))))
    --digits;
  while (digits--)
    put("0123456789abcdef"[(number >> (4 * digits)) & 15]);
}

static void put_line(void) {
  put('\n');
  system_call(SysWrite, 1, (long)line, line_length);
  line_length = 0;
}

static void leave(int code) {
  system_call(SysExit, code, 0, 0);
  for (;;)
    ;
}

//===----------------------------------------------------------------------===//
// One call
//===----------------------------------------------------------------------===//

enum { MaxTensors = 20, Guard = 64, Fill = 0xA5, PoolBytes = 1 << 22 };
enum { PageBytes = 4096, NoAccess = 0, ReadWrite = 3 };

static byte pool[PoolBytes] __attribute__((aligned(PageBytes)));

struct tensor {
  byte *data;
  uint32_t bytes, alignment;
};

static uintptr_t align_up(uintptr_t place, uintptr_t alignment) {
  return (place + alignment - 1) & ~(alignment - 1);
}

/// Takes memory from the pool that is aligned to `alignment`, a power of two,
/// and to nothing more.
static byte *take(byte *free, uint32_t alignment) {
  uintptr_t place = align_up((uintptr_t)free + Guard, 2 * alignment);
  return (byte *)(place + alignment);
}

/// The page behind the tensor, if it was taken by take_before_page.
static byte *page_behind(const struct tensor *t) {
  return (byte *)align_up((uintptr_t)t->data + t->bytes, PageBytes);
}

/// Takes memory that ends at the end of a page.
static byte *take_before_page(byte *free, uint32_t bytes, uint32_t alignment) {
  uintptr_t end =
      align_up((uintptr_t)free + Guard + alignment + bytes, PageBytes);
  return (byte *)((end - bytes) & ~((uintptr_t)alignment - 1));
}

/// Lays `count` tensors out from `free` on and returns the end, where there is
/// room for a page behind each.
static byte *lay_out(struct tensor *tensors, uint32_t count, byte *free,
                     int before_pages) {
  for (uint32_t i = 0; i < count; ++i) {
    struct tensor *t = &tensors[i];
    t->data = before_pages ? take_before_page(free, t->bytes, t->alignment)
                           : take(free, t->alignment);
    free = before_pages ? page_behind(t) + PageBytes : t->data + t->bytes;
    if (free + Guard > pool + PoolBytes)
      leave(2);
  }
  return free + Guard;
}

/// Lets nobody, or everybody, touch the pages behind tensors.
static void protect(const struct tensor *tensors, uint32_t count, int access) {
  for (uint32_t i = 0; i < count; ++i)
    if (system_call(SysProtect, (long)page_behind(&tensors[i]), PageBytes,
                    access) != 0)
      leave(3);
}

/// Makes floating point round up, or to nearest.
static void set_rounding(int up) {
#if defined(__x86_64__)
  unsigned control = 0x1f80 | (up ? 0x4000 : 0);
  __asm__ volatile("ldmxcsr %0" : : "m"(control));
#elif defined(__aarch64__)
  unsigned long control = up ? 1ul << 22 : 0;
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
#elif defined(__riscv_flen)
  unsigned long mode = up ? 3 : 0;
  __asm__ volatile("fsrm %0" : : "r"(mode));
#else
  (void)up;
#endif
}

#define P1 void *
#define P4 P1, P1, P1, P1
#define P16 P4, P4, P4, P4
typedef void (*task)(void *context, int32_t index);
typedef void (*parallel_for)(void *pool, int32_t count, task task,
                             void *context);
typedef void (*entry)(P16, P4, P1, P1, P1, P1);

/// Runs the tasks of a layer in order, or from the last to the first: calls
/// take turns.
static void run_tasks(void *unused, int32_t count, task task, void *context) {
  static int turn;
  (void)unused;
  turn = !turn;
  for (int32_t i = 0; i < count; ++i)
    task(context, turn ? i : count - 1 - i);
}

static void call(void (*function)(void), const struct tensor *t, unsigned n) {
  void *a[MaxTensors + 4];
  for (unsigned i = 0; i < MaxTensors + 4; ++i)
    a[i] = i < n ? t[i].data : 0;
  // What a graph takes that is compiled for threads.
  parallel_for run = run_tasks;
  memcpy(&a[n], &run, sizeof(run));
  // More arguments than the callee takes are passed over on all these machines:
  // the caller lays them out and takes them away.
  ((entry)function)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9],
                    a[10], a[11], a[12], a[13], a[14], a[15], a[16], a[17],
                    a[18], a[19], a[20], a[21], a[22], a[23]);
}

/// Whether all from `from` to `to` is as it was filled.
static int is_untouched(const byte *from, const byte *to) {
  for (; from < to; ++from)
    if (*from != Fill)
      return 0;
  return 1;
}

static uint32_t read_word(const byte **from) {
  const byte *p = *from;
  *from += 4;
  return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
         (uint32_t)p[3] << 24;
}

/// Prints the first element that differs from what is expected.
static int report_output(const struct tensor *output, const byte *expected,
                         uint32_t index, uint32_t sample, uint32_t number) {
  for (uint32_t i = 0; i < output->bytes; ++i) {
    if (output->data[i] == expected[i])
      continue;
    put('d');
    put_number(index);
    put_number(sample);
    put_number(number);
    put_number(i);
    put_number(expected[i]);
    put_number(output->data[i]);
    put_line();
    return 1;
  }
  return 0;
}

/// Reports that memory outside of tensor `number` was written.
static void report_write(uint32_t index, uint32_t sample, uint32_t number) {
  put('w');
  put_number(index);
  put_number(sample);
  put_number(number);
  put_line();
}

/// Runs case `index`, whose data starts at `*data` and is passed over.
static void run_case(uint32_t index, const byte **data) {
  struct tensor tensors[MaxTensors + 2];
  uint32_t inputs = read_word(data), outputs = read_word(data);
  uint32_t arena_bytes = read_word(data), alignment = read_word(data);
  uint32_t state_bytes = read_word(data), state_alignment = read_word(data);
  uint32_t samples = read_word(data), count = inputs + outputs;
  if (count > MaxTensors)
    leave(2);
  // The state comes first: what follows is filled anew for each sample.
  byte *state = take(pool, state_alignment);
  byte *start = state + state_bytes;
  for (uint32_t i = 0; i < count; ++i) {
    tensors[i].bytes = read_word(data);
    tensors[i].alignment = read_word(data);
  }
  tensors[count].bytes = arena_bytes;
  tensors[count].alignment = alignment;
  tensors[count + 1].data = state;

  int reported = 0;
  memset(pool, Fill, start - pool);
  for (uint32_t sample = 0; sample < samples; ++sample) {
    int before_pages = sample & 1;
    byte *end = lay_out(tensors, count + 1, start, before_pages);
    memset(start, Fill, end - start);
    if (*(*data)++ && case_resets[index])
      case_resets[index](state);
    const byte *in = *data;
    for (uint32_t i = 0; i < inputs; ++i) {
      memcpy(tensors[i].data, *data, tensors[i].bytes);
      *data += tensors[i].bytes;
    }
    if (before_pages)
      protect(tensors, count + 1, NoAccess);
    set_rounding(before_pages);
    call(case_entries[index], tensors, count + 1 + (state_bytes != 0));
    set_rounding(0);
    if (before_pages)
      protect(tensors, count + 1, ReadWrite);
    if (!is_untouched(pool, state) && !reported) {
      report_write(index, sample, count + 1);
      reported = 1;
    }
    const byte *gap = start;
    for (uint32_t i = 0; i <= count; ++i) {
      int fine = is_untouched(gap, tensors[i].data);
      gap = tensors[i].data + tensors[i].bytes;
      for (uint32_t k = 0; i < inputs && k < tensors[i].bytes; ++k)
        fine &= tensors[i].data[k] == *in++;
      if (i == count)
        fine &= is_untouched(gap, end);
      if (!fine && !reported) {
        report_write(index, sample, i);
        reported = 1;
      }
    }
    for (uint32_t i = inputs; i < count; ++i) {
      reported = reported ||
                 report_output(&tensors[i], *data, index, sample, i - inputs);
      *data += tensors[i].bytes;
    }
  }
}

__attribute__((used)) void run(void) {
  const byte *data = case_data;
  for (uint32_t i = 0; i < case_count; ++i) {
    run_case(i, &data);
    while ((data - case_data) & 3)
      ++data;
  }
  put('e');
  put_number(case_count);
  put_line();
  leave(0);
}
