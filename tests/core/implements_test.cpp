// SPDX-License-Identifier: MIT
#include "insula/core/implements.hpp"

#include "probe.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace insula::core_tests {
namespace {

TEST(Implements, StartsWithOneReference) {
  const com_ptr<square> p = make<square>();

  EXPECT_EQ(p->AddRef(), 2u);
  EXPECT_EQ(p->Release(), 1u);
}

TEST(Implements, AnswersForEachInterfaceAndItsBases) {
  const com_ptr<square> p = make<square>(5);
  com_ptr<IShape> shape;
  com_ptr<INamed> named;

  EXPECT_EQ(p->QueryInterface(iid_of<IShape>(), shape.put_void()), S_OK);
  EXPECT_EQ(p->QueryInterface(iid_of<INamed>(), named.put_void()), S_OK);

  EXPECT_EQ(references(p), 3u);
  LONG area = 0;
  EXPECT_EQ(shape->Area(&area), S_OK);
  EXPECT_EQ(area, 25);
  EXPECT_EQ(shape.as<ISquare>(), p);
}

TEST(Implements, IdentityIsTheSameFromEveryInterface) {
  const com_ptr<square> p = make<square>();
  const com_ptr<IUnknown> identity = p.as<IUnknown>();

  EXPECT_EQ(p.as<ISquare>().as<IUnknown>(), identity);
  EXPECT_EQ(p.as<IShape>().as<IUnknown>(), identity);
  EXPECT_EQ(p.as<INamed>().as<IUnknown>(), identity);
  EXPECT_EQ(identity.get(), static_cast<IUnknown*>(static_cast<ISquare*>(p.get())));
}

TEST(Implements, RefusesWhatItDoesNotHave) {
  const com_ptr<square> p = make<square>();
  void* out = &out;

  EXPECT_EQ(p->QueryInterface(iid_of<IAbsent>(), &out), E_NOINTERFACE);
  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(p->QueryInterface(iid_of<IShape>(), nullptr), E_POINTER);
  EXPECT_EQ(references(p), 1u);
}

TEST(Implements, CountsLiveObjects) {
  const std::size_t before = live_objects();
  {
    const com_ptr<square> a = make<square>();
    const com_ptr<square> b = make<square>();
    EXPECT_EQ(live_objects(), before + 2);
  }
  EXPECT_EQ(live_objects(), before);
}

class thrower : public implements<thrower, INamed> {
 public:
  thrower() {
    com_ptr<INamed> self(this);  // taken and given back
    self.reset();
    throw std::runtime_error("no");
  }
  HRESULT Name(const char**) override { return E_NOTIMPL; }
};

TEST(Implements, ThrowingConstructorLeavesNothingBehind) {
  const std::size_t before = live_objects();

  EXPECT_THROW((void)make<thrower>(), std::runtime_error);
  EXPECT_THROW((void)make_aggregated<thrower>(make<square>().as<IUnknown>().get()),
               std::runtime_error);

  EXPECT_EQ(live_objects(), before);
}

class self_user : public implements<self_user, INamed> {
 public:
  explicit self_user(int* ended) : ended_(ended) {}
  ~self_user() override {
    const com_ptr<INamed> again(this);
    const com_ptr<IUnknown> identity = again.as<IUnknown>();
    ++*ended_;
  }
  HRESULT Name(const char**) override { return E_NOTIMPL; }

 private:
  int* ended_;  // fixed
};

TEST(Implements, EndsOnceThoughItsDestructorUsesIt) {
  int ended = 0;

  make<self_user>(&ended).reset();

  EXPECT_EQ(ended, 1);
}

class postponed : public implements<postponed, INamed> {
 public:
  explicit postponed(bool* ended) : ended_(ended) {}
  ~postponed() override { *ended_ = true; }
  static void final_release(std::unique_ptr<postponed> self) {
    const com_ptr<INamed> pair(self.get());
    waiting = std::move(self);
  }
  HRESULT Name(const char**) override { return E_NOTIMPL; }

  static inline std::unique_ptr<postponed> waiting;

 private:
  bool* ended_;  // fixed
};

TEST(Implements, FinalReleaseMayPostponeTheEnd) {
  bool ended = false;

  make<postponed>(&ended).reset();
  EXPECT_TRUE(postponed::waiting);
  EXPECT_FALSE(ended);

  postponed::waiting.reset();
  EXPECT_TRUE(ended);
}

class with_tail : public implements<with_tail, INamed> {
 public:
  HRESULT Name(const char**) override { return E_NOTIMPL; }
  HRESULT query_interface_tail(REFIID iid, void** out) {
    ++asked;
    if (iid == guid("9b0a3d40-6a52-4c7e-8d10-0000000000ff")) return E_ACCESSDENIED;
    if (iid != iid_of<IShape>()) return E_NOINTERFACE;
    return shape->QueryInterface(iid, out);
  }

  int asked = 0;
  com_ptr<square> shape = make<square>(4);
};

TEST(Implements, AsksTheTailOnlyForWhatIsNotListed) {
  const com_ptr<with_tail> p = make<with_tail>();

  EXPECT_TRUE(p.as<INamed>());
  EXPECT_EQ(p->asked, 0);
  EXPECT_TRUE(p.as<IShape>());
  EXPECT_EQ(p->asked, 1);
  EXPECT_FALSE(p.try_as<IAbsent>());
}

TEST(Implements, TailMayRefuseWithItsOwnCode) {
  const com_ptr<with_tail> p = make<with_tail>();
  void* out = nullptr;

  EXPECT_EQ(p->QueryInterface(guid("9b0a3d40-6a52-4c7e-8d10-0000000000ff"), &out), E_ACCESSDENIED);
}

TEST(Implements, TailLeavesWeakReferencesWorking) {
  const com_ptr<with_tail> p = make<with_tail>();

  EXPECT_TRUE(p.try_as<IWeakReferenceSource>());
}

TEST(Implements, CountSurvivesManyThreads) {
  bool ended = false;
  com_ptr<ISquare> p = make<square>(2, &ended);
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([p] {
      for (int n = 0; n != 20000; ++n)
        const com_ptr<ISquare> copy = p;
    });
  for (std::thread& thread : threads)
    thread.join();

  EXPECT_EQ(references(p), 1u);
  EXPECT_FALSE(ended);
  p.reset();
  EXPECT_TRUE(ended);
}

TEST(Implements, AddsThreeWordsToItsTables) {
  class bare : public implements<bare, INamed> {
    HRESULT Name(const char**) override { return S_OK; }
  };
  EXPECT_EQ(sizeof(bare), sizeof(INamed) + 3 * sizeof(void*));
}

}  // namespace
}  // namespace insula::core_tests
