// SPDX-License-Identifier: MIT
//
// std::chrono durations and time points travel as their count: hyper for the clocks of this
// platform. What the count means (period, clock, epoch) is part of the interface, not of the
// message. A steady_clock time means something only on the machine that took it.
//
// Calendar types travel as they are, valid dates or not: year is a short; month, day and weekday
// are one byte each; year_month_day is the structure of the three.
#pragma once

#include <insula/marshal/ndr_codec.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <type_traits>

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

namespace detail {

template <class T, class Wire>
struct calendar_codec {
  static constexpr std::size_t alignment = sizeof(Wire);
  static constexpr std::size_t min_size = sizeof(Wire);
  static constexpr std::size_t fixed_size = sizeof(Wire);
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;

  static Wire number(const T& value) {
    if constexpr (std::is_same_v<T, std::chrono::weekday>)
      return static_cast<Wire>(value.c_encoding());
    else if constexpr (std::is_signed_v<Wire>) return static_cast<Wire>(static_cast<int>(value));
    else return static_cast<Wire>(static_cast<unsigned>(value));
  }
  static void write(ndr_writer& writer, const T& value) { writer.primitive(number(value)); }
  static void write_deferred(ndr_writer&, const T&) {}
  static void read(ndr_reader& reader, T& value) { value = T(reader.primitive<Wire>()); }
  static void read_deferred(ndr_reader&, T&) {}
  static void free(T&) noexcept {}
};

}  // namespace detail

template <>
struct ndr_codec<std::chrono::year> : detail::calendar_codec<std::chrono::year, std::int16_t> {};
template <>
struct ndr_codec<std::chrono::month> : detail::calendar_codec<std::chrono::month, std::uint8_t> {};
template <>
struct ndr_codec<std::chrono::day> : detail::calendar_codec<std::chrono::day, std::uint8_t> {};
template <>
struct ndr_codec<std::chrono::weekday>
    : detail::calendar_codec<std::chrono::weekday, std::uint8_t> {};

template <>
struct ndr_codec<std::chrono::year_month_day> {
  using date = std::chrono::year_month_day;
  static constexpr std::size_t alignment = 2;
  static constexpr std::size_t min_size = 4;
  static constexpr std::size_t fixed_size = 4;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;

  static void write(ndr_writer& writer, const date& value) {
    ndr_codec<std::chrono::year>::write(writer, value.year());
    ndr_codec<std::chrono::month>::write(writer, value.month());
    ndr_codec<std::chrono::day>::write(writer, value.day());
  }
  static void write_deferred(ndr_writer&, const date&) {}
  static void read(ndr_reader& reader, date& value) {
    std::chrono::year year{};
    std::chrono::month month{};
    std::chrono::day day{};
    ndr_codec<std::chrono::year>::read(reader, year);
    ndr_codec<std::chrono::month>::read(reader, month);
    ndr_codec<std::chrono::day>::read(reader, day);
    value = date(year, month, day);
  }
  static void read_deferred(ndr_reader&, date&) {}
  static void free(date&) noexcept {}
};

}  // namespace insula
