// SPDX-License-Identifier: MIT
//
// Where one side of a call lives.
//   place           the seam
//   own_sta         an STA with a thread of its own
//   hosted_sta      an STA on a thread that hosts several
//   mta_caller      a thread that joins the MTA for each piece of work
//   mta_owner       the MTA, whose objects run on its pool
#pragma once

#include "cpus.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/function_ref.hpp>

#include <memory>
#include <string>

namespace insula::bench {

class place {
 public:
  virtual ~place() = default;
  /// Runs `work` inside and waits for it; what it throws arrives here.
  virtual void run(function_ref<void()> work) = 0;
  /// The apartment to make objects in.
  [[nodiscard]] virtual apartment home() const = 0;
};

class own_sta final : public place {
 public:
  explicit own_sta(std::string name, int cpu = any_cpu) : home_(std::move(name)) {
    home_.invoke([cpu] { pin_thread(cpu); });
  }
  void run(function_ref<void()> work) override {
    home_.invoke([&] { work(); });
  }
  [[nodiscard]] apartment home() const override { return home_.get(); }

 private:
  sta home_;
};

class hosted_sta final : public place {
 public:
  hosted_sta(std::shared_ptr<sta_thread> thread, std::string name)
      : thread_(std::move(thread)), home_(*thread_, std::move(name)) {}
  void run(function_ref<void()> work) override {
    home_.invoke([&] { work(); });
  }
  [[nodiscard]] apartment home() const override { return home_.get(); }

 private:
  std::shared_ptr<sta_thread> thread_;
  sta home_;
};

class mta_caller final : public place {
 public:
  explicit mta_caller(int cpu = any_cpu) : cpu_(cpu) {}
  void run(function_ref<void()> work) override {
    run_on_cpu(cpu_, [&] {
      const mta_lease member;
      work();
    });
  }
  [[nodiscard]] apartment home() const override { return usage_.get(); }

 private:
  mta_usage usage_;
  const int cpu_;
};

class mta_owner final : public place {
 public:
  void run(function_ref<void()> work) override {
    usage_.get().invoke([&] { work(); });
  }
  [[nodiscard]] apartment home() const override { return usage_.get(); }

 private:
  mta_usage usage_;
};

}  // namespace insula::bench
