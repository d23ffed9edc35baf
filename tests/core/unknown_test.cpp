// SPDX-License-Identifier: MIT
#include "insula/core/unknown.hpp"

#include <gtest/gtest.h>

struct IGlobal : insula::IUnknown {
  virtual insula::HRESULT Touch() = 0;
};
INSULA_IID(IGlobal, insula::IUnknown, "1c3aa0b4-31b8-4f5b-9a4e-000000000001")

namespace elsewhere {
namespace {
struct IHidden : IGlobal {
  virtual insula::HRESULT Look() = 0;
};
INSULA_IID(IHidden, IGlobal, "{1c3aa0b4-31b8-4f5b-9a4e-000000000002}")
}  // namespace

struct INameless : IGlobal {};
}  // namespace elsewhere

namespace insula {
namespace {

TEST(Unknown, HasTheIdThatComGaveIt) {
  EXPECT_EQ(to_string(iid_of<IUnknown>()), "{00000000-0000-0000-C000-000000000046}");
  EXPECT_EQ(IID_IUnknown, iid_of<IUnknown>());
}

TEST(InsulaIid, NamesInterfacesOfAnyNamespace) {
  static_assert(iid_of<IGlobal>() == guid("1c3aa0b4-31b8-4f5b-9a4e-000000000001"));
  static_assert(iid_of<elsewhere::IHidden>() == guid("1c3aa0b4-31b8-4f5b-9a4e-000000000002"));
  SUCCEED();
}

TEST(InsulaIid, KnowsWhatAnInterfaceDerivesFrom) {
  static_assert(std::is_same_v<base_of_t<IGlobal>, IUnknown>);
  static_assert(std::is_same_v<base_of_t<elsewhere::IHidden>, IGlobal>);
  SUCCEED();
}

TEST(InsulaIid, IsNotInheritedFromTheBase) {
  static_assert(has_iid<IGlobal> && has_iid<IUnknown>);
  static_assert(!has_iid<elsewhere::INameless>);
  static_assert(!has_iid<int>);
  SUCCEED();
}

TEST(InsulaIid, HasOneAddressPerInterface) { EXPECT_EQ(&iid_of<IGlobal>(), &iid_of_v<IGlobal>); }

}  // namespace
}  // namespace insula
