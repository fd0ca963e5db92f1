#define _GNU_SOURCE
#include "old.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lock.h"
#include "text.h"
#include "unpack.h"

enum { ID_LENGTH = 16, KEPT_S = 30 * 24 * 3600 };

static const char PREFIX[] = "dw_rt_";

void remove_unfinished(const char *place, const char *id) {
  DIR *directory = opendir(place);
  if (directory == NULL) return;
  char *start = text("%s%s.tmp.", PREFIX, id);
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (strncmp(entry->d_name, start, strlen(start)) == 0) {
      char *path = text("%s/%s", place, entry->d_name);
      remove_tree(path);
      free(path);
    }
  }
  free(start);
  closedir(directory);
}

/* The lock file goes while it is locked: who opened it before finds no copy, and unpacks again. */
static void remove_version(const char *place, const char *id, const char *lock_path) {
  struct stat status;
  int file = open(lock_path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return;
  int unused = fstat(file, &status) == 0 && time(NULL) - status.st_mtime > KEPT_S &&
               lock(file, LOCK_UNPACK, LOCK_EXCLUSIVE, 0) == 0 && lock(file, LOCK_USE, LOCK_EXCLUSIVE, 0) == 0;
  if (unused) {
    char *home = text("%s/%s%s", place, PREFIX, id);
    remove_unfinished(place, id);
    remove_tree(home);
    unlink(lock_path);
    free(home);
  }
  close(file);
}

void remove_old(const char *place) {
  DIR *directory = opendir(place);
  if (directory == NULL) return;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    char id[ID_LENGTH + 1];
    int end = 0;
    if (sscanf(entry->d_name, "dw_rt_%16[0-9a-f].lock%n", id, &end) == 1 && end > 0 && entry->d_name[end] == 0 &&
        strlen(id) == ID_LENGTH && strcmp(id, BUNDLE_ID) != 0) {
      char *path = text("%s/%s", place, entry->d_name);
      remove_version(place, id, path);
      free(path);
    }
  }
  closedir(directory);
}
