#define _GNU_SOURCE
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lock.h"
#include "manifest.h"
#include "old.h"
#include "text.h"
#include "trust.h"
#include "unpack.h"

enum {
  UNPACK_PATIENCE_MS = 120000, /* a slow disk, and others before us */
  USE_PATIENCE_MS = 2000       /* others look for this long at most, a job runs longer */
};

static enum copy_result nowhere(struct copy *copy, char *why) {
  copy->why = why;
  return COPY_NOWHERE;
}

/* The place itself: nobody else may put a directory of his there, and programs may run from it. */
static char *place_fault(const char *place) {
  struct stat status;
  struct statvfs mount;
  if (stat(place, &status) != 0) return text("%s: %s", place, strerror(errno));
  if (!S_ISDIR(status.st_mode)) return text("%s is not a directory", place);
  const char *fault = trust_fault_around(&status);
  if (fault != NULL) return text("%s %s, so nothing is run from there", place, fault);
  if (statvfs(place, &mount) == 0 && mount.f_flag & ST_NOEXEC) return text("%s is mounted noexec", place);
  return NULL;
}

/* The lock file; read-only where it is another user's, -1 where there is none and none can be made. Never 0 to 2. */
static int open_lock(const char *place, int *writable) {
  char *path = text("%s/dw_rt_" BUNDLE_ID ".lock", place);
  int file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  *writable = file >= 0;
  if (file < 0) file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  free(path);
  if (file < 0) return -1;
  int high = fcntl(file, F_DUPFD, 3);
  int cause = errno;
  close(file);
  errno = cause;
  return high;
}

/* Under the lock of who looks; where there is no lock file, nobody unpacks either. */
static enum manifest_state look(int lock_file, struct copy *copy) {
  if (lock_file >= 0 && lock(lock_file, LOCK_USE, LOCK_SHARED, UNPACK_PATIENCE_MS) != 0) {
    copy->why = text("%s has been locked by another process for %d s", copy->home, UNPACK_PATIENCE_MS / 1000);
    return MANIFEST_UNTRUSTED;
  }
  enum manifest_state state = manifest_check(copy->home, &copy->why);
  if (state != MANIFEST_COMPLETE && lock_file >= 0) lock(lock_file, LOCK_USE, LOCK_NONE, 0);
  return state;
}

/* Puts the new directory in the place of what may be there. */
static int put_in_place(const char *fresh, const struct copy *copy, enum manifest_state before) {
  if (before == MANIFEST_DAMAGED) {
    char *damaged = text("%s.old", fresh);
    if (rename(copy->home, damaged) != 0 && errno != ENOENT) {
      free(damaged);
      return -1;
    }
    remove_tree(damaged);
    free(damaged);
  }
  return rename(fresh, copy->home);
}

static enum copy_result unpack_failed(enum payload_result result, const char *place, struct copy *copy) {
  int cause = errno;
  switch (result) {
    case PAYLOAD_UNREADABLE:
      copy->why = text("this program file can't be read to its end; download it again");
      return COPY_BROKEN;
    case PAYLOAD_ALTERED:
      copy->why = text("this program file is damaged (its content is not the one it was made with); download it again");
      return COPY_BROKEN;
    case PAYLOAD_GOOD:
    case PAYLOAD_SINK_FAILED:
      break;
  }
  return nowhere(copy, text("%s: unpacking failed (%s)", place, strerror(cause)));
}

/* Holds both locks exclusively. */
static enum copy_result make(const char *place, int program, int lock_file, enum manifest_state before,
                             struct copy *copy) {
  enum payload_result result = payload_check(read_program, &program);
  if (result != PAYLOAD_GOOD) return unpack_failed(result, place, copy);
  remove_unfinished(place, BUNDLE_ID);
  char *fresh = text("%s.tmp.%ld", copy->home, (long)getpid());
  result = unpack(program, fresh);
  if (result == PAYLOAD_GOOD && put_in_place(fresh, copy, before) != 0) {
    int cause = errno;
    remove_tree(fresh);
    errno = cause;
    result = PAYLOAD_SINK_FAILED;
  }
  int cause = errno;
  free(fresh);
  errno = cause;
  if (result != PAYLOAD_GOOD) return unpack_failed(result, place, copy);
  remove_old(place);
  lock(lock_file, LOCK_USE, LOCK_SHARED, 0);
  return COPY_READY;
}

/* Whoever gets the lock first unpacks; the others find the copy when they get it. */
static enum copy_result make_alone(const char *place, int program, int lock_file, struct copy *copy) {
  if (lock(lock_file, LOCK_UNPACK, LOCK_EXCLUSIVE, UNPACK_PATIENCE_MS) != 0) {
    return nowhere(copy, text("%s: another process has been unpacking for %d s", place, UNPACK_PATIENCE_MS / 1000));
  }
  enum copy_result result = COPY_READY;
  enum manifest_state state = look(lock_file, copy);
  if (state == MANIFEST_UNTRUSTED) {
    result = COPY_NOWHERE;
  } else if (state != MANIFEST_COMPLETE) {
    if (lock(lock_file, LOCK_USE, LOCK_EXCLUSIVE, USE_PATIENCE_MS) != 0) {
      result = nowhere(copy, text("%s is damaged, and a job still runs from it", copy->home));
    } else {
      result = make(place, program, lock_file, state, copy);
    }
  }
  lock(lock_file, LOCK_UNPACK, LOCK_NONE, 0);
  return result;
}

enum copy_result copy_in(const char *place, int program, struct copy *copy) {
  int writable;
  copy->why = place_fault(place);
  if (copy->why != NULL) return COPY_NOWHERE;
  copy->home = text("%s/dw_rt_" BUNDLE_ID, place);
  int lock_file = open_lock(place, &writable);
  int cause = errno;
  enum copy_result result = COPY_READY;
  enum manifest_state state = look(lock_file, copy);
  if (state == MANIFEST_UNTRUSTED) result = COPY_NOWHERE;
  else if (state != MANIFEST_COMPLETE && !writable) {
    result = nowhere(copy, text("%s can't be written (%s)", place, strerror(lock_file < 0 ? cause : EACCES)));
  } else if (state != MANIFEST_COMPLETE) {
    result = make_alone(place, program, lock_file, copy);
  }
  /* When this version ran last, for remove_old. */
  if (result == COPY_READY && writable) futimens(lock_file, NULL);
  if (result != COPY_READY && lock_file >= 0) close(lock_file);
  return result;
}
