// SPDX-License-Identifier: MIT
//
// What a description says at run time, and what it does when it is wrong.
#include "loopback.hpp"

#include <string>

namespace insula::test {
namespace {

struct IDescribed : IUnknown {
  virtual HRESULT Read(std::uint32_t capacity, std::byte* buffer, std::uint32_t* read) = 0;
  virtual std::string word(const char* text, IUnknown* sink, IUnknown** more) const = 0;
};
INSULA_INTERFACE(IDescribed, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b050",
                 (Read, in("capacity"), out("buffer", size_is("capacity"), length_is("read")),
                  out("read", retval)),
                 (word));

struct IDescribedMore : IDescribed {
  virtual void last(std::int32_t& both) = 0;
};
INSULA_INTERFACE(IDescribedMore, IDescribed, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b051", (last));

struct ILocal : IUnknown {
  virtual void* anything(void (*function)(int&)) = 0;
};
INSULA_IID(ILocal, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b052")

TEST(InterfaceInfo, IsFoundByIdAndKnowsItsNames) {
  const interface_info* info = find_interface_info(iid_of<IDescribed>());
  ASSERT_NE(info, nullptr);

  EXPECT_STREQ(info->name, "IDescribed");
  EXPECT_EQ(info->base, nullptr);
  ASSERT_EQ(info->methods.size(), 2u);
  EXPECT_STREQ(info->methods[1].name, "word");
  EXPECT_EQ(info->methods[1].slot, 4u);
  EXPECT_TRUE(info->methods[0].returns_hresult);
  EXPECT_FALSE(info->methods[1].returns_hresult);
}

TEST(InterfaceInfo, KnowsNamesAndDirectionsOfParameters) {
  const interface_info* info = find_interface_info(iid_of<IDescribed>());
  ASSERT_NE(info, nullptr);
  const auto read = info->methods[0].parameters;
  const auto word = info->methods[1].parameters;

  ASSERT_EQ(read.size(), 3u);
  EXPECT_STREQ(read[1].name, "buffer");
  EXPECT_EQ(read[1].way, direction::out);
  EXPECT_TRUE(read[2].is_retval);
  ASSERT_EQ(word.size(), 3u);
  EXPECT_STREQ(word[0].name, "");
  EXPECT_EQ(word[1].way, direction::in);
  EXPECT_EQ(word[2].way, direction::out);
}

TEST(InterfaceInfo, CountsTheMethodsOfItsBaseFirst) {
  const interface_info* info = find_interface_info(iid_of<IDescribedMore>());
  ASSERT_NE(info, nullptr);

  EXPECT_EQ(info->base, find_interface_info(iid_of<IDescribed>()));
  EXPECT_EQ(info->first_slot(), 5u);
  EXPECT_EQ(info->end_slot(), 6u);
  EXPECT_STREQ(info->method(5)->name, "last");
  EXPECT_STREQ(info->method(3)->name, "Read");
  EXPECT_EQ(info->method(2), nullptr);
  EXPECT_EQ(info->method(6), nullptr);
  EXPECT_TRUE(info->derives_from(iid_of<IDescribed>()));
  EXPECT_TRUE(info->derives_from(iid_of<IUnknown>()));
  EXPECT_FALSE(info->base->derives_from(iid_of<IDescribedMore>()));
}

TEST(InterfaceInfo, GivesNamesToSentences) {
  const interface_info* info = find_interface_info(iid_of<IDescribedMore>());
  ASSERT_NE(info, nullptr);

  EXPECT_EQ(interface_name(iid_of<IDescribed>()), "IDescribed");
  EXPECT_EQ(interface_name(iid_of<IUnknown>()), "IUnknown");
  EXPECT_EQ(interface_name(iid_of<ILocal>()), "{7B1F7A40-2D1D-4D8E-9C55-3A1C40C6B052}");
  EXPECT_EQ(method_name(*info, 3), "IDescribedMore::Read");
  EXPECT_EQ(method_name(*info, 1), "IDescribedMore::AddRef");
  EXPECT_EQ(method_name(*info, 9), "IDescribedMore, method 9");
}

TEST(InterfaceInfo, IsNotThereForAnInterfaceWithoutDescription) {
  EXPECT_EQ(find_interface_info(iid_of<ILocal>()), nullptr);
  EXPECT_EQ(find_interface_marshaler(iid_of<ILocal>()), nullptr);
}

TEST(InterfaceInfo, LastsAsLongAsOneOfItsRegistrations) {
  static constexpr interface_info info{guid("7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b053"), "ITwice",
                                       nullptr, {}};
  static constexpr interface_marshaler one{&info, nullptr, nullptr, {}};
  static constexpr interface_marshaler two{&info, nullptr, nullptr, {}};
  {
    const interface_registration second(&two);
    {
      const interface_registration first(&one);
      EXPECT_EQ(find_interface_marshaler(info.iid), &two);
    }
    EXPECT_EQ(find_interface_marshaler(info.iid), &two);
    const interface_registration again(&one);
    EXPECT_EQ(find_interface_marshaler(info.iid), &two);
  }

  EXPECT_EQ(find_interface_marshaler(info.iid), nullptr);
}

TEST(InterfaceDescriptionDeathTest, WithTheIdOfAnotherInterfaceItEndsTheProgram) {
  static constexpr GUID id = guid("7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b054");
  static constexpr interface_info info{id, "IOriginal", nullptr, {}};
  static constexpr interface_info copied{id, "ICopied", nullptr, {}};
  static constexpr interface_marshaler one{&info, nullptr, nullptr, {}};
  static constexpr interface_marshaler two{&copied, nullptr, nullptr, {}};
  const interface_registration first(&one);

  EXPECT_DEATH(interface_registration second(&two),
               "ICopied .* is described with the id of IOriginal .* 7b1f7a40-2d1d-4d8e-");
}

struct IOrdered : IUnknown {
  virtual HRESULT First() = 0;
  virtual HRESULT Second() = 0;
};

TEST(InterfaceDescriptionDeathTest, ListedInAnotherOrderItEndsTheProgramWithASentence) {
  static constexpr method_info methods[] = {{"Second", 3, {}, true}, {"First", 4, {}, true}};
  static constexpr interface_info info{{}, "IOrdered", nullptr, methods};
  const auto pointer = &IOrdered::Second;

  EXPECT_DEATH(detail::require_slot(info, 0, &pointer, sizeof pointer),
               "description of IOrdered has Second in entry 3 .* has it in entry 4");
}

TEST(InterfaceDescriptionDeathTest, ListedInTheRightOrderItPasses) {
  static constexpr method_info methods[] = {{"First", 3, {}, true}, {"Second", 4, {}, true}};
  static constexpr interface_info info{{}, "IOrdered", nullptr, methods};
  const auto first = &IOrdered::First;
  const auto second = &IOrdered::Second;

  detail::require_slot(info, 0, &first, sizeof first);
  detail::require_slot(info, 1, &second, sizeof second);
}

struct INotVirtual : IUnknown {
  HRESULT plain() { return S_OK; }
};

TEST(InterfaceDescriptionDeathTest, OfAMethodThatIsNotVirtualItEndsTheProgram) {
  static constexpr method_info methods[] = {{"plain", 3, {}, true}};
  static constexpr interface_info info{{}, "INotVirtual", nullptr, methods};
  const auto pointer = &INotVirtual::plain;

  EXPECT_DEATH(detail::require_slot(info, 0, &pointer, sizeof pointer),
               "INotVirtual names plain, which is not virtual");
}

}  // namespace
}  // namespace insula::test
