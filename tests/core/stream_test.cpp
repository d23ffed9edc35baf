// SPDX-License-Identifier: MIT
#include "insula/core/stream.hpp"

#include "insula/core/error_info.hpp"
#include "insula/core/implements.hpp"
#include "probe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace insula::core_tests {
namespace {

com_ptr<IStream> stream_of(std::string_view text) {
  return create_memory_stream(std::as_bytes(std::span(text)));
}

std::string read(IStream* stream, ULONG size) {
  std::string text(size, '?');
  ULONG got = 99;
  EXPECT_EQ(stream->Read(text.data(), size, &got), S_OK);
  text.resize(got);
  return text;
}

ULONG write(IStream* stream, std::string_view text) {
  ULONG put = 99;
  EXPECT_EQ(stream->Write(text.data(), static_cast<ULONG>(text.size()), &put), S_OK);
  return put;
}

std::uint64_t seek(IStream* stream, std::int64_t move, DWORD origin) {
  ULARGE_INTEGER position{999};
  EXPECT_EQ(stream->Seek({move}, origin, &position), S_OK);
  return position.QuadPart;
}

std::uint64_t size_of(IStream* stream) {
  STATSTG stat;
  EXPECT_EQ(stream->Stat(&stat, STATFLAG_NONAME), S_OK);
  EXPECT_EQ(stat.type, static_cast<DWORD>(STGTY_STREAM));
  EXPECT_EQ(stat.pwcsName, nullptr);
  return stat.cbSize.QuadPart;
}

TEST(MemoryStream, ReadsWhatItWasMadeOf) {
  const auto stream = stream_of("hello");

  EXPECT_EQ(read(stream.get(), 2), "he");
  EXPECT_EQ(read(stream.get(), 3), "llo");
}

TEST(MemoryStream, ReadPastTheEndGivesLess) {
  const auto stream = stream_of("abc");

  EXPECT_EQ(read(stream.get(), 10), "abc");
  EXPECT_EQ(read(stream.get(), 10), "");
  EXPECT_EQ(seek(stream.get(), 100, STREAM_SEEK_SET), 100u);
  EXPECT_EQ(read(stream.get(), 10), "");
}

TEST(MemoryStream, WritesOverAndPastTheEnd) {
  const auto stream = stream_of("abc");
  seek(stream.get(), 2, STREAM_SEEK_SET);

  EXPECT_EQ(write(stream.get(), "XYZ"), 3u);

  EXPECT_EQ(seek(stream.get(), 0, STREAM_SEEK_CUR), 5u);
  seek(stream.get(), 0, STREAM_SEEK_SET);
  EXPECT_EQ(read(stream.get(), 10), "abXYZ");
}

TEST(MemoryStream, GapsAreZeros) {
  const auto stream = create_memory_stream();
  seek(stream.get(), 3, STREAM_SEEK_SET);

  write(stream.get(), "x");

  seek(stream.get(), 0, STREAM_SEEK_SET);
  EXPECT_EQ(read(stream.get(), 10), std::string("\0\0\0x", 4));
}

TEST(MemoryStream, SeeksFromEachOrigin) {
  const auto stream = stream_of("0123456789");

  EXPECT_EQ(seek(stream.get(), 4, STREAM_SEEK_SET), 4u);
  EXPECT_EQ(seek(stream.get(), -1, STREAM_SEEK_CUR), 3u);
  EXPECT_EQ(seek(stream.get(), -2, STREAM_SEEK_END), 8u);
  EXPECT_EQ(read(stream.get(), 10), "89");
}

TEST(MemoryStream, BadSeekLeavesThePosition) {
  const auto stream = stream_of("0123");
  seek(stream.get(), 2, STREAM_SEEK_SET);

  EXPECT_EQ(stream->Seek({-3}, STREAM_SEEK_CUR, nullptr), STG_E_SEEKERROR);
  EXPECT_EQ(stream->Seek({0}, 3, nullptr), STG_E_SEEKERROR);
  EXPECT_EQ(stream->Seek({INT64_MAX}, STREAM_SEEK_CUR, nullptr), STG_E_SEEKERROR);

  EXPECT_EQ(seek(stream.get(), 0, STREAM_SEEK_CUR), 2u);
}

TEST(MemoryStream, AFailedSeekSaysWhereTheStreamStands) {
  const auto stream = stream_of("0123");
  seek(stream.get(), 2, STREAM_SEEK_SET);
  for (const auto& [move, origin] : {std::pair<std::int64_t, DWORD>{-3, STREAM_SEEK_CUR},
                                     {-5, STREAM_SEEK_END},
                                     {-1, STREAM_SEEK_SET},
                                     {0, STREAM_SEEK_END + 1},
                                     {123, 0xFFFFFFFF}}) {
    ULARGE_INTEGER position{0xCAFECAFECAFECAFE};
    EXPECT_EQ(stream->Seek({move}, origin, &position), STG_E_SEEKERROR);
    EXPECT_EQ(position.QuadPart, 2u);
  }
}

TEST(MemoryStream, SetSizeCutsAndGrows) {
  const auto stream = stream_of("abcdef");

  EXPECT_EQ(stream->SetSize({2}), S_OK);
  EXPECT_EQ(size_of(stream.get()), 2u);
  EXPECT_EQ(stream->SetSize({4}), S_OK);

  EXPECT_EQ(read(stream.get(), 10), std::string("ab\0\0", 4));
}

TEST(MemoryStream, WillNotGrowBeyondItsLimit) {
  const auto stream = stream_of("abc");

  EXPECT_EQ(stream->SetSize({std::uint64_t{1} << 32}), STG_E_MEDIUMFULL);
  seek(stream.get(), INT64_MAX, STREAM_SEEK_SET);
  ULONG put = 99;
  EXPECT_EQ(stream->Write("x", 1, &put), STG_E_MEDIUMFULL);

  EXPECT_EQ(put, 0u);
  EXPECT_EQ(size_of(stream.get()), 3u);
}

TEST(MemoryStream, NullArgumentsAreRefusedOrOptional) {
  const auto stream = stream_of("abc");
  char c = 0;

  EXPECT_EQ(stream->Read(&c, 1, nullptr), S_OK);
  EXPECT_EQ(c, 'a');
  EXPECT_EQ(stream->Read(nullptr, 1, nullptr), STG_E_INVALIDPOINTER);
  EXPECT_EQ(stream->Write(nullptr, 1, nullptr), STG_E_INVALIDPOINTER);
  EXPECT_EQ(stream->Write(nullptr, 0, nullptr), S_OK);
  EXPECT_EQ(stream->Stat(nullptr, 0), STG_E_INVALIDPOINTER);
  EXPECT_EQ(stream->Clone(nullptr), STG_E_INVALIDPOINTER);
  EXPECT_EQ(stream->CopyTo(nullptr, {1}, nullptr, nullptr), STG_E_INVALIDPOINTER);
}

TEST(MemoryStream, CloneSharesBytesAndNotThePosition) {
  const auto stream = stream_of("abcd");
  seek(stream.get(), 1, STREAM_SEEK_SET);
  com_ptr<IStream> clone;
  ASSERT_EQ(stream->Clone(clone.put()), S_OK);

  write(clone.get(), "X");

  EXPECT_EQ(seek(stream.get(), 0, STREAM_SEEK_CUR), 1u);
  EXPECT_EQ(seek(clone.get(), 0, STREAM_SEEK_CUR), 2u);
  EXPECT_EQ(read(stream.get(), 3), "Xcd");
  EXPECT_EQ(references(stream), 1u);
  EXPECT_EQ(references(clone), 1u);
}

TEST(MemoryStream, CopiesToAnotherStream) {
  const std::string text(10000, 'q');
  const auto from = stream_of(text);
  const auto to = create_memory_stream();
  ULARGE_INTEGER got{};
  ULARGE_INTEGER put{};

  EXPECT_EQ(from->CopyTo(to.get(), {20000}, &got, &put), S_OK);

  EXPECT_EQ(got.QuadPart, 10000u);
  EXPECT_EQ(put.QuadPart, 10000u);
  EXPECT_EQ(size_of(to.get()), 10000u);
  EXPECT_EQ(seek(from.get(), 0, STREAM_SEEK_CUR), 10000u);
}

TEST(MemoryStream, CopiesToItsOwnClone) {
  const auto from = stream_of("abc");
  com_ptr<IStream> clone;
  ASSERT_EQ(from->Clone(clone.put()), S_OK);
  seek(clone.get(), 0, STREAM_SEEK_END);

  EXPECT_EQ(from->CopyTo(clone.get(), {3}, nullptr, nullptr), S_OK);

  seek(from.get(), 0, STREAM_SEEK_SET);
  EXPECT_EQ(read(from.get(), 10), "abcabc");
}

TEST(MemoryStream, CopiesToACloneAtItsEndWhatWasThereBefore) {
  const auto stream = stream_of("abc");
  com_ptr<IStream> clone;
  ASSERT_EQ(stream->Clone(clone.put()), S_OK);
  seek(clone.get(), 0, STREAM_SEEK_END);
  ULARGE_INTEGER read{}, written{};

  EXPECT_EQ(stream->CopyTo(clone.get(), {1000}, &read, &written), S_OK);

  EXPECT_EQ(read.QuadPart, 3u);
  EXPECT_EQ(written.QuadPart, 3u);
}

/// Takes so many bytes and no more, and counts how often it was asked.
class full_target final : public implements<full_target, IStream> {
 public:
  explicit full_target(ULONG room) : room_(room) {}
  HRESULT Read(void*, ULONG, ULONG*) override { return E_NOTIMPL; }
  HRESULT Write(const void*, ULONG size, ULONG* written) override {
    ++writes;
    *written = std::min(size, room_);
    room_ -= *written;
    return S_OK;
  }
  HRESULT Seek(LARGE_INTEGER, DWORD, ULARGE_INTEGER*) override { return E_NOTIMPL; }
  HRESULT SetSize(ULARGE_INTEGER) override { return E_NOTIMPL; }
  HRESULT CopyTo(IStream*, ULARGE_INTEGER, ULARGE_INTEGER*, ULARGE_INTEGER*) override {
    return E_NOTIMPL;
  }
  HRESULT Commit(DWORD) override { return E_NOTIMPL; }
  HRESULT Revert() override { return E_NOTIMPL; }
  HRESULT LockRegion(ULARGE_INTEGER, ULARGE_INTEGER, DWORD) override { return E_NOTIMPL; }
  HRESULT UnlockRegion(ULARGE_INTEGER, ULARGE_INTEGER, DWORD) override { return E_NOTIMPL; }
  HRESULT Stat(STATSTG*, DWORD) override { return E_NOTIMPL; }
  HRESULT Clone(IStream**) override { return E_NOTIMPL; }

  int writes = 0;

 private:
  ULONG room_;
};

TEST(MemoryStream, CopyingToATargetThatTakesLessEndsWellAndSaysHowMuch) {
  const auto stream = stream_of("Hello!");
  const auto target = make<full_target>(5u);
  ULARGE_INTEGER read{99};
  ULARGE_INTEGER written{99};

  EXPECT_EQ(stream->CopyTo(target.get(), {6}, &read, &written), S_OK);

  EXPECT_EQ(read.QuadPart, 6u);
  EXPECT_EQ(written.QuadPart, 5u);
  EXPECT_EQ(target->writes, 1);
}

TEST(MemoryStream, CopyingGoesOnUntilTheTargetIsFull) {
  const auto stream = stream_of(std::string(100'000, 'x'));
  const auto target = make<full_target>(50'000u);
  ULARGE_INTEGER read{};
  ULARGE_INTEGER written{};

  EXPECT_EQ(stream->CopyTo(target.get(), {100'000}, &read, &written), S_OK);

  EXPECT_EQ(written.QuadPart, 50'000u);
  EXPECT_GE(read.QuadPart, written.QuadPart);
  EXPECT_LT(read.QuadPart, 100'000u);
}

TEST(MemoryStream, HasNothingToCommitAndNoLocks) {
  const auto stream = stream_of("abc");

  EXPECT_EQ(stream->Commit(STGC_DEFAULT), S_OK);
  EXPECT_EQ(stream->Revert(), S_OK);
  EXPECT_EQ(stream->LockRegion({0}, {1}, 1), STG_E_INVALIDFUNCTION);
  EXPECT_EQ(stream->UnlockRegion({0}, {1}, 1), STG_E_INVALIDFUNCTION);
}

TEST(MemoryStream, IsASequentialStreamToo) {
  const auto stream = stream_of("abc");

  const auto narrow = stream.as<ISequentialStream>();

  EXPECT_EQ(references(stream), 2u);
  EXPECT_EQ(narrow.as<IStream>(), stream);
}

TEST(MemoryStream, ThreadsWriteWholePieces) {
  const auto stream = create_memory_stream();
  std::vector<std::thread> threads;
  for (const char c : {'a', 'b', 'c'})
    threads.emplace_back([&stream, c] {
      const std::string piece(64, c);
      for (int i = 0; i != 200; ++i)
        write(stream.get(), piece);
    });
  for (std::thread& thread : threads)
    thread.join();

  EXPECT_EQ(size_of(stream.get()), 3u * 200 * 64);
  seek(stream.get(), 0, STREAM_SEEK_SET);
  for (int i = 0; i != 600; ++i) {
    const std::string piece = read(stream.get(), 64);
    EXPECT_EQ(piece, std::string(64, piece[0]));
  }
}

TEST(CreateStreamOnHGlobal, MakesAnEmptyStream) {
  com_ptr<IStream> stream;

  EXPECT_EQ(CreateStreamOnHGlobal(nullptr, 1, stream.put()), S_OK);

  EXPECT_EQ(references(stream), 1u);
  EXPECT_EQ(size_of(stream.get()), 0u);
}

TEST(CreateStreamOnHGlobal, RefusesAHandleAndNull) {
  IStream* out = reinterpret_cast<IStream*>(16);
  int handle = 0;

  EXPECT_EQ(CreateStreamOnHGlobal(nullptr, 1, nullptr), E_INVALIDARG);
  EXPECT_EQ(CreateStreamOnHGlobal(&handle, 1, &out), E_INVALIDARG);
  EXPECT_EQ(out, nullptr);
  EXPECT_NE(error_description(), "");
  SetErrorInfo(0, nullptr);
}

}  // namespace
}  // namespace insula::core_tests
