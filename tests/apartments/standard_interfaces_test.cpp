// SPDX-License-Identifier: MIT
//
// COM's own interfaces cross apartments: from the test's STA to another STA, and to the MTA.
#include "ref_probe.hpp"

#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/bstr.hpp>
#include <insula/core/enumerators.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/stream.hpp>
#include <insula/core/task_memory.hpp>
#include <insula/marshal/interface.hpp>
#include <insula/marshal/standard_interfaces.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <optional>
#include <string>
#include <vector>

namespace insula::test {
namespace {

enum class place { sta, mta };

/// The test runs in `client`; its objects live in the apartment that the parameter names.
class Crossing : public testing::TestWithParam<place> {
 protected:
  Crossing() {
    if (GetParam() == place::mta) {
      usage_.emplace();
      home = usage_->get();
    } else {
      own_.emplace("home");
      home = own_->get();
    }
    log.on_end = [this] { ended_.set_value(); };
  }

  /// Made at home, and all references to it counted in `log`.
  template <class I, class T, class... Args>
  com_ptr<I> at_home(const Args&... args) {
    return home.create<I>([&] { return make_probe<T>(log, args...); });
  }

  /// Lets go of the last pointer and waits for the end of the object, which nothing else held.
  template <class I>
  void expect_to_end_with(com_ptr<I>& last) {
    EXPECT_EQ(log.instances, 1);
    EXPECT_GE(log.references, 1);
    last.reset();
    ended_.get_future().get();
    EXPECT_EQ(log.references, 0);
  }

  probe_log log;
  apartment home;

 private:
  std::promise<void> ended_;
  sta_lease client_{"client"};
  std::optional<mta_usage> usage_;
  std::optional<sta> own_;
};

INSTANTIATE_TEST_SUITE_P(ToAnSta, Crossing, testing::Values(place::sta));
INSTANTIATE_TEST_SUITE_P(ToTheMta, Crossing, testing::Values(place::mta));

// ---- Streams ------------------------------------------------------------------------------------

/// A stream that says how wide it is.
struct IRiver : IStream {
  virtual HRESULT Width(LONG* width) = 0;
};
INSULA_INTERFACE(IRiver, IStream, "7be9f6a8-4a0e-4c1c-93a4-2e51b0d7c002", (Width, out("width")));

/// A stream in memory, which notes what it was given and has a name.
template <class I>
class streams : public ref_probe<I> {
 public:
  streams(probe_log& log, const com_ptr<IStream>& inner) : ref_probe<I>(log), inner_(inner) {}

  HRESULT Read(void* buffer, ULONG size, ULONG* read) override {
    this->note_call();
    return read == nullptr ? E_POINTER : inner_->Read(buffer, size, read);
  }
  HRESULT Write(const void* bytes, ULONG size, ULONG* written) override {
    this->note_call();
    return written == nullptr ? E_POINTER : inner_->Write(bytes, size, written);
  }
  HRESULT Seek(LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER* position) override {
    return position == nullptr ? E_POINTER : inner_->Seek(move, origin, position);
  }
  HRESULT SetSize(ULARGE_INTEGER size) override { return inner_->SetSize(size); }
  HRESULT CopyTo(IStream* target, ULARGE_INTEGER size, ULARGE_INTEGER* read,
                 ULARGE_INTEGER* written) override {
    if (read == nullptr || written == nullptr) return E_POINTER;
    return inner_->CopyTo(target, size, read, written);
  }
  HRESULT Commit(DWORD flags) override { return flags == 4 ? S_OK : E_INVALIDARG; }
  HRESULT Revert() override { return STG_E_REVERTED; }
  HRESULT LockRegion(ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD type) override {
    return offset.QuadPart == 1 && size.QuadPart == 2 && type == 3 ? S_OK : E_INVALIDARG;
  }
  HRESULT UnlockRegion(ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD type) override {
    return LockRegion(offset, size, type);
  }
  HRESULT Stat(STATSTG* out, DWORD flags) override {
    const HRESULT code = inner_->Stat(out, flags);
    if (flags == STATFLAG_NONAME) return code;
    constexpr char16_t name[] = u"of the river";
    out->pwcsName = static_cast<LPOLESTR>(CoTaskMemAlloc(sizeof name));
    std::memcpy(out->pwcsName, name, sizeof name);
    return code;
  }
  HRESULT Clone(IStream** out) override { return inner_->Clone(out); }

 protected:
  ~streams() override = default;

 private:
  const com_ptr<IStream> inner_;
};

class probed_stream final : public streams<IStream> {
 public:
  using streams::streams;

 private:
  ~probed_stream() override = default;
};

class river final : public streams<IRiver> {
 public:
  using streams::streams;
  HRESULT Width(LONG* width) override {
    *width = 12;
    return S_OK;
  }

 private:
  ~river() override = default;
};

com_ptr<IStream> stream_of(std::string_view text) {
  return create_memory_stream(std::as_bytes(std::span(text)));
}

std::string read_all(IStream* stream) {
  std::string text(100, '\0');
  ULONG read = 0;
  EXPECT_EQ(stream->Read(text.data(), 100, &read), S_OK);
  text.resize(read);
  return text;
}

class StreamCrossing : public Crossing {
 protected:
  com_ptr<IStream> stream = at_home<IStream, probed_stream>(stream_of("0123456789"));
};
INSTANTIATE_TEST_SUITE_P(ToAnSta, StreamCrossing, testing::Values(place::sta));
INSTANTIATE_TEST_SUITE_P(ToTheMta, StreamCrossing, testing::Values(place::mta));

TEST_P(StreamCrossing, ReadsLessThanAskedForAtTheEnd) {
  std::array<char, 16> buffer{};
  ULONG read = 99;
  EXPECT_EQ(stream->Read(buffer.data(), 4, &read), S_OK);
  EXPECT_EQ(read, 4u);
  EXPECT_EQ(std::string(buffer.data(), 4), "0123");
  buffer.fill('#');
  EXPECT_EQ(stream->Read(buffer.data(), 16, &read), S_OK);
  EXPECT_EQ(read, 6u);
  EXPECT_EQ(std::string(buffer.data(), 7), "456789#");
  EXPECT_EQ(stream->Read(buffer.data(), 16, &read), S_OK);
  EXPECT_EQ(read, 0u);
  expect_to_end_with(stream);
}

TEST_P(StreamCrossing, ReadsAndWritesForCallersWhoDoNotCount) {
  std::array<char, 4> buffer{};
  EXPECT_EQ(stream->Read(buffer.data(), 4, nullptr), S_OK);
  EXPECT_EQ(std::string(buffer.data(), 4), "0123");
  EXPECT_EQ(stream->Write("abc", 3, nullptr), S_OK);
  EXPECT_EQ(stream->Seek({0}, STREAM_SEEK_SET, nullptr), S_OK);
  EXPECT_EQ(read_all(stream.get()), "0123abc789");
  EXPECT_EQ(stream->Read(nullptr, 0, nullptr), S_OK);
  expect_to_end_with(stream);
}

TEST_P(StreamCrossing, SaysWhereItStandsAlsoAfterAFailure) {
  ULARGE_INTEGER position{};
  EXPECT_EQ(stream->Seek({4}, STREAM_SEEK_SET, &position), S_OK);
  EXPECT_EQ(position.QuadPart, 4u);
  position.QuadPart = 99;
  EXPECT_EQ(stream->Seek({-5}, STREAM_SEEK_CUR, &position), STG_E_SEEKERROR);
  EXPECT_EQ(position.QuadPart, 4u);
}

TEST_P(StreamCrossing, CopiesIntoAStreamOfTheCallers) {
  const com_ptr<IStream> target = create_memory_stream();
  ULARGE_INTEGER read{};
  ULARGE_INTEGER written{};
  EXPECT_EQ(stream->CopyTo(target.get(), {4}, &read, &written), S_OK);
  EXPECT_EQ(read.QuadPart, 4u);
  EXPECT_EQ(written.QuadPart, 4u);
  EXPECT_EQ(stream->CopyTo(target.get(), {100}, nullptr, nullptr), S_OK);
  EXPECT_EQ(target->Seek({0}, STREAM_SEEK_SET, nullptr), S_OK);
  EXPECT_EQ(read_all(target.get()), "0123456789");
  expect_to_end_with(stream);
}

TEST_P(StreamCrossing, IsAskedForWhatElseItCanDo) {
  EXPECT_EQ(stream->SetSize({3}), S_OK);
  EXPECT_EQ(stream->Commit(4), S_OK);
  EXPECT_EQ(stream->Revert(), STG_E_REVERTED);
  EXPECT_EQ(stream->LockRegion({1}, {2}, 3), S_OK);
  EXPECT_EQ(stream->UnlockRegion({1}, {2}, 3), S_OK);
  STATSTG stat{};
  EXPECT_EQ(stream->Stat(&stat, STATFLAG_DEFAULT), S_OK);
  EXPECT_EQ(std::u16string(stat.pwcsName), u"of the river");
  EXPECT_EQ(stat.type, static_cast<DWORD>(STGTY_STREAM));
  EXPECT_EQ(stat.cbSize.QuadPart, 3u);
  CoTaskMemFree(stat.pwcsName);
  EXPECT_EQ(stream->Stat(&stat, STATFLAG_NONAME), S_OK);
  EXPECT_EQ(stat.pwcsName, nullptr);
  expect_to_end_with(stream);
}

TEST_P(StreamCrossing, IsClonedWhereItLives) {
  com_ptr<IStream> clone;
  EXPECT_EQ(stream->Clone(clone.put()), S_OK);
  EXPECT_EQ(stream->Write("ab", 2, nullptr), S_OK);
  EXPECT_EQ(read_all(clone.get()), "ab23456789");
  expect_to_end_with(stream);
}

TEST_P(StreamCrossing, IsASequentialStreamThereToo) {
  com_ptr<ISequentialStream> sequential = stream.as<ISequentialStream>();
  stream.reset();
  char first = 0;
  EXPECT_EQ(sequential->Read(&first, 1, nullptr), S_OK);
  EXPECT_EQ(first, '0');
  expect_to_end_with(sequential);
}

TEST_P(StreamCrossing, OfTheCallersIsCalledBack) {
  const agile_ref<IStream> mine(stream_of("mine"));
  const std::string seen = home.invoke([&] { return read_all(mine.get().get()); });
  EXPECT_EQ(seen, "mine");
}

TEST_P(Crossing, AnInterfaceThatDerivesFromAStreamCrossesWithAllThatAStreamCan) {
  com_ptr<IRiver> broad = at_home<IRiver, river>(stream_of("0123456789"));
  LONG width = 0;
  EXPECT_EQ(broad->Width(&width), S_OK);
  EXPECT_EQ(width, 12);
  EXPECT_EQ(broad->Seek({8}, STREAM_SEEK_SET, nullptr), S_OK);
  std::array<char, 4> buffer{};
  EXPECT_EQ(broad->Read(buffer.data(), 4, nullptr), S_OK);
  EXPECT_EQ(std::string(buffer.data()), "89");
  com_ptr<IStream> plain = broad.as<IStream>();
  broad.reset();
  EXPECT_EQ(plain->Seek({0}, STREAM_SEEK_SET, nullptr), S_OK);
  EXPECT_EQ(read_all(plain.get()), "0123456789");
  expect_to_end_with(plain);
}

// ---- Error objects ------------------------------------------------------------------------------

class probed_error final : public ref_probe<IErrorInfo, ICreateErrorInfo> {
 public:
  explicit probed_error(probe_log& log) : ref_probe(log) {
    throw_if_failed(CreateErrorInfo(writer_.put()));
    reader_ = writer_.as<IErrorInfo>();
  }
  HRESULT GetGUID(GUID* out) override { return reader_->GetGUID(out); }
  HRESULT GetSource(BSTR* out) override { return reader_->GetSource(out); }
  HRESULT GetDescription(BSTR* out) override { return reader_->GetDescription(out); }
  HRESULT GetHelpFile(BSTR* out) override { return reader_->GetHelpFile(out); }
  HRESULT GetHelpContext(DWORD* out) override { return reader_->GetHelpContext(out); }
  HRESULT SetGUID(REFGUID guid) override { return writer_->SetGUID(guid); }
  HRESULT SetSource(LPOLESTR text) override { return writer_->SetSource(text); }
  HRESULT SetDescription(LPOLESTR text) override { return writer_->SetDescription(text); }
  HRESULT SetHelpFile(LPOLESTR text) override { return writer_->SetHelpFile(text); }
  HRESULT SetHelpContext(DWORD context) override { return writer_->SetHelpContext(context); }

 private:
  ~probed_error() override = default;
  com_ptr<ICreateErrorInfo> writer_;
  com_ptr<IErrorInfo> reader_;
};

TEST_P(Crossing, AnErrorObjectIsWrittenAndReadFromAfar) {
  com_ptr<ICreateErrorInfo> writer = at_home<ICreateErrorInfo, probed_error>();
  char16_t text[] = u"the door is locked";
  EXPECT_EQ(writer->SetGUID(iid_of<IStream>()), S_OK);
  EXPECT_EQ(writer->SetDescription(text), S_OK);
  EXPECT_EQ(writer->SetSource(text), S_OK);
  EXPECT_EQ(writer->SetSource(nullptr), S_OK);
  EXPECT_EQ(writer->SetHelpContext(7), S_OK);

  com_ptr<IErrorInfo> reader = writer.as<IErrorInfo>();
  writer.reset();
  GUID id{};
  EXPECT_EQ(reader->GetGUID(&id), S_OK);
  EXPECT_EQ(id, iid_of<IStream>());
  EXPECT_EQ(error_description(reader.get()), "the door is locked");
  bstr source{u"overwritten"};
  EXPECT_EQ(reader->GetSource(source.put()), S_OK);
  EXPECT_EQ(source.get(), nullptr);
  EXPECT_EQ(reader->GetHelpFile(source.put()), S_OK);
  DWORD context = 0;
  EXPECT_EQ(reader->GetHelpContext(&context), S_OK);
  EXPECT_EQ(context, 7u);
  source = bstr();
  expect_to_end_with(reader);
}

struct ILock : IUnknown {
  virtual HRESULT Open(LONG key) = 0;
};
INSULA_INTERFACE(ILock, IUnknown, "7be9f6a8-4a0e-4c1c-93a4-2e51b0d7c001", (Open, in("key")));

/// A door that explains its failures, and says so unless it is told to be silent about it.
class door final : public ref_probe<ILock, ISupportErrorInfo> {
 public:
  door(probe_log& log, bool clears_errors) : ref_probe(log), clears_errors_(clears_errors) {}
  HRESULT Open(LONG key) override {
    note_call();
    return key == 1 ? S_OK : set_error(E_ACCESSDENIED, "the key does not fit", iid_of<ILock>());
  }
  HRESULT InterfaceSupportsErrorInfo(REFIID iid) override {
    note_call();
    if (clears_errors_) set_error(E_ABORT, "this is nobody's business");
    return iid == iid_of<ILock>() ? S_OK : S_FALSE;
  }

 private:
  ~door() override = default;
  const bool clears_errors_;
};

/// A door that has no ISupportErrorInfo.
class plain_door final : public ref_probe<ILock> {
 public:
  explicit plain_door(probe_log& log) : ref_probe(log) {}
  HRESULT Open(LONG) override { return set_error(E_ACCESSDENIED, "the key does not fit"); }

 private:
  ~plain_door() override = default;
};

std::string taken_description() {
  com_ptr<IErrorInfo> info;
  return GetErrorInfo(0, info.put()) == S_OK ? error_description(info.get()) : "none";
}

// Row M21.
TEST_P(Crossing, TheDocumentedWayToAnErrorsTextFindsIt) {
  com_ptr<ILock> lock = at_home<ILock, door>(false);
  ASSERT_EQ(lock->Open(2), E_ACCESSDENIED);

  com_ptr<ISupportErrorInfo> support;
  ASSERT_EQ(lock->QueryInterface(iid_of<ISupportErrorInfo>(), support.put_void()), S_OK);
  ASSERT_EQ(support->InterfaceSupportsErrorInfo(iid_of<ILock>()), S_OK);
  EXPECT_EQ(taken_description(), "the key does not fit");
  EXPECT_EQ(taken_description(), "none");
  support.reset();
  expect_to_end_with(lock);
}

TEST_P(Crossing, AnAnswerOfNoLeavesTheErrorToo) {
  com_ptr<ILock> lock = at_home<ILock, door>(true);
  ASSERT_EQ(lock->Open(2), E_ACCESSDENIED);
  const com_ptr<ISupportErrorInfo> support = lock.as<ISupportErrorInfo>();
  EXPECT_EQ(support->InterfaceSupportsErrorInfo(iid_of<IStream>()), S_FALSE);
  EXPECT_EQ(taken_description(), "the key does not fit");
}

TEST_P(Crossing, AskingAnObjectThatDoesNotSupportErrorInfoLeavesTheError) {
  com_ptr<ILock> lock = at_home<ILock, plain_door>();
  ASSERT_EQ(lock->Open(2), E_ACCESSDENIED);
  com_ptr<ISupportErrorInfo> support;
  EXPECT_EQ(lock->QueryInterface(iid_of<ISupportErrorInfo>(), support.put_void()), E_NOINTERFACE);
  EXPECT_EQ(taken_description(), "the key does not fit");
  expect_to_end_with(lock);
}

TEST_P(Crossing, AnotherCallThatSucceedsDropsAStaleError) {
  const com_ptr<ILock> lock = at_home<ILock, door>(false);
  ASSERT_EQ(lock->Open(2), E_ACCESSDENIED);
  ASSERT_EQ(lock->Open(1), S_OK);
  EXPECT_EQ(taken_description(), "none");
}

// ---- Enumerators --------------------------------------------------------------------------------

/// Walks over so many elements, which `make` makes; counts for itself only when it is asked for
/// more than one, as careless code does.
template <class I, class T, class Derived>
class probed_enumerator : public ref_probe<I> {
 public:
  probed_enumerator(probe_log& log, ULONG size, ULONG at = 0)
      : ref_probe<I>(log), log_(log), size_(size), at_(at) {}

  HRESULT Next(ULONG count, T* elements, ULONG* fetched) override {
    this->note_call();
    if (fetched == nullptr) return E_POINTER;
    ULONG given = 0;
    while (given != count && at_ != size_) elements[given++] = Derived::make(at_++);
    if (count > 1 || given == 0) *fetched = given;
    return given == count ? S_OK : S_FALSE;
  }
  HRESULT Skip(ULONG count) override {
    const ULONG skipped = std::min(count, size_ - at_);
    at_ += skipped;
    return skipped == count ? S_OK : S_FALSE;
  }
  HRESULT Reset() override {
    at_ = 0;
    return S_OK;
  }
  HRESULT Clone(I** out) override {
    *out = new Derived(clones_log, size_, at_);
    return S_OK;
  }

  static inline probe_log clones_log;

 protected:
  ~probed_enumerator() override = default;

 private:
  probe_log& log_;
  const ULONG size_;
  ULONG at_;
};

class guids final : public probed_enumerator<IEnumGUID, GUID, guids> {
 public:
  using probed_enumerator::probed_enumerator;
  static GUID make(ULONG i) { return {i + 1, 0, 0, {}}; }

 private:
  ~guids() override = default;
};

class strings final : public probed_enumerator<IEnumString, LPOLESTR, strings> {
 public:
  using probed_enumerator::probed_enumerator;
  static LPOLESTR make(ULONG i) {
    auto* text = static_cast<LPOLESTR>(CoTaskMemAlloc(2 * sizeof(OLECHAR)));
    text[0] = static_cast<OLECHAR>(u'a' + i);
    text[1] = 0;
    return text;
  }

 private:
  ~strings() override = default;
};

class unknowns final : public probed_enumerator<IEnumUnknown, IUnknown*, unknowns> {
 public:
  using probed_enumerator::probed_enumerator;
  static IUnknown* make(ULONG i) {
    const std::byte content{static_cast<unsigned char>('a' + i)};
    return create_memory_stream({&content, 1}).detach();
  }

 private:
  ~unknowns() override = default;
};

TEST_P(Crossing, GuidsComeInStepsAndTheLastStepIsShort) {
  com_ptr<IEnumGUID> all = at_home<IEnumGUID, guids>(5u);
  std::array<GUID, 3> some{};
  ULONG fetched = 99;
  EXPECT_EQ(all->Next(3, some.data(), &fetched), S_OK);
  EXPECT_EQ(fetched, 3u);
  EXPECT_EQ(some[2].Data1, 3u);
  EXPECT_EQ(all->Next(3, some.data(), &fetched), S_FALSE);
  EXPECT_EQ(fetched, 2u);
  EXPECT_EQ(some[1].Data1, 5u);
  EXPECT_EQ(all->Next(3, some.data(), &fetched), S_FALSE);
  EXPECT_EQ(fetched, 0u);
  expect_to_end_with(all);
}

TEST_P(Crossing, OneGuidComesWithoutACount) {
  com_ptr<IEnumGUID> all = at_home<IEnumGUID, guids>(1u);
  GUID one{};
  EXPECT_EQ(all->Next(1, &one, nullptr), S_OK);
  EXPECT_EQ(one.Data1, 1u);
  EXPECT_EQ(all->Next(1, &one, nullptr), S_FALSE);
  expect_to_end_with(all);
}

TEST_P(Crossing, ACarelessEnumeratorThatDoesNotCountOneIsCountedFor) {
  com_ptr<IEnumGUID> all = at_home<IEnumGUID, guids>(1u);
  GUID one{};
  ULONG fetched = 99;
  EXPECT_EQ(all->Next(1, &one, &fetched), S_OK);
  EXPECT_EQ(fetched, 1u);
  EXPECT_EQ(one.Data1, 1u);
}

TEST_P(Crossing, MoreThanOneElementWithoutACountIsRefusedBeforeTheCall) {
  com_ptr<IEnumGUID> all = at_home<IEnumGUID, guids>(5u);
  std::array<GUID, 2> some{};
  EXPECT_EQ(all->Next(2, some.data(), nullptr), E_INVALIDARG);
  EXPECT_EQ(log.calls, 0);
  expect_to_end_with(all);
}

TEST_P(Crossing, AnEnumeratorSkipsResetsAndIsCloned) {
  com_ptr<IEnumGUID> all = at_home<IEnumGUID, guids>(5u);
  GUID one{};
  EXPECT_EQ(all->Skip(3), S_OK);
  com_ptr<IEnumGUID> clone;
  ASSERT_EQ(all->Clone(clone.put()), S_OK);
  EXPECT_EQ(all->Skip(3), S_FALSE);
  EXPECT_EQ(all->Reset(), S_OK);
  EXPECT_EQ(all->Next(1, &one, nullptr), S_OK);
  EXPECT_EQ(one.Data1, 1u);
  EXPECT_EQ(clone->Next(1, &one, nullptr), S_OK);
  EXPECT_EQ(one.Data1, 4u);
  expect_to_end_with(all);
}

TEST_P(Crossing, StringsAreTaskMemoryOfTheCallers) {
  const std::size_t before = live_task_allocations();
  com_ptr<IEnumString> all = at_home<IEnumString, strings>(3u);
  std::array<LPOLESTR, 4> some{};
  ULONG fetched = 0;
  EXPECT_EQ(all->Next(2, some.data(), &fetched), S_OK);
  EXPECT_EQ(fetched, 2u);
  EXPECT_EQ(std::u16string(some[1]), u"b");
  for (ULONG i = 0; i != fetched; ++i) CoTaskMemFree(some[i]);
  EXPECT_EQ(all->Next(4, some.data(), &fetched), S_FALSE);
  EXPECT_EQ(fetched, 1u);
  EXPECT_EQ(std::u16string(some[0]), u"c");
  CoTaskMemFree(some[0]);
  EXPECT_EQ(all->Reset(), S_OK);
  EXPECT_EQ(all->Next(1, some.data(), nullptr), S_OK);
  CoTaskMemFree(some[0]);
  expect_to_end_with(all);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST_P(Crossing, PointersInAnEnumerationAreCountedProxies) {
  com_ptr<IEnumUnknown> all = at_home<IEnumUnknown, unknowns>(3u);
  std::array<IUnknown*, 4> some{};
  ULONG fetched = 0;
  EXPECT_EQ(all->Next(4, some.data(), &fetched), S_FALSE);
  ASSERT_EQ(fetched, 3u);
  EXPECT_EQ(some[3], nullptr);
  std::string text;
  for (ULONG i = 0; i != fetched; ++i) {
    const com_ptr<IUnknown> owned(some[i], take_ownership);
    text += read_all(owned.as<IStream>().get());
  }
  EXPECT_EQ(text, "abc");
  EXPECT_EQ(all->Reset(), S_OK);
  com_ptr<IUnknown> one;
  EXPECT_EQ(all->Next(1, one.put(), nullptr), S_OK);
  EXPECT_EQ(read_all(one.as<IStream>().get()), "a");
  one.reset();
  expect_to_end_with(all);
}

}  // namespace
}  // namespace insula::test
