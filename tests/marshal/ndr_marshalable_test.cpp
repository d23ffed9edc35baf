// SPDX-License-Identifier: MIT
// What travels and what does not, decided by the compiler.
#include <insula/marshal/codecs.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace insula::test {
namespace {

struct no_codec {
  explicit no_codec(int) {}
};
struct undeclared;
struct holds_it {
  int fine;
  std::vector<std::map<int, no_codec>> deep;
};
struct list {
  int value;
  list* next;
};
struct bad_list {
  bad_list* next;
  undeclared* rest;
};
union either {
  int a;
  float b;
};
struct derived : list {
  int more;
};
struct constant {
  const int value = 1;
};
struct polymorphic {
  virtual void run();
  int value;
};
struct no_id : IUnknown {};
class hidden {
  [[maybe_unused]] int value_ = 0;
};

template <class T, class Culprit>
inline constexpr bool refused_for = !marshalable<T> && std::is_same_v<ndr_culprit_t<T>, Culprit>;

static_assert(marshalable<list> && marshalable<const list> && marshalable<list* const>);
static_assert(marshalable<int[3]> && marshalable<const int[3][4]>);
static_assert(marshalable<IUnknown*> && marshalable<com_ptr<IUnknown>>);
static_assert(marshalable<std::vector<com_ptr<IUnknown>>>);

static_assert(refused_for<no_codec, no_codec>);
static_assert(refused_for<holds_it, no_codec>, "the innermost type is named");
static_assert(refused_for<bad_list, undeclared>);
static_assert(refused_for<undeclared*, undeclared>);
static_assert(refused_for<std::variant<int, either>, either>);
static_assert(refused_for<derived, derived>);
static_assert(refused_for<constant, constant>);
static_assert(refused_for<polymorphic, polymorphic>);
static_assert(refused_for<std::optional<no_id*>, no_id*>, "an interface needs an id");
static_assert(refused_for<void*, void*> && refused_for<int&, int&>);
static_assert(refused_for<std::shared_ptr<void>, std::shared_ptr<void>>);
static_assert(refused_for<std::vector<hidden*>, hidden>);
static_assert(refused_for<std::vector<std::string*>, std::string*>, "freed, never destroyed");
static_assert(refused_for<void (*)(), void (*)()>);
static_assert(refused_for<std::function<void()>, std::function<void()>>);
static_assert(refused_for<hidden, hidden>);
static_assert(refused_for<full_ptr<const char>, full_ptr<const char>>);

static_assert(ndr_in_only<std::vector<std::string_view>>);
static_assert(ndr_in_only<std::pair<int, std::span<const int>>>);
static_assert(!ndr_in_only<list> && !ndr_in_only<std::string>);

}  // namespace

// A type of the user's own: a codec next to the type is all it takes.
class celsius {
 public:
  celsius() = default;
  explicit celsius(double degrees) : degrees_(degrees) {}
  [[nodiscard]] double degrees() const { return degrees_; }

 private:
  double degrees_ = 0;
};

}  // namespace insula::test

template <>
struct insula::ndr_codec<insula::test::celsius> : insula::ndr_codec<double> {
  using celsius = insula::test::celsius;
  static void write(ndr_writer& writer, const celsius& value) {
    writer.primitive(value.degrees());
  }
  static void write_deferred(ndr_writer&, const celsius&) {}
  static void read(ndr_reader& reader, celsius& value) {
    value = celsius(reader.primitive<double>());
  }
  static void read_deferred(ndr_reader&, celsius&) {}
  static void free(celsius&) noexcept {}
};

namespace insula::test {
namespace {

static_assert(marshalable<celsius>);

TEST(NdrCodec, CanBeWrittenForATypeOfTheUsersOwn) {
  struct weather {
    std::string place;
    std::vector<celsius> days;
  };
  const weather back = round_trip(weather{"Ostia", {celsius(21.5), celsius(-3)}});

  ASSERT_EQ(back.days.size(), 2u);
  EXPECT_EQ(back.days[0].degrees(), 21.5);
  EXPECT_EQ(back.days[1].degrees(), -3);
}

}  // namespace
}  // namespace insula::test
