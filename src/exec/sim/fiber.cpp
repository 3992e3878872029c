// SPDX-License-Identifier: Apache-2.0
// Switching stacks.
//
// The switch itself saves what the calling convention asks a function to keep; all other registers
// are the caller's. What a new fiber finds on its stack looks as if it had switched away at the
// beginning of `first_entry`.
#include <cerrno>
#include <cstdint>
#include <cxxabi.h>
#include <sys/mman.h>
#include <utility>

#include <quartet/exec/sim/detail/fiber.hpp>
#include <quartet/os/error.hpp>
#include <quartet/seam/atomic.hpp>

#if defined(__SANITIZE_ADDRESS__)
#define QUARTET_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define QUARTET_ASAN 1
#endif
#endif

#if defined(QUARTET_ASAN)
extern "C" {
// The second stack, for what may be used after its function has returned, is kept or, without a
// place for it, destroyed.
void __sanitizer_start_switch_fiber(void** fake, void const* bottom, std::size_t size);
void __sanitizer_finish_switch_fiber(void* fake, void const** bottom, std::size_t* size);
int __lsan_is_turned_off();  // asked at the end of the program
void __asan_unpoison_memory_region(void const volatile* at, std::size_t size);
}
#endif
#if defined(QUARTET_TSAN)
extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
}
#endif

// void quartet_switch_stack(void** saved, void* next): saves the present stack's top, takes next's.
#if defined(__x86_64__)
asm(R"(
.text
.globl quartet_switch_stack
.hidden quartet_switch_stack
.type quartet_switch_stack, @function
quartet_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movl (%rsp), %eax
  movzwl 4(%rsp), %ecx
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  cmpl %eax, (%rsp)
  jne 1f
  cmpw %cx, 4(%rsp)
  jne 1f
0:
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
1:
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  jmp 0b
.size quartet_switch_stack, .-quartet_switch_stack
.globl quartet_first_entry
.hidden quartet_first_entry
.type quartet_first_entry, @function
quartet_first_entry:
  movq %rbx, %rdi
  callq *%r12
  ud2
.size quartet_first_entry, .-quartet_first_entry
)");
#elif defined(__aarch64__)
asm(R"(
.text
.globl quartet_switch_stack
.hidden quartet_switch_stack
.type quartet_switch_stack, %function
quartet_switch_stack:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size quartet_switch_stack, .-quartet_switch_stack
.globl quartet_first_entry
.hidden quartet_first_entry
.type quartet_first_entry, %function
quartet_first_entry:
  mov x0, x19
  blr x20
  brk #1
.size quartet_first_entry, .-quartet_first_entry
)");
#else
#error "quartet: the simulator's stack switch is written for x86-64 and arm64"
#endif
extern "C" void quartet_switch_stack(void** saved, void* next) noexcept;
extern "C" void quartet_first_entry() noexcept;

namespace quartet::detail::sim {

namespace {

// Then what a program holds at its end says nothing: abandoned stacks held some of it.
seam::bare::atomic<bool> any_abandoned{false};

constexpr std::size_t guard_size = 64 * 1024;  // at least a page, on every architecture

// The top of a stack that was never entered: what quartet_switch_stack pops, and two registers for
// quartet_first_entry.
void* prepared(std::byte* end, void (*run)(void*), void* argument) noexcept {
#if defined(__x86_64__)
  constexpr int words = 10;
  auto** const at = reinterpret_cast<void**>(end) - words;
  std::uint32_t control = 0;
  std::uint16_t x87 = 0;
  asm volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(control), "=m"(x87));
  at[0] = reinterpret_cast<void*>(control | std::uintptr_t{x87} << 32U);
  at[4] = reinterpret_cast<void*>(run);  // r12
  at[5] = argument;                      // rbx
  at[7] = reinterpret_cast<void*>(&quartet_first_entry);
#else
  constexpr int words = 20;
  auto** const at = reinterpret_cast<void**>(end) - words;
  at[0] = argument;                      // x19
  at[1] = reinterpret_cast<void*>(run);  // x20
  at[11] = reinterpret_cast<void*>(&quartet_first_entry);
#endif
  return at;
}

#if defined(QUARTET_ASAN)
/// Destroys `shadow`, which only who stands on its stack can do: says so, and goes back.
[[gnu::no_sanitize_address]] void forget(void* shadow, void const* bottom, std::size_t size) {
  void* ours = nullptr;
  void const* our_bottom = nullptr;
  std::size_t our_size = 0;
  __sanitizer_start_switch_fiber(&ours, bottom, size);
  __sanitizer_finish_switch_fiber(shadow, &our_bottom, &our_size);
  __sanitizer_start_switch_fiber(nullptr, our_bottom, our_size);
  __sanitizer_finish_switch_fiber(ours, &our_bottom, &our_size);
}
#endif

}  // namespace

fiber::fiber() noexcept { refresh(); }

void fiber::refresh() noexcept {
  size_ = 0;
  now_caught_ = reinterpret_cast<exceptions*>(abi::__cxa_get_globals());
  now_error_ = &errno;
#if defined(QUARTET_TSAN)
  shadow_ = __tsan_get_current_fiber();
#endif
}

fiber::fiber(body run, void* argument, seam::context* own)
    : run_(run), argument_(argument), context_(own), size_(stack_size) {
  memory_ = mmap(nullptr, guard_size + stack_size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  bool const mapped = memory_ != MAP_FAILED;
  if (!mapped || mprotect(memory_, guard_size, PROT_NONE) != 0) {
    int const failure = errno;
    if (mapped) munmap(memory_, guard_size + stack_size);
    errno = failure;
    os::throw_errno(
        "cannot make a stack for a simulated thread: each needs 320 KiB of address space and two "
        "mappings, of which /proc/sys/vm/max_map_count allows a process so many");
  }
  bottom_ = static_cast<std::byte*>(memory_) + guard_size;
#if defined(QUARTET_TSAN)
  shadow_ = __tsan_create_fiber(0);
#endif
  prepare();
}

void fiber::restart(body run, void* argument, seam::context* own) noexcept {
  run_ = run;
  argument_ = argument;
  context_ = own;
  exceptions_ = {};
  error_ = 0;
#if defined(QUARTET_TSAN)
  __tsan_destroy_fiber(shadow_);  // it still counts the calls from which nobody returned
  shadow_ = __tsan_create_fiber(0);
#endif
  prepare();
}

void fiber::prepare() noexcept {
#if defined(QUARTET_ASAN)
  __asan_unpoison_memory_region(bottom_, stack_size);  // another stack may have lain here
#endif
  auto* const bottom = static_cast<std::byte*>(memory_) + guard_size;
  top_ = prepared(
      bottom + stack_size, [](void* self) { static_cast<fiber*>(self)->begin(); }, this);
}

fiber::~fiber() {
  if (memory_ == nullptr) return;
#if defined(QUARTET_TSAN)
  __tsan_destroy_fiber(shadow_);
#endif
#if defined(QUARTET_ASAN)
  forget(shadow_, bottom_, size_);
#endif
  munmap(memory_, guard_size + stack_size);
}

void fiber::abandon() noexcept {
#if defined(QUARTET_TSAN)
  __tsan_destroy_fiber(shadow_);  // its record is big, and nobody comes back to the stack
#endif
  memory_ = nullptr;
  any_abandoned.store(true, seam::relaxed);
}

bool fiber::guards(void const* address) const noexcept {
  auto const* const at = static_cast<std::byte const*>(address);
  auto const* const guard = static_cast<std::byte const*>(memory_);
  return memory_ != nullptr && at >= guard && at < guard + guard_size;
}

// The first thing that runs on a new stack; there is nothing to return to.
void fiber::begin() noexcept {
  arrive();
  run_(argument_);
}

// On our stack again, or for the first time.
void fiber::arrive() noexcept {
#if defined(QUARTET_ASAN)
  void const* bottom = nullptr;
  std::size_t size = 0;
  __sanitizer_finish_switch_fiber(shadow_, &bottom, &size);
  if (came_from_->memory_ == nullptr && came_from_->size_ == 0) {  // the thread's own stack
    came_from_->bottom_ = bottom;
    came_from_->size_ = size;
  }
#endif
}

void fiber::enter_from(fiber& from) noexcept {
  switch_from(from);
  from.arrive();
}

void fiber::enter_after(fiber& from) noexcept {
  switch_from(from);
  __builtin_unreachable();
}

void fiber::switch_from(fiber& from) noexcept {
  came_from_ = &from;
  from.context_ = seam::exchange_current(context_);
  now_caught_ = from.now_caught_;
  now_error_ = from.now_error_;
  from.exceptions_ = std::exchange(*now_caught_, exceptions_);
  from.error_ = std::exchange(*now_error_, error_);
#if defined(QUARTET_ASAN)
  __sanitizer_start_switch_fiber(&from.shadow_, bottom_, size_);
#endif
#if defined(QUARTET_TSAN)
  __tsan_switch_to_fiber(shadow_, 0);
#endif
  quartet_switch_stack(&from.top_, top_);
}

}  // namespace quartet::detail::sim

#if defined(QUARTET_ASAN)
int __lsan_is_turned_off() {
  return quartet::detail::sim::any_abandoned.load(quartet::seam::relaxed);
}
#endif
