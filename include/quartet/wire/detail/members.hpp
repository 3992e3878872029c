// SPDX-License-Identifier: Apache-2.0
// The tables behind reflect.hpp, one line for each number of members up to 64.
// Written by hand-made macros because C++20 can neither expand a pack of `{}` nor bind a pack.
#pragma once

#include <cstddef>

// NOLINTBEGIN(cppcoreguidelines-macro-usage)
#define QUARTET_BRACES_1 \
  {}
#define QUARTET_NAMES_1(each) each(m1)
#define QUARTET_BRACES_2 \
  QUARTET_BRACES_1, {}
#define QUARTET_NAMES_2(each) QUARTET_NAMES_1(each), each(m2)
#define QUARTET_BRACES_3 \
  QUARTET_BRACES_2, {}
#define QUARTET_NAMES_3(each) QUARTET_NAMES_2(each), each(m3)
#define QUARTET_BRACES_4 \
  QUARTET_BRACES_3, {}
#define QUARTET_NAMES_4(each) QUARTET_NAMES_3(each), each(m4)
#define QUARTET_BRACES_5 \
  QUARTET_BRACES_4, {}
#define QUARTET_NAMES_5(each) QUARTET_NAMES_4(each), each(m5)
#define QUARTET_BRACES_6 \
  QUARTET_BRACES_5, {}
#define QUARTET_NAMES_6(each) QUARTET_NAMES_5(each), each(m6)
#define QUARTET_BRACES_7 \
  QUARTET_BRACES_6, {}
#define QUARTET_NAMES_7(each) QUARTET_NAMES_6(each), each(m7)
#define QUARTET_BRACES_8 \
  QUARTET_BRACES_7, {}
#define QUARTET_NAMES_8(each) QUARTET_NAMES_7(each), each(m8)
#define QUARTET_BRACES_9 \
  QUARTET_BRACES_8, {}
#define QUARTET_NAMES_9(each) QUARTET_NAMES_8(each), each(m9)
#define QUARTET_BRACES_10 \
  QUARTET_BRACES_9, {}
#define QUARTET_NAMES_10(each) QUARTET_NAMES_9(each), each(m10)
#define QUARTET_BRACES_11 \
  QUARTET_BRACES_10, {}
#define QUARTET_NAMES_11(each) QUARTET_NAMES_10(each), each(m11)
#define QUARTET_BRACES_12 \
  QUARTET_BRACES_11, {}
#define QUARTET_NAMES_12(each) QUARTET_NAMES_11(each), each(m12)
#define QUARTET_BRACES_13 \
  QUARTET_BRACES_12, {}
#define QUARTET_NAMES_13(each) QUARTET_NAMES_12(each), each(m13)
#define QUARTET_BRACES_14 \
  QUARTET_BRACES_13, {}
#define QUARTET_NAMES_14(each) QUARTET_NAMES_13(each), each(m14)
#define QUARTET_BRACES_15 \
  QUARTET_BRACES_14, {}
#define QUARTET_NAMES_15(each) QUARTET_NAMES_14(each), each(m15)
#define QUARTET_BRACES_16 \
  QUARTET_BRACES_15, {}
#define QUARTET_NAMES_16(each) QUARTET_NAMES_15(each), each(m16)
#define QUARTET_BRACES_17 \
  QUARTET_BRACES_16, {}
#define QUARTET_NAMES_17(each) QUARTET_NAMES_16(each), each(m17)
#define QUARTET_BRACES_18 \
  QUARTET_BRACES_17, {}
#define QUARTET_NAMES_18(each) QUARTET_NAMES_17(each), each(m18)
#define QUARTET_BRACES_19 \
  QUARTET_BRACES_18, {}
#define QUARTET_NAMES_19(each) QUARTET_NAMES_18(each), each(m19)
#define QUARTET_BRACES_20 \
  QUARTET_BRACES_19, {}
#define QUARTET_NAMES_20(each) QUARTET_NAMES_19(each), each(m20)
#define QUARTET_BRACES_21 \
  QUARTET_BRACES_20, {}
#define QUARTET_NAMES_21(each) QUARTET_NAMES_20(each), each(m21)
#define QUARTET_BRACES_22 \
  QUARTET_BRACES_21, {}
#define QUARTET_NAMES_22(each) QUARTET_NAMES_21(each), each(m22)
#define QUARTET_BRACES_23 \
  QUARTET_BRACES_22, {}
#define QUARTET_NAMES_23(each) QUARTET_NAMES_22(each), each(m23)
#define QUARTET_BRACES_24 \
  QUARTET_BRACES_23, {}
#define QUARTET_NAMES_24(each) QUARTET_NAMES_23(each), each(m24)
#define QUARTET_BRACES_25 \
  QUARTET_BRACES_24, {}
#define QUARTET_NAMES_25(each) QUARTET_NAMES_24(each), each(m25)
#define QUARTET_BRACES_26 \
  QUARTET_BRACES_25, {}
#define QUARTET_NAMES_26(each) QUARTET_NAMES_25(each), each(m26)
#define QUARTET_BRACES_27 \
  QUARTET_BRACES_26, {}
#define QUARTET_NAMES_27(each) QUARTET_NAMES_26(each), each(m27)
#define QUARTET_BRACES_28 \
  QUARTET_BRACES_27, {}
#define QUARTET_NAMES_28(each) QUARTET_NAMES_27(each), each(m28)
#define QUARTET_BRACES_29 \
  QUARTET_BRACES_28, {}
#define QUARTET_NAMES_29(each) QUARTET_NAMES_28(each), each(m29)
#define QUARTET_BRACES_30 \
  QUARTET_BRACES_29, {}
#define QUARTET_NAMES_30(each) QUARTET_NAMES_29(each), each(m30)
#define QUARTET_BRACES_31 \
  QUARTET_BRACES_30, {}
#define QUARTET_NAMES_31(each) QUARTET_NAMES_30(each), each(m31)
#define QUARTET_BRACES_32 \
  QUARTET_BRACES_31, {}
#define QUARTET_NAMES_32(each) QUARTET_NAMES_31(each), each(m32)
#define QUARTET_BRACES_33 \
  QUARTET_BRACES_32, {}
#define QUARTET_NAMES_33(each) QUARTET_NAMES_32(each), each(m33)
#define QUARTET_BRACES_34 \
  QUARTET_BRACES_33, {}
#define QUARTET_NAMES_34(each) QUARTET_NAMES_33(each), each(m34)
#define QUARTET_BRACES_35 \
  QUARTET_BRACES_34, {}
#define QUARTET_NAMES_35(each) QUARTET_NAMES_34(each), each(m35)
#define QUARTET_BRACES_36 \
  QUARTET_BRACES_35, {}
#define QUARTET_NAMES_36(each) QUARTET_NAMES_35(each), each(m36)
#define QUARTET_BRACES_37 \
  QUARTET_BRACES_36, {}
#define QUARTET_NAMES_37(each) QUARTET_NAMES_36(each), each(m37)
#define QUARTET_BRACES_38 \
  QUARTET_BRACES_37, {}
#define QUARTET_NAMES_38(each) QUARTET_NAMES_37(each), each(m38)
#define QUARTET_BRACES_39 \
  QUARTET_BRACES_38, {}
#define QUARTET_NAMES_39(each) QUARTET_NAMES_38(each), each(m39)
#define QUARTET_BRACES_40 \
  QUARTET_BRACES_39, {}
#define QUARTET_NAMES_40(each) QUARTET_NAMES_39(each), each(m40)
#define QUARTET_BRACES_41 \
  QUARTET_BRACES_40, {}
#define QUARTET_NAMES_41(each) QUARTET_NAMES_40(each), each(m41)
#define QUARTET_BRACES_42 \
  QUARTET_BRACES_41, {}
#define QUARTET_NAMES_42(each) QUARTET_NAMES_41(each), each(m42)
#define QUARTET_BRACES_43 \
  QUARTET_BRACES_42, {}
#define QUARTET_NAMES_43(each) QUARTET_NAMES_42(each), each(m43)
#define QUARTET_BRACES_44 \
  QUARTET_BRACES_43, {}
#define QUARTET_NAMES_44(each) QUARTET_NAMES_43(each), each(m44)
#define QUARTET_BRACES_45 \
  QUARTET_BRACES_44, {}
#define QUARTET_NAMES_45(each) QUARTET_NAMES_44(each), each(m45)
#define QUARTET_BRACES_46 \
  QUARTET_BRACES_45, {}
#define QUARTET_NAMES_46(each) QUARTET_NAMES_45(each), each(m46)
#define QUARTET_BRACES_47 \
  QUARTET_BRACES_46, {}
#define QUARTET_NAMES_47(each) QUARTET_NAMES_46(each), each(m47)
#define QUARTET_BRACES_48 \
  QUARTET_BRACES_47, {}
#define QUARTET_NAMES_48(each) QUARTET_NAMES_47(each), each(m48)
#define QUARTET_BRACES_49 \
  QUARTET_BRACES_48, {}
#define QUARTET_NAMES_49(each) QUARTET_NAMES_48(each), each(m49)
#define QUARTET_BRACES_50 \
  QUARTET_BRACES_49, {}
#define QUARTET_NAMES_50(each) QUARTET_NAMES_49(each), each(m50)
#define QUARTET_BRACES_51 \
  QUARTET_BRACES_50, {}
#define QUARTET_NAMES_51(each) QUARTET_NAMES_50(each), each(m51)
#define QUARTET_BRACES_52 \
  QUARTET_BRACES_51, {}
#define QUARTET_NAMES_52(each) QUARTET_NAMES_51(each), each(m52)
#define QUARTET_BRACES_53 \
  QUARTET_BRACES_52, {}
#define QUARTET_NAMES_53(each) QUARTET_NAMES_52(each), each(m53)
#define QUARTET_BRACES_54 \
  QUARTET_BRACES_53, {}
#define QUARTET_NAMES_54(each) QUARTET_NAMES_53(each), each(m54)
#define QUARTET_BRACES_55 \
  QUARTET_BRACES_54, {}
#define QUARTET_NAMES_55(each) QUARTET_NAMES_54(each), each(m55)
#define QUARTET_BRACES_56 \
  QUARTET_BRACES_55, {}
#define QUARTET_NAMES_56(each) QUARTET_NAMES_55(each), each(m56)
#define QUARTET_BRACES_57 \
  QUARTET_BRACES_56, {}
#define QUARTET_NAMES_57(each) QUARTET_NAMES_56(each), each(m57)
#define QUARTET_BRACES_58 \
  QUARTET_BRACES_57, {}
#define QUARTET_NAMES_58(each) QUARTET_NAMES_57(each), each(m58)
#define QUARTET_BRACES_59 \
  QUARTET_BRACES_58, {}
#define QUARTET_NAMES_59(each) QUARTET_NAMES_58(each), each(m59)
#define QUARTET_BRACES_60 \
  QUARTET_BRACES_59, {}
#define QUARTET_NAMES_60(each) QUARTET_NAMES_59(each), each(m60)
#define QUARTET_BRACES_61 \
  QUARTET_BRACES_60, {}
#define QUARTET_NAMES_61(each) QUARTET_NAMES_60(each), each(m61)
#define QUARTET_BRACES_62 \
  QUARTET_BRACES_61, {}
#define QUARTET_NAMES_62(each) QUARTET_NAMES_61(each), each(m62)
#define QUARTET_BRACES_63 \
  QUARTET_BRACES_62, {}
#define QUARTET_NAMES_63(each) QUARTET_NAMES_62(each), each(m63)
#define QUARTET_BRACES_64 \
  QUARTET_BRACES_63, {}
#define QUARTET_NAMES_64(each) QUARTET_NAMES_63(each), each(m64)
#define QUARTET_BRACES_65 \
  QUARTET_BRACES_64, {}
#define QUARTET_EACH_COUNT(row)                                                                   \
  row(1) row(2) row(3) row(4) row(5) row(6) row(7) row(8) row(9) row(10) row(11) row(12) row(13)  \
      row(14) row(15) row(16) row(17) row(18) row(19) row(20) row(21) row(22) row(23) row(24)     \
          row(25) row(26) row(27) row(28) row(29) row(30) row(31) row(32) row(33) row(34) row(35) \
              row(36) row(37) row(38) row(39) row(40) row(41) row(42) row(43) row(44) row(45)     \
                  row(46) row(47) row(48) row(49) row(50) row(51) row(52) row(53) row(54) row(55) \
                      row(56) row(57) row(58) row(59) row(60) row(61) row(62) row(63) row(64)
#define QUARTET_NAME(name) name
#define QUARTET_TYPE(name) decltype(name)

namespace quartet::wire::detail {

template <class... T> struct types { static constexpr std::size_t size = sizeof...(T); };

/// True if T can be initialised from N pairs of empty braces. Each pair stands for exactly one
/// member: a C array too, which plain values would spread over its elements.
template <class T, std::size_t N> inline constexpr bool takes_braces = false;
template <class T> inline constexpr bool takes_braces<T, 0> = requires { T{}; };
#define QUARTET_ROW(n) \
  template <class T> inline constexpr bool takes_braces<T, n> = requires { T{QUARTET_BRACES_##n}; };
QUARTET_EACH_COUNT(QUARTET_ROW)
QUARTET_ROW(65)
#undef QUARTET_ROW

/// Calls `f` with a reference to each of the N members of `x`.
template <std::size_t N, class T, class F> constexpr decltype(auto) bind_members(T& x, F&& f) {
  static_cast<void>(x);
  if constexpr (N == 0) {
    return f();
  }
#define QUARTET_ROW(n)                           \
  else if constexpr (N == n) {                   \
    auto& [QUARTET_NAMES_##n(QUARTET_NAME)] = x; \
    return f(QUARTET_NAMES_##n(QUARTET_NAME));   \
  }
  QUARTET_EACH_COUNT(QUARTET_ROW)
#undef QUARTET_ROW
}

/// The declared types of the N members, references and bit-fields included. Never called.
template <std::size_t N, class T> constexpr auto list_members(T& x) {
  static_cast<void>(x);
  if constexpr (N == 0) {
    return types<>{};
  }
#define QUARTET_ROW(n)                               \
  else if constexpr (N == n) {                       \
    auto& [QUARTET_NAMES_##n(QUARTET_NAME)] = x;     \
    return types<QUARTET_NAMES_##n(QUARTET_TYPE)>{}; \
  }
  QUARTET_EACH_COUNT(QUARTET_ROW)
#undef QUARTET_ROW
}

}  // namespace quartet::wire::detail

#undef QUARTET_BRACES_65
#undef QUARTET_BRACES_1
#undef QUARTET_NAMES_1
#undef QUARTET_BRACES_2
#undef QUARTET_NAMES_2
#undef QUARTET_BRACES_3
#undef QUARTET_NAMES_3
#undef QUARTET_BRACES_4
#undef QUARTET_NAMES_4
#undef QUARTET_BRACES_5
#undef QUARTET_NAMES_5
#undef QUARTET_BRACES_6
#undef QUARTET_NAMES_6
#undef QUARTET_BRACES_7
#undef QUARTET_NAMES_7
#undef QUARTET_BRACES_8
#undef QUARTET_NAMES_8
#undef QUARTET_BRACES_9
#undef QUARTET_NAMES_9
#undef QUARTET_BRACES_10
#undef QUARTET_NAMES_10
#undef QUARTET_BRACES_11
#undef QUARTET_NAMES_11
#undef QUARTET_BRACES_12
#undef QUARTET_NAMES_12
#undef QUARTET_BRACES_13
#undef QUARTET_NAMES_13
#undef QUARTET_BRACES_14
#undef QUARTET_NAMES_14
#undef QUARTET_BRACES_15
#undef QUARTET_NAMES_15
#undef QUARTET_BRACES_16
#undef QUARTET_NAMES_16
#undef QUARTET_BRACES_17
#undef QUARTET_NAMES_17
#undef QUARTET_BRACES_18
#undef QUARTET_NAMES_18
#undef QUARTET_BRACES_19
#undef QUARTET_NAMES_19
#undef QUARTET_BRACES_20
#undef QUARTET_NAMES_20
#undef QUARTET_BRACES_21
#undef QUARTET_NAMES_21
#undef QUARTET_BRACES_22
#undef QUARTET_NAMES_22
#undef QUARTET_BRACES_23
#undef QUARTET_NAMES_23
#undef QUARTET_BRACES_24
#undef QUARTET_NAMES_24
#undef QUARTET_BRACES_25
#undef QUARTET_NAMES_25
#undef QUARTET_BRACES_26
#undef QUARTET_NAMES_26
#undef QUARTET_BRACES_27
#undef QUARTET_NAMES_27
#undef QUARTET_BRACES_28
#undef QUARTET_NAMES_28
#undef QUARTET_BRACES_29
#undef QUARTET_NAMES_29
#undef QUARTET_BRACES_30
#undef QUARTET_NAMES_30
#undef QUARTET_BRACES_31
#undef QUARTET_NAMES_31
#undef QUARTET_BRACES_32
#undef QUARTET_NAMES_32
#undef QUARTET_BRACES_33
#undef QUARTET_NAMES_33
#undef QUARTET_BRACES_34
#undef QUARTET_NAMES_34
#undef QUARTET_BRACES_35
#undef QUARTET_NAMES_35
#undef QUARTET_BRACES_36
#undef QUARTET_NAMES_36
#undef QUARTET_BRACES_37
#undef QUARTET_NAMES_37
#undef QUARTET_BRACES_38
#undef QUARTET_NAMES_38
#undef QUARTET_BRACES_39
#undef QUARTET_NAMES_39
#undef QUARTET_BRACES_40
#undef QUARTET_NAMES_40
#undef QUARTET_BRACES_41
#undef QUARTET_NAMES_41
#undef QUARTET_BRACES_42
#undef QUARTET_NAMES_42
#undef QUARTET_BRACES_43
#undef QUARTET_NAMES_43
#undef QUARTET_BRACES_44
#undef QUARTET_NAMES_44
#undef QUARTET_BRACES_45
#undef QUARTET_NAMES_45
#undef QUARTET_BRACES_46
#undef QUARTET_NAMES_46
#undef QUARTET_BRACES_47
#undef QUARTET_NAMES_47
#undef QUARTET_BRACES_48
#undef QUARTET_NAMES_48
#undef QUARTET_BRACES_49
#undef QUARTET_NAMES_49
#undef QUARTET_BRACES_50
#undef QUARTET_NAMES_50
#undef QUARTET_BRACES_51
#undef QUARTET_NAMES_51
#undef QUARTET_BRACES_52
#undef QUARTET_NAMES_52
#undef QUARTET_BRACES_53
#undef QUARTET_NAMES_53
#undef QUARTET_BRACES_54
#undef QUARTET_NAMES_54
#undef QUARTET_BRACES_55
#undef QUARTET_NAMES_55
#undef QUARTET_BRACES_56
#undef QUARTET_NAMES_56
#undef QUARTET_BRACES_57
#undef QUARTET_NAMES_57
#undef QUARTET_BRACES_58
#undef QUARTET_NAMES_58
#undef QUARTET_BRACES_59
#undef QUARTET_NAMES_59
#undef QUARTET_BRACES_60
#undef QUARTET_NAMES_60
#undef QUARTET_BRACES_61
#undef QUARTET_NAMES_61
#undef QUARTET_BRACES_62
#undef QUARTET_NAMES_62
#undef QUARTET_BRACES_63
#undef QUARTET_NAMES_63
#undef QUARTET_BRACES_64
#undef QUARTET_NAMES_64
#undef QUARTET_EACH_COUNT
#undef QUARTET_NAME
#undef QUARTET_TYPE
// NOLINTEND(cppcoreguidelines-macro-usage)
