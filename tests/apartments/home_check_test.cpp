// SPDX-License-Identifier: MIT
#include "counter.hpp"
#include "log_lines.hpp"
#include "on_thread.hpp"
#include "whereabouts.hpp"

#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/implements.hpp>

#include <gtest/gtest.h>

#include <string>

namespace insula::test {
namespace {

/// Counts nothing; checks its home at each entry.
class homely final : public implements<homely, ICounter> {
 public:
  static constexpr bool checks_home = true;
  HRESULT Add(LONG amount, LONG* total) override {
    return abi_guard([&] {
      require_home();
      *total = amount;
    });
  }
  HRESULT Thread(std::int64_t* id) override {
    *id = 0;
    return S_OK;
  }
};

class at_home_everywhere final : public implements<at_home_everywhere, INamed> {
 public:
  static constexpr bool checks_home = false;
  HRESULT Length(const char*, ULONG*) override {
    require_home();
    return S_OK;
  }
};

/// Says nothing about it.
class unsaid final : public implements<unsaid, INamed> {
 public:
  HRESULT Length(const char*, ULONG*) override { return S_OK; }
};

class HomeCheck : public testing::Test {
 protected:
  /// A raw pointer of an object of `where`, smuggled out, with the one reference it has.
  template <class T>
  static T* smuggled_from(const apartment& where) {
    T* object = nullptr;
    where.invoke([&] { object = make<T>().detach(); });
    return object;
  }
  template <class T>
  static void end_in(const apartment& where, T* object) {
    where.invoke([&] { object->Release(); });
  }

  sta_lease here{"here"};
  sta home{"home"};
  const log_lines log;
};

TEST_F(HomeCheck, AQueryFromAnotherApartmentIsRefusedAndSaysWhoAndWhere) {
  homely* const object = smuggled_from<homely>(home);
  void* found = &found;

  EXPECT_EQ(object->QueryInterface(iid_of<ICounter>(), &found), RPC_E_WRONG_THREAD);

  EXPECT_EQ(found, nullptr);
  for (const char* part : {"homely", "STA 'home'", "QueryInterface", "STA 'here'", "agile_ref"}) {
    EXPECT_NE(error_description().find(part), std::string::npos) << error_description();
    EXPECT_NE(log.text().find(part), std::string::npos) << log.text();
  }
  end_in(home, object);
}

TEST_F(HomeCheck, AMethodThatRequiresItsHomeIsRefusedFromAnotherApartment) {
  homely* const object = smuggled_from<homely>(home);
  LONG total = 0;

  EXPECT_EQ(object->Add(1, &total), RPC_E_WRONG_THREAD);

  EXPECT_NE(error_description().find("(operator())"), std::string::npos) << error_description();
  EXPECT_EQ(total, 0);
  end_in(home, object);
}

TEST_F(HomeCheck, ReferencesTakenAndGivenElsewhereAreLoggedAndCounted) {
  homely* const object = smuggled_from<homely>(home);

  EXPECT_EQ(object->AddRef(), 2u);
  EXPECT_NE(log.text().find("(AddRef)"), std::string::npos) << log.text();
  EXPECT_EQ(object->Release(), 1u);
  EXPECT_NE(log.text().find("(Release)"), std::string::npos) << log.text();
  end_in(home, object);
}

TEST_F(HomeCheck, AProxyIsNoSmuggling) {
  const auto object = home.create<ICounter>([] { return make<homely>(); });
  const agile_ref<ICounter> agile(object);
  LONG total = 0;
  EXPECT_EQ(object->Add(7, &total), S_OK);
  EXPECT_EQ(home.invoke([&] { return agile.get()->Add(8, &total); }), S_OK);
  EXPECT_EQ(total, 8);
  EXPECT_EQ(log.text(), "");
}

TEST_F(HomeCheck, EveryThreadOfTheMtaIsAtHomeThere) {
  const mta_usage mta;
  homely* const object = smuggled_from<homely>(mta.get());
  on_thread([&] {
    ASSERT_EQ(apartment_here(), in_mta_implicitly);
    LONG total = 0;
    EXPECT_EQ(object->Add(3, &total), S_OK);
    const com_ptr<ICounter> counted(object);
  });
  on_thread([&] {
    const mta_lease inside;
    const com_ptr<ICounter> counted(object);
    object->Release();
  });
  EXPECT_EQ(log.text(), "");
}

TEST_F(HomeCheck, TheNeutralApartmentIsNotTheOneOfItsThread) {
  const apartment na = insula::neutral();
  homely* const object = smuggled_from<homely>(na);
  void* found = nullptr;
  EXPECT_EQ(object->QueryInterface(iid_of<ICounter>(), &found), RPC_E_WRONG_THREAD);
  na.invoke([&] {
    LONG total = 0;
    EXPECT_EQ(object->Add(3, &total), S_OK);
    object->Release();
  });
}

TEST_F(HomeCheck, TwoApartmentsOfOneThreadAreTwoHomes) {
  sta_thread both("both");
  const sta first(both, "first");
  const sta second(both, "second");
  homely* const object = smuggled_from<homely>(first);
  second.invoke([&] {
    void* found = nullptr;
    EXPECT_EQ(object->QueryInterface(iid_of<ICounter>(), &found), RPC_E_WRONG_THREAD);
  });
  end_in(first, object);
}

TEST_F(HomeCheck, OfAnApartmentThatHasClosedNothingIsChecked) {
  homely* const object = smuggled_from<homely>(home);
  home.close();
  EXPECT_EQ(object->Release(), 0u);
  EXPECT_EQ(log.text(), "");
}

TEST_F(HomeCheck, AnObjectMadeInNoApartmentIsUsedAnywhere) {
  homely* object = nullptr;
  on_thread([&] { object = make<homely>().detach(); });
  EXPECT_EQ(object->Release(), 0u);
  EXPECT_EQ(log.text(), "");
}

TEST_F(HomeCheck, AClassForAllApartmentsIsNotChecked) {
  at_home_everywhere* const object = smuggled_from<at_home_everywhere>(home);
  EXPECT_EQ(object->Length("", nullptr), S_OK);
  EXPECT_EQ(object->Release(), 0u);
  EXPECT_EQ(log.text(), "");
}

TEST_F(HomeCheck, AClassThatSaysNothingIsOnlyToldAboutAndInDebugBuildsAlone) {
  unsaid* const object = smuggled_from<unsaid>(home);
  com_ptr<INamed> named;
  EXPECT_EQ(object->QueryInterface(iid_of<INamed>(), named.put_void()), S_OK);
  named.reset();
  EXPECT_EQ(object->Release(), 0u);
  EXPECT_EQ(log.text().find("unsaid") != std::string::npos, detail::check_homes) << log.text();
}

TEST(HomeCheckSize, CostsNoRoom) {
  EXPECT_EQ(sizeof(homely), sizeof(unsaid));
  EXPECT_EQ(sizeof(at_home_everywhere), sizeof(unsaid));
}

}  // namespace
}  // namespace insula::test
