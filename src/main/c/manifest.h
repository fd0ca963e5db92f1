/* The list of an image's files, in the file MANIFEST_NAME of its directory; it is written last. */
#ifndef MANIFEST_H
#define MANIFEST_H

#define MANIFEST_NAME "manifest"

enum manifest_state {
  MANIFEST_COMPLETE,
  MANIFEST_NO_COPY,
  MANIFEST_DAMAGED,
  MANIFEST_UNTRUSTED /* `why` has the sentence */
};

/* Looks at each file's presence, size, time and owner; reads none. */
enum manifest_state manifest_check(const char *home, char **why);

#endif
