// SPDX-License-Identifier: MIT
// refused: cannot carry a value the described way
// refused: IWays_description::method_Put, 1,
// refused: a view can be passed in, but not come back
// refused: IWays_description::method_View, 1,
// refused: the type is only declared here
// refused: IWays_description::method_Later, 1,
// refused: interface has no id
// refused: IWays_description::method_Nameless, 1,
// refused: a buffer for text that comes back needs size_is
// refused: IWays_description::method_Text, 1,
// refused: full is for [in] pointers
// refused: IWays_description::method_Full, 1,
// refused: bstr is for BSTR and BSTR
// refused: IWays_description::method_Bstr, 1,
// refused: size_is and length_is are for pointers
// refused: IWays_description::method_Length, 1,
#include <insula/marshal/interface.hpp>

#include <string_view>

struct ILater;
struct INameless : insula::IUnknown {};

struct IWays : insula::IUnknown {
  virtual insula::HRESULT Put(int key) = 0;
  virtual insula::HRESULT View(std::string_view& text) = 0;
  virtual insula::HRESULT Later(ILater* later) = 0;
  virtual insula::HRESULT Nameless(INameless* nameless) = 0;
  virtual insula::HRESULT Text(char* text) = 0;
  virtual insula::HRESULT Full(int* both) = 0;
  virtual insula::HRESULT Bstr(char* text) = 0;
  virtual insula::HRESULT Length(const int* values, int count) = 0;
};
#ifndef INSULA_ACCEPTED
INSULA_INTERFACE(IWays, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-00000000001a",
                 (Put, out("key")), (View), (Later), (Nameless), (Text, out("text", string)),
                 (Full, in_out("both", full)), (Bstr, in("text", bstr)),
                 (Length, in("values", length_is("count")), in("count")));
#endif
