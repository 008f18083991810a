/* Preloaded into a writer: counts the calls that change a results file, its temporaries or its lock,
 * and kills the process in place of call number CRASH_AT.
 *
 * CRASH_FILE   path of the results file; everything whose name begins with it counts
 * CRASH_AT     number of the call, from 1
 * CRASH_TORN   if set, a write that is not made is made by half
 * CRASH_TRACE  file that gets a line a call: its name and, of a write, its place in the file
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long calls = 0;

static int is_ours(const char* path) {
  const char* ours = getenv("CRASH_FILE");
  return ours != NULL && strncmp(path, ours, strlen(ours)) == 0;
}

static int is_open_on_ours(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return is_ours(path);
}

static void trace(const char* name, long place) {
  const char* path = getenv("CRASH_TRACE");
  FILE* file = path != NULL ? fopen(path, "a") : NULL;
  if (file == NULL) return;
  fprintf(file, "%s %ld\n", name, place);
  fclose(file);
}

/* Whether this call is the one that is not made. */
static int is_last(int ours, const char* name, long place) {
  const char* at = getenv("CRASH_AT");
  if (!ours) return 0;
  trace(name, place);
  return ++calls == (at != NULL ? atol(at) : -1);
}

static void end(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define POSITIONED_WRITE(name, offset_type)                                               \
  ssize_t name(int descriptor, const void* bytes, size_t count, offset_type offset) {     \
    if (is_last(is_open_on_ours(descriptor), #name, offset)) {                            \
      if (getenv("CRASH_TORN") != NULL) REAL(name)(descriptor, bytes, count / 2, offset); \
      end();                                                                              \
    }                                                                                     \
    return REAL(name)(descriptor, bytes, count, offset);                                  \
  }
POSITIONED_WRITE(pwrite, off_t)
POSITIONED_WRITE(pwrite64, off64_t)

ssize_t write(int descriptor, const void* bytes, size_t count) {
  if (is_last(is_open_on_ours(descriptor), "write", -1)) {
    if (getenv("CRASH_TORN") != NULL) REAL(write)(descriptor, bytes, count / 2);
    end();
  }
  return REAL(write)(descriptor, bytes, count);
}

#define ON_DESCRIPTOR(name, parameters, arguments)              \
  int name parameters {                                         \
    if (is_last(is_open_on_ours(descriptor), #name, -1)) end(); \
    return REAL(name) arguments;                                \
  }
ON_DESCRIPTOR(ftruncate, (int descriptor, off_t size), (descriptor, size))
ON_DESCRIPTOR(ftruncate64, (int descriptor, off64_t size), (descriptor, size))
ON_DESCRIPTOR(posix_fallocate, (int descriptor, off_t first, off_t size), (descriptor, first, size))
ON_DESCRIPTOR(posix_fallocate64, (int descriptor, off64_t first, off64_t size),
              (descriptor, first, size))
ON_DESCRIPTOR(fsync, (int descriptor), (descriptor))
ON_DESCRIPTOR(fdatasync, (int descriptor), (descriptor))

#define ON_PATH(name, parameters, arguments)      \
  int name parameters {                           \
    if (is_last(is_ours(path), #name, -1)) end(); \
    return REAL(name) arguments;                  \
  }
ON_PATH(unlink, (const char* path), (path))
ON_PATH(remove, (const char* path), (path))
ON_PATH(rename, (const char* path, const char* to), (path, to))
