// SPDX-License-Identifier: MIT
#include "insula/core/implements.hpp"
#include "insula/core/weak_ref.hpp"
#include "probe.hpp"

#include <gtest/gtest.h>

namespace insula::core_tests {
namespace {

/// Offers its own INamed, and the shapes of a square inside it.
class outer_object : public implements<outer_object, INamed> {
 public:
  explicit outer_object(bool* inner_ended)
      : inner_(make_aggregated<square>(static_cast<INamed*>(this), 6, inner_ended)) {}

  HRESULT Name(const char** out) override {
    *out = "outer";
    return S_OK;
  }
  HRESULT query_interface_tail(REFIID iid, void** out) {
    if (iid != iid_of<IShape>() && iid != iid_of<ISquare>()) return E_NOINTERFACE;
    return inner_->QueryInterface(iid, out);
  }

  IUnknown* inner() { return inner_.get(); }

 private:
  com_ptr<IUnknown> inner_;  // fixed
};

TEST(Aggregation, InnerInterfaceCountsTheOuterObject) {
  const com_ptr<outer_object> outer = make<outer_object>(nullptr);
  EXPECT_EQ(references(outer), 1u);

  const com_ptr<IShape> shape = outer.as<IShape>();

  EXPECT_EQ(references(outer), 2u);
  EXPECT_EQ(references(shape), 2u);
  EXPECT_EQ(references(outer->inner()), 1u);
}

TEST(Aggregation, InnerInterfaceHasTheOuterIdentity) {
  const com_ptr<outer_object> outer = make<outer_object>(nullptr);
  const com_ptr<IShape> shape = outer.as<IShape>();

  EXPECT_EQ(shape.as<IUnknown>(), outer.as<IUnknown>());
  EXPECT_EQ(shape.as<INamed>(), com_ptr<INamed>(outer));
}

TEST(Aggregation, InnerUnknownAnswersForItself) {
  const com_ptr<outer_object> outer = make<outer_object>(nullptr);
  com_ptr<IUnknown> inner(outer->inner());

  EXPECT_EQ(inner.as<IUnknown>(), inner);
  const com_ptr<INamed> named = inner.as<INamed>();
  const char* name = nullptr;
  EXPECT_EQ(named->Name(&name), S_OK);
  EXPECT_STREQ(name, "square");
  EXPECT_EQ(inner->QueryInterface(iid_of<IShape>(), nullptr), E_POINTER);
  EXPECT_FALSE(inner.try_as<IAbsent>());
}

TEST(Aggregation, InnerEndsWithTheOuterObject) {
  const std::size_t before = live_objects();
  bool ended = false;
  com_ptr<outer_object> outer = make<outer_object>(&ended);
  com_ptr<IShape> shape = outer.as<IShape>();

  outer.reset();
  EXPECT_FALSE(ended);
  shape.reset();

  EXPECT_TRUE(ended);
  EXPECT_EQ(live_objects(), before);
}

TEST(Aggregation, WeakReferencesAreTheOuterObjects) {
  com_ptr<outer_object> outer = make<outer_object>(nullptr);
  com_ptr<IShape> shape = outer.as<IShape>();

  const weak_ref<IShape> weak{shape};
  EXPECT_EQ(weak.resolve(), shape);
  EXPECT_FALSE(com_ptr<IUnknown>(outer->inner()).try_as<IWeakReferenceSource>());

  shape.reset();
  outer.reset();
  EXPECT_FALSE(weak.resolve());
}

TEST(Aggregation, NullOuterMakesAnObjectOfItsOwn) {
  bool ended = false;
  com_ptr<IUnknown> alone = make_aggregated<square>(nullptr, 2, &ended);

  EXPECT_EQ(references(alone), 1u);
  EXPECT_EQ(alone.as<ISquare>().as<IUnknown>(), alone);

  alone.reset();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace insula::core_tests
