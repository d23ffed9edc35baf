// SPDX-License-Identifier: MIT
//
// Who may touch what. Clang checks the annotations (-Wthread-safety); elsewhere they are words.
//
// Every field that is not behind INSULA_GUARDED_BY ends with one of these words:
//   fixed    never changes after construction
//   atomic   safe from any thread; the comment says what pairs with what
//   owner    only whoever owns the object: its apartment, or the one thread that uses it
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define INSULA_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define INSULA_THREAD_ANNOTATION(x)
#endif

#define INSULA_CAPABILITY(name) INSULA_THREAD_ANNOTATION(capability(name))
#define INSULA_SCOPED_CAPABILITY INSULA_THREAD_ANNOTATION(scoped_lockable)
#define INSULA_GUARDED_BY(x) INSULA_THREAD_ANNOTATION(guarded_by(x))
#define INSULA_PT_GUARDED_BY(x) INSULA_THREAD_ANNOTATION(pt_guarded_by(x))
#define INSULA_REQUIRES(...) INSULA_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define INSULA_EXCLUDES(...) INSULA_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define INSULA_ACQUIRE(...) INSULA_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define INSULA_TRY_ACQUIRE(...) INSULA_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define INSULA_RELEASE(...) INSULA_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define INSULA_ASSERT_CAPABILITY(x) INSULA_THREAD_ANNOTATION(assert_capability(x))
#define INSULA_RETURN_CAPABILITY(x) INSULA_THREAD_ANNOTATION(lock_returned(x))
#define INSULA_NO_THREAD_SAFETY_ANALYSIS INSULA_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace insula {

/// std::mutex with annotations, which libstdc++'s own does not carry.
class INSULA_CAPABILITY("mutex") mutex {
 public:
  void lock() INSULA_ACQUIRE() { mutex_.lock(); }
  bool try_lock() INSULA_TRY_ACQUIRE(true) { return mutex_.try_lock(); }
  void unlock() INSULA_RELEASE() { mutex_.unlock(); }

 private:
  friend class mutex_lock;
  std::mutex mutex_;
};

/// Holds a mutex for a scope, and lets go in between when asked.
class INSULA_SCOPED_CAPABILITY mutex_lock {
 public:
  explicit mutex_lock(mutex& guarded) INSULA_ACQUIRE(guarded) : lock_(guarded.mutex_) {}
  ~mutex_lock() INSULA_RELEASE() = default;
  mutex_lock(const mutex_lock&) = delete;
  mutex_lock& operator=(const mutex_lock&) = delete;

  void unlock() INSULA_RELEASE() { lock_.unlock(); }
  void lock() INSULA_ACQUIRE() { lock_.lock(); }

  /// The lock is held again on return; what it guards may have changed.
  void wait(std::condition_variable& condition) { condition.wait(lock_); }

 private:
  std::unique_lock<std::mutex> lock_;  // owner
};

}  // namespace insula
