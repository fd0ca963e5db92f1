#define _GNU_SOURCE
#include "unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest.h"

/* Every file's time: the same on file systems that keep two seconds. Whoever writes to a file changes it. */
enum { FILE_TIME = 1767225600 };

struct unpacking {
  int directory;
  int file;
  FILE *manifest;
};

int read_program(void *file, uint64_t position, unsigned char *buffer, size_t size) {
  while (size > 0) {
    ssize_t got = pread(*(int *)file, buffer, size, (off_t)position);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return -1;
    buffer += got;
    position += (uint64_t)got;
    size -= (size_t)got;
  }
  return 0;
}

static int make_directory(void *context, const char *path) {
  struct unpacking *to = context;
  if (strcmp(path, ".") == 0) return 0;
  if (mkdirat(to->directory, path, 0755) != 0 || fchmodat(to->directory, path, 0755, 0) != 0) return -1;
  return fprintf(to->manifest, "d %s\n", path) < 0 ? -1 : 0;
}

static int begin_file(void *context, const char *path, int executable, uint64_t size) {
  struct unpacking *to = context;
  mode_t mode = executable ? 0755 : 0644;
  to->file = openat(to->directory, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (to->file < 0 || fchmod(to->file, mode) != 0) return -1;
  return fprintf(to->manifest, "f %llu %d %s\n", (unsigned long long)size, FILE_TIME, path) < 0 ? -1 : 0;
}

static int write_data(void *context, const unsigned char *data, size_t size) {
  struct unpacking *to = context;
  while (size > 0) {
    ssize_t done = write(to->file, data, size);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return -1;
    data += done;
    size -= (size_t)done;
  }
  return 0;
}

/* To the disk: after a power failure a file may have its size and not its content. */
static int finish(int file) {
  const struct timespec times[2] = {{FILE_TIME, 0}, {FILE_TIME, 0}};
  int result = futimens(file, times) == 0 && fsync(file) == 0 ? 0 : -1;
  int cause = errno;
  if (close(file) != 0) return -1;
  errno = cause;
  return result;
}

static int end_file(void *context) {
  struct unpacking *to = context;
  int file = to->file;
  to->file = -1;
  return finish(file);
}

static int end_manifest(FILE *manifest) {
  int written = fputs("complete " BUNDLE_ID "\n", manifest) >= 0 && fflush(manifest) == 0;
  return written && fsync(fileno(manifest)) == 0 ? 0 : -1;
}

static FILE *begin_manifest(int directory) {
  int file = openat(directory, MANIFEST_NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  return file < 0 || fchmod(file, 0644) != 0 ? NULL : fdopen(file, "w");
}

static enum payload_result unpack_into(int program, struct unpacking *to) {
  const struct payload_sink sink = {to, make_directory, begin_file, write_data, end_file};
  to->manifest = begin_manifest(to->directory);
  if (to->manifest == NULL) return PAYLOAD_SINK_FAILED;
  enum payload_result result = payload_unpack(read_program, &program, &sink);
  int cause = errno;
  if (result == PAYLOAD_GOOD && (end_manifest(to->manifest) != 0 || fsync(to->directory) != 0)) {
    cause = errno;
    result = PAYLOAD_SINK_FAILED;
  }
  fclose(to->manifest);
  errno = cause;
  return result;
}

enum payload_result unpack(int program, const char *directory) {
  struct unpacking to = {.directory = -1, .file = -1};
  enum payload_result result = PAYLOAD_SINK_FAILED;
  if (mkdir(directory, 0755) == 0 && chmod(directory, 0755) == 0) {
    to.directory = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (to.directory >= 0) result = unpack_into(program, &to);
  }
  int cause = errno;
  if (to.file >= 0) close(to.file);
  if (to.directory >= 0) close(to.directory);
  if (result != PAYLOAD_GOOD) remove_tree(directory);
  errno = cause;
  return result;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk) {
  (void)status, (void)type, (void)walk;
  remove(path);
  return 0;
}

void remove_tree(const char *directory) { nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS); }
