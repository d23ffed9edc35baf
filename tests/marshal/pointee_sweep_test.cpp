// SPDX-License-Identifier: MIT
#include <insula/marshal/pointee_sweep.hpp>

#include <insula/core/com_ptr.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/task_memory.hpp>

#include <gtest/gtest.h>

namespace insula::test {
namespace {

struct cell {
  cell* next;
  IUnknown* object;
};

void walk_cell(void* memory) noexcept {
  auto* here = static_cast<cell*>(memory);
  pointee_sweep::free(here->next, &walk_cell);
  pointee_sweep::release(here->object);
}

cell* new_cell(cell* next, IUnknown* object = nullptr) {
  auto* made = static_cast<cell*>(CoTaskMemAlloc(sizeof(cell)));
  *made = {next, object};
  return made;
}

// Frees a structure of its own when it ends, as a user's object may.
class frees_more : public implements<frees_more, IUnknown> {
 public:
  ~frees_more() { pointee_sweep::free(new_cell(new_cell(nullptr)), &walk_cell); }
};

TEST(PointeeSweep, FreesNothingForNull) {
  const std::size_t before = live_task_allocations();
  pointee_sweep::free(nullptr, nullptr);
  pointee_sweep::free(nullptr, &walk_cell);
  pointee_sweep::release(nullptr);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(PointeeSweep, FreesASharedBlockOnce) {
  const std::size_t before = live_task_allocations();
  cell* shared = new_cell(nullptr);
  cell* top = new_cell(new_cell(shared));
  shared->next = top;

  pointee_sweep::free(top, &walk_cell);

  EXPECT_EQ(live_task_allocations(), before);
}

TEST(PointeeSweep, GathersWhatOneBlockOfCodeFrees) {
  const std::size_t before = live_task_allocations();
  cell* shared = new_cell(nullptr);
  cell* one = new_cell(shared);
  cell* two = new_cell(shared);
  {
    const pointee_sweep together;
    {
      const pointee_sweep inside;
      pointee_sweep::free(one, &walk_cell);
    }
    pointee_sweep::free(two, &walk_cell);
    EXPECT_EQ(live_task_allocations(), before + 3);
  }
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(PointeeSweep, ReleasesObjectsOnceTheWalkIsOver) {
  const std::size_t before = live_task_allocations();
  const std::size_t objects = live_objects();
  cell* second = new_cell(nullptr, make<frees_more>().detach());
  cell* first = new_cell(second, make<frees_more>().detach());
  EXPECT_EQ(live_objects(), objects + 2);

  pointee_sweep::free(first, &walk_cell);

  EXPECT_EQ(live_objects(), objects);
  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace
}  // namespace insula::test
