#include <stdlib.h>
#include <zlib.h>

#include "stream.h"

enum { PIECE = 1 << 16, WITH_GZIP_HEADER = 16 };

struct stream {
  payload_reader *read;
  void *file;
  uint64_t position;
  z_stream decoder;
  unsigned char piece[PIECE];
};

struct stream *stream_open(payload_reader *read, void *file) {
  struct stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) return NULL;
  stream->read = read;
  stream->file = file;
  if (inflateInit2(&stream->decoder, MAX_WBITS + WITH_GZIP_HEADER) == Z_OK) return stream;
  free(stream);
  return NULL;
}

static int next_piece(struct stream *stream) {
  uint64_t left = PAYLOAD_LENGTH - stream->position;
  size_t size = left < PIECE ? (size_t)left : PIECE;
  if (left == 0) return -1;
  uint64_t position = PAYLOAD_OFFSET + stream->position;
  stream->position += size;
  stream->decoder.next_in = stream->piece;
  stream->decoder.avail_in = (uInt)size;
  return stream->read(stream->file, position, stream->piece, size);
}

int stream_read(struct stream *stream, unsigned char *out, size_t size) {
  stream->decoder.next_out = out;
  stream->decoder.avail_out = (uInt)size;
  while (stream->decoder.avail_out > 0) {
    if (stream->decoder.avail_in == 0 && next_piece(stream) != 0) return -1;
    int result = inflate(&stream->decoder, Z_NO_FLUSH);
    if (result == Z_STREAM_END && stream->decoder.avail_out > 0) return -1;
    if (result != Z_OK && result != Z_STREAM_END) return -1;
  }
  return 0;
}

void stream_close(struct stream *stream) {
  inflateEnd(&stream->decoder);
  free(stream);
}
