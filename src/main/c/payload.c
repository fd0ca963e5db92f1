#include "payload.h"

#include <stdlib.h>
#include <string.h>

#include "sha256.h"
#include "stream.h"

enum { TAR_BLOCK = 512, PIECE = 1 << 16 };

enum payload_result payload_check(payload_reader *read, void *file) {
  static unsigned char piece[PIECE];
  struct sha256 sha;
  char hex[65];
  sha256_begin(&sha);
  for (uint64_t position = 0; position < PAYLOAD_LENGTH;) {
    uint64_t left = PAYLOAD_LENGTH - position;
    size_t size = left < PIECE ? (size_t)left : PIECE;
    if (read(file, PAYLOAD_OFFSET + position, piece, size) != 0) return PAYLOAD_UNREADABLE;
    sha256_add(&sha, piece, size);
    position += size;
  }
  sha256_end(&sha, hex);
  return strcmp(hex, PAYLOAD_SHA256) == 0 ? PAYLOAD_GOOD : PAYLOAD_ALTERED;
}

/* A number of a tar header: octal digits. */
static uint64_t octal(const unsigned char *field, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size && field[i] >= '0' && field[i] <= '7'; i++) value = value * 8 + field[i] - '0';
  return value;
}

/* A header's path, without "./" and the end's slash. */
static void header_path(const unsigned char *header, char path[257]) {
  size_t size = 0;
  if (header[345] != 0) {
    size = strnlen((const char *)header + 345, 155);
    memcpy(path, header + 345, size);
    path[size++] = '/';
  }
  size_t name = strnlen((const char *)header, 100);
  memcpy(path + size, header, name);
  size += name;
  while (size > 0 && path[size - 1] == '/') size--;
  path[size] = 0;
  if (strncmp(path, "./", 2) == 0) memmove(path, path + 2, size - 1);
}

static int copy_file(struct stream *stream, uint64_t size, const struct payload_sink *sink) {
  static unsigned char piece[PIECE];
  uint64_t left = size;
  while (left > 0) {
    size_t part = left < PIECE ? (size_t)left : PIECE;
    if (stream_read(stream, piece, part) != 0) return PAYLOAD_ALTERED;
    if (sink->data(sink->context, piece, part) != 0) return PAYLOAD_SINK_FAILED;
    left -= part;
  }
  size_t padding = (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
  return stream_read(stream, piece, padding) == 0 ? PAYLOAD_GOOD : PAYLOAD_ALTERED;
}

/* scripts/bundle writes nothing but directories and files, and names that ustar holds. */
static enum payload_result unpack_entry(struct stream *stream, const unsigned char *header,
                                        const struct payload_sink *sink) {
  char path[257];
  header_path(header, path);
  if (header[156] == '5') {
    return sink->directory(sink->context, path) == 0 ? PAYLOAD_GOOD : PAYLOAD_SINK_FAILED;
  }
  if (header[156] != '0') return PAYLOAD_ALTERED;
  uint64_t size = octal(header + 124, 12);
  if (sink->begin(sink->context, path, (octal(header + 100, 8) & 0100) != 0, size) != 0) return PAYLOAD_SINK_FAILED;
  enum payload_result result = copy_file(stream, size, sink);
  if (sink->end(sink->context) != 0 && result == PAYLOAD_GOOD) result = PAYLOAD_SINK_FAILED;
  return result;
}

enum payload_result payload_unpack(payload_reader *read, void *file, const struct payload_sink *sink) {
  unsigned char header[TAR_BLOCK];
  enum payload_result result = PAYLOAD_GOOD;
  struct stream *stream = stream_open(read, file);
  if (stream == NULL) return PAYLOAD_SINK_FAILED;
  while (result == PAYLOAD_GOOD) {
    if (stream_read(stream, header, TAR_BLOCK) != 0) result = PAYLOAD_ALTERED;
    else if (header[0] == 0) break;
    else result = unpack_entry(stream, header, sink);
  }
  stream_close(stream);
  return result;
}
