// SPDX-License-Identifier: MIT
//
// Messages that nobody vouches for: whatever the bytes, an answer, no leak, and nothing out of
// bounds (the sanitizers look).
#include "loopback.hpp"

#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace insula::test {
namespace {

struct leaf {
  std::int32_t value = 0;
  const char* label = nullptr;
  leaf* next = nullptr;
};
INSULA_FIELDS(leaf, (next, one));

struct ITarget : IUnknown {
  virtual HRESULT Everything(std::uint32_t count, const std::int32_t* values, const char* text,
                             const leaf* list, leaf& both, char** words, const double* maybe) = 0;
  virtual HRESULT Buffers(std::uint32_t size, std::byte* out, std::uint32_t* used,
                          std::uint32_t room, char16_t* text) = 0;
  virtual HRESULT Allocated(std::uint32_t* count, leaf** items, std::int64_t** number) = 0;
  virtual std::map<std::string, std::variant<std::int32_t, std::vector<std::string>>> containers(
      const std::vector<std::optional<std::u16string>>& in) = 0;
};
INSULA_INTERFACE(ITarget, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b090",
                 (Everything, in("count"), in("values", size_is("count")), in("text"),
                  in("list", unique), in_out("both"), in_out("words"), in("maybe", unique)),
                 (Buffers, in("size"), out("out", size_is("size"), length_is("used")), out("used"),
                  in("room"), in_out("text", string, size_is("room"))),
                 (Allocated, out("count"), out("items", size_is("count")), out("number")),
                 (containers));

template <class T>
T* task_new() {
  return new (CoTaskMemAlloc(sizeof(T))) T{};
}

class target final : public implements<target, ITarget> {
 public:
  HRESULT Everything(std::uint32_t count, const std::int32_t* values, const char* text,
                     const leaf* list, leaf& both, char** words, const double* maybe) override {
    std::int64_t sum = static_cast<std::int64_t>(std::strlen(text));
    for (std::uint32_t i = 0; i != count; ++i) sum += values[i];
    for (; list != nullptr; list = list->next)
      sum += list->value + (list->label == nullptr ? 0 : static_cast<std::int64_t>(
                                                             std::strlen(list->label)));
    for (leaf* one = &both; one != nullptr; one = one->next) one->value += 1;
    if (*words != nullptr) sum += static_cast<std::int64_t>(std::strlen(*words));
    if (maybe != nullptr) sum += *maybe > 0 ? 1 : 0;
    return sum == 0 ? S_FALSE : S_OK;
  }
  HRESULT Buffers(std::uint32_t size, std::byte* out, std::uint32_t* used, std::uint32_t room,
                  char16_t* text) override {
    *used = size < 4 ? size : 4;
    std::memset(out, 1, *used);
    if (room > 0) text[room - 1] = u'\0';
    return S_OK;
  }
  HRESULT Allocated(std::uint32_t* count, leaf** items, std::int64_t** number) override {
    *count = 1;
    *items = task_new<leaf>();
    (*items)->next = task_new<leaf>();
    *number = task_new<std::int64_t>();
    return S_OK;
  }
  std::map<std::string, std::variant<std::int32_t, std::vector<std::string>>> containers(
      const std::vector<std::optional<std::u16string>>& in) override {
    return {{"size", static_cast<std::int32_t>(in.size())},
            {"texts", std::vector<std::string>(in.size() < 8 ? in.size() : 8, "t")}};
  }
};

class ParameterHostile : public loopback_test {
 protected:
  // Each call frees what it got; it may fail or throw, but nothing else.
  void everything() {
    leaf second{2, "two", nullptr};
    const leaf first{1, nullptr, &second};
    leaf both{3, nullptr, nullptr};
    const std::int32_t values[] = {1, 2, 3};
    const double maybe = 1;
    char* words = static_cast<char*>(CoTaskMemAlloc(6));
    std::memcpy(words, "words", 6);
    const leaf before = both;
    (void)there_->Everything(3, values, "text", &first, both, &words, &maybe);
    CoTaskMemFree(words);
    if (both.label != before.label) CoTaskMemFree(const_cast<char*>(both.label));
    ndr_codec<leaf*>::free(both.next);
  }
  void buffers() {
    std::byte out[100];
    std::uint32_t used = 0;
    char16_t text[10] = u"wide";
    (void)there_->Buffers(100, out, &used, 10, text);
  }
  void allocated() {
    std::uint32_t count = 0;
    leaf* items = nullptr;
    std::int64_t* number = nullptr;
    (void)there_->Allocated(&count, &items, &number);
    for (std::uint32_t i = 0; items != nullptr && i != count; ++i) ndr_codec<leaf>::free(items[i]);
    CoTaskMemFree(items);
    CoTaskMemFree(number);
  }
  void containers() {
    try {
      (void)there_->containers({u"one", std::nullopt, u""});
    } catch (const std::exception&) {
    }
  }

  // Runs `call` once per byte of the message that `hook` sees and per way to spoil that byte.
  template <class Call>
  int spoil(std::function<void(RPCOLEMESSAGE&)>& hook, Call call) {
    std::size_t size = 0;
    hook = [&](RPCOLEMESSAGE& message) { size = message.cbBuffer; };
    call();
    int spoiled = 0;
    for (std::size_t at = 0; at != size; ++at)
      for (const std::uint8_t with : std::initializer_list<std::uint8_t>{0x01, 0x80, 0xFF}) {
        hook = [&](RPCOLEMESSAGE& message) {
          if (at >= message.cbBuffer) return;
          static_cast<std::uint8_t*>(message.Buffer)[at] ^= with;
          ++spoiled;
        };
        call();
      }
    hook = nullptr;
    EXPECT_EQ(there_.channel->buffers_out, 0);
    return spoiled;
  }

  com_ptr<target> object_ = make<target>();
  loopback<ITarget> there_{static_cast<ITarget*>(object_.get())};
};

TEST_F(ParameterHostile, SpoiledRequestsAreSurvived) {
  auto& hook = there_.channel->on_request;

  EXPECT_GT(spoil(hook, [&] { everything(); }), 300);
  EXPECT_GT(spoil(hook, [&] { buffers(); }), 50);
  EXPECT_GT(spoil(hook, [&] { containers(); }), 50);
}

TEST_F(ParameterHostile, SpoiledRepliesAreSurvived) {
  auto& hook = there_.channel->on_reply;

  EXPECT_GT(spoil(hook, [&] { everything(); }), 50);
  EXPECT_GT(spoil(hook, [&] { buffers(); }), 50);
  EXPECT_GT(spoil(hook, [&] { allocated(); }), 50);
  EXPECT_GT(spoil(hook, [&] { containers(); }), 50);
}

TEST_F(ParameterHostile, MessagesInBigEndianOrderSayingSoAreRead) {
  there_.channel->on_request = [](RPCOLEMESSAGE& message) {
    // size, room, then the text's counts: all of four bytes; the text itself of two.
    auto* bytes = static_cast<std::uint8_t*>(message.Buffer);
    constexpr std::size_t words = 5;
    for (std::size_t i = 0; i != 4 * words; i += 4) {
      std::swap(bytes[i], bytes[i + 3]);
      std::swap(bytes[i + 1], bytes[i + 2]);
    }
    for (std::size_t i = 4 * words; i != message.cbBuffer; i += 2)
      std::swap(bytes[i], bytes[i + 1]);
    message.dataRepresentation = 0;
  };
  std::byte out[8] = {};
  std::uint32_t used = 0;
  char16_t text[10] = u"wide";

  EXPECT_EQ(there_->Buffers(8, out, &used, 10, text), S_OK);

  EXPECT_EQ(used, 4u);
  EXPECT_EQ(std::u16string(text), u"wide");
}

}  // namespace
}  // namespace insula::test
