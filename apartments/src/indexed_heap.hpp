// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace insula {

/// What an element of an indexed_heap knows of its place there.
struct heap_place {
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  std::size_t at = nowhere;
};

/// The least element first. Its elements belong to others and know their places, so that one in the
/// middle is found at once: putting in, moving and taking out take log n steps, and allocate
/// nothing while there is room. `T` has a `heap_place place` and a `before(const T&)`.
template <class T>
class indexed_heap {
 public:
  indexed_heap() = default;
  indexed_heap(const indexed_heap&) = delete;
  indexed_heap& operator=(const indexed_heap&) = delete;

  /// Room for one element more than before: to come with each element that there may be.
  void make_room() {
    if (heap_.capacity() == room_) heap_.reserve(2 * room_ + 8);
    ++room_;
  }
  void give_up_room() noexcept { --room_; }

  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
  [[nodiscard]] T& front() const noexcept { return *heap_.front(); }
  [[nodiscard]] static bool holds(const T& element) noexcept {
    return element.place.at != heap_place::nowhere;
  }

  /// Puts `element` where it belongs, also when it is here already and has changed.
  void put(T& element) noexcept {
    if (!holds(element)) {
      element.place.at = heap_.size();
      heap_.push_back(&element);
    }
    sink(rise(element.place.at));
  }

  /// Does nothing with what is not here.
  void take_out(T& element) noexcept {
    if (!holds(element)) return;
    const std::size_t hole = element.place.at;
    T* const last = heap_.back();
    heap_.pop_back();
    element.place.at = heap_place::nowhere;
    if (last == &element) return;
    set(hole, last);
    sink(rise(hole));
  }

 private:
  void set(std::size_t at, T* element) noexcept {
    heap_[at] = element;
    element->place.at = at;
  }

  std::size_t rise(std::size_t at) noexcept {
    T* const element = heap_[at];
    while (at != 0) {
      const std::size_t above = (at - 1) / 2;
      if (!element->before(*heap_[above])) break;
      set(at, heap_[above]);
      at = above;
    }
    set(at, element);
    return at;
  }

  void sink(std::size_t at) noexcept {
    T* const element = heap_[at];
    while (true) {
      std::size_t below = 2 * at + 1;
      if (below >= heap_.size()) break;
      if (below + 1 < heap_.size() && heap_[below + 1]->before(*heap_[below])) ++below;
      if (!heap_[below]->before(*element)) break;
      set(at, heap_[below]);
      at = below;
    }
    set(at, element);
  }

  std::vector<T*> heap_;
  std::size_t room_ = 0;
};

}  // namespace insula
