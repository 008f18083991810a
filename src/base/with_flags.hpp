#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

namespace quotesweep {

/// Calls `call` with the flags as constants, each of type std::true_type or std::false_type.
template <std::size_t count, class Call, class... Known>
void with_flags(const std::array<bool, count>& flags, Call call, Known... known) {
  constexpr std::size_t next = sizeof...(known);
  if constexpr (next == count)
    call(known...);
  else if (flags[next])
    with_flags(flags, call, known..., std::true_type{});
  else
    with_flags(flags, call, known..., std::false_type{});
}

}  // namespace quotesweep
