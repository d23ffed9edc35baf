// SPDX-License-Identifier: MIT
//
// std::chrono durations and time points travel as their count: hyper for the clocks of this
// platform. What the count means (period, clock, epoch) is part of the interface, not of the
// message. A steady_clock time means something only on the machine that took it.
#pragma once

#include <insula/marshal/ndr_codec.hpp>

#include <chrono>
#include <cstddef>

namespace insula {

namespace detail {

template <class T, class Rep>
struct count_codec {
  using parts = ndr_parts<Rep>;
  static constexpr std::size_t alignment = ndr_codec<Rep>::alignment;
  static constexpr std::size_t min_size = ndr_codec<Rep>::min_size;
  static constexpr std::size_t fixed_size = ndr_codec<Rep>::fixed_size;
  static constexpr bool has_deferred = ndr_codec<Rep>::has_deferred;
  static constexpr bool blittable = ndr_codec<Rep>::blittable && sizeof(T) == sizeof(Rep);
  static void write_deferred(ndr_writer&, const T&) {}
  static void read_deferred(ndr_reader&, T&) {}
  static void free(T&) noexcept {}
};

}  // namespace detail

template <class Rep, class Period>
struct ndr_codec<std::chrono::duration<Rep, Period>>
    : detail::count_codec<std::chrono::duration<Rep, Period>, Rep> {
  using duration = std::chrono::duration<Rep, Period>;

  static void write(ndr_writer& writer, const duration& value) {
    ndr_codec<Rep>::write(writer, value.count());
  }
  static void read(ndr_reader& reader, duration& value) {
    Rep count{};
    ndr_codec<Rep>::read(reader, count);
    value = duration(count);
  }
};

template <class Clock, class Duration>
struct ndr_codec<std::chrono::time_point<Clock, Duration>>
    : detail::count_codec<std::chrono::time_point<Clock, Duration>, typename Duration::rep> {
  using time_point = std::chrono::time_point<Clock, Duration>;

  static void write(ndr_writer& writer, const time_point& value) {
    ndr_codec<Duration>::write(writer, value.time_since_epoch());
  }
  static void read(ndr_reader& reader, time_point& value) {
    Duration since{};
    ndr_codec<Duration>::read(reader, since);
    value = time_point(since);
  }
};

}  // namespace insula
