#define _GNU_SOURCE
#include "lock.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD_MS = 10 };

int lock(int file, enum lock_part part, enum lock_kind kind, int patience_ms) {
  const short types[] = {F_UNLCK, F_RDLCK, F_WRLCK};
  const struct timespec period = {0, PERIOD_MS * 1000000L};
  struct flock range = {.l_type = types[kind], .l_whence = SEEK_SET, .l_start = part, .l_len = 1};
  while (fcntl(file, F_OFD_SETLK, &range) != 0) {
    if (patience_ms <= 0) return -1;
    nanosleep(&period, NULL);
    patience_ms -= PERIOD_MS;
  }
  return 0;
}
