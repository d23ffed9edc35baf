// SPDX-License-Identifier: MIT
//
// Text of every kind, in every direction.
#include "loopback.hpp"

#include <insula/core/bstr.hpp>

#include <cstring>
#include <string>
#include <string_view>

namespace insula::test {
namespace {

struct labelled {
  const char* label = nullptr;
  std::u16string title;
};

struct IText : IUnknown {
  virtual HRESULT Pointers(const char* a, const char8_t* b, const char16_t* c, const char32_t* d,
                           std::uint64_t* lengths) = 0;
  virtual HRESULT MayBeNull(const char* text, bool* is_null) = 0;
  virtual HRESULT Made(std::uint32_t length, char** text, char16_t** wide) = 0;
  virtual HRESULT Replaced(char** text) = 0;
  virtual HRESULT Fill(std::uint32_t size, char* buffer) = 0;
  virtual HRESULT Upper(std::uint32_t size, char* buffer) = 0;
  virtual HRESULT Bstrs(BSTR in, BSTR* both, BSTR* out) = 0;
  virtual HRESULT Strings(const std::string& in, std::u16string& both, std::u32string& out) = 0;
  virtual HRESULT Nested(const labelled& in, std::string& out) = 0;
  virtual std::string shout(std::string_view text) = 0;
  virtual bstr quoted(const bstr& text) = 0;
};
INSULA_INTERFACE(IText, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b002",
                 (Pointers, in("a"), in("b"), in("c"), in("d"), out("lengths")),
                 (MayBeNull, in("text", unique), out("is_null")),
                 (Made, in("length"), out("text"), out("wide")), (Replaced, in_out("text")),
                 (Fill, in("size"), out("buffer", string, size_is("size"))),
                 (Upper, in("size"), in_out("buffer", string, size_is(1))),
                 (Bstrs, in("in", bstr), in_out("both", bstr), out("out", bstr)),
                 (Strings, in, in_out, out), (Nested, in, out), (shout), (quoted));

char* task_text(std::string_view text) {
  char* copy = static_cast<char*>(CoTaskMemAlloc(text.size() + 1));
  text.copy(copy, text.size());
  copy[text.size()] = '\0';
  return copy;
}

class texts final : public implements<texts, IText> {
 public:
  HRESULT Pointers(const char* a, const char8_t* b, const char16_t* c, const char32_t* d,
                   std::uint64_t* lengths) override {
    *lengths = std::strlen(a) + 100 * std::u8string_view(b).size() +
               10000 * std::u16string_view(c).size() + 1000000 * std::u32string_view(d).size();
    return S_OK;
  }
  HRESULT MayBeNull(const char* text, bool* is_null) override {
    *is_null = text == nullptr;
    return S_OK;
  }
  HRESULT Made(std::uint32_t length, char** text, char16_t** wide) override {
    *text = task_text(std::string(length, 'm'));
    *wide = nullptr;
    return S_OK;
  }
  HRESULT Replaced(char** text) override {
    const std::string before = *text == nullptr ? "" : *text;
    CoTaskMemFree(*text);
    *text = before == "gone" ? nullptr : task_text(before + "!");
    return S_OK;
  }
  HRESULT Fill(std::uint32_t size, char* buffer) override {
    std::memset(buffer, 'f', size);
    buffer[size / 2] = '\0';
    return S_OK;
  }
  HRESULT Upper(std::uint32_t size, char* buffer) override {
    for (std::uint32_t i = 0; i != size && buffer[i] != '\0'; ++i)
      buffer[i] = static_cast<char>(buffer[i] - 'a' + 'A');
    return S_OK;
  }
  HRESULT Bstrs(BSTR in, BSTR* both, BSTR* out) override {
    *out = SysAllocStringLen(*both, SysStringLen(*both));
    SysFreeString(*both);
    *both = in == nullptr ? nullptr : SysAllocStringLen(in, SysStringLen(in));
    return S_OK;
  }
  HRESULT Strings(const std::string& in, std::u16string& both, std::u32string& out) override {
    out.assign(in.begin(), in.end());
    both += u'+';
    return S_OK;
  }
  HRESULT Nested(const labelled& in, std::string& out) override {
    out = in.label == nullptr ? "none" : in.label;
    out += std::to_string(in.title.size());
    return S_OK;
  }
  std::string shout(std::string_view text) override { return std::string(text) + "!"; }
  bstr quoted(const bstr& text) override {
    return bstr(u"'" + std::u16string(text.view()) + u"'");
  }
};

class ParameterText : public loopback_test {
 protected:
  com_ptr<texts> object_ = make<texts>();
  IText* server() { return object_.get(); }
};

TEST_F(ParameterText, ZeroTerminatedTextArrivesInEveryCharacterType) {
  loopback<IText> there(server());
  std::uint64_t lengths = 0;

  EXPECT_EQ(there->Pointers("a", u8"\u00e9", u"abc", U"\U0001F600bcd", &lengths), S_OK);

  EXPECT_EQ(lengths, 1u + 200u + 30000u + 4000000u);
}

TEST_F(ParameterText, EmptyTextArrives) {
  loopback<IText> there(server());
  std::uint64_t lengths = 1;

  EXPECT_EQ(there->Pointers("", u8"", u"", U"", &lengths), S_OK);

  EXPECT_EQ(lengths, 0u);
}

TEST_F(ParameterText, NullTextIsRefusedUnlessItIsUnique) {
  loopback<IText> there(server());
  std::uint64_t lengths = 1;
  bool is_null = false;

  EXPECT_EQ(there->Pointers("", nullptr, u"", U"", &lengths), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(lengths, 0u);
  EXPECT_EQ(there->MayBeNull(nullptr, &is_null), S_OK);
  EXPECT_TRUE(is_null);
  EXPECT_EQ(there->MayBeNull("x", &is_null), S_OK);
  EXPECT_FALSE(is_null);
}

TEST_F(ParameterText, TextThatTheCalleeMakesComesInTaskMemory) {
  loopback<IText> there(server());
  char garbage = 'g';
  char* text = &garbage;
  char16_t* wide = reinterpret_cast<char16_t*>(&garbage);

  EXPECT_EQ(there->Made(3, &text, &wide), S_OK);

  EXPECT_STREQ(text, "mmm");
  EXPECT_EQ(wide, nullptr);
  CoTaskMemFree(text);
}

TEST_F(ParameterText, TextThatGrewComesInNewTaskMemory) {
  loopback<IText> there(server());
  char* text = task_text("hello");

  EXPECT_EQ(there->Replaced(&text), S_OK);

  EXPECT_STREQ(text, "hello!");
  CoTaskMemFree(text);
}

TEST_F(ParameterText, TextThatFitsStaysWhereItWas) {
  loopback<IText> there(server());
  char buffer[] = "hello\0room";
  char* text = buffer;
  there.channel->on_request = [](RPCOLEMESSAGE& request) {
    // Takes one character off on its way: it then comes back as long as it left.
    auto* bytes = static_cast<char*>(request.Buffer);
    std::uint32_t* counts = reinterpret_cast<std::uint32_t*>(bytes + 4);
    counts[0] = counts[2] = 5;
    bytes[4 + 12 + 4] = '\0';
    request.cbBuffer -= 1;
  };

  EXPECT_EQ(there->Replaced(&text), S_OK);

  EXPECT_EQ(text, buffer);
  EXPECT_STREQ(text, "hell!");
}

TEST_F(ParameterText, TextThatBecameNullIsNullAtTheCaller) {
  loopback<IText> there(server());
  char buffer[] = "gone";
  char* text = buffer;

  EXPECT_EQ(there->Replaced(&text), S_OK);

  EXPECT_EQ(text, nullptr);
  EXPECT_STREQ(buffer, "gone");
}

TEST_F(ParameterText, NullTextBecomesNewTaskMemory) {
  loopback<IText> there(server());
  char* text = nullptr;

  EXPECT_EQ(there->Replaced(&text), S_OK);

  EXPECT_STREQ(text, "!");
  CoTaskMemFree(text);
}

TEST_F(ParameterText, ABufferIsFilledUpToTheTerminator) {
  loopback<IText> there(server());
  char buffer[8];
  std::memset(buffer, 'x', sizeof buffer);

  EXPECT_EQ(there->Fill(8, buffer), S_OK);

  EXPECT_EQ(std::string_view(buffer, 8), std::string_view("ffff\0xxx", 8));
}

TEST_F(ParameterText, ABufferGoesThereAndBack) {
  loopback<IText> there(server());
  char buffer[8] = "abc";

  EXPECT_EQ(there->Upper(8, buffer), S_OK);

  EXPECT_STREQ(buffer, "ABC");
}

TEST_F(ParameterText, BstrsKeepTheirZerosAndTheirOwners) {
  loopback<IText> there(server());
  bstr in(std::u16string_view(u"a\0b", 3));
  bstr both(std::u16string_view(u"old"));
  BSTR out = nullptr;

  BSTR changed = both.detach();
  EXPECT_EQ(there->Bstrs(in.get(), &changed, &out), S_OK);
  both.attach(changed);

  EXPECT_EQ(both.view(), std::u16string_view(u"a\0b", 3));
  EXPECT_EQ(std::u16string_view(out, SysStringLen(out)), u"old");
  SysFreeString(out);
}

TEST_F(ParameterText, NullBstrsArriveAsNull) {
  loopback<IText> there(server());
  BSTR both = SysAllocString(u"old");
  BSTR out = nullptr;

  EXPECT_EQ(there->Bstrs(nullptr, &both, &out), S_OK);

  EXPECT_EQ(both, nullptr);
  SysFreeString(out);
}

TEST_F(ParameterText, StringsGoInEveryDirection) {
  loopback<IText> there(server());
  std::u16string both = u"two";
  std::u32string out = U"to be dropped";

  EXPECT_EQ(there->Strings(std::string("a\0b", 3), both, out), S_OK);

  EXPECT_EQ(both, u"two+");
  EXPECT_EQ(out, std::u32string(U"a\0b", 3));
}

TEST_F(ParameterText, TextInsideStructsArrives) {
  loopback<IText> there(server());
  std::string out;

  EXPECT_EQ(there->Nested({"label", u"four"}, out), S_OK);
  EXPECT_EQ(out, "label4");
  EXPECT_EQ(there->Nested({nullptr, u""}, out), S_OK);
  EXPECT_EQ(out, "none0");
}

TEST_F(ParameterText, ViewsAndBstrResultsTravel) {
  loopback<IText> there(server());

  EXPECT_EQ(there->shout("hey"), "hey!");
  EXPECT_EQ(there->quoted(bstr("q")).view(), u"'q'");
}

}  // namespace
}  // namespace insula::test
