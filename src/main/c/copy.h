/* The unpacked image: one directory per version, which all jobs share. */
#ifndef COPY_H
#define COPY_H

enum copy_result {
  COPY_READY,   /* `home` is the image; this process holds its lock, and so will the java it becomes */
  COPY_NOWHERE, /* no copy can be used or made in this place; `why` has the reason */
  COPY_BROKEN   /* the program file is not what it was made as; `why` has the sentence */
};

struct copy {
  char *home;
  char *why;
};

/* Finds, makes or repairs the copy below a directory. */
enum copy_result copy_in(const char *place, int program, struct copy *copy);

#endif
