// SPDX-License-Identifier: MIT
#include "insula/core/com_ptr.hpp"

#include "insula/core/exception.hpp"
#include "insula/core/weak_ref.hpp"
#include "probe.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace insula::core_tests {
namespace {

TEST(ComPtr, ReleasesItsReferenceWhenItGoes) {
  bool ended = false;
  {
    const com_ptr<square> p = make<square>(2, &ended);
    EXPECT_EQ(references(p), 1u);
    EXPECT_FALSE(ended);
  }
  EXPECT_TRUE(ended);
}

TEST(ComPtr, CopyAddsAReferenceAndMoveDoesNot) {
  com_ptr<ISquare> a = make<square>();
  com_ptr<ISquare> b = a;
  EXPECT_EQ(references(a), 2u);

  com_ptr<ISquare> c = std::move(b);

  EXPECT_EQ(references(a), 2u);
  EXPECT_EQ(b, nullptr);
  EXPECT_EQ(c, a);
}

TEST(ComPtr, RawPointerIsCountedOnItsOwn) {
  com_ptr<ISquare> owner = make<square>();

  const com_ptr<ISquare> second(owner.get());

  EXPECT_EQ(references(owner), 2u);
}

TEST(ComPtr, TakesOverAReferenceWhenTold) {
  com_ptr<ISquare> owner = make<square>();

  const com_ptr<ISquare> second(owner.detach(), take_ownership);

  EXPECT_EQ(references(second), 1u);
  EXPECT_FALSE(owner);
}

TEST(ComPtr, PutLetsGoFirst) {
  bool ended = false;
  com_ptr<square> p = make<square>(2, &ended);

  square** const address = p.put();

  EXPECT_TRUE(ended);
  EXPECT_EQ(*address, nullptr);
  *address = make<square>().detach();
  EXPECT_EQ(references(p), 1u);
}

TEST(ComPtr, AttachAndDetachDoNotCount) {
  square* const raw = make<square>().detach();
  EXPECT_EQ(references(raw), 1u);

  com_ptr<square> p;
  p.attach(raw);

  EXPECT_EQ(references(p), 1u);
  EXPECT_EQ(p.detach(), raw);
  EXPECT_EQ(raw->Release(), 0u);
}

TEST(ComPtr, AttachReleasesWhatItHeld) {
  bool ended = false;
  com_ptr<square> p = make<square>(2, &ended);

  p.attach(nullptr);

  EXPECT_TRUE(ended);
}

TEST(ComPtr, CopyFromAndCopyToCount) {
  const com_ptr<ISquare> p = make<square>();
  com_ptr<ISquare> from;
  ISquare* to = nullptr;

  from.copy_from(p.get());
  p.copy_to(&to);

  EXPECT_EQ(references(p), 3u);
  EXPECT_EQ(to->Release(), 2u);
}

TEST(ComPtr, EmptyCopiesToNull) {
  ISquare* to = reinterpret_cast<ISquare*>(16);

  com_ptr<ISquare>().copy_to(&to);

  EXPECT_EQ(to, nullptr);
}

TEST(ComPtr, AssigningItselfKeepsTheObject) {
  bool ended = false;
  com_ptr<square> p = make<square>(2, &ended);
  com_ptr<square>& same = p;

  p = same;

  EXPECT_FALSE(ended);
  EXPECT_EQ(references(p), 1u);
}

TEST(ComPtr, ConvertsToWhatItDerivesFrom) {
  com_ptr<ISquare> derived = make<square>();

  const com_ptr<IShape> copied = derived;
  EXPECT_EQ(references(derived), 2u);
  const com_ptr<IShape> moved = std::move(derived);

  EXPECT_EQ(references(moved), 2u);
  EXPECT_EQ(copied, moved);
  static_assert(!std::is_convertible_v<com_ptr<IShape>, com_ptr<ISquare>>);
  static_assert(!std::is_convertible_v<com_ptr<INamed>, com_ptr<IShape>>);
}

TEST(ComPtr, AsGivesAnotherInterfaceOfTheSameObject) {
  const com_ptr<ISquare> p = make<square>();

  const com_ptr<INamed> named = p.as<INamed>();

  EXPECT_EQ(references(p), 2u);
  EXPECT_EQ(named.as<IUnknown>(), p.as<IUnknown>());
  const char* name = nullptr;
  EXPECT_EQ(named->Name(&name), S_OK);
  EXPECT_STREQ(name, "square");
}

TEST(ComPtr, AsThrowsWhenTheInterfaceIsMissing) {
  const com_ptr<ISquare> p = make<square>();
  try {
    (void)p.as<IAbsent>();
    FAIL() << "no exception";
  } catch (const com_error& error) {
    EXPECT_EQ(error.code(), E_NOINTERFACE);
    EXPECT_NE(std::string(error.what()).find(to_string(iid_of<IAbsent>())), std::string::npos);
  }
  EXPECT_EQ(references(p), 1u);
}

TEST(ComPtr, TryAsIsEmptyWhenTheInterfaceIsMissing) {
  const com_ptr<ISquare> p = make<square>();

  EXPECT_FALSE(p.try_as<IAbsent>());
  EXPECT_TRUE(p.try_as<IShape>());
  EXPECT_EQ(references(p), 1u);
}

/// Refuses every interface and leaves its own address behind, uncounted.
struct careless final : INamed {
  HRESULT QueryInterface(REFIID, void** out) override {
    *out = this;
    return E_NOINTERFACE;
  }
  ULONG AddRef() override { return static_cast<ULONG>(++count); }
  ULONG Release() override { return static_cast<ULONG>(--count); }
  HRESULT Name(const char**) override { return E_NOTIMPL; }
  int count = 1;
};

TEST(ComPtr, DoesNotReleaseWhatARefusalLeftBehind) {
  careless object;
  const com_ptr<INamed> p(&object);

  EXPECT_FALSE(p.try_as<IAbsent>());
  EXPECT_THROW((void)p.as<IAbsent>(), com_error);
  EXPECT_THROW((void)weak_ref<INamed>(p), com_error);
  EXPECT_EQ(object.count, 2);
}

TEST(ComPtr, EmptyAsksNobody) {
  const com_ptr<ISquare> empty;

  EXPECT_FALSE(empty.as<INamed>());
  EXPECT_FALSE(empty.try_as<INamed>());
}

TEST(ComPtr, SwapsAndResets) {
  com_ptr<square> a = make<square>(1);
  com_ptr<square> b;
  square* const raw = a.get();

  swap(a, b);
  EXPECT_EQ(a, nullptr);
  EXPECT_EQ(b, raw);

  b.reset();
  EXPECT_FALSE(b);
}

/// Looks at the pointer that holds it while it ends.
class watcher : public implements<watcher, INamed> {
 public:
  explicit watcher(com_ptr<watcher>* holder, bool* empty) : holder_(holder), empty_(empty) {}
  ~watcher() override { *empty_ = holder_->get() == nullptr; }
  HRESULT Name(const char**) override { return E_NOTIMPL; }

 private:
  com_ptr<watcher>* holder_;  // fixed
  bool* empty_;               // fixed
};

TEST(ComPtr, IsEmptyBeforeTheObjectEnds) {
  bool empty = false;
  com_ptr<watcher> p;
  p = make<watcher>(&p, &empty);

  p.reset();

  EXPECT_TRUE(empty);
}

TEST(ComPtr, WorksAsAKey) {
  const com_ptr<square> p = make<square>();

  const std::unordered_set<com_ptr<square>> set{p, p};

  EXPECT_EQ(set.size(), 1u);
  EXPECT_EQ(references(p), 2u);
}

}  // namespace
}  // namespace insula::core_tests
