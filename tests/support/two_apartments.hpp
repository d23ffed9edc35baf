// SPDX-License-Identifier: MIT
#pragma once

#include "counter.hpp"

#include <insula/apartments/sta.hpp>
#include <insula/core/stream.hpp>
#include <insula/marshal/marshal_interface.hpp>

#include <gtest/gtest.h>

namespace insula::test {

/// A stream that stands before a normal packet of interface I of `object`. From: where `object` may
/// be used.
template <class I>
com_ptr<IStream> packet_of(IUnknown* object) {
  com_ptr<IStream> stream;
  EXPECT_EQ(CoMarshalInterThreadInterfaceInStream(iid_of<I>(), object, stream.put()), S_OK);
  return stream;
}

/// What the packet in `stream` stands for, here.
template <class I>
com_ptr<I> unpacked(const com_ptr<IStream>& stream, HRESULT expected = S_OK) {
  com_ptr<I> result;
  EXPECT_EQ(CoUnmarshalInterface(stream.get(), iid_of<I>(), result.put_void()), expected);
  return result;
}

/// The test runs in the client, an STA of its own thread; objects live in `home`, another STA.
class two_apartments : public testing::Test {
 protected:
  /// A counter in `home`, as the client sees it.
  template <class I = ICounter>
  com_ptr<I> counter_at_home() {
    return home.create<I>([this] { return make_probe<counter>(log); });
  }

  /// Returns when `home` has done all that the client has asked of it so far.
  void settle_home() {
    home.invoke([] {});
  }

  // What the hooks of a probe look at ends with the test's body.
  void TearDown() override {
    if (home.get().is_closed()) return;
    home.invoke([this] {
      log.on_query = nullptr;
      log.on_call = nullptr;
      log.on_end = nullptr;
    });
  }

  /// Returns when both have done all that they have asked of each other so far.
  void settle() {
    settle_home();
    client.drain();
  }

  probe_log log;   // of an object at home
  probe_log mine;  // of an object of the client's
  sta_lease client{"client"};
  sta home{"home"};
};

}  // namespace insula::test
