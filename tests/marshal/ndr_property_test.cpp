// SPDX-License-Identifier: MIT
// Random values of nested types survive the way over the wire. Seeds are fixed: a failure names the
// one that shows it.
#include <insula/marshal/codecs.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace insula::test {
namespace {

class dice {
 public:
  explicit dice(std::uint32_t seed) : engine_(seed) {}
  std::uint64_t bits() { return engine_(); }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(engine_() % limit); }

 private:
  std::mt19937_64 engine_;
};

template <class T>
struct any_of;

template <class T>
T any(dice& d, int depth) {
  return any_of<T>::make(d, depth);
}

template <class T>
  requires std::is_integral_v<T>
struct any_of<T> {
  static T make(dice& d, int) {
    switch (d.below(5)) {
      case 0: return std::numeric_limits<T>::min();
      case 1: return std::numeric_limits<T>::max();
      case 2: return T{};
      default: return static_cast<T>(d.bits());
    }
  }
};
template <>
struct any_of<bool> {
  static bool make(dice& d, int) { return d.below(2) == 1; }
};
template <>
struct any_of<double> {
  static double make(dice& d, int) { return static_cast<double>(d.bits()) / 3.0; }
};
template <>
struct any_of<GUID> {
  static GUID make(dice& d, int) {
    GUID id{};
    id.Data1 = static_cast<std::uint32_t>(d.bits());
    id.Data4[7] = static_cast<std::uint8_t>(d.bits());
    return id;
  }
};
template <class C>
struct any_of<std::basic_string<C>> {
  static std::basic_string<C> make(dice& d, int) {
    std::basic_string<C> text(d.below(d.below(8) == 0 ? 300 : 6), C{});
    for (C& c : text) c = static_cast<C>(d.bits());
    return text;
  }
};
template <class T>
struct any_of<std::vector<T>> {
  static std::vector<T> make(dice& d, int depth) {
    std::vector<T> items;
    const std::size_t count = depth == 0 ? 0 : d.below(5);
    for (std::size_t i = 0; i != count; ++i) items.push_back(any<T>(d, depth - 1));
    return items;
  }
};
template <class T, std::size_t N>
struct any_of<std::array<T, N>> {
  static std::array<T, N> make(dice& d, int depth) {
    std::array<T, N> items{};
    for (T& one : items) one = any<T>(d, depth - 1);
    return items;
  }
};
template <class T>
struct any_of<std::optional<T>> {
  static std::optional<T> make(dice& d, int depth) {
    if (depth == 0 || d.below(2) == 0) return {};
    return any<T>(d, depth - 1);
  }
};
template <class K, class V>
struct any_of<std::map<K, V>> {
  static std::map<K, V> make(dice& d, int depth) {
    std::map<K, V> items;
    for (std::size_t i = d.below(4); i != 0 && depth != 0; --i)
      items.emplace(any<K>(d, depth - 1), any<V>(d, depth - 1));
    return items;
  }
};
template <class K, class V>
struct any_of<std::unordered_map<K, V>> {
  static std::unordered_map<K, V> make(dice& d, int depth) {
    const auto items = any<std::map<K, V>>(d, depth);
    return {items.begin(), items.end()};
  }
};
template <class T>
struct any_of<std::multiset<T>> {
  static std::multiset<T> make(dice& d, int depth) {
    const auto items = any<std::vector<T>>(d, depth);
    return {items.begin(), items.end()};
  }
};
template <class... T>
struct any_of<std::tuple<T...>> {
  static std::tuple<T...> make(dice& d, int depth) { return {any<T>(d, depth - 1)...}; }
};
template <class... T>
struct any_of<std::variant<T...>> {
  static std::variant<T...> make(dice& d, int depth) {
    using maker = std::variant<T...> (*)(dice&, int);
    static constexpr maker makers[] = {
        +[](dice& from, int left) { return std::variant<T...>(any<T>(from, left - 1)); }...};
    return makers[d.below(sizeof...(T))](d, depth);
  }
};
template <class Rep, class Period>
struct any_of<std::chrono::duration<Rep, Period>> {
  static std::chrono::duration<Rep, Period> make(dice& d, int depth) {
    return std::chrono::duration<Rep, Period>(any<Rep>(d, depth));
  }
};

struct leaf {
  char tag;
  std::int64_t number;
  bool flag;
  double weight;
  GUID id;
  std::uint16_t grid[2][3];
  bool operator==(const leaf&) const = default;
};
struct branch {
  std::uint8_t before;
  std::optional<leaf> maybe;
  std::variant<std::uint64_t, std::string, leaf> either;
  std::vector<branch> children;
  std::map<std::u16string, std::vector<bool>> table;
  std::array<std::wstring, 2> names;
  std::chrono::milliseconds age;
  bool operator==(const branch&) const = default;
};

template <>
struct any_of<leaf> {
  static leaf make(dice& d, int depth) {
    leaf made{any<char>(d, depth), any<std::int64_t>(d, depth), any<bool>(d, depth),
              any<double>(d, depth), any<GUID>(d, depth), {}};
    made.grid[1][2] = any<std::uint16_t>(d, depth);
    return made;
  }
};
template <>
struct any_of<branch> {
  static branch make(dice& d, int depth) {
    return {any<std::uint8_t>(d, depth),
            any<std::optional<leaf>>(d, depth),
            any<std::variant<std::uint64_t, std::string, leaf>>(d, depth),
            any<std::vector<branch>>(d, depth),
            any<std::map<std::u16string, std::vector<bool>>>(d, depth),
            any<std::array<std::wstring, 2>>(d, depth),
            any<std::chrono::milliseconds>(d, depth)};
  }
};

template <class T>
class NdrProperty : public testing::Test {};

using arguments = testing::Types<
    branch, std::vector<leaf>, std::tuple<std::string, std::vector<std::u32string>, bool, leaf>,
    std::unordered_map<std::string, std::vector<std::optional<double>>>,
    std::multiset<std::tuple<std::string, std::int16_t>>,
    std::vector<std::variant<bool, branch, std::vector<std::string>>>,
    std::optional<std::vector<std::map<std::uint8_t, std::array<std::string, 3>>>>>;
TYPED_TEST_SUITE(NdrProperty, arguments);

// `to_wire` inside checks too that counting and writing agree.
TYPED_TEST(NdrProperty, RandomTreesSurviveTheRoundTrip) {
  for (std::uint32_t seed = 0; seed != 200; ++seed) {
    dice d(seed);
    const auto value = any<TypeParam>(d, 5);
    EXPECT_TRUE(round_trip(value) == value) << "seed " << seed;
    if (this->HasFailure()) return;
  }
}

TYPED_TEST(NdrProperty, SeveralArgumentsShareOneMessage) {
  for (std::uint32_t seed = 0; seed != 50; ++seed) {
    dice d(seed);
    const std::tuple<TypeParam, std::uint8_t, TypeParam> three{
        any<TypeParam>(d, 3), any<std::uint8_t>(d, 3), any<TypeParam>(d, 3)};
    EXPECT_TRUE(round_trip(three) == three) << "seed " << seed;
    if (this->HasFailure()) return;
  }
}

TYPED_TEST(NdrProperty, DamagedMessagesAreReadOrRefusedWithoutALeak) {
  const std::size_t before = live_task_allocations();
  for (std::uint32_t seed = 0; seed != 50; ++seed) {
    dice d(seed);
    auto bytes = to_wire(any<TypeParam>(d, 3));
    for (int i = 0; i != 20 && !bytes.empty(); ++i) {
      bytes[d.below(bytes.size())] = static_cast<std::byte>(d.bits());
      const HRESULT code = code_of_reading<TypeParam>(bytes, d.below(2) == 0 ? little : big);
      EXPECT_TRUE(code == S_OK || code == HRESULT_RPC_X_BAD_STUB_DATA);
    }
  }
  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace
}  // namespace insula::test
