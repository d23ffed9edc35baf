/* SPDX-License-Identifier: MIT
 *
 * Stands in for a disk that does not answer. A program that this is loaded into (LD_PRELOAD) hangs
 * when it reads a file or a folder whose path ends with $SLOW_DISK, as in a system call that nobody
 * interrupts, and says so on standard error first. $SLOW_DISK_SPARES reads are answered before,
 * and so are reads of less than $SLOW_DISK_FROM bytes.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_slow(int descriptor) {
  const char* const slow = getenv("SLOW_DISK");
  char link[64];
  char path[4096];
  ssize_t length;
  if (slow == NULL || *slow == '\0') return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  length = readlink(link, path, sizeof path);
  return length >= (ssize_t)strlen(slow) &&
         memcmp(path + length - (ssize_t)strlen(slow), slow, strlen(slow)) == 0;
}

static void hold_if_slow(int descriptor, size_t count) {
  static const char held[] = "slow disk: held\n";
  static atomic_int answered;
  const char* const spares = getenv("SLOW_DISK_SPARES");
  const char* const from = getenv("SLOW_DISK_FROM");
  if (!is_slow(descriptor) || (from != NULL && count < strtoul(from, NULL, 10))) return;
  if (spares != NULL && atomic_fetch_add(&answered, 1) < atoi(spares)) return;
  if (write(STDERR_FILENO, held, sizeof held - 1) < 0) abort();
  for (;;) pause();
}

static void* next_function(const char* name) { return dlsym(RTLD_NEXT, name); }

ssize_t read(int descriptor, void* bytes, size_t count) {
  static ssize_t (*next)(int, void*, size_t);
  if (next == NULL) *(void**)&next = next_function("read");
  hold_if_slow(descriptor, count);
  return next(descriptor, bytes, count);
}

ssize_t pread64(int descriptor, void* bytes, size_t count, off_t at) {
  static ssize_t (*next)(int, void*, size_t, off_t);
  if (next == NULL) *(void**)&next = next_function("pread64");
  hold_if_slow(descriptor, count);
  return next(descriptor, bytes, count, at);
}

struct dirent* readdir(DIR* folder) {
  static struct dirent* (*next)(DIR*);
  if (next == NULL) *(void**)&next = next_function("readdir");
  hold_if_slow(dirfd(folder), 0);
  return next(folder);
}
