// SPDX-License-Identifier: MIT
//
// Byte streams: COM's two interfaces and a stream in memory.
// Meaning and layout are those of the Microsoft reference, "ISequentialStream" and "IStream"
// (objidl.h).
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/unknown.hpp>

#include <cstddef>
#include <span>

namespace insula {

enum STREAM_SEEK : DWORD { STREAM_SEEK_SET = 0, STREAM_SEEK_CUR = 1, STREAM_SEEK_END = 2 };
enum STATFLAG : DWORD { STATFLAG_DEFAULT = 0, STATFLAG_NONAME = 1, STATFLAG_NOOPEN = 2 };
enum STGTY : DWORD { STGTY_STORAGE = 1, STGTY_STREAM = 2, STGTY_LOCKBYTES = 3, STGTY_PROPERTY = 4 };
enum STGC : DWORD { STGC_DEFAULT = 0 };

struct STATSTG {
  LPOLESTR pwcsName;  // task memory of the caller's, or null
  DWORD type;
  ULARGE_INTEGER cbSize;
  FILETIME mtime;
  FILETIME ctime;
  FILETIME atime;
  DWORD grfMode;
  DWORD grfLocksSupported;
  CLSID clsid;
  DWORD grfStateBits;
  DWORD reserved;
};

struct ISequentialStream : IUnknown {
  /// `*read` (may be null) is how many bytes came; fewer than asked for means the end.
  virtual HRESULT Read(void* buffer, ULONG size, ULONG* read) = 0;
  virtual HRESULT Write(const void* bytes, ULONG size, ULONG* written) = 0;
};

struct IStream : ISequentialStream {
  /// `*position` (may be null) is where the stream stands afterwards, also after a failure: then
  /// where it stood. Fails: STG_E_SEEKERROR for a place before the start, or an unknown origin.
  virtual HRESULT Seek(LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER* position) = 0;
  virtual HRESULT SetSize(ULARGE_INTEGER size) = 0;
  /// Copies up to `size` bytes. `*read` and `*written` (may be null) count them, also after a
  /// failure. A target that takes less than it is given ends the copy with S_OK: then fewer bytes
  /// were written than read. Fails: what Read or the target's Write failed with.
  virtual HRESULT CopyTo(IStream* target, ULARGE_INTEGER size, ULARGE_INTEGER* read,
                         ULARGE_INTEGER* written) = 0;
  virtual HRESULT Commit(DWORD flags) = 0;
  virtual HRESULT Revert() = 0;
  virtual HRESULT LockRegion(ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD type) = 0;
  virtual HRESULT UnlockRegion(ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD type) = 0;
  virtual HRESULT Stat(STATSTG* out, DWORD flags) = 0;
  virtual HRESULT Clone(IStream** out) = 0;
};

INSULA_IID(ISequentialStream, IUnknown, "0c733a30-2a1c-11ce-ade5-00aa0044773d")
INSULA_IID(IStream, ISequentialStream, "0000000c-0000-0000-c000-000000000046")

/// A stream in memory that starts with a copy of `initial`, at position 0.
///
/// Read past the end gives S_OK with fewer bytes, or none. Write past the end makes it longer, with
/// zeros in a gap; at most 4 GiB - 1 (STG_E_MEDIUMFULL). Clone shares the bytes and has a position
/// of its own. Commit and Revert do nothing; regions cannot be locked (STG_E_INVALIDFUNCTION).
/// From: any thread, any apartment; each call is one step for the others. Waits: blocks for another
/// thread's call in progress on the same bytes.
com_ptr<IStream> create_memory_stream(std::span<const std::byte> initial = {});

/// The same, empty, at the ABI. There are no HGLOBALs here: anything but null is E_INVALIDARG.
/// `delete_on_release` makes no difference.
extern "C" HRESULT CreateStreamOnHGlobal(void* hglobal, BOOL delete_on_release, IStream** out);

}  // namespace insula
