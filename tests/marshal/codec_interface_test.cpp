// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_interface.hpp>

#include "probe.hpp"
#include "wire_bytes.hpp"

#include <insula/marshal/objref.hpp>

#include <memory>
#include <vector>

namespace insula::test {
namespace {

using enter = trivial_exporter::enter;

/// Interface pointers inside other types; the objects live in `home`, where the test is.
class CodecInterface : public marshal_test {
 protected:
  /// The message of `value`, whose packets `ledger` knows.
  template <class T>
  std::vector<std::byte> sent(const T& value) {
    ndr_writer counter;
    write_value(counter, value);
    std::vector<std::byte> bytes(counter.size());
    ndr_writer writer(bytes, &ledger);
    write_value(writer, value);
    EXPECT_LE(writer.size(), counter.size());
    bytes.resize(writer.size());
    return bytes;
  }

  trivial_exporter_ptr home{"home"};
  enter inside{*home};
  packet_ledger ledger;
};

struct holder {
  std::uint8_t before;
  IAdder* raw;
  com_ptr<IAdder> owned;
  std::vector<com_ptr<IScaler>> many;
};

TEST_F(CodecInterface, IsACountedPacketBehindAUniquePointer) {
  auto object = make<probe>();
  IAdder* pointer = object.get();

  auto bytes = sent(pointer);

  EXPECT_EQ(bytes.size(), 12 + objref_standard_size);
  const auto head = wire_bytes().u32(0x20000).u32(68).u32(68).text("MEOW").u32(1).bytes;
  EXPECT_TRUE(std::equal(head.begin(), head.end(), bytes.begin()));
  ledger.release_unconsumed(bytes);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(CodecInterface, IsFourZeroBytesForNull) {
  EXPECT_EQ(sent(com_ptr<IAdder>()), wire_bytes().u32(0).bytes);
  EXPECT_EQ(from_wire<IAdder*>(wire_bytes().u32(0).bytes), nullptr);
}

TEST_F(CodecInterface, WritesItsPacketAmongTheDeferredPointees) {
  auto object = make<probe>();
  struct two {
    com_ptr<IAdder> object;
    const char* text;
    std::uint32_t last;
  };

  auto bytes = sent(two{com_ptr<IAdder>(object.get()), "a", 9});

  const auto head = wire_bytes().u32(0x20000).u32(0x20004).u32(9).u32(68).u32(68).bytes;
  EXPECT_TRUE(std::equal(head.begin(), head.end(), bytes.begin()));
  ledger.release_unconsumed(bytes);
}

TEST_F(CodecInterface, ArrivesAtAnyDepthAsACountedPointer) {
  auto object = make<probe>();
  {
    const holder value{1,
                       object.get(),
                       com_ptr<IAdder>(object.get()),
                       {com_ptr<IScaler>(object.get()), nullptr, com_ptr<IScaler>(object.get())}};
    message in(sent(value));
    ndr_reader reader(in.span(), little, reader_memory::task);
    holder back{};
    read_value(reader, back);
    reader.commit();

    EXPECT_EQ(back.raw, object.get());
    EXPECT_EQ(back.owned.get(), object.get());
    ASSERT_EQ(back.many.size(), 3u);
    EXPECT_EQ(back.many[1], nullptr);
    EXPECT_EQ(back.many[2].get(), static_cast<IScaler*>(object.get()));
    EXPECT_EQ(references(object), 1u + 3u + 4u);
    ndr_codec<holder>::free(back);
    EXPECT_EQ(back.raw, nullptr);
    EXPECT_EQ(references(object), 1u + 3u + 3u);
  }
  EXPECT_EQ(references(object), 1u);
}

TEST_F(CodecInterface, IsReleasedWithTheCall) {
  auto object = make<probe>();
  message in(sent<IAdder*>(object.get()));
  {
    ndr_reader reader(in.span(), little, reader_memory::call);
    IAdder* argument = nullptr;
    read_value(reader, argument);
    EXPECT_EQ(argument, object.get());
    EXPECT_EQ(references(object), 2u);
  }
  EXPECT_EQ(references(object), 1u);
}

TEST_F(CodecInterface, IsReleasedWhenTheMessageIsCutAnywhere) {
  auto object = make<probe>();
  const auto whole = sent(holder{1, object.get(), com_ptr<IAdder>(object.get()),
                                 {com_ptr<IScaler>(object.get())}});
  ledger.release_unconsumed(const_cast<std::vector<std::byte>&>(whole));
  EXPECT_EQ(references(object), 1u);

  for (std::size_t size = 0; size != whole.size(); ++size) {
    packet_ledger sent_again;
    std::vector<std::byte> bytes(whole.size());
    ndr_writer writer(bytes, &sent_again);
    write_value(writer, holder{1, object.get(), com_ptr<IAdder>(object.get()),
                               {com_ptr<IScaler>(object.get())}});
    try {
      ndr_reader reader(std::span<std::byte>(bytes).first(size), little, reader_memory::task);
      holder back{};
      read_value(reader, back);
      ADD_FAILURE() << "a message of " << size << " bytes was read";
    } catch (const ndr_error&) {
    }
    sent_again.release_unconsumed(bytes);
    ASSERT_EQ(references(object), 1u) << size << " bytes";
  }
}

TEST_F(CodecInterface, SaysWhyAnInterfaceCannotBeMarshaled) {
  auto object = make<probe>();
  IUndescribed* pointer = object.get();
  std::vector<std::byte> room(200);
  ndr_writer writer(room, &ledger);
  try {
    write_value(writer, pointer);
    FAIL() << "an interface without a marshaler was sent";
  } catch (const ndr_error& refused) {
    EXPECT_EQ(refused.code(), E_NOINTERFACE);
  }
  EXPECT_TRUE(ledger.empty());
  EXPECT_EQ(references(object), 1u);
}

TEST_F(CodecInterface, RefusesCountsThatContradictEachOther) {
  EXPECT_EQ(code_of_reading<IAdder*>(wire_bytes().u32(1).u32(4).u32(8).zeros(8).bytes),
            HRESULT_RPC_X_BAD_STUB_DATA);
  EXPECT_EQ(code_of_reading<IAdder*>(wire_bytes().u32(1).u32(80).u32(80).zeros(8).bytes),
            HRESULT_RPC_X_BAD_STUB_DATA);
}

TEST_F(CodecInterface, PassesOnWhatIsWrongWithAPacket) {
  EXPECT_EQ(code_of_reading<IAdder*>(wire_bytes().u32(1).u32(8).u32(8).zeros(8).bytes),
            RPC_E_INVALID_OBJREF);
}

}  // namespace
}  // namespace insula::test
