// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_pointer.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

namespace insula::test {
namespace {

struct node {
  std::uint32_t value;
  node* next;
};

int length(const node* first) {
  int count = 0;
  for (; first != nullptr; first = first->next) ++count;
  return count;
}

// Nodes in a row, each linked to the next.
std::vector<node> linked(std::size_t count) {
  std::vector<node> nodes(count);
  for (std::size_t i = 0; i != count; ++i)
    nodes[i] = {static_cast<std::uint32_t>(i), i + 1 == count ? nullptr : &nodes[i + 1]};
  return nodes;
}

TEST(CodecPointer, IsAReferentIdThenItsPointee) {
  const auto nodes = linked(2);
  EXPECT_EQ(to_wire(nodes[0]), wire_bytes().u32(0).u32(0x20000).u32(1).u32(0).bytes);
}

TEST(CodecPointer, ComesBackAsTaskMemoryOrNull) {
  const std::size_t before = live_task_allocations();
  const int seven = 7;
  auto* copy = round_trip<const int*>(&seven);

  EXPECT_EQ(*copy, 7);
  EXPECT_EQ(live_task_allocations(), before + 1);
  ndr_codec<const int*>::free(copy);
  EXPECT_EQ(live_task_allocations(), before);
  EXPECT_EQ(round_trip<int*>(nullptr), nullptr);
}

TEST(CodecPointer, LooksIntoTheMessageOfACall) {
  const std::size_t before = live_task_allocations();
  std::uint64_t seven = 7;
  message in(to_wire(&seven));
  ndr_reader reader(in.span(), little, reader_memory::call);
  std::uint64_t* seen = nullptr;

  read_value(reader, seen);

  EXPECT_EQ(*seen, 7u);
  EXPECT_EQ(static_cast<void*>(seen), in.span().data() + 8);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecPointer, MakesTwoCopiesOfASharedPointee) {
  int shared = 3;
  struct two {
    int *a, *b;
  };
  two back = round_trip(two{&shared, &shared});

  EXPECT_NE(back.a, back.b);
  EXPECT_EQ(*back.a, *back.b);
  ndr_codec<two>::free(back);
}

TEST(CodecPointer, BringsAListBackThatIsAsLongAsNestingAllows) {
  const std::size_t before = live_task_allocations();
  const auto nodes = linked(ndr_writer::max_depth + 1);
  node back = round_trip(nodes[0]);

  EXPECT_EQ(length(&back), ndr_writer::max_depth + 1);
  ndr_codec<node>::free(back);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecPointer, RefusesToWriteALongerList) {
  const auto nodes = linked(ndr_writer::max_depth + 2);
  ndr_writer writer;
  EXPECT_THROW(write_value(writer, nodes[0]), ndr_error);
}

TEST(CodecPointer, RefusesToReadALongerList) {
  const std::size_t before = live_task_allocations();
  wire_bytes bytes;
  for (std::uint32_t i = 0; i != ndr_writer::max_depth + 1; ++i) bytes.u32(i).u32(1);
  bytes.u32(0).u32(0);

  EXPECT_EQ(code_of_reading<node>(bytes.bytes), HRESULT_RPC_X_BAD_STUB_DATA);
  EXPECT_EQ(code_of_reading<node>(bytes.bytes, little, reader_memory::call),
            HRESULT_RPC_X_BAD_STUB_DATA);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecPointer, RefusesToWriteACycle) {
  node one{1, nullptr};
  node two{2, &one};
  one.next = &two;
  ndr_writer writer;
  try {
    write_value(writer, one);
    FAIL() << "a cycle was written";
  } catch (const ndr_error& refused) {
    EXPECT_NE(std::string_view(refused.what()).find("full_ptr"), std::string_view::npos);
  }
}

struct branching {
  branching *left, *right;
  std::byte load[1000];
};

TEST(CodecPointer, RefusesAValueThatSharesItselfPastTheSizeOfAnyMessage) {
  // Thirty levels that each point twice at the next would be 2^30 copies of the last.
  std::vector<branching> levels(30);
  for (std::size_t i = 0; i + 1 != levels.size(); ++i)
    levels[i].left = levels[i].right = &levels[i + 1];

  ndr_writer writer;
  EXPECT_THROW(write_value(writer, levels[0]), ndr_error);
}

TEST(CodecPointer, RefusesEveryCutMessage) {
  const auto nodes = linked(3);
  survives_cuts<node>(to_wire(nodes[0]));
}

TEST(CodecPointer, FreesWhatACalleeLinkedWrongOnlyOnce) {
  const std::size_t before = live_task_allocations();
  auto* one = static_cast<node*>(CoTaskMemAlloc(sizeof(node)));
  auto* two = static_cast<node*>(CoTaskMemAlloc(sizeof(node)));
  *one = {1, two};
  *two = {2, one};
  EXPECT_EQ(live_task_allocations(), before + 2);

  ndr_codec<node*>::free(one);

  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecPointer, FreesAListOfAnyLength) {
  const std::size_t before = live_task_allocations();
  node* first = nullptr;
  for (std::uint32_t i = 0; i != 200'000; ++i) {
    auto* link = static_cast<node*>(CoTaskMemAlloc(sizeof(node)));
    *link = {i, first};
    first = link;
  }

  ndr_codec<node*>::free(first);

  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecRefPtr, IsRefusedWhenItIsNull) {
  struct holder {
    ref_ptr<int> value;
  };
  ndr_writer writer;
  try {
    write_value(writer, holder{});
    FAIL() << "null was written";
  } catch (const ndr_error& refused) {
    EXPECT_EQ(refused.code(), HRESULT_RPC_X_NULL_REF_POINTER);
  }
}

TEST(CodecRefPtr, ReadsItsPointeeWhateverTheReferentSays) {
  for (const std::uint32_t referent : {0u, 1u}) {
    auto value = from_wire<ref_ptr<int>>(wire_bytes().u32(referent).u32(9).bytes);
    EXPECT_EQ(*value, 9);
    ndr_codec<ref_ptr<int>>::free(value);
  }
}

struct shared_node {
  std::uint32_t value;
  full_ptr<shared_node> left, right;
};

TEST(CodecFullPtr, WritesAPointeeOnce) {
  std::uint32_t number = 5;
  struct two {
    full_ptr<std::uint32_t> a, b;
  };
  EXPECT_EQ(to_wire(two{&number, &number}),
            wire_bytes().u32(0x20000).u32(0x20000).u32(5).bytes);
}

TEST(CodecFullPtr, KeepsTwoPointersToOneObjectTogether) {
  const std::size_t before = live_task_allocations();
  std::uint32_t number = 5;
  std::vector<full_ptr<std::uint32_t>> many(4, &number);
  many[2] = nullptr;

  auto back = round_trip(many);

  EXPECT_EQ(back[0].pointee, back[1].pointee);
  EXPECT_EQ(back[0].pointee, back[3].pointee);
  EXPECT_EQ(back[2].pointee, nullptr);
  EXPECT_EQ(*back[0], 5u);
  EXPECT_EQ(live_task_allocations(), before + 1);
  ndr_codec<std::vector<full_ptr<std::uint32_t>>>::free(back);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecFullPtr, BringsACycleBack) {
  const std::size_t before = live_task_allocations();
  shared_node one{1, nullptr, nullptr};
  shared_node two{2, &one, nullptr};
  one.left = &two;
  one.right = &one;

  full_ptr<shared_node> back = round_trip(full_ptr<shared_node>(&one));

  EXPECT_EQ(back->value, 1u);
  EXPECT_EQ(back->right.pointee, back.pointee);
  EXPECT_EQ(back->left->value, 2u);
  EXPECT_EQ(back->left->left.pointee, back.pointee);
  EXPECT_EQ(live_task_allocations(), before + 2);
  ndr_codec<full_ptr<shared_node>>::free(back);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecFullPtr, PutsThePointeeWhereItsFirstTurnComes) {
  // The second pointer's object is met first inside the first pointer's.
  shared_node inner{2, nullptr, nullptr};
  shared_node outer{1, &inner, nullptr};
  struct two {
    full_ptr<shared_node> a, b;
  };
  EXPECT_EQ(to_wire(two{&outer, &inner}), wire_bytes().u32(0x20000).u32(0x20004)
                                              .u32(1).u32(0x20004).u32(0)
                                              .u32(2).u32(0).u32(0).bytes);
}

TEST(CodecFullPtr, TellsAnObjectFromItsFirstMember) {
  struct wrapper {
    std::uint32_t first;
  };
  struct two {
    full_ptr<wrapper> whole;
    full_ptr<std::uint32_t> part;
  };
  wrapper object{4};
  two back = round_trip(two{&object, &object.first});

  EXPECT_EQ(back.whole->first, 4u);
  EXPECT_EQ(*back.part, 4u);
  ndr_codec<two>::free(back);
}

TEST(CodecFullPtr, RefusesOneReferentForTwoTypes) {
  struct two {
    full_ptr<std::uint32_t> a;
    full_ptr<std::uint64_t> b;
  };
  EXPECT_EQ(code_of_reading<two>(wire_bytes().u32(4).u32(4).u32(1).zeros(12).bytes),
            HRESULT_RPC_X_BAD_STUB_DATA);
}

TEST(CodecFullPtr, RefusesEveryCutMessage) {
  shared_node one{1, nullptr, nullptr};
  shared_node two{2, &one, &one};
  survives_cuts<full_ptr<shared_node>>(to_wire(full_ptr<shared_node>(&two)));
}

TEST(CodecPointer, IsReadFromABigEndianMessage) {
  node back = from_wire<node>(wire_bytes(big).u32(1).u32(1).u32(0x01020304).u32(0).bytes, big);
  EXPECT_EQ(back.next->value, 0x01020304u);
  ndr_codec<node>::free(back);
}

}  // namespace
}  // namespace insula::test
