/*
 * One lock file per version of the image, with two locks in it. Both belong to the open file, not to the process: the
 * java that this process becomes keeps what it holds, for as long as it lives.
 */
#ifndef LOCK_H
#define LOCK_H

enum lock_part {
  LOCK_UNPACK, /* exclusive: who unpacks */
  LOCK_USE     /* shared: who runs from the copy; exclusive: who replaces or removes it */
};

enum lock_kind { LOCK_NONE, LOCK_SHARED, LOCK_EXCLUSIVE };

/* 0, or -1 where somebody else holds it for all of the time. */
int lock(int file, enum lock_part part, enum lock_kind kind, int patience_ms);

#endif
