// SPDX-License-Identifier: MIT
#include "insula/core/contain.hpp"

#include "insula/core/error_info.hpp"
#include "insula/core/exception.hpp"
#include "insula/core/weak_ref.hpp"
#include "log_lines.hpp"
#include "probe.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace insula::core_tests {
namespace {

using test::log_lines;

/// Throws wherever it is told to.
class unruly : public implements<unruly, INamed> {
 public:
  HRESULT Name(const char** out) override {
    *out = "unruly";
    return S_OK;
  }
  HRESULT query_interface_tail(REFIID, void** out) {
    if (on_query) on_query(out);
    return E_NOINTERFACE;
  }
  ~unruly() override {
    if (at_end) at_end();
  }

  std::function<void(void**)> on_query;
  std::function<void()> at_end;
};

/// What a class that counts by hand may do.
class throws_in_release final : public INamed {
 public:
  explicit throws_in_release(int& releases) : releases_(releases) {}
  HRESULT QueryInterface(REFIID, void** out) override {
    *out = nullptr;
    return E_NOINTERFACE;
  }
  ULONG AddRef() override { return 2; }
  ULONG Release() override {
    ++releases_;
    throw std::runtime_error("the drawer is stuck");
  }
  HRESULT Name(const char**) override { return E_NOTIMPL; }

 private:
  int& releases_;
};

class outer_that_throws final : public IUnknown {
 public:
  HRESULT QueryInterface(REFIID, void** out) override {
    *out = nullptr;
    return E_NOINTERFACE;
  }
  ULONG AddRef() override { return 2; }
  ULONG Release() override { return 1; }
};

/// An error object of somebody's own, of which nothing can be read.
class unreadable_error final : public implements<unreadable_error, IErrorInfo> {
 public:
  HRESULT GetGUID(GUID*) override { throw std::runtime_error("no guid"); }
  HRESULT GetSource(BSTR*) override { throw std::runtime_error("no source"); }
  HRESULT GetDescription(BSTR*) override { throw std::runtime_error("no description"); }
  HRESULT GetHelpFile(BSTR*) override { throw std::runtime_error("no help file"); }
  HRESULT GetHelpContext(DWORD*) override { throw std::runtime_error("no help"); }
  HRESULT query_interface_tail(REFIID, void**) { throw std::runtime_error("no interface"); }
};

TEST(Contain, ADestructorThatThrowsEndsTheObjectAndIsLoggedWithItsClass) {
  const log_lines log;
  const std::size_t before = live_objects();
  com_ptr<unruly> object = make<unruly>();
  object->at_end = [] { throw std::runtime_error("the lid is jammed"); };

  EXPECT_EQ(object.detach()->Release(), 0u);

  EXPECT_EQ(live_objects(), before);
  EXPECT_NE(log.text().find("unruly threw: the lid is jammed"), std::string::npos) << log.text();
}

TEST(Contain, AnExceptionThatIsNoStdExceptionIsContainedToo) {
  const log_lines log;
  com_ptr<unruly> object = make<unruly>();
  object->at_end = [] { throw 7; };

  object.reset();

  EXPECT_NE(log.text().find("no std::exception"), std::string::npos) << log.text();
}

TEST(Contain, ADestructorOfAnAggregatedObjectThatThrowsIsContained) {
  const log_lines log;
  const std::size_t before = live_objects();
  outer_that_throws outer;
  com_ptr<IUnknown> inner = make_aggregated<unruly>(&outer);
  com_ptr<INamed> named;
  ASSERT_EQ(query_interface(inner.get(), &named), S_OK);
  static_cast<unruly*>(named.detach())->at_end = [] { throw std::runtime_error("inner"); };

  inner.reset();

  EXPECT_EQ(live_objects(), before);
  EXPECT_NE(log.text().find("inner"), std::string::npos) << log.text();
}

class leaves_late : public implements<leaves_late, INamed> {
 public:
  HRESULT Name(const char**) override { return E_NOTIMPL; }
  static void final_release(std::unique_ptr<leaves_late> self) {
    const std::unique_ptr<leaves_late> ends = std::move(self);
    throw std::runtime_error("no better place");
  }
};

TEST(Contain, AFinalReleaseThatThrowsIsContained) {
  const log_lines log;
  const std::size_t before = live_objects();

  make<leaves_late>().reset();

  EXPECT_EQ(live_objects(), before);
  EXPECT_NE(log.text().find("final_release"), std::string::npos) << log.text();
  EXPECT_NE(log.text().find("leaves_late"), std::string::npos) << log.text();
}

TEST(Contain, AReleaseThatThrowsIsLoggedWithTheInterface) {
  const log_lines log;
  int releases = 0;
  throws_in_release object(releases);
  {
    com_ptr<INamed> held(&object);
    com_ptr<INamed> second(&object);
    held.attach(nullptr);
    *second.put() = nullptr;
  }

  EXPECT_EQ(releases, 2);
  EXPECT_NE(log.text().find("INamed threw: the drawer is stuck"), std::string::npos) << log.text();
}

TEST(Contain, ADestructorThatThrowsDuringAnExceptionIsContained) {
  const log_lines log;
  std::string caught;
  try {
    com_ptr<unruly> object = make<unruly>();
    object->at_end = [] { throw std::runtime_error("second"); };
    throw std::runtime_error("first");
  } catch (const std::exception& error) {
    caught = error.what();
  }
  EXPECT_EQ(caught, "first");
  EXPECT_NE(log.text().find("second"), std::string::npos) << log.text();
}

TEST(Contain, AQueryThatThrowsLeavesThePointerEmpty) {
  com_ptr<unruly> object = make<unruly>();
  object->on_query = [&](void** out) {
    *out = &out;
    throw std::runtime_error("half done");
  };
  com_ptr<IShape> shape;

  EXPECT_THROW((void)query_interface(object.get(), &shape), std::runtime_error);

  EXPECT_FALSE(shape);
  EXPECT_EQ(references(object), 1u);
}

TEST(Contain, AQueryThatThrowsBehindAWeakReferenceKeepsNoReference) {
  com_ptr<unruly> object = make<unruly>();
  const weak_ref<INamed> weak{com_ptr<INamed>(object)};
  com_ptr<IWeakReferenceSource> source = object.as<IWeakReferenceSource>();
  com_ptr<IWeakReference> reference;
  ASSERT_EQ(source->GetWeakReference(reference.put()), S_OK);
  source.reset();
  object->on_query = [](void**) { throw std::runtime_error("not now"); };
  com_ptr<IShape> shape;

  EXPECT_THROW((void)reference->Resolve(iid_of<IShape>(), shape.put_void()), std::runtime_error);

  EXPECT_EQ(references(object), 1u);
}

TEST(Contain, AnErrorObjectThatThrowsDoesNotTakeThePlaceOfTheError) {
  const com_ptr<IErrorInfo> unreadable = make<unreadable_error>();
  SetErrorInfo(0, unreadable.get());
  EXPECT_EQ(error_description(), "");
  try {
    throw_if_failed(E_ACCESSDENIED);
    FAIL() << "no exception";
  } catch (const com_error& error) {
    EXPECT_EQ(error.code(), E_ACCESSDENIED);
  }
}

TEST(Contain, AnErrorObjectThatThrowsIsCopiedAsAnEmptyOne) {
  const com_ptr<IErrorInfo> copy = copy_error_info(make<unreadable_error>().get());
  ASSERT_TRUE(copy);
  EXPECT_EQ(error_description(copy.get()), "");
  EXPECT_EQ(abi_guard([&]() -> HRESULT { throw com_error(E_ABORT, copy); }), E_ABORT);
  SetErrorInfo(0, nullptr);
}

}  // namespace
}  // namespace insula::core_tests
