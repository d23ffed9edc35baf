// SPDX-License-Identifier: MIT
//
// The objects that marshal's tests send around.
//   IAdder, IScaler     described interfaces that a probe has;  ILost: one that it lacks
//   IUndescribed        an interface that a probe has and nobody can marshal
//   probe               an object that is counted
//   connected_probe     the same, which also counts its external connections
//   marshal_test        a fixture: two exporters, and nothing may be left at the end
#pragma once

#include "trivial_exporter.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/stream.hpp>
#include <insula/marshal/external_connection.hpp>
#include <insula/marshal/interface.hpp>
#include <insula/marshal/marshal_interface.hpp>
#include <insula/marshal/marshal_statistics.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <functional>

namespace insula::test {

struct IAdder : IUnknown {
  virtual HRESULT Add(LONG amount, LONG* total) = 0;
};
INSULA_INTERFACE(IAdder, IUnknown, "3d9a6a52-8c1b-4a34-9d0e-0a6f5b1c7e01",
                 (Add, in("amount"), out("total")));

struct IScaler : IUnknown {
  virtual HRESULT Scale(LONG factor, LONG* total) = 0;
};
INSULA_INTERFACE(IScaler, IUnknown, "3d9a6a52-8c1b-4a34-9d0e-0a6f5b1c7e02",
                 (Scale, in("factor"), out("total")));

struct ILost : IUnknown {
  virtual HRESULT Find(LONG where, LONG* what) = 0;
};
INSULA_INTERFACE(ILost, IUnknown, "3d9a6a52-8c1b-4a34-9d0e-0a6f5b1c7e03",
                 (Find, in("where"), out("what")));

struct IUndescribed : IUnknown {
  virtual HRESULT Touch() = 0;
};
INSULA_IID(IUndescribed, IUnknown, "3d9a6a52-8c1b-4a34-9d0e-0a6f5b1c7e04")

/// The count of an object, which is seen only by changing it.
template <class I>
ULONG references(I* object) {
  object->AddRef();
  return object->Release();
}
template <class I>
ULONG references(const com_ptr<I>& object) {
  return references(object.get());
}

/// What a probe does, whichever interfaces it has besides.
template <class T, class... More>
class basic_probe : public implements<T, IAdder, IScaler, IUndescribed, More...> {
 public:
  HRESULT Add(LONG amount, LONG* total) override {
    if (during_call) during_call();
    *total = total_.fetch_add(amount) + amount;
    return S_OK;
  }
  HRESULT Scale(LONG factor, LONG* total) override {
    *total = total_.load() * factor;
    return S_OK;
  }
  HRESULT Touch() override { return S_OK; }

  /// The identity, for functions that take any object.
  IUnknown* unknown() noexcept { return static_cast<IAdder*>(this); }

  /// Runs inside Add.
  std::function<void()> during_call;

 private:
  std::atomic<LONG> total_{0};
};

class probe final : public basic_probe<probe> {
 public:
  /// Runs in the destructor.
  std::function<void()> at_end;
  ~probe() override {
    if (at_end) at_end();
  }
};

/// What the external world did to a connected_probe; outlives it.
struct connection_log {
  int connections = 0;
  int added = 0;
  int released = 0;
  BOOL last_release_closes = -1;
};

class connected_probe final : public basic_probe<connected_probe, IExternalConnection> {
 public:
  explicit connected_probe(connection_log& log) : log_(log) {}

  DWORD AddConnection(DWORD kind, DWORD) override {
    EXPECT_EQ(kind, EXTCONN_STRONG);
    ++log_.added;
    return static_cast<DWORD>(++log_.connections);
  }
  DWORD ReleaseConnection(DWORD kind, DWORD, BOOL last_release_closes) override {
    EXPECT_EQ(kind, EXTCONN_STRONG);
    ++log_.released;
    log_.last_release_closes = last_release_closes;
    if (on_release) on_release();
    return static_cast<DWORD>(--log_.connections);
  }

  std::function<void()> on_release;

 private:
  connection_log& log_;
};

inline void rewind(const com_ptr<IStream>& stream) {
  ASSERT_EQ(stream->Seek({0}, STREAM_SEEK_SET, nullptr), S_OK);
}

/// A stream that stands before a normal packet made in `exporter`.
template <class I>
com_ptr<IStream> marshal_in(trivial_exporter& exporter, IUnknown* object) {
  const trivial_exporter::enter inside(exporter);
  com_ptr<IStream> stream = create_memory_stream();
  EXPECT_EQ(CoMarshalInterface(stream.get(), iid_of<I>(), object, MSHCTX_INPROC, nullptr,
                               MSHLFLAGS_NORMAL),
            S_OK);
  rewind(stream);
  return stream;
}

template <class I>
com_ptr<I> unmarshal_in(trivial_exporter& importer, const com_ptr<IStream>& stream,
                        HRESULT expected = S_OK) {
  const trivial_exporter::enter inside(importer);
  com_ptr<I> result;
  EXPECT_EQ(CoUnmarshalInterface(stream.get(), iid_of<I>(), result.put_void()), expected);
  return result;
}

/// The pointer `object` of `from` as `to` sees it.
template <class I>
com_ptr<I> carry(trivial_exporter& from, IUnknown* object, trivial_exporter& to) {
  return unmarshal_in<I>(to, marshal_in<I>(from, object));
}

/// Queries inside `where`.
template <class I>
com_ptr<I> query_in(trivial_exporter& where, IUnknown* object, HRESULT expected = S_OK) {
  const trivial_exporter::enter inside(where);
  com_ptr<I> result;
  EXPECT_EQ(object->QueryInterface(iid_of<I>(), result.put_void()), expected);
  return result;
}

class marshal_test : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(SetErrorInfo(0, nullptr), S_OK);  // the last sentence is an object too
    EXPECT_EQ(live_stub_managers(), stub_managers_);
    EXPECT_EQ(live_proxy_managers(), proxy_managers_);
    EXPECT_EQ(live_objects(), objects_);
  }

  const std::size_t stub_managers_ = live_stub_managers();
  const std::size_t proxy_managers_ = live_proxy_managers();
  const std::size_t objects_ = live_objects();
};

}  // namespace insula::test
