#define _GNU_SOURCE
#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"
#include "trust.h"

static enum manifest_state untrusted(const char *home, const char *path, const char *fault, char **why) {
  *why = text("%s%s%s %s, so nothing is run from there", home, *path ? "/" : "", path, fault);
  return MANIFEST_UNTRUSTED;
}

/* One line: "d PATH", or "f SIZE TIME PATH" with the time in seconds. */
static enum manifest_state check_line(const char *home, int directory, const char *line, char **why) {
  unsigned long long size = 0, time = 0;
  int at = 0;
  struct stat status;
  const char *path = line + 2;
  int file = sscanf(line, "f %llu %llu %n", &size, &time, &at) == 2 && at > 0;
  if (file) path = line + at;
  else if (line[0] != 'd') return MANIFEST_DAMAGED;
  if (fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) != 0) return MANIFEST_DAMAGED;
  const char *fault = trust_fault(&status);
  if (fault != NULL) return untrusted(home, path, fault, why);
  if (!file) return S_ISDIR(status.st_mode) ? MANIFEST_COMPLETE : MANIFEST_DAMAGED;
  int same = S_ISREG(status.st_mode) && (unsigned long long)status.st_size == size &&
             (unsigned long long)status.st_mtim.tv_sec == time;
  return same ? MANIFEST_COMPLETE : MANIFEST_DAMAGED;
}

/* The last line is the mark that all of it is there. */
static enum manifest_state check_lines(const char *home, int directory, FILE *lines, char **why) {
  char line[1024];
  enum manifest_state state = MANIFEST_COMPLETE;
  while (state == MANIFEST_COMPLETE && fgets(line, sizeof line, lines) != NULL) {
    line[strcspn(line, "\n")] = 0;
    if (strcmp(line, "complete " BUNDLE_ID) == 0) return MANIFEST_COMPLETE;
    state = check_line(home, directory, line, why);
  }
  return state == MANIFEST_COMPLETE ? MANIFEST_DAMAGED : state;
}

static enum manifest_state check_directory(const char *home, int directory, char **why) {
  struct stat status;
  if (fstat(directory, &status) != 0) return MANIFEST_DAMAGED;
  const char *fault = trust_fault(&status);
  if (fault != NULL) return untrusted(home, "", fault, why);
  int file = openat(directory, MANIFEST_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return MANIFEST_DAMAGED;
  FILE *lines = NULL;
  enum manifest_state state = MANIFEST_DAMAGED;
  if (fstat(file, &status) == 0 && (fault = trust_fault(&status)) != NULL) {
    state = untrusted(home, MANIFEST_NAME, fault, why);
  } else if ((lines = fdopen(file, "r")) != NULL) {
    state = check_lines(home, directory, lines, why);
    fclose(lines);
    return state;
  }
  close(file);
  return state;
}

enum manifest_state manifest_check(const char *home, char **why) {
  int directory = open(home, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (directory < 0 && errno == ENOENT) return MANIFEST_NO_COPY;
  if (directory < 0 && (errno == ENOTDIR || errno == ELOOP)) return MANIFEST_DAMAGED;
  if (directory < 0) {
    *why = text("%s can't be read (%s)", home, strerror(errno));
    return MANIFEST_UNTRUSTED;
  }
  enum manifest_state state = check_directory(home, directory, why);
  close(directory);
  return state;
}
