// SPDX-License-Identifier: MIT
//
// A plug-in with a static copy of the library of its own, as the test program that loads it.
#include <insula/apartments/sta.hpp>
#include <insula/core/exception.hpp>

#include <string>

namespace {
std::string said;
}

/// What the copy in here says when it is asked where the calling thread is.
extern "C" const char* insula_test_asks_where_it_is() {
  try {
    said = "in " + insula::apartment::current().description();
  } catch (const insula::com_error& error) {
    said = error.what();
  }
  return said.c_str();
}

/// Uses an apartment of its own.
extern "C" int insula_test_works_alone() {
  const insula::sta own("the plug-in's own");
  return own.invoke([] { return 7; });
}
