// SPDX-License-Identifier: MIT
//
// A codec of somebody else's, with no more than ndr_codec.hpp asks for, wherever a type may stand.
#include "loopback.hpp"
#include "wire_bytes.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace insula::test {

/// Neither an aggregate nor open.
class reading {
 public:
  reading() = default;
  explicit reading(std::int32_t value) : value_(value) {}
  [[nodiscard]] std::int32_t value() const { return value_; }
  friend auto operator<=>(const reading&, const reading&) = default;

 private:
  std::int32_t value_ = 0;
};

}  // namespace insula::test

template <>
struct insula::ndr_codec<insula::test::reading> {
  using reading = insula::test::reading;
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 4;
  static constexpr std::size_t fixed_size = 4;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;
  static void write(ndr_writer& writer, const reading& value) { writer.primitive(value.value()); }
  static void read(ndr_reader& reader, reading& value) {
    value = test::reading(reader.primitive<std::int32_t>());
  }
  static void free(reading&) noexcept {}
};

namespace insula::test {
namespace {

struct report {
  std::string title;
  reading one;
  fixed_string<char, 8> unit;
  friend bool operator==(const report&, const report&) = default;
};

using many = std::tuple<reading, std::string, fixed_string<char16_t, 4>>;
using either = std::variant<reading, std::string, fixed_string<char, 4>>;
using filed = std::map<std::string, std::optional<reading>>;

TEST(CodecOwn, StandsBesideWhatHasPointees) {
  const report value{"oven", reading(180), fixed_string<char, 8>("C")};
  EXPECT_EQ(round_trip(value), value);
  const many tuple{reading(1), "one", fixed_string<char16_t, 4>(u"I")};
  EXPECT_EQ(round_trip(tuple), tuple);
  for (const either& arm : {either(reading(2)), either("two"), either(fixed_string<char, 4>("II"))})
    EXPECT_EQ(round_trip(arm), arm);
  const filed map{{"a", reading(3)}, {"b", std::nullopt}};
  EXPECT_EQ(round_trip(map), map);
}

struct IReadings : IUnknown {
  virtual reading twice(const reading& value) = 0;
  virtual std::vector<reading> sorted(std::span<const reading> values) = 0;
  virtual HRESULT Swap(reading* one, report& other) = 0;
};
INSULA_INTERFACE(IReadings, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b00e", (twice), (sorted),
                 (Swap, in_out));

class readings final : public implements<readings, IReadings> {
 public:
  reading twice(const reading& value) override { return reading(2 * value.value()); }
  std::vector<reading> sorted(std::span<const reading> values) override {
    std::vector<reading> all(values.begin(), values.end());
    std::ranges::sort(all);
    return all;
  }
  HRESULT Swap(reading* one, report& other) override {
    std::swap(*one, other.one);
    return S_OK;
  }
};

class CodecOwnParameter : public loopback_test {
 protected:
  com_ptr<readings> object_ = make<readings>();
};

TEST_F(CodecOwnParameter, TravelsEveryWay) {
  const loopback<IReadings> there(static_cast<IReadings*>(object_.get()));
  const reading values[] = {reading(3), reading(1)};

  EXPECT_EQ(there->twice(reading(21)), reading(42));
  EXPECT_EQ(there->sorted(values), (std::vector{reading(1), reading(3)}));

  reading one(7);
  report other{"x", reading(8), {}};
  EXPECT_EQ(there->Swap(&one, other), S_OK);
  EXPECT_EQ(one, reading(8));
  EXPECT_EQ(other.one, reading(7));
}

}  // namespace
}  // namespace insula::test
