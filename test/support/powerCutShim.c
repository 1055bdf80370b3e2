/*
 * Writes down every change to files and folders below PV_ROOT that a process makes through libc, in order, to the file
 * PV_LOG. Loaded with LD_PRELOAD. One record: kind, 3 bytes 0, then little-endian u32 path length, u64 inode, u64 offset,
 * u32 data length, path, data. `powerCutLog.ts` reads it; a missed call shows as a difference between its replay and the disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *root;

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__); \
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

static int raw_open(const char *path, int flags, mode_t mode) {
  REAL(int, open64, const char *, int, ...);
  return real(path, flags, mode);
}

static int ready(void) {
  if (log_fd >= 0) return 1;
  const char *file = getenv("PV_LOG");
  root = getenv("PV_ROOT");
  if (!file || !root) return 0;
  log_fd = raw_open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  return log_fd >= 0;
}

static int below(const char *path) { return ready() && strncmp(path, root, strlen(root)) == 0; }

static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = 0;
  return length > 0 && below(path);
}

static void record(char kind, const char *path, uint64_t inode, uint64_t offset, const void *data, uint32_t size) {
  REAL(ssize_t, write, int, const void *, size_t);
  uint32_t length = strlen(path);
  char *text = malloc(28 + length + size);
  memset(text, 0, 28);
  text[0] = kind;
  memcpy(text + 4, &length, 4);
  memcpy(text + 8, &inode, 8);
  memcpy(text + 16, &offset, 8);
  memcpy(text + 24, &size, 4);
  memcpy(text + 28, path, length);
  if (size) memcpy(text + 28 + length, data, size);
  if (real(log_fd, text, 28 + length + size) != (ssize_t)(28 + length + size)) abort();
  free(text);
}

static uint64_t inode_of(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

static int recorded_open(const char *path, int flags, mode_t mode) {
  struct stat status;
  if (!(flags & (O_CREAT | O_TRUNC)) || !below(path)) return raw_open(path, flags, mode);
  pthread_mutex_lock(&lock);
  int existed = lstat(path, &status) == 0;
  int fd = raw_open(path, flags, mode);
  int error = errno;
  if (fd >= 0 && !existed) record('C', path, inode_of(fd), 0, 0, 0);
  else if (fd >= 0 && (flags & O_TRUNC)) record('T', path, inode_of(fd), 0, 0, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & O_CREAT) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) return recorded_open(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return recorded_open(path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) {
  MODE(flags)
  if (path[0] == '/') return recorded_open(path, flags, mode);
  REAL(int, openat, int, const char *, int, ...);
  return real(folder, path, flags, mode);
}

/* `call` does the change and leaves its answer in `done`; `kept` writes it down when it worked. */
#define RECORDED(type, watched, call, kept) \
  char path[PATH_MAX]; \
  (void)path; \
  if (!(watched)) return call; \
  pthread_mutex_lock(&lock); \
  type done = call; \
  int error = errno; \
  if (done >= 0) { kept; } \
  pthread_mutex_unlock(&lock); \
  errno = error; \
  return done

static uint64_t place_of(int fd) {
  struct stat status;
  if (fcntl(fd, F_GETFL) & O_APPEND) return fstat(fd, &status) == 0 ? status.st_size : 0;
  return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *data, size_t size) {
  REAL(ssize_t, write, int, const void *, size_t);
  uint64_t at = 0;
  RECORDED(ssize_t, fd > 2 && path_of(fd, path), (at = place_of(fd), real(fd, data, size)),
           record('W', path, inode_of(fd), at, data, done));
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  uint64_t at = 0;
  RECORDED(ssize_t, fd > 2 && path_of(fd, path), (at = place_of(fd), real(fd, parts, count)), {
    size_t left = done;
    for (int i = 0; i < count && left > 0; i++) {
      size_t size = parts[i].iov_len < left ? parts[i].iov_len : left;
      record('W', path, inode_of(fd), at, parts[i].iov_base, size);
      at += size;
      left -= size;
    }
  });
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  RECORDED(ssize_t, path_of(fd, path), real(fd, data, size, at), record('W', path, inode_of(fd), at, data, done));
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }
int ftruncate64(int fd, off64_t size) {
  REAL(int, ftruncate64, int, off64_t);
  RECORDED(int, path_of(fd, path), real(fd, size), record('T', path, inode_of(fd), size, 0, 0));
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int fsync(int fd) {
  REAL(int, fsync, int);
  RECORDED(int, path_of(fd, path), real(fd), record('S', path, inode_of(fd), 0, 0, 0));
}
int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  RECORDED(int, path_of(fd, path), real(fd), record('S', path, inode_of(fd), 0, 0, 0));
}
int mkdir(const char *name, mode_t mode) {
  REAL(int, mkdir, const char *, mode_t);
  RECORDED(int, below(name), real(name, mode), record('D', name, 0, 0, 0, 0));
}
int unlink(const char *name) {
  REAL(int, unlink, const char *);
  RECORDED(int, below(name), real(name), record('U', name, 0, 0, 0, 0));
}
int unlinkat(int folder, const char *name, int flags) {
  REAL(int, unlinkat, int, const char *, int);
  RECORDED(int, name[0] == '/' && below(name), real(folder, name, flags), record('U', name, 0, 0, 0, 0));
}
int remove(const char *name) {
  REAL(int, remove, const char *);
  RECORDED(int, below(name), real(name), record('U', name, 0, 0, 0, 0));
}
int rmdir(const char *name) {
  REAL(int, rmdir, const char *);
  RECORDED(int, below(name), real(name), record('U', name, 0, 0, 0, 0));
}
int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  RECORDED(int, below(to), real(from, to), record('M', from, 0, 0, to, strlen(to)));
}
int link(const char *from, const char *to) {
  REAL(int, link, const char *, const char *);
  RECORDED(int, below(to), real(from, to), record('L', from, 0, 0, to, strlen(to)));
}
