// SPDX-License-Identifier: Apache-2.0
// What a user is told when something cannot be sent: one line for each reason. Plain literals,
// because that is the only text which both compilers print whole, and no macro around them,
// because GCC would show its expansion, which takes longer than the message.
#pragma once

#include <quartet/wire/detail/explain.hpp>

namespace quartet::wire::detail {

template <class Answer, why Because> inline constexpr bool fine = Answer::cause != Because;

/// What a call of F with A that gives R has to say: can_be_sent or cannot_be_sent<...> as `type`.
template <class F, class R, class... A> struct answer;

/// Base of the border, so that an error passes through one function less on its way to the user.
struct checking_border {
  /// Fails to compile, with the words for the reason, if the call cannot be sent.
  template <class F, class R, class... A> static consteval void check() {
    using told = typename answer<F, R, A...>::type;
    static_assert(
        fine<told, why::function_pointer>,
        "quartet: cannot be sent to another process: a pointer to a function is an address of "
        "this process. Instead: give the function itself as the callable, or fn<&f>, which "
        "has its name in the type.");
    static_assert(
        fine<told, why::void_pointer>,
        "quartet: cannot be sent to another process: an untyped pointer: nobody knows what "
        "lies behind it, and it means nothing elsewhere. Instead: hold the value itself; or "
        "local<T> if it is not needed over there.");
    static_assert(
        fine<told, why::char_pointer>,
        "quartet: cannot be sent to another process: a pointer to characters means nothing in "
        "another process. Instead: std::string.");
    static_assert(
        fine<told, why::open_file>,
        "quartet: cannot be sent to another process: an open file belongs to this process. "
        "Instead: send its path and open it over there; or local<T> and quartet_received().");
    static_assert(
        fine<told, why::raw_pointer>,
        "quartet: cannot be sent to another process: a raw pointer means nothing in another "
        "process. Instead: hold the value itself, a vector, or a unique_ptr; or local<T> if "
        "it is not needed over there.");
    static_assert(
        fine<told, why::base>,
        "quartet: cannot be sent to another process: an aggregate with a base class hides the "
        "members of the base. Instead: make the base a member, or add quartet_fields with all "
        "members.");
    static_assert(
        fine<told, why::too_many>,
        "quartet: cannot be sent to another process: it has more than 64 members. Instead: "
        "add quartet_fields, or group members into structs.");
    static_assert(
        fine<told, why::untellable>,
        "quartet: cannot be sent to another process: its members cannot be told apart: a "
        "reference, or an anonymous union, is among them. Instead: hold values instead of "
        "references, or add quartet_fields.");
    static_assert(
        fine<told, why::bit_field>,
        "quartet: cannot be sent to another process: it has bit-fields, or members that share "
        "their room. Instead: plain integer members, or add codec<T>.");
    static_assert(
        fine<told, why::forgotten>,
        "quartet: cannot be sent to another process: quartet_fields does not list every "
        "member, in the order of declaration. Instead: list it; or leave_out(member) inside "
        "quartet::fields(...) if it is to stay here.");
    static_assert(
        fine<told, why::twice>,
        "quartet: cannot be sent to another process: quartet_fields lists a member twice. "
        "Instead: list every member once.");
    static_assert(
        fine<told, why::no_default>,
        "quartet: cannot be sent to another process: it must be default constructed on "
        "arrival and cannot be. Instead: add a default constructor, which may be private to a "
        "codec<T>, or add codec<T>.");
    static_assert(
        fine<told, why::const_field>,
        "quartet: cannot be sent to another process: quartet_fields lists a const member, "
        "which cannot be filled on arrival. Instead: drop the const, or add codec<T>.");
    static_assert(
        fine<told, why::const_array>,
        "quartet: cannot be sent to another process: a const array member cannot be filled on "
        "arrival. Instead: std::array.");
    static_assert(
        fine<told, why::stateful>,
        "quartet: cannot be sent to another process: its comparison or hash has a state of "
        "its own, which would be lost. Instead: a comparison that is an empty class.");
    static_assert(
        fine<told, why::polymorphic>,
        "quartet: cannot be sent to another process: what it points to may be a derived "
        "class, which would be cut off. Instead: a variant of the classes; or mark the class "
        "final.");
    static_assert(
        fine<told, why::function>,
        "quartet: cannot be sent to another process: std::function hides what it holds. "
        "Instead: a captureless lambda, fn<&f>, bind(f, values...) or a template parameter.");
    static_assert(
        fine<told, why::shared>,
        "quartet: cannot be sent to another process: shared ownership cannot span processes. "
        "Instead: std::unique_ptr, or the value itself.");
    static_assert(
        fine<told, why::unique_other>,
        "quartet: cannot be sent to another process: a unique_ptr to an array or with its own "
        "deleter does not say how to make a new one. Instead: std::vector, or "
        "std::unique_ptr<T> with the usual deleter.");
    static_assert(
        fine<told, why::atomic>,
        "quartet: cannot be sent to another process: an atomic is shared by address, and a "
        "copy would be another one. Instead: send its value; or local<T>.");
    static_assert(
        fine<told, why::running>,
        "quartet: cannot be sent to another process: a running thread or a pending result "
        "belongs to this process. Instead: wait for it here and send the value.");
    static_assert(
        fine<told, why::lock>,
        "quartet: cannot be sent to another process: a lock guards memory of this process "
        "only. Instead: local<T>: a fresh one on arrival.");
    static_assert(fine<told, why::any>,
                  "quartet: cannot be sent to another process: std::any hides the type it holds. "
                  "Instead: std::variant of the possible types.");
    static_assert(
        fine<told, why::iterator>,
        "quartet: cannot be sent to another process: an iterator points into a container of "
        "this process. Instead: send the container, or an index.");
    static_assert(fine<told, why::view>,
                  "quartet: cannot be sent to another process: a view only points at memory that "
                  "another object owns. Instead: own the data: std::string or std::vector.");
    static_assert(
        fine<told, why::wrapper>,
        "quartet: cannot be sent to another process: a reference means an address of this "
        "process. Instead: hold a copy of the value.");
    static_assert(
        fine<told, why::lambda>,
        "quartet: cannot be sent to another process: a lambda with captures hides what it "
        "captured. Instead: pass captured values as arguments, or bind(f, values...).");
    static_assert(
        fine<told, why::not_trivial>,
        "quartet: cannot be sent to another process: quartet::bitwise is set for a class that "
        "is not trivially copyable. Instead: add codec<T>.");
    static_assert(
        fine<told, why::private_members>,
        "quartet: cannot be sent to another process: a class with private members and no "
        "quartet_fields, so nobody can see what it holds. Instead: add quartet_fields listing "
        "all members, or codec<T>; or local<T> around it.");
    static_assert(
        fine<told, why::reference>,
        "quartet: cannot be sent to another process: a reference means an address of this "
        "process. Instead: hold a copy of the value.");
    static_assert(
        fine<told, why::volatile_object>,
        "quartet: cannot be sent to another process: a volatile object is changed by others "
        "meanwhile. Instead: copy its value first.");
    static_assert(
        fine<told, why::member_pointer>,
        "quartet: cannot be sent to another process: a pointer to a member has no portable "
        "value. Instead: fn<&Class::member>, which has its name in the type.");
    static_assert(
        fine<told, why::union_>,
        "quartet: cannot be sent to another process: nobody knows which member of a union is "
        "alive. Instead: std::variant.");
    static_assert(fine<told, why::unsized>,
                  "quartet: cannot be sent to another process: its size is not known. Instead: "
                  "std::vector.");
  }
};

}  // namespace quartet::wire::detail
