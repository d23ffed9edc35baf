// SPDX-License-Identifier: MIT
//
// Apartments from their making to their end, and the work that is sent to them.
#include "scenario.hpp"
#include "shortage.hpp"
#include "tool.hpp"

#include <insula/apartments/initialize.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/object_context.hpp>
#include <insula/apartments/rundown.hpp>
#include <insula/apartments/sta.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <system_error>
#include <thread>

namespace insula::test {
namespace {

using namespace std::chrono_literals;

/// Undoes a CoInitializeEx.
struct initialised {
  explicit initialised(DWORD model) { INSULA_STEP(CoInitializeEx(nullptr, model)); }
  ~initialised() { CoUninitialize(); }
  initialised(const initialised&) = delete;
  initialised& operator=(const initialised&) = delete;
};

void initialising() {
  {
    const initialised sta(COINIT_APARTMENTTHREADED);
    const initialised again(COINIT_APARTMENTTHREADED);
    const HRESULT other = CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    require(other == RPC_E_CHANGED_MODE, "an STA is no MTA");
    APTTYPE type{};
    APTTYPEQUALIFIER qualifier{};
    INSULA_STEP(CoGetApartmentType(&type, &qualifier));
  }
  const initialised mta(COINIT_MULTITHREADED);
  CO_MTA_USAGE_COOKIE cookie{};
  INSULA_STEP(CoIncrementMTAUsage(&cookie));
  INSULA_STEP(CoDecrementMTAUsage(cookie));
  require(CoDecrementMTAUsage(cookie) == E_INVALIDARG, "a cookie that was used");
}

void names() {
  const sta_lease here("a name that is longer than any string keeps in itself");
  const apartment home = apartment::current();
  require(home.kind() == apartment_kind::sta && home.is_current() && !home.is_closed(),
          "where this is");
  require(!home.name().empty() && !home.description().empty() && home.id() != oxid{}, "its name");
  try {
    (void)apartment().kind();
    require(false, "an empty handle");
  } catch (const com_error& error) {
    require(error.code() == E_POINTER, "the code of an empty handle");
  }
}

void work_that_waits() {
  const sta_lease here("here");
  const sta home("home");
  require(home.invoke([] { return 5; }) == 5, "what invoke gives");
  require(home.send([] { return 6; }) == 6, "what send gives");
  try {
    home.invoke([] { throw std::out_of_range("no such number"); });
    require(false, "an exception");
  } catch (const std::out_of_range&) {
  }
  const auto made = here.get().create<IGadget>([] { return make<gadget>(); });
  require(made != nullptr, "an object made here");
}

void work_that_is_posted() {
  sta_lease here("here");
  const sta home("home");
  std::atomic<int> ran{0};
  bool done = false;
  try {
    home.post([&] { ++ran; });
    home.post_system([&] { ++ran; });
  } catch (...) {
    home.invoke([] {});  // what was taken runs first
    throw;
  }
  home.invoke([] {});
  here.get().post([&] { done = true; });
  here.run_until([&] { return done; });
  here.drain();
  home.invoke([] {});
}

void timers() {
  sta_lease here("here");
  int ran = 0;
  const timer_id often = here.get().set_timer(0ns, [&] { ++ran; }, 1ns);
  here.run_until([&] { return ran >= 3; });
  here.get().cancel_timer(often);
  const sta home("home");
  std::atomic<int> there{0};
  const timer_id never = home.get().set_timer(1h, [&] { ++there; });
  home.get().cancel_timer(never);
  home.invoke([] {});
  require(there == 0, "a timer that was cancelled");
}

void run_loops() {
  sta_lease here("here");
  here.quit(3);
  require(here.run() == 3, "what quit was given");
}

void threads_of_stas() {
  sta_thread thread(sta_options{.name = "thread", .stack_size = 1 << 18});
  const apartment first = thread.add("first");
  const apartment second = thread.add("second");
  require(first.invoke([] { return 1; }) == 1, "work in a hosted apartment");
  second.invoke([] {});
  thread.close(first);
  require(first.is_closed(), "an apartment that was closed");
}

// Closed by its own code, and by the end of its owner there.
void closing_from_inside() {
  const sta_lease here("here");
  std::optional<sta> home(std::in_place, "home");
  home->invoke([&] { home->close(); });
  home.reset();
  std::optional<sta_thread> thread(std::in_place, "thread");
  const apartment hosted = thread->add("hosted");
  hosted.invoke([&] { thread.reset(); });
}

// What is queued when an apartment closes is dropped, and what it holds with it.
void closing_with_work_left() {
  sta_lease here("here");
  {
    const sta home("home");
    const auto held = make<gadget>();
    home.invoke([&] {
      for (int i = 0; i != 3; ++i)
        here.get().post([held] { (void)held; });
    });
    const timer_id later = home.get().set_timer(1h, [held] { (void)held; });
    (void)later;
  }
  here.get().set_timer(1h, [held = make<gadget>()] { (void)held; });
}

void closing_with_clients() {
  const sta_lease here("here");
  const mta_usage usage;
  com_ptr<IGadget> kept;
  {
    const sta home("home");
    kept = home.create<IGadget>([] { return make<gadget>(); });
    const auto mine = make<gadget>();
    const auto taker = home.create<ITool>([] { return make<tool>(); });
    LONG number = 0;
    INSULA_STEP(taker->Take(mine.get(), &number));
  }
  const auto pooled = usage.get().create<IGadget>([] { return make<gadget>(); });
  const auto neutral_one = neutral().create<IGadget>([] { return make<gadget>(); });
  LONG number = 0;
  INSULA_STEP(pooled->Number(&number));
  INSULA_STEP(neutral_one->Number(&number));
}

void enter_and_end(DWORD model) {
  HRESULT code = S_OK;
  std::thread thread;
  try {
    thread = std::thread([&] { code = CoInitializeEx(nullptr, model); });
  } catch (const std::system_error&) {
    throw refused_step{};
  }
  thread.join();
  step(code, "CoInitializeEx on a thread of its own");
}

// Two threads that COM code made itself; both end without CoUninitialize.
void threads_that_end_inside() {
  const mta_usage usage;
  enter_and_end(COINIT_APARTMENTTHREADED);
  enter_and_end(COINIT_MULTITHREADED);
}

void work_in_the_mta() {
  const mta_usage usage;
  const sta_lease here("here");
  const apartment pool = usage.get();
  std::atomic<int> ran{0};
  pool.post([&] { ++ran; });  // the end of the usage waits for it
  pool.post_system([&] { ++ran; });
  require(pool.invoke([] { return 4; }) == 4, "work in the MTA");
  require(pool.send([] { return 5; }) == 5, "a send into the MTA");
  (void)mta_pool_threads();
}

void leaving_the_mta_in_a_call() {
  std::optional<mta_usage> usage(std::in_place);
  const sta_lease here("here");
  const apartment pool = usage->get();
  pool.invoke([&] { usage.reset(); });
}

HRESULT called_back(ComCallData* data) {
  ++*static_cast<int*>(data->pUserDefined);
  return S_OK;
}
HRESULT failing_back(ComCallData*) { return set_error(E_ACCESSDENIED, "not inside either"); }

void contexts() {
  const sta_lease here("here");
  const sta home("home");
  com_ptr<IContextCallback> inside;
  home.invoke([&] {
    INSULA_STEP(CoGetObjectContext(iid_of<IContextCallback>(), inside.put_void()));
  });
  int calls = 0;
  ComCallData data{0, 0, &calls};
  INSULA_STEP(inside->ContextCallback(&called_back, &data, IID_IUnknown, 0, nullptr));
  require(calls == 1, "a call back");
  const HRESULT code = inside->ContextCallback(&failing_back, &data, IID_IUnknown, 0, nullptr);
  require(code == E_ACCESSDENIED || says_shortage(code), "the code of a call back");
  ULONG_PTR token = 0;
  INSULA_STEP(CoGetContextToken(&token));
  GUID id{};
  INSULA_STEP(CoGetCurrentLogicalThreadId(&id));
  com_ptr<IComThreadingInfo> facts;
  INSULA_STEP(CoGetObjectContext(iid_of<IComThreadingInfo>(), facts.put_void()));
  THDTYPE thread{};
  APTTYPE type{};
  INSULA_STEP(facts->GetCurrentThreadType(&thread));
  INSULA_STEP(facts->GetCurrentApartmentType(&type));
  INSULA_STEP(facts->GetCurrentLogicalThreadId(&id));
  INSULA_STEP(facts->SetCurrentLogicalThreadId(new_guid()));
  require(CoGetCurrentProcess() != 0, "CoGetCurrentProcess");
}

void rundown() {
  int ran = 0;
  {
    const sta_lease here("here");
    const sta home("home");
    at_rundown([&ran, padding = make<gadget>()] { ++ran; });
    home.invoke([&] { at_rundown([&ran, padding = make<gadget>()] { ++ran; }); });
  }
  require(ran == 2, "what was registered for rundown ran");
}

std::shared_ptr<void> nothing_kept() noexcept { return nullptr; }

void rundown_of_the_process() {
  // Once per function, as its contract says; a refused registration is none.
  static bool registered = false;
  if (!registered) at_process_rundown(&nothing_kept);
  registered = true;
  const sta_lease here("here");
}

}  // namespace

std::vector<piece> pieces_of_apartments() {
  return {{"Initialising", initialising},
          {"Names", names},
          {"WorkThatWaits", work_that_waits},
          {"WorkThatIsPosted", work_that_is_posted},
          {"Timers", timers},
          {"RunLoops", run_loops},
          {"ThreadsOfStas", threads_of_stas},
          {"ClosingFromInside", closing_from_inside},
          {"ClosingWithWorkLeft", closing_with_work_left},
          {"ClosingWithClients", closing_with_clients},
          {"ThreadsThatEndInside", threads_that_end_inside},
          {"WorkInTheMta", work_in_the_mta},
          {"LeavingTheMtaInACall", leaving_the_mta_in_a_call},
          {"Contexts", contexts},
          {"Rundown", rundown},
          {"RundownOfTheProcess", rundown_of_the_process}};
}

}  // namespace insula::test
