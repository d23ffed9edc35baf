// SPDX-License-Identifier: MIT
// Calls a live object through its proxy and stub, with a request or a reply that was spoiled on its
// way. Object and caller read and write all that their contract allows (live_shapes.hpp): the
// address sanitizer sees who was given less. Nothing may leak, and the next call works as ever.
//
//   first byte    the method
//   second        spoils the request (1), the reply (2), names the other byte order (4), puts the
//                 rest of the input in place of the message (8)
//   third         how many elements the caller has
//   the rest      changes (spoiled_channel.hpp)
//
// A request may ask for 4 GB, which are given without memory behind them: run the search with
// -malloc_limit_mb=8192.
#include "live_shapes.hpp"
#include "spoiled_channel.hpp"

#include "trivial_exporter.hpp"

#include <insula/core/exception.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>

using namespace insula;
using namespace insula::fuzz;

namespace {

void must(bool truth) {
  if (!truth) std::abort();
}

/// A block of exactly that size.
template <class T>
class room {
 public:
  explicit room(std::size_t size) : all_(new T[size]()), size_(size) {}
  T* get() const noexcept { return all_.get(); }
  T& operator[](std::size_t at) const noexcept { return all_[at]; }
  void see() const { see_all(all_.get(), size_); }
  void see_first(std::size_t count) const { see_all(all_.get(), count); }

 private:
  std::unique_ptr<T[]> all_;
  std::size_t size_;
};

template <class Char>
room<Char> text_room(std::size_t size) {
  room<Char> made(size + 1);
  std::fill_n(made.get(), size, static_cast<Char>('t'));
  return made;
}

void free_list(leaf& whole) { ndr_codec<leaf>::free(whole); }

using caller = void (*)(IShapes&, std::size_t n);

constexpr caller callers[] = {
    [](IShapes& there, std::size_t n) {
      const room<char> p(n + 1);
      if (there.Text(p.get(), static_cast<std::int64_t>(n + 1)) == S_OK) see_text(p.get());
    },
    [](IShapes& there, std::size_t n) {
      const room<char16_t> p = text_room<char16_t>(n);
      if (there.Wide(static_cast<std::uint16_t>(n + 1), p.get()) == S_OK) see_text(p.get());
    },
    [](IShapes& there, std::size_t n) {
      const room<char8_t> p = text_room<char8_t>(n);
      std::uint64_t size = n + 1;
      (void)there.InText(p.get(), &size);
    },
    [](IShapes& there, std::size_t n) {
      const room<std::byte> p(n);
      (void)there.I8(p.get(), static_cast<std::int8_t>(n));
      p.see();
    },
    [](IShapes& there, std::size_t n) {
      const room<std::uint64_t> p(n);
      (void)there.U8(static_cast<std::uint8_t>(n), p.get());
      p.see();
    },
    [](IShapes& there, std::size_t n) {
      const room<std::uint16_t> p(n);
      const auto size = static_cast<std::int16_t>(n);
      (void)there.I16(n == 3 ? nullptr : p.get(), n == 4 ? nullptr : &size);
      p.see();
    },
    [](IShapes& there, std::size_t n) {
      const room<std::int32_t> p(n);
      auto size = static_cast<std::uint16_t>(n);
      (void)there.U16(p.get(), size);
      p.see();
    },
    [](IShapes& there, std::size_t n) {
      const room<double> p(n);
      (void)there.I32(p.get(), static_cast<std::int32_t>(n));
      p.see();
    },
    [](IShapes& there, std::size_t n) {
      const room<char> p(n + 1);
      auto size = static_cast<std::uint32_t>(n + 1);
      if (there.U32(&size, n == 3 ? nullptr : p.get()) == S_OK) see_text(p.get());
    },
    [](IShapes& there, std::size_t n) {
      const room<bool> p(n);
      (void)there.I64(p.get(), static_cast<std::int64_t>(n));
      p.see();
    },
    [](IShapes& there, std::size_t n) {
      const room<std::int16_t> p(n);
      const room<std::int32_t> q(n);
      const std::uint64_t size = n;
      (void)there.U64(n == 3 ? nullptr : &size, p.get(), n == 4 ? nullptr : q.get());
      p.see();
      q.see();
    },
    [](IShapes& there, std::size_t n) {
      const room<std::int16_t> p(n);
      (void)there.InPart(static_cast<std::int32_t>(n / 2), p.get(), static_cast<std::uint32_t>(n));
    },
    [](IShapes& there, std::size_t n) {
      const room<double> p(n);
      const std::uint64_t size = n;
      auto length = static_cast<std::int64_t>(n / 2);
      (void)there.BothPart(&size, p.get(), length);
      p.see_first(static_cast<std::size_t>(length));
    },
    [](IShapes& there, std::size_t n) {
      const room<char32_t> p(n);
      (void)there.OutPart(static_cast<std::int16_t>(n), p.get(), static_cast<std::uint8_t>(n / 2));
      p.see();
    },
    [](IShapes& there, std::size_t n) {
      const room<std::byte> p(n);
      std::uint32_t length = 0;
      (void)there.Told(static_cast<std::uint32_t>(n), p.get(), &length);
      p.see_first(length);
    },
    [](IShapes& there, std::size_t n) {
      const room<std::int64_t> p(n);
      std::int64_t length = 0;
      (void)there.ToldBack(static_cast<std::uint32_t>(n), p.get(), &length);
      p.see_first(static_cast<std::size_t>(length));
    },
    [](IShapes& there, std::size_t) {
      std::uint32_t count = 0;
      leaf* items = nullptr;
      std::int64_t* number = nullptr;
      (void)there.Made(&count, &items, &number);
      for (std::uint32_t i = 0; items != nullptr && i != count; ++i) {
        see_list(&items[i]);
        free_list(items[i]);
      }
      if (number != nullptr) see(*number);
      CoTaskMemFree(items);
      CoTaskMemFree(number);
    },
    [](IShapes& there, std::size_t) {
      std::int8_t count = 0;
      char** names = nullptr;
      (void)there.Names(&count, &names);
      for (int i = 0; names != nullptr && i != count; ++i) {
        see_text(names[i]);
        CoTaskMemFree(names[i]);
      }
      CoTaskMemFree(names);
    },
    [](IShapes& there, std::size_t n) {
      const room<const char*> words(n);
      for (std::size_t i = 0; i < n; i += 2) words[i] = "word";
      (void)there.Words(static_cast<std::uint16_t>(n), words.get());
    },
    [](IShapes& there, std::size_t n) {
      const room<entry> entries(n);
      const room<std::int32_t*> before(n);
      for (std::size_t i = 0; i < n; i += 2)
        before[i] = entries[i].extra = task_new<std::int32_t>();
      (void)there.Entries(static_cast<std::uint32_t>(n), entries.get());
      for (std::size_t i = 0; i != n; ++i) {
        if (entries[i].extra != nullptr) see(*entries[i].extra);
        // What became null is still the caller's.
        CoTaskMemFree(entries[i].extra != nullptr ? entries[i].extra : before[i]);
      }
    },
    [](IShapes& there, std::size_t n) {
      const room<std::string> strings(n);
      (void)there.Strings(static_cast<std::uint8_t>(n), strings.get());
      for (std::size_t i = 0; i != n; ++i) see(strings[i]);
    },
    [](IShapes& there, std::size_t n) {
      chain links[3];
      links[0].next = &links[1];
      links[1].next = n % 2 == 0 ? &links[0] : &links[1];
      links[2].other = &links[0];
      const chain in = links[n % 3];
      chain both = links[0];
      chain more = links[2];
      (void)there.Chains(in, both, more);
      see_chain(&both);
      see_chain(&more);
      if (both.next == &links[1]) return;  // nothing came back
      const pointee_sweep together;
      ndr_codec<chain>::free(both);
      ndr_codec<chain>::free(more);
    },
    [](IShapes& there, std::size_t n) {
      const room<std::int32_t> p(n);
      const auto size = static_cast<std::int32_t>(n);
      const std::int32_t other = 5;
      (void)there.Full(n % 2 == 0 ? &size : &other, &size, p.get());
    },
    [](IShapes& there, std::size_t n) {
      const room<std::int32_t> values(n);
      leaf second{2, "two", nullptr};
      const leaf first{1, nullptr, &second};
      leaf both{3, nullptr, nullptr};
      const double maybe = 1;
      char* const before = task_text("words");
      char* words = before;
      (void)there.Values(static_cast<std::uint32_t>(n), values.get(), "text", &first, both, &words,
                         n % 2 == 0 ? &maybe : nullptr);
      see_text(words);
      see_list(&both);
      CoTaskMemFree(words != nullptr ? words : before);
      free_list(both);
    },
    [](IShapes& there, std::size_t n) {
      const bstr in(std::u16string(n, u'b'));
      BSTR both = n % 2 == 0 ? nullptr : SysAllocString(u"both");
      BSTR out = nullptr;
      (void)there.Bstrs(in.get(), &both, &out);
      if (out != nullptr) see_all(out, SysStringLen(out));
      SysFreeString(both);
      SysFreeString(out);
    },
    [](IShapes& there, std::size_t n) {
      const auto mine = make<shapes>();
      IUnknown* both = n % 2 == 0 ? mine.get() : nullptr;
      if (both != nullptr) both->AddRef();
      com_ptr<IUnknown> out;
      (void)there.Objects(n % 3 == 0 ? nullptr : mine.get(), &both,
                          n % 4 == 0 ? iid_of<IShapes>() : IID_IUnknown,
                          reinterpret_cast<void**>(out.put()));
      if (both != nullptr) both->Release();
    },
    [](IShapes& there, std::size_t n) {
      const auto mine = make<shapes>();
      const room<IUnknown*> all(n);
      for (std::size_t i = 0; i < n; i += 2) (all[i] = mine.get())->AddRef();
      (void)there.ObjectArray(static_cast<std::uint32_t>(n), all.get());
      for (std::size_t i = 0; i != n; ++i)
        if (all[i] != nullptr) all[i]->Release();
    },
    [](IShapes& there, std::size_t n) {
      const block in = task_block(n, 2);
      block both = task_block(n / 2, n);
      for (std::size_t i = 0; i < n; i += 2) both.entries[i].extra = task_new<std::int32_t>();
      const block before = both;
      const std::vector<entry> entries(both.entries, both.entries + n);
      block out;
      (void)there.Blocks(in, both, &out);
      see_block(both);
      see_block(out);
      pointee_sweep together;
      // What became null, or lies beyond a shorter end, is still the caller's.
      block last = before;
      if (both.numbers != nullptr && both.numbers != before.numbers) last.numbers = nullptr;
      if (both.entries != nullptr && both.entries != before.entries) last.entries = nullptr;
      for (const entry& one : entries) pointee_sweep::free(one.extra, nullptr);
      pointee_sweep::free(last.numbers, nullptr);
      pointee_sweep::free(last.entries, nullptr);
      ndr_codec<block>::free(both);
      ndr_codec<block>::free(out);
      block given = in;
      ndr_codec<block>::free(given);
    },
    [](IShapes& there, std::size_t n) {
      std::vector<block> in;
      for (std::size_t i = 0; i != n % 4; ++i) in.push_back(task_block(i, n));
      try {
        for (block& one : there.more_blocks(in)) {
          see_block(one);
          ndr_codec<block>::free(one);
        }
      } catch (const std::exception&) {
      }
      for (block& one : in) ndr_codec<block>::free(one);
    },
    [](IShapes& there, std::size_t n) {
      std::vector<record> in(n % 4, record{"name", 1, std::string("any"), {u"a", u"b"}, {}, true});
      record both{"both", {}, in, {}, {}, false};
      see_record(there.records(in, both));
      see_record(both);
    },
    [](IShapes& there, std::size_t n) {
      std::set<std::u16string> words{u"one", u"two"};
      const std::vector<std::int64_t> numbers(n);
      (void)there.containers(numbers, "text", words, {{std::uint8_t{1}, true}, {2, false}});
      for (const std::u16string& word : words) see(word);
    },
    [](IShapes& there, std::size_t n) {
      const std::int32_t fixed[3] = {1, 2, 3};
      const auto shared = std::make_shared<record>();
      (void)there.mixed(std::vector<std::string>(n, "t"), n % 2 == 0 ? shared : nullptr, fixed);
    },
};

void call(IShapes& proxy, const caller& made, std::size_t n) {
  try {
    made(proxy, n);
  } catch (const std::exception&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t objects = live_objects();
  const std::size_t blocks = live_task_allocations();
  {
    trivial_exporter_ptr home("home");
    const trivial_exporter::enter inside(*home);
    const auto object = make<shapes>();

    input changes(data, size);
    const caller& made = callers[changes.byte() % std::size(callers)];
    const std::uint8_t how = changes.byte();
    const std::size_t n = changes.byte() % 12;

    com_ptr<IPSFactoryBuffer> factory;
    must(ps_factory_for(iid_of<IShapes>(), factory.put()) == S_OK);
    com_ptr<IRpcStubBuffer> stub;
    must(factory->CreateStub(iid_of<IShapes>(), object.get(), stub.put()) == S_OK);
    const auto channel = make<spoiled_channel>(stub.get(), changes);
    com_ptr<IRpcProxyBuffer> buffer;
    com_ptr<IShapes> proxy;
    must(factory->CreateProxy(nullptr, iid_of<IShapes>(), buffer.put(),
                              reinterpret_cast<void**>(proxy.put())) == S_OK);
    must(buffer->Connect(channel.get()) == S_OK);

    channel->spoil_request = (how & 1) != 0;
    channel->spoil_reply = (how & 2) != 0;
    channel->other_order = (how & 4) != 0;
    channel->replace = (how & 8) != 0;
    call(*proxy, made, n);
    channel->spoil_request = channel->spoil_reply = false;
    const std::int32_t fixed = 1;
    must(proxy->Full(&fixed, &fixed, &fixed) == S_OK);
    must(channel->buffers_out == 0);

    proxy.reset();
    buffer->Disconnect();
    stub->Disconnect();
    SetErrorInfo(0, nullptr);
  }
  must(live_objects() == objects);
  must(live_task_allocations() == blocks);
  return 0;
}
