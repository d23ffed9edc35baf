// SPDX-License-Identifier: MIT
//
// Rows A27, A30, A31, A32, A40: what code can learn about where it runs.
#include "counter.hpp"
#include "on_thread.hpp"
#include "two_apartments.hpp"
#include "whereabouts.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/object_context.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/error_info.hpp>

#include <unistd.h>

#include <functional>

namespace insula::test {
namespace {

TEST(ContextToken, A27_AThreadWithoutApartmentHasNone) {
  on_thread([] {
    ULONG_PTR token = 42;
    EXPECT_EQ(CoGetContextToken(&token), CO_E_NOTINITIALIZED);
    EXPECT_EQ(token, 42u);
  });
}

TEST(ContextToken, A27_NullIsRefusedWhereThereIsOne) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(CoGetContextToken(nullptr), E_POINTER);
  });
}

TEST(ContextToken, A27_EqualInOneApartmentAndDifferentInTwo) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    const ULONG_PTR mine = whereabouts().token;
    EXPECT_NE(mine, 0u);
    EXPECT_EQ(whereabouts().token, mine);
    EXPECT_NE(on_thread([] {
                const initialised other(COINIT_APARTMENTTHREADED);
                return whereabouts().token;
              }),
              mine);
  });
}

template <class I>
com_ptr<I> context_here() {
  com_ptr<I> context;
  EXPECT_EQ(CoGetObjectContext(iid_of<I>(), context.put_void()), S_OK);
  return context;
}

/// Each row holds for both models.
class ObjectContext : public testing::TestWithParam<DWORD> {
 protected:
  static void inside(const std::function<void()>& body) {
    on_thread([&body] {
      const initialised here(GetParam());
      body();
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Models, ObjectContext,
                         testing::Values(COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED),
                         [](const auto& model) {
                           return model.param == COINIT_MULTITHREADED ? "Mta" : "Sta";
                         });

TEST(ObjectContext, A30_AThreadWithoutApartmentHasNone) {
  on_thread([] {
    void* context = &context;
    EXPECT_EQ(CoGetObjectContext(iid_of<IComThreadingInfo>(), &context), CO_E_NOTINITIALIZED);
    EXPECT_EQ(context, nullptr);
  });
}

TEST_P(ObjectContext, A30_HasThreadingInfoCallbackAndContext) {
  inside([] {
    EXPECT_TRUE(context_here<IComThreadingInfo>());
    EXPECT_TRUE(context_here<IContextCallback>());
    EXPECT_TRUE(context_here<IObjContext>());
    EXPECT_TRUE(context_here<IContext>());
  });
}

TEST_P(ObjectContext, A30_IsTheSameEveryTime) {
  inside([] {
    const auto first = context_here<IComThreadingInfo>();
    const auto second = context_here<IComThreadingInfo>();
    EXPECT_EQ(first.get(), second.get());
    EXPECT_EQ(first.as<IUnknown>(), context_here<IContextCallback>().as<IUnknown>());
  });
}

TEST_P(ObjectContext, A30_TheThreadTypeSaysHowTheThreadWaits) {
  inside([] {
    THDTYPE type{};
    EXPECT_EQ(context_here<IComThreadingInfo>()->GetCurrentThreadType(&type), S_OK);
    EXPECT_EQ(type, GetParam() == COINIT_MULTITHREADED ? THDTYPE_BLOCKMESSAGES
                                                       : THDTYPE_PROCESSMESSAGES);
  });
}

TEST_P(ObjectContext, A30_TheApartmentTypeIsThatOfTheThread) {
  inside([] {
    APTTYPE type{};
    EXPECT_EQ(context_here<IComThreadingInfo>()->GetCurrentApartmentType(&type), S_OK);
    EXPECT_EQ(type, GetParam() == COINIT_MULTITHREADED ? APTTYPE_MTA : APTTYPE_MAINSTA);
  });
}

TEST_P(ObjectContext, A30_TheFinalReleaseReturnsZero) {
  inside([] {
    com_ptr<IComThreadingInfo> first = context_here<IComThreadingInfo>();
    com_ptr<IObjContext> second = context_here<IObjContext>();
    EXPECT_EQ(second.detach()->Release(), 1u);
    EXPECT_EQ(first.detach()->Release(), 0u);
    EXPECT_EQ(context_here<IContextCallback>().detach()->Release(), 0u);
  });
}

TEST_P(ObjectContext, A30_MayOutliveItsApartment) {
  com_ptr<IContextCallback> context;
  inside([&] { context = context_here<IContextCallback>(); });
  EXPECT_EQ(context->ContextCallback([](ComCallData*) { return S_OK; }, nullptr, IID_NULL, 0,
                                     nullptr),
            RPC_E_DISCONNECTED);
  EXPECT_NE(error_description().find("has closed"), std::string::npos) << error_description();
  EXPECT_EQ(context.detach()->Release(), 0u);
}

struct seen_by_callback {
  whereabouts where;
  HRESULT result;
};

HRESULT look_around(ComCallData* data) {
  auto& seen = *static_cast<seen_by_callback*>(data->pUserDefined);
  seen.where = whereabouts();
  return seen.result;
}

TEST(ObjectContext, A30_ACallbackFromElsewhereRunsInTheContextsApartment) {
  sta home("home");
  const mta_usage mta;
  com_ptr<IContextCallback> context;
  const whereabouts there = home.invoke([&] {
    context = context_here<IContextCallback>();
    return whereabouts();
  });

  seen_by_callback seen{{}, S_FALSE};
  ComCallData data{0, 0, &seen};
  EXPECT_EQ(context->ContextCallback(look_around, &data, IID_NULL, 0, nullptr), S_FALSE);
  EXPECT_EQ(seen.where.thread, there.thread);
  EXPECT_EQ(seen.where.token, there.token);
  EXPECT_EQ(apartment_here(), in_mta_implicitly);
}

TEST(ObjectContext, A30_ACallbackAtHomeRunsOnTheSpot) {
  sta_lease here("here");
  seen_by_callback seen{{}, S_OK};
  ComCallData data{0, 0, &seen};
  EXPECT_EQ(context_here<IContextCallback>()->ContextCallback(look_around, &data, IID_NULL, 0,
                                                              nullptr),
            S_OK);
  EXPECT_EQ(seen.where.thread, ::gettid());
}

TEST(ObjectContext, A30_TheCallbacksErrorComesHomeWithItsSentence) {
  sta home("home");
  com_ptr<IContextCallback> context;
  home.invoke([&] { context = context_here<IContextCallback>(); });
  const auto fail = [](ComCallData*) { return set_error(E_FAIL, "the shelf is empty"); };
  EXPECT_EQ(context->ContextCallback(fail, nullptr, IID_NULL, 0, nullptr), E_FAIL);
  EXPECT_EQ(error_description(), "the shelf is empty");
}

GUID logical_id() {
  GUID id{};
  EXPECT_EQ(CoGetCurrentLogicalThreadId(&id), S_OK);
  return id;
}

TEST(LogicalThread, A31_HasAnIdWithoutAnyApartment) {
  on_thread([] {
    const GUID id = logical_id();
    EXPECT_NE(id, GUID_NULL);
    EXPECT_EQ(logical_id(), id);
  });
}

TEST(LogicalThread, A31_NullIsRefused) {
  on_thread([] { EXPECT_EQ(CoGetCurrentLogicalThreadId(nullptr), E_INVALIDARG); });
}

TEST(LogicalThread, A31_TheIdDiffersByThread) {
  on_thread([] { EXPECT_NE(logical_id(), on_thread(logical_id)); });
}

TEST(LogicalThread, A31_TheIdIsKeptWhenTheThreadEntersAnApartment) {
  on_thread([] {
    const GUID before = logical_id();
    const initialised here(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(logical_id(), before);
  });
}

TEST_P(ObjectContext, A31_ThreadingInfoGivesTheSameId) {
  inside([] {
    GUID id{};
    EXPECT_EQ(context_here<IComThreadingInfo>()->GetCurrentLogicalThreadId(&id), S_OK);
    EXPECT_EQ(id, logical_id());
  });
}

TEST(LogicalThread, A31_ACallCarriesTheIdOfItsCaller) {
  sta home("home");
  on_thread([&] {
    const initialised here(COINIT_APARTMENTTHREADED);
    GUID inside{};
    const auto visitor_there = home.create<IVisitor>([&] {
      return make<visitor>([&](ICounter*) {
        inside = logical_id();
        return S_OK;
      });
    });
    EXPECT_EQ(visitor_there->Visit(nullptr), S_OK);
    EXPECT_EQ(inside, logical_id());
  });
}

TEST(CurrentProcess, A32_IsANumberOfTheThreadsOwn) {
  on_thread([] {
    const DWORD mine = CoGetCurrentProcess();
    EXPECT_NE(mine, 0u);
    EXPECT_EQ(CoGetCurrentProcess(), mine);
    EXPECT_NE(on_thread(CoGetCurrentProcess), mine);
  });
}

TEST(CurrentProcess, A32_IsNeitherTheProcessIdNorTheThreadId) {
  on_thread([] {
    EXPECT_NE(CoGetCurrentProcess(), static_cast<DWORD>(::getpid()));
    EXPECT_NE(CoGetCurrentProcess(), static_cast<DWORD>(::gettid()));
  });
}

/// Makes a visitor in `home` and visits it from here: where it was made, and where it was visited.
struct made_and_visited {
  explicit made_and_visited(const apartment& home) {
    const auto visitor_there = home.create<IVisitor>([this] {
      made = whereabouts();
      return make<visitor>([this](ICounter*) {
        visited = whereabouts();
        id = apartment::current().id();
        return S_OK;
      });
    });
    EXPECT_EQ(visitor_there->Visit(nullptr), S_OK);
  }
  whereabouts made;
  whereabouts visited;
  oxid id{};
};

TEST(ObjectsApartment, A40_AnStaObjectIsEnteredWhereItWasMade) {
  sta home("home");
  on_thread([&] {
    const initialised here(COINIT_MULTITHREADED);
    const made_and_visited there(home);
    EXPECT_EQ(there.visited.apartment, in_main_sta);
    EXPECT_EQ(there.visited.token, there.made.token);
    EXPECT_EQ(there.visited.thread, there.made.thread);
    EXPECT_EQ(there.id, home.get().id());
  });
}

TEST(ObjectsApartment, A40_AnotherStaIsEnteredFromTheMainOne) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    sta home("home");
    const made_and_visited there(home);
    EXPECT_EQ(there.visited.apartment, in_other_sta);
    EXPECT_EQ(there.visited.token, there.made.token);
    EXPECT_EQ(there.visited.thread, there.made.thread);
    EXPECT_EQ(there.id, home.get().id());
  });
}

TEST(ObjectsApartment, A40_AnMtaObjectIsEnteredInTheMtaOnAnotherThreadThanItsMakers) {
  on_thread([] {
    const initialised here(COINIT_MULTITHREADED);
    const oxid mta = apartment::current().id();
    const whereabouts made;
    whereabouts visited;
    oxid id{};
    const com_ptr<visitor> object = make<visitor>([&](ICounter*) {
      visited = whereabouts();
      id = apartment::current().id();
      return S_OK;
    });
    const com_ptr<IStream> packet = packet_of<IVisitor>(object.get());
    on_thread([&] {
      const initialised client(COINIT_APARTMENTTHREADED);
      EXPECT_EQ(unpacked<IVisitor>(packet)->Visit(nullptr), S_OK);
      EXPECT_NE(visited.thread, ::gettid());
    });
    EXPECT_EQ(visited.apartment, in_mta);
    EXPECT_EQ(visited.token, made.token);
    EXPECT_EQ(id, mta);
    EXPECT_NE(visited.thread, made.thread);
  });
}

}  // namespace
}  // namespace insula::test
