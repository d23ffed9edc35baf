// SPDX-License-Identifier: MIT
//
// Rows J17, J19: what arrays and text look like in the request of a real call.
#include "recording_ps_factory.hpp"
#include "two_apartments.hpp"

#include <insula/core/implements.hpp>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace insula::test {

struct IArrays : IUnknown {
  virtual HRESULT Numbers(std::uint32_t count, const std::int32_t* values) = 0;
  virtual HRESULT Table(const std::vector<std::vector<std::int32_t>>& rows) = 0;
  virtual HRESULT Text(const char* text) = 0;
  virtual HRESULT Name(const fixed_string<char, 16>& name) = 0;
};
INSULA_INTERFACE(IArrays, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0104",
                 (Numbers, in("count"), in("values", size_is("count"))), (Table, in("rows")),
                 (Text, in("text")), (Name, in("name")));

namespace {

class arrays final : public implements<arrays, IArrays> {
 public:
  HRESULT Numbers(std::uint32_t count, const std::int32_t* values) override {
    numbers.assign(values, values + count);
    return S_OK;
  }
  HRESULT Table(const std::vector<std::vector<std::int32_t>>& rows) override {
    table = rows;
    return S_OK;
  }
  HRESULT Text(const char* given) override {
    text = given;
    return S_OK;
  }
  HRESULT Name(const fixed_string<char, 16>& given) override {
    text = given.view();
    return S_OK;
  }

  std::vector<std::int32_t> numbers;
  std::vector<std::vector<std::int32_t>> table;
  std::string text;
};

/// Takes a request apart, four bytes at a time.
class request_reader {
 public:
  explicit request_reader(const std::vector<std::byte>& bytes) : bytes_(bytes) {}

  std::uint32_t word() {
    std::uint32_t value = 0;
    EXPECT_LE(at_ + sizeof value, bytes_.size());
    if (at_ + sizeof value > bytes_.size()) return value;
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::string characters(std::size_t count) {
    EXPECT_LE(at_ + count, bytes_.size());
    std::string text(reinterpret_cast<const char*>(bytes_.data()) + at_, count);
    at_ += count;
    return text;
  }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

 private:
  const std::vector<std::byte>& bytes_;  // fixed
  std::size_t at_ = 0;
};

class Wire : public two_apartments {
 protected:
  ps_record record;
  const registered_ps_factory<IArrays> watched{record};
  arrays* object = nullptr;  // looked at between calls only
  const com_ptr<IArrays> proxy = home.create<IArrays>([this] {
    auto made = make<arrays>();
    object = made.get();
    return made;
  });
};

TEST_F(Wire, J17_OfNestedArraysAllReferentsComeBeforeThePointees) {
  std::vector<std::vector<std::int32_t>> rows(5, std::vector<std::int32_t>(3));
  for (std::size_t i = 0; i != 5; ++i)
    for (std::size_t j = 0; j != 3; ++j) rows[i][j] = static_cast<std::int32_t>(10 * i + j);
  ASSERT_EQ(proxy->Table(rows), S_OK);

  request_reader request(record.request);
  EXPECT_NE(request.word(), 0u);  // the outer array, by reference
  EXPECT_EQ(request.word(), 5u);
  for (int i = 0; i != 5; ++i) EXPECT_NE(request.word(), 0u) << "referent " << i;
  for (std::uint32_t i = 0; i != 5; ++i) {
    EXPECT_EQ(request.word(), 3u) << "count of row " << i;
    for (std::uint32_t j = 0; j != 3; ++j) EXPECT_EQ(request.word(), 10 * i + j);
  }
  EXPECT_EQ(request.left(), 0u);
}

TEST_F(Wire, J17_NestedArraysArrive) {
  const std::vector<std::vector<std::int32_t>> rows{{1}, {}, {2, 3, 4}};
  ASSERT_EQ(proxy->Table(rows), S_OK);
  EXPECT_EQ(object->table, rows);
}

TEST_F(Wire, J19_AConformantArrayIsItsCountAndItsElements) {
  const std::int32_t values[] = {7, 8, 9};
  ASSERT_EQ(proxy->Numbers(3, values), S_OK);

  request_reader request(record.request);
  EXPECT_EQ(request.word(), 3u);  // the parameter `count`
  EXPECT_EQ(request.word(), 3u);
  for (const std::int32_t value : values) EXPECT_EQ(request.word(), std::uint32_t(value));
  EXPECT_EQ(request.left(), 0u);
  EXPECT_EQ(object->numbers, (std::vector<std::int32_t>{7, 8, 9}));
}

TEST_F(Wire, J19_AConformantStringIsThreeCountsAndItsCharacters) {
  ASSERT_EQ(proxy->Text("insula"), S_OK);

  request_reader request(record.request);
  EXPECT_EQ(request.word(), 7u);  // maximum, with the terminator
  EXPECT_EQ(request.word(), 0u);  // offset
  EXPECT_EQ(request.word(), 7u);  // actual
  EXPECT_EQ(request.characters(7), std::string("insula\0", 7));
  EXPECT_EQ(request.left(), 0u);
  EXPECT_EQ(object->text, "insula");
}

TEST_F(Wire, J19_AStringOfFixedSizeIsTwoCountsAndItsCharacters) {
  ASSERT_EQ(proxy->Name(fixed_string<char, 16>("insula")), S_OK);

  request_reader request(record.request);
  EXPECT_EQ(request.word(), 0u);  // offset
  EXPECT_EQ(request.word(), 7u);  // actual, with the terminator
  EXPECT_EQ(request.characters(7), std::string("insula\0", 7));
  EXPECT_EQ(request.left(), 0u);
  EXPECT_EQ(object->text, "insula");
}

}  // namespace
}  // namespace insula::test
