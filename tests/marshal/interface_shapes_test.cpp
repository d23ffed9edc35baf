// SPDX-License-Identifier: MIT
//
// Interfaces in all the places and shapes that C++ has: instances of templates, in unnamed and
// inline namespaces, inside classes, on top of each other.
#include "loopback.hpp"

#include <insula/core/implements.hpp>

#include <string>

namespace insula::test {

template <class T>
struct IBox : IUnknown {
  virtual HRESULT Put(T value) = 0;
  virtual T get(const T& otherwise) const = 0;
  virtual HRESULT Fill(std::uint32_t n, T* items, std::uint32_t* got) = 0;
  virtual HRESULT Clone(IBox<T>** out) = 0;
};
using INumberBox = IBox<std::int32_t>;
INSULA_INTERFACE(INumberBox, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0d1", (Put), (get),
                 (Fill, in("n"), out("items", size_is("n"), length_is("got")), out("got")),
                 (Clone));
using ITextBox = IBox<std::string>;
INSULA_INTERFACE(ITextBox, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0d2", (Put), (get),
                 (Fill, in("n"), out("items", size_is("n"), length_is("got")), out("got")),
                 (Clone));

// The base is named as the type that it is, or by its alias.
struct ICounted : IBox<std::int32_t> {
  virtual std::int32_t count() = 0;
};
INSULA_INTERFACE(ICounted, IBox<std::int32_t>, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0d3", (count));

// A template on top of a template, with a comma.
template <class T, class U>
struct IPairBox : IBox<T> {
  virtual HRESULT PutBoth(T first, U second) = 0;
};
using INumberTextBox = IPairBox<std::int32_t, std::string>;
INSULA_INTERFACE(INumberTextBox, INumberBox, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0d4", (PutBoth));
struct IOnPair : IPairBox<std::int32_t, std::string> {
  virtual std::string both() = 0;
};
INSULA_INTERFACE(IOnPair, INumberTextBox, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0d5", (both));

inline namespace v2 {
struct IVersioned : IUnknown {
  virtual HRESULT Which(std::int32_t* version) = 0;
};
}  // namespace v2
// Outside of the inline namespace, which is fine.
INSULA_INTERFACE(IVersioned, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0d6",
                 (Which, out("version")));

namespace {

struct IHidden : v2::IVersioned {
  virtual HRESULT Next(IHidden* before, IHidden** after, com_ptr<IVersioned>& both) = 0;
};
INSULA_INTERFACE(IHidden, IVersioned, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0d7",
                 (Next, in, out("after"), in_out("both")));

class owner {
 public:
  struct IInner : IHidden {
    virtual bool is_inner() const = 0;
  };
};
using IInner = owner::IInner;
INSULA_INTERFACE(IInner, IHidden, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0d8", (is_inner));

template <class I>
class box_of_numbers : public implements<box_of_numbers<I>, I> {
 public:
  HRESULT Put(std::int32_t value) override {
    value_ = value;
    return S_OK;
  }
  std::int32_t get(const std::int32_t& otherwise) const override {
    return value_ == 0 ? otherwise : value_;
  }
  HRESULT Fill(std::uint32_t n, std::int32_t* items, std::uint32_t* got) override {
    *got = n / 2;
    for (std::uint32_t i = 0; i != n; ++i) items[i] = value_;
    return S_OK;
  }
  HRESULT Clone(INumberBox** out) override {
    (*out = this)->AddRef();
    return S_OK;
  }

 protected:
  std::int32_t value_ = 0;
};

class number_box final : public box_of_numbers<INumberBox> {};
class counted final : public box_of_numbers<ICounted> {
 public:
  std::int32_t count() override { return value_; }
};
class on_pair final : public box_of_numbers<IOnPair> {
 public:
  HRESULT PutBoth(std::int32_t first, std::string second) override {
    text_ = second;
    return Put(first);
  }
  std::string both() override { return std::to_string(value_) + text_; }

 private:
  std::string text_;
};
class text_box final : public implements<text_box, ITextBox> {
 public:
  HRESULT Put(std::string value) override {
    value_ = value;
    return S_OK;
  }
  std::string get(const std::string& otherwise) const override {
    return value_.empty() ? otherwise : value_;
  }
  HRESULT Fill(std::uint32_t n, std::string* items, std::uint32_t* got) override {
    *got = n;
    for (std::uint32_t i = 0; i != n; ++i) items[i] = value_;
    return S_OK;
  }
  HRESULT Clone(ITextBox** out) override {
    *out = nullptr;
    return S_FALSE;
  }

 private:
  std::string value_;
};
class insider final : public implements<insider, IInner> {
 public:
  HRESULT Which(std::int32_t* version) override {
    *version = 2;
    return S_OK;
  }
  HRESULT Next(IHidden* before, IHidden** after, com_ptr<IVersioned>& both) override {
    (*after = before)->AddRef();
    both = com_ptr<IVersioned>(this);
    return S_OK;
  }
  bool is_inner() const override { return true; }
};

class InterfaceShapes : public loopback_test {};

TEST_F(InterfaceShapes, InstancesOfATemplateTravelUnderIdsOfTheirOwn) {
  const auto numbers = make<number_box>();
  const auto texts = make<text_box>();
  loopback<INumberBox> number(static_cast<INumberBox*>(numbers.get()));
  loopback<ITextBox> text(static_cast<ITextBox*>(texts.get()));
  std::string items[2];
  std::uint32_t got = 0;

  EXPECT_EQ(number->Put(4), S_OK);
  EXPECT_EQ(number->get(1), 4);
  EXPECT_EQ(text->get("none"), "none");
  EXPECT_EQ(text->Put("text"), S_OK);
  EXPECT_EQ(text->Fill(2, items, &got), S_OK);

  EXPECT_EQ(items[1], "text");
  EXPECT_NE(iid_of<INumberBox>(), iid_of<ITextBox>());
}

TEST_F(InterfaceShapes, AnInstanceOfATemplateComesBackAsAPointer) {
  const auto numbers = make<number_box>();
  loopback<INumberBox> there(static_cast<INumberBox*>(numbers.get()));
  com_ptr<INumberBox> clone;

  EXPECT_EQ(there->Clone(clone.put()), S_OK);

  EXPECT_EQ(clone.get(), numbers.get());
}

TEST_F(InterfaceShapes, AnInstanceOfATemplateIsABase) {
  const auto object = make<counted>();
  loopback<ICounted> there(static_cast<ICounted*>(object.get()));

  EXPECT_EQ(there->Put(3), S_OK);

  EXPECT_EQ(there->count(), 3);
}

TEST_F(InterfaceShapes, TemplatesStandOnTemplates) {
  const auto object = make<on_pair>();
  loopback<IOnPair> there(static_cast<IOnPair*>(object.get()));

  EXPECT_EQ(there->PutBoth(3, "three"), S_OK);

  EXPECT_EQ(there->both(), "3three");
  EXPECT_EQ(there->get(0), 3);
}

TEST_F(InterfaceShapes, UnnamedAndInlineNamespacesAndClassesHoldInterfaces) {
  const auto object = make<insider>();
  loopback<IInner> there(static_cast<IInner*>(object.get()));
  com_ptr<IHidden> after;
  com_ptr<IVersioned> both;
  std::int32_t version = 0;

  EXPECT_EQ(there->Next(object.get(), after.put(), both), S_OK);
  EXPECT_EQ(there->Which(&version), S_OK);

  EXPECT_EQ(after.get(), static_cast<IHidden*>(object.get()));
  EXPECT_EQ(both.get(), static_cast<IVersioned*>(object.get()));
  EXPECT_EQ(version, 2);
  EXPECT_TRUE(there->is_inner());
}

}  // namespace
}  // namespace insula::test
