// SPDX-License-Identifier: MIT
// refused: make the object with apartment::create, or return an agile_ref
// refused: leaves_by_marshaling<insula::com_ptr<IThing>
// refused: leaves_by_marshaling<IThing
// refused: leaves_by_marshaling<thing
// refused: leaves_by_marshaling<std::vector
// refused: leaves_by_marshaling<std::optional
// refused: leaves_by_marshaling<std::pair
// refused: leaves_by_marshaling<std::tuple
// refused: leaves_by_marshaling<named_thing>
// refused: leaves_by_marshaling<late_thing>
// refused: leaves_by_marshaling<std::map
// refused: leaves_by_marshaling<insula::weak_ref<IThing>
// refused: leaves_by_marshaling<std::variant
// refused: leaves_by_marshaling<things
// refused: leaves_by_marshaling<late_pair
// refused: leaves_by_marshaling<weak_thing
// refused: leaves_by_marshaling<thing_inside
// refused: leaves_by_marshaling<more_things
// refused: leaves_by_marshaling<tree_of_things
// refused: leaves_by_marshaling<std::unique_ptr
// refused: leaves_by_marshaling<std::shared_ptr
#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/apartment.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/weak_ref.hpp>

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

struct IThing : insula::IUnknown {
  virtual int use() = 0;
};
INSULA_IID(IThing, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-0000000000a1")

class thing : public insula::implements<thing, IThing> {
 public:
  int use() override { return 1; }
};

struct named_thing {
  insula::com_ptr<IThing> object;
  std::string name;
};
struct late_thing {
  int number;
  std::string name;
  thing* object;
};
struct things {
  std::vector<insula::com_ptr<IThing>> all;
};
struct late_pair {
  std::optional<int> number;
  std::pair<int, insula::com_ptr<IThing>> object;
};
struct weak_thing {
  std::string name;
  insula::weak_ref<IThing> object;
};
struct thing_inside {
  int before;
  struct {
    int number;
    insula::com_ptr<IThing> object;
  } inside;
};
struct more_things : things {
  int count;
};
struct tree_of_things {
  int number;
  std::vector<tree_of_things> below;
  std::unique_ptr<tree_of_things> beside;
  std::shared_ptr<thing> object;
};

// What may leave, for all that it looks like.
struct tree {
  int number;
  std::vector<tree> below;
  std::map<std::string, std::unique_ptr<tree>> beside;
  insula::agile_ref<IThing> object;
};
struct harmless {
  int number;
  std::string name;
  std::any whatever;
  std::function<void()> body;
  void* raw;
  const char* text;
  std::vector<int> numbers;
};

template <class T>
void take(const insula::apartment& home) {
  (void)home.invoke([]() -> T { return T{}; });
  (void)home.send([]() -> T { return T{}; });
}

void accepted(const insula::apartment& home) {
  home.invoke([] {});
  take<int>(home);
  take<harmless>(home);
  take<tree>(home);
  take<std::string>(home);
  take<std::map<std::string, std::vector<double>>>(home);
  take<std::optional<std::tuple<int, std::string>>>(home);
  take<insula::agile_ref<IThing>>(home);
  take<std::vector<insula::agile_ref<IThing>>>(home);
  take<insula::HRESULT>(home);
  take<std::exception_ptr>(home);
}

#ifndef INSULA_ACCEPTED
void refused(const insula::apartment& home) {
  take<insula::com_ptr<IThing>>(home);
  take<IThing*>(home);
  take<thing*>(home);
  take<std::vector<insula::com_ptr<IThing>>>(home);
  take<std::optional<IThing*>>(home);
  take<std::pair<int, insula::com_ptr<IThing>>>(home);
  take<std::tuple<int, insula::com_ptr<IThing>, char>>(home);
  take<named_thing>(home);
  take<late_thing>(home);
  take<std::map<int, insula::com_ptr<IThing>>>(home);
  take<insula::weak_ref<IThing>>(home);
  take<std::variant<int, insula::com_ptr<IThing>>>(home);
  take<things>(home);
  take<late_pair>(home);
  take<weak_thing>(home);
  take<thing_inside>(home);
  take<more_things>(home);
  take<tree_of_things>(home);
  take<std::unique_ptr<insula::com_ptr<IThing>>>(home);
  take<std::shared_ptr<std::vector<IThing*>>>(home);
}
#endif
