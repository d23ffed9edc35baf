// SPDX-License-Identifier: MIT
//
// Calls: every way in which values travel, in every direction between apartments; asynchronous
// ones, coroutines, deadlines.
#include "scenario.hpp"
#include "shortage.hpp"
#include "tool.hpp"

#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/async.hpp>
#include <insula/apartments/call_observer.hpp>
#include <insula/apartments/call_options.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/resume_in.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/apartments/task.hpp>
#include <insula/core/weak_ref.hpp>

#include <chrono>
#include <optional>

namespace insula::test {
namespace {

using namespace std::chrono_literals;

void values(ITool* made) {
  LONG sum = 0;
  INSULA_STEP(made->Add(2, 3, &sum));
  require(sum == 5, "a sum");

  char* echo = nullptr;
  INSULA_STEP(made->Echo("a text that is longer than any string keeps in itself", &echo));
  const task_ptr<char> kept_echo(echo);

  const bstr text(u"counted");
  bstr copy;
  INSULA_STEP(made->EchoBstr(text.get(), copy.put()));
  require(copy == text, "an echo");

  const std::int32_t numbers[] = {1, 2, 3};
  std::uint32_t count = 0;
  std::int32_t* squares = nullptr;
  INSULA_STEP(made->Squares(3, numbers, &count, &squares));
  const task_ptr<std::int32_t> kept_squares(squares);
  require(count == 3 && squares[2] == 9, "squares");
}

void containers(ITool* made) {
  const parcel goods{5, "a label that is longer than any string keeps in itself", {"one"}};
  const parcel wrapped = made->wrap(goods, {{1, "a note"}, {2, "another"}}, "extra");
  require(wrapped.stamps.size() == 4 && wrapped.label == goods.label, "a parcel");
  const std::vector<std::byte> many(5000, std::byte{1});
  require(made->large(many) == many, "many bytes");
}

void pointers(ITool* made) {
  com_ptr<IGadget> given;
  INSULA_STEP(made->Give(given.put()));
  LONG number = 0;
  INSULA_STEP(made->Take(given.get(), &number));
  require(number == 7, "the number of what came home");
  const com_ptr<IGadget> mine = make<gadget>(9);
  INSULA_STEP(made->Take(mine.get(), &number));
  require(number == 9, "the number of mine");
  require(made->pass(mine) == mine, "what was passed came back");
  com_ptr<IOther> other;
  INSULA_STEP(made->Query(iid_of<IOther>(), other.put_void()));
  INSULA_STEP(other->Touch());
  IGadget* several[2] = {};
  const HRESULT code = made->Several(2, several);
  // What the callee had made before it failed comes along with the failure.
  for (IGadget* one : several)
    if (one != nullptr) one->Release();
  step(code, "Several");
}

void errors(ITool* made) {
  const HRESULT code = made->Fail(E_ACCESSDENIED);
  require(code == E_ACCESSDENIED || says_shortage(code), "the code of a failure");
  try {
    (void)made->fails();
    require(false, "an exception");
  } catch (const std::out_of_range&) {
  } catch (const com_error& error) {
    // The exception itself could not be kept.
    require(says_shortage(error.code()) || (shortage::met() && error.code() == E_BOUNDS),
            "the code of an exception");
  }
  require(made->Echo(nullptr, nullptr) == HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER),
          "a null pointer");
}

void everything(ITool* made) {
  values(made);
  containers(made);
  pointers(made);
  errors(made);
  const auto back = make<visitor>([](IGadget* gadget) {
    LONG number = 0;
    return gadget->Number(&number);
  });
  INSULA_STEP(made->Call(back.get()));
}

void from_an_sta_to_an_sta() {
  const sta_lease here("here");
  const sta home("home");
  everything(home.create<ITool>([] { return make<tool>(); }).get());
}

void from_an_sta_to_the_mta() {
  const mta_usage usage;
  const sta_lease here("here");
  everything(usage.get().create<ITool>([] { return make<tool>(); }).get());
}

void from_the_mta_to_an_sta() {
  const mta_lease here;
  const sta home("home");
  everything(home.create<ITool>([] { return make<tool>(); }).get());
}

void between_stas_of_one_thread() {
  sta_thread thread("thread");
  const sta first(thread, "first");
  const sta second(thread, "second");
  first.invoke([&] { everything(second.create<ITool>([] { return make<tool>(); }).get()); });
}

void into_the_neutral_apartment() {
  const sta_lease here("here");
  everything(neutral().create<ITool>([] { return make<tool>(); }).get());
}

// Each call waits for the next, and all threads are needed.
void chains() {
  const mta_usage usage;
  const sta_lease here("here");
  const sta home("home");
  const apartment pool = usage.get();
  const auto first = pool.create<ITool>([] { return make<tool>(); });
  int depth = 0;
  std::function<HRESULT(IGadget*)> again;
  const auto back = make<visitor>([&](IGadget* gadget) { return again(gadget); });
  again = [&](IGadget*) { return ++depth == 4 ? S_OK : first->Call(back.get()); };
  INSULA_STEP(first->Call(back.get()));
  require(depth == 4, "the depth of a chain");
}

void with_a_deadline() {
  const sta_lease here("here");
  const sta home("home");
  const auto made = home.create<ITool>([] { return make<tool>(); });
  {
    const deadline_scope limit(1h);
    require(current_deadline().has_value(), "a deadline");
    values(made.get());
  }
  const deadline_scope over(0ns);
  LONG sum = 0;
  const HRESULT code = made->Add(1, 2, &sum);
  require(code == RPC_E_TIMEOUT || says_shortage(code), "a deadline that is over");
  require(!current_call_is_cancelled(), "no call");
}

class counting_observer final : public call_observer {
 public:
  void crossed(const crossed_call&) noexcept override { ++calls; }
  int calls = 0;
};

void observed() {
  const sta_lease here("here");
  const sta home("home");
  const auto made = home.create<ITool>([] { return make<tool>(); });
  const auto observer = std::make_shared<counting_observer>();
  set_call_observer(observer);
  LONG sum = 0;
  const HRESULT code = made->Add(1, 2, &sum);
  set_call_observer(nullptr);
  step(code, "Add");
  require(observer->calls == 1, "an observed call");
}

// ---- Asynchronous -------------------------------------------------------------------------------

void asynchronous(const com_ptr<ITool>& made) {
  LONG sum = 0;
  future<HRESULT> adds = async(made, &ITool::Add, 2, 3, &sum);
  future<parcel> wraps =
      async(async_options{.timeout = 1h}, made, &ITool::wrap,
            parcel{1, "a label that is longer than any string keeps in itself", {}},
            std::map<int, std::string>{}, std::nullopt);
  INSULA_STEP(notify(made, &ITool::Fail, E_ACCESSDENIED));
  const com_ptr<IGadget> mine = make<gadget>();
  LONG dropped = 0;
  INSULA_STEP(notify(made, &ITool::Take, mine.get(), &dropped));
  step(adds.get(), "a future");
  require(sum == 5, "a sum to come");
  require(wraps.wait_for(1h) && wraps.ready(), "a future in time");
  require(wraps.get().weight == 1, "a parcel to come");
  future<HRESULT> given_up = async(made, &ITool::Add, 2, 3, &sum);
  given_up.cancel();
  const HRESULT code = given_up.get();
  require(SUCCEEDED(code) || code == RPC_E_CALL_CANCELED || says_shortage(code),
          "a cancelled future");
  (void)async(made, &ITool::fails);
  future<HRESULT> late = async(async_options{.timeout = 0ns}, made, &ITool::Add, 2, 3, &sum);
  const HRESULT over = late.get();
  require(SUCCEEDED(over) || over == RPC_E_TIMEOUT || says_shortage(over), "a late future");
}

void asynchronous_to_an_sta() {
  const sta_lease here("here");
  const sta home("home");
  asynchronous(home.create<ITool>([] { return make<tool>(); }));
}

void asynchronous_to_the_mta() {
  const mta_usage usage;
  const sta_lease here("here");
  asynchronous(usage.get().create<ITool>([] { return make<tool>(); }));
}

void asynchronous_at_home() {
  const sta_lease here("here");
  asynchronous(make<tool>());
}

task<LONG> adds(com_ptr<ITool> made, apartment there) {
  LONG sum = 0;
  step(co_await async(made, &ITool::Add, 2, 3, &sum), "an awaited call");
  const apartment home = apartment::current();
  co_await resume_in(there);
  co_await resume_in(home);
  co_return sum;
}

task<LONG> adds_twice(com_ptr<ITool> made, apartment there) {
  const LONG first = co_await adds(made, there);
  const LONG second = co_await adds(made, there);
  co_return first + second;
}

void coroutines() {
  const sta_lease here("here");
  const sta home("home");
  const auto made = home.create<ITool>([] { return make<tool>(); });
  require(adds_twice(made, home).get() == 10, "the result of a coroutine");
}

// ---- Pointers that travel otherwise -------------------------------------------------------------

void agile_references() {
  const mta_usage usage;
  const sta_lease here("here");
  const sta home("home");
  const agile_ref<IGadget> mine(make<gadget>(4));
  const auto proxy = home.create<IGadget>([] { return make<gadget>(5); });
  const agile_ref<IGadget> theirs(proxy);
  const auto both = [&] {
    LONG first = 0;
    LONG second = 0;
    const com_ptr<IGadget> one = mine.get();
    const com_ptr<IGadget> other = theirs.get();
    INSULA_STEP(one->Number(&first));
    INSULA_STEP(other->Number(&second));
    require(first + second == 9, "both numbers");
  };
  both();
  home.invoke(both);
  usage.get().invoke(both);
}

void weak_references() {
  const sta_lease here("here");
  const sta home("home");
  auto proxy = home.create<IGadget>([] { return make<gadget>(); });
  const agile_ref<IGadget> strong(proxy);
  home.invoke([&] {
    weak_ref<IGadget> weak(strong.get());
    require(weak.resolve() != nullptr, "a live object");
  });
}

}  // namespace

std::vector<piece> pieces_of_calls() {
  return {{"FromAnStaToAnSta", from_an_sta_to_an_sta},
          {"FromAnStaToTheMta", from_an_sta_to_the_mta},
          {"FromTheMtaToAnSta", from_the_mta_to_an_sta},
          {"BetweenStasOfOneThread", between_stas_of_one_thread},
          {"IntoTheNeutralApartment", into_the_neutral_apartment},
          {"Chains", chains},
          {"WithADeadline", with_a_deadline},
          {"Observed", observed},
          {"AsynchronousToAnSta", asynchronous_to_an_sta},
          {"AsynchronousToTheMta", asynchronous_to_the_mta},
          {"AsynchronousAtHome", asynchronous_at_home},
          {"Coroutines", coroutines},
          {"AgileReferences", agile_references},
          {"WeakReferences", weak_references}};
}

}  // namespace insula::test
