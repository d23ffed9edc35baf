// SPDX-License-Identifier: MIT
#include "insula/core/exception.hpp"
#include "insula/core/implements.hpp"
#include "insula/core/stream.hpp"
#include "insula/core/thread_safety.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <vector>

namespace insula {
namespace {

constexpr std::uint64_t max_stream_size = std::numeric_limits<std::uint32_t>::max();

/// What clones share.
struct stream_bytes {
  mutex guard;
  std::vector<std::byte> bytes INSULA_GUARDED_BY(guard);

  /// False when there is no memory for it, or it is beyond the limit; then nothing has changed.
  bool resize(std::uint64_t size) noexcept INSULA_REQUIRES(guard) {
    if (size > max_stream_size) return false;
    try {
      bytes.resize(static_cast<std::size_t>(size));
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
};

class memory_stream final : public implements<memory_stream, IStream> {
 public:
  static constexpr bool checks_home = false;

  memory_stream(std::shared_ptr<stream_bytes> shared, std::uint64_t position) noexcept
      : shared_(std::move(shared)), position_(position) {}

  HRESULT Read(void* buffer, ULONG size, ULONG* read) override {
    if (read != nullptr) *read = 0;
    if (buffer == nullptr && size != 0) return STG_E_INVALIDPOINTER;
    const mutex_lock lock(shared_->guard);
    const std::uint64_t end = shared_->bytes.size();
    const std::uint64_t left = position_ < end ? end - position_ : 0;
    const auto count = static_cast<ULONG>(std::min<std::uint64_t>(size, left));
    if (count != 0) std::memcpy(buffer, shared_->bytes.data() + position_, count);
    position_ += count;
    if (read != nullptr) *read = count;
    return S_OK;
  }

  HRESULT Write(const void* from, ULONG size, ULONG* written) override {
    if (written != nullptr) *written = 0;
    if (from == nullptr && size != 0) return STG_E_INVALIDPOINTER;
    if (size == 0) return S_OK;
    const mutex_lock lock(shared_->guard);
    if (position_ > max_stream_size - size) return STG_E_MEDIUMFULL;
    const std::uint64_t end = position_ + size;
    if (end > shared_->bytes.size() && !shared_->resize(end)) return STG_E_MEDIUMFULL;
    std::memcpy(shared_->bytes.data() + position_, from, size);
    position_ = end;
    if (written != nullptr) *written = size;
    return S_OK;
  }

  HRESULT Seek(LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER* position) override {
    const mutex_lock lock(shared_->guard);
    std::uint64_t base = 0;
    if (origin == STREAM_SEEK_CUR) base = position_;
    else if (origin == STREAM_SEEK_END) base = shared_->bytes.size();
    std::int64_t target = 0;
    const bool lies_within =
        origin <= STREAM_SEEK_END &&
        !__builtin_add_overflow(static_cast<std::int64_t>(base), move.QuadPart, &target) &&
        target >= 0;
    if (lies_within) position_ = static_cast<std::uint64_t>(target);
    // Where it stands now, moved or not.
    if (position != nullptr) position->QuadPart = position_;
    return lies_within ? S_OK : STG_E_SEEKERROR;
  }

  HRESULT SetSize(ULARGE_INTEGER size) override {
    const mutex_lock lock(shared_->guard);
    return shared_->resize(size.QuadPart) ? S_OK : STG_E_MEDIUMFULL;
  }

  HRESULT CopyTo(IStream* target, ULARGE_INTEGER size, ULARGE_INTEGER* read,
                 ULARGE_INTEGER* written) override {
    if (read != nullptr) read->QuadPart = 0;
    if (written != nullptr) written->QuadPart = 0;
    if (target == nullptr) return STG_E_INVALIDPOINTER;
    std::array<std::byte, 4096> piece;
    // What the target appends meanwhile is not copied: a clone at the end would never be done.
    for (std::uint64_t left = std::min(size.QuadPart, left_to_read()); left != 0;) {
      // The lock is not held while the target runs: it may be a clone of this stream, or foreign.
      ULONG got = 0;
      const auto wanted = static_cast<ULONG>(std::min<std::uint64_t>(left, piece.size()));
      if (const HRESULT code = Read(piece.data(), wanted, &got); FAILED(code)) return code;
      if (got == 0) break;
      left -= got;
      if (read != nullptr) read->QuadPart += got;
      ULONG put = 0;
      const HRESULT code = target->Write(piece.data(), got, &put);
      if (written != nullptr) written->QuadPart += put;
      if (FAILED(code)) return code;
      // The target is full; that less was written than read says so.
      if (put != got) break;
    }
    return S_OK;
  }

  HRESULT Commit(DWORD) override { return S_OK; }
  HRESULT Revert() override { return S_OK; }
  HRESULT LockRegion(ULARGE_INTEGER, ULARGE_INTEGER, DWORD) override {
    return STG_E_INVALIDFUNCTION;
  }
  HRESULT UnlockRegion(ULARGE_INTEGER, ULARGE_INTEGER, DWORD) override {
    return STG_E_INVALIDFUNCTION;
  }

  HRESULT Stat(STATSTG* out, DWORD) override {
    if (out == nullptr) return STG_E_INVALIDPOINTER;
    *out = STATSTG{};
    out->type = STGTY_STREAM;
    const mutex_lock lock(shared_->guard);
    out->cbSize.QuadPart = shared_->bytes.size();
    return S_OK;
  }

  HRESULT Clone(IStream** out) override {
    if (out == nullptr) return STG_E_INVALIDPOINTER;
    *out = nullptr;
    return abi_guard([&] {
      std::uint64_t here = 0;
      {
        const mutex_lock lock(shared_->guard);
        here = position_;
      }
      *out = make<memory_stream>(shared_, here).detach();
    });
  }

 private:
  std::uint64_t left_to_read() {
    const mutex_lock lock(shared_->guard);
    const std::uint64_t end = shared_->bytes.size();
    return position_ < end ? end - position_ : 0;
  }

  const std::shared_ptr<stream_bytes> shared_;  // fixed
  std::uint64_t position_ INSULA_GUARDED_BY(shared_->guard);
};

}  // namespace

com_ptr<IStream> create_memory_stream(std::span<const std::byte> initial) {
  auto shared = std::make_shared<stream_bytes>();
  {
    const mutex_lock lock(shared->guard);
    shared->bytes.assign(initial.begin(), initial.end());
  }
  return make<memory_stream>(std::move(shared), 0u);
}

HRESULT CreateStreamOnHGlobal(void* hglobal, BOOL, IStream** out) {
  if (out == nullptr) return E_INVALIDARG;
  *out = nullptr;
  if (hglobal != nullptr)
    return set_error(E_INVALIDARG, "CreateStreamOnHGlobal: there are no HGLOBALs here; pass null",
                     iid_of<IStream>());
  return abi_guard([&] { *out = create_memory_stream().detach(); });
}

}  // namespace insula
