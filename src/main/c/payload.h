/*
 * What follows the stub in its file: a compressed tar of the image. Its place and its SHA-256 are given to the
 * compiler, so that a stub knows what belongs to it.
 */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

/* Where the payload's bytes come from: fills the buffer, 0 or -1 at the end or where reading fails. */
typedef int payload_reader(void *file, uint64_t position, unsigned char *buffer, size_t size);

/* Where files go. Each returns 0, or something else to end the unpacking. Directories come before their files. */
struct payload_sink {
  void *context;
  int (*directory)(void *context, const char *path);
  int (*begin)(void *context, const char *path, int executable, uint64_t size);
  int (*data)(void *context, const unsigned char *data, size_t size);
  int (*end)(void *context);
};

enum payload_result { PAYLOAD_GOOD, PAYLOAD_UNREADABLE, PAYLOAD_ALTERED, PAYLOAD_SINK_FAILED };

/* Whether the payload is the one that this stub was made for. */
enum payload_result payload_check(payload_reader *read, void *file);

/* Unpacks what payload_check found good. */
enum payload_result payload_unpack(payload_reader *read, void *file, const struct payload_sink *sink);

#endif
