// SPDX-License-Identifier: MIT
#include "insula/core/weak_ref.hpp"

#include "insula/core/exception.hpp"
#include "probe.hpp"
#include "weak_block.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

namespace insula::core_tests {
namespace {

TEST(WeakRef, DoesNotKeepTheObjectAlive) {
  bool ended = false;
  com_ptr<square> strong = make<square>(2, &ended);
  const weak_ref<ISquare> weak{strong.as<ISquare>()};
  EXPECT_EQ(references(strong), 1u);

  strong.reset();

  EXPECT_TRUE(ended);
  EXPECT_FALSE(weak.resolve());
  EXPECT_TRUE(weak);
}

TEST(WeakRef, ResolvesToTheSameObjectHeld) {
  const com_ptr<ISquare> strong = make<square>();
  const weak_ref weak{strong};

  const com_ptr<ISquare> again = weak.resolve();

  EXPECT_EQ(again, strong);
  EXPECT_EQ(references(strong), 2u);
}

TEST(WeakRef, EmptyResolvesToNothing) {
  const weak_ref<ISquare> weak;
  const weak_ref<ISquare> of_null{static_cast<ISquare*>(nullptr)};

  EXPECT_FALSE(weak);
  EXPECT_FALSE(weak.resolve());
  EXPECT_FALSE(of_null.resolve());
}

TEST(WeakRef, TwoOfOneObjectShareTheirReference) {
  const com_ptr<square> strong = make<square>();
  const auto source = strong.as<IWeakReferenceSource>();
  com_ptr<IWeakReference> a;
  com_ptr<IWeakReference> b;

  EXPECT_EQ(source->GetWeakReference(a.put()), S_OK);
  EXPECT_EQ(source->GetWeakReference(b.put()), S_OK);

  EXPECT_EQ(a, b);
  EXPECT_EQ(references(a), 3u);  // a, b, and the object's own
}

TEST(WeakReferenceSource, IsPartOfTheObject) {
  const com_ptr<square> strong = make<square>();
  EXPECT_EQ(references(strong), 1u);

  const auto source = strong.as<IWeakReferenceSource>();

  EXPECT_EQ(references(strong), 2u);
  EXPECT_EQ(source.as<IUnknown>(), strong.as<IUnknown>());
  EXPECT_EQ(source->GetWeakReference(nullptr), E_POINTER);
}

TEST(WeakReference, IsNotPartOfTheObject) {
  const com_ptr<square> strong = make<square>();
  com_ptr<IWeakReference> weak;
  ASSERT_EQ(strong.as<IWeakReferenceSource>()->GetWeakReference(weak.put()), S_OK);
  void* out = &out;

  EXPECT_EQ(weak.as<IUnknown>(), com_ptr<IUnknown>(weak));
  EXPECT_FALSE(weak.try_as<ISquare>());
  EXPECT_EQ(weak->QueryInterface(iid_of<IUnknown>(), nullptr), E_POINTER);
  EXPECT_EQ(weak->Resolve(iid_of<IUnknown>(), nullptr), E_POINTER);
  EXPECT_EQ(weak->Resolve(iid_of<IAbsent>(), &out), E_NOINTERFACE);
  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(references(strong), 1u);
}

TEST(WeakReference, OutlivesItsObject) {
  com_ptr<square> strong = make<square>();
  com_ptr<IWeakReference> weak;
  ASSERT_EQ(strong.as<IWeakReferenceSource>()->GetWeakReference(weak.put()), S_OK);

  strong.reset();
  void* out = &out;

  EXPECT_EQ(weak->Resolve(iid_of<ISquare>(), &out), S_OK);
  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(references(weak), 1u);
}

/// Tries to come back while it ends.
class clinging : public implements<clinging, INamed> {
 public:
  ~clinging() override {
    came_back = static_cast<bool>(self.resolve());
    void* out = nullptr;
    fresh = QueryInterface(iid_of<IWeakReferenceSource>(), &out);
  }
  HRESULT Name(const char**) override { return E_NOTIMPL; }

  weak_ref<INamed> self;
  static inline bool came_back = true;
  static inline HRESULT fresh = S_OK;
};

TEST(WeakRef, EndingObjectDoesNotComeBack) {
  com_ptr<clinging> p = make<clinging>();
  p->self = weak_ref<INamed>{p.get()};

  p.reset();

  EXPECT_FALSE(clinging::came_back);
  EXPECT_EQ(clinging::fresh, CO_E_RELEASED);
}

TEST(WeakBlock, GivesNothingOnceTheCountIsZero) {
  // The moment between the last Release and forget_object, held still.
  const com_ptr<square> object = make<square>();
  std::atomic<ULONG> count{0};
  com_ptr<detail::weak_block> block(new detail::weak_block(object.as<IUnknown>().get(), count),
                                    take_ownership);
  void* out = &out;

  EXPECT_EQ(block->Resolve(iid_of<ISquare>(), &out), S_OK);

  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(count.load(), 0u);
  EXPECT_EQ(references(object), 1u);
}

TEST(WeakRef, RaceOfResolveAndLastReleaseHasOneWinner) {
  const std::size_t before = live_objects();
  for (int round = 0; round != 2000; ++round) {
    bool ended = false;
    com_ptr<square> strong = make<square>(7, &ended);
    weak_ref<ISquare> weak{com_ptr<ISquare>(strong)};
    std::barrier start(2);
    LONG side = 0;

    std::thread resolver([&] {
      start.arrive_and_wait();
      if (const com_ptr<ISquare> here = weak.resolve()) here->Side(&side);
    });
    start.arrive_and_wait();
    strong.reset();
    resolver.join();

    EXPECT_TRUE(ended);
    EXPECT_TRUE(side == 0 || side == 7);
    EXPECT_FALSE(weak.resolve());
  }
  EXPECT_EQ(live_objects(), before);
}

TEST(WeakRef, FirstRequestsFromTwoThreadsMeet) {
  for (int round = 0; round != 500; ++round) {
    const com_ptr<square> strong = make<square>();
    std::barrier start(2);
    com_ptr<IWeakReference> a;
    com_ptr<IWeakReference> b;
    const auto ask = [&](com_ptr<IWeakReference>& out) {
      start.arrive_and_wait();
      strong.as<IWeakReferenceSource>()->GetWeakReference(out.put());
    };

    std::thread other([&] { ask(a); });
    ask(b);
    other.join();

    EXPECT_EQ(a, b);
    EXPECT_EQ(references(strong), 1u);
  }
}

/// Has no weak references.
struct plain_object final : IUnknown {
  HRESULT QueryInterface(REFIID, void** out) override {
    *out = nullptr;
    return E_NOINTERFACE;
  }
  ULONG AddRef() override { return 2; }
  ULONG Release() override { return 1; }
};

TEST(WeakRef, ThrowsForAnObjectWithoutWeakReferences) {
  plain_object plain;

  EXPECT_THROW((void)weak_ref<IUnknown>(&plain), com_error);
}

}  // namespace
}  // namespace insula::core_tests
