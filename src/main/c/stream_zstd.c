#include <stdlib.h>
#include <zstd.h>

#include "stream.h"

enum { PIECE = 1 << 16 };

struct stream {
  payload_reader *read;
  void *file;
  uint64_t position;
  ZSTD_DStream *decoder;
  ZSTD_inBuffer in;
  unsigned char piece[PIECE];
};

struct stream *stream_open(payload_reader *read, void *file) {
  struct stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) return NULL;
  stream->read = read;
  stream->file = file;
  stream->in.src = stream->piece;
  stream->decoder = ZSTD_createDStream();
  if (stream->decoder != NULL) return stream;
  free(stream);
  return NULL;
}

static int next_piece(struct stream *stream) {
  uint64_t left = PAYLOAD_LENGTH - stream->position;
  stream->in.size = left < PIECE ? (size_t)left : PIECE;
  stream->in.pos = 0;
  if (left == 0) return -1;
  uint64_t position = PAYLOAD_OFFSET + stream->position;
  stream->position += stream->in.size;
  return stream->read(stream->file, position, stream->piece, stream->in.size);
}

int stream_read(struct stream *stream, unsigned char *out, size_t size) {
  ZSTD_outBuffer to = {out, size, 0};
  while (to.pos < size) {
    size_t before = to.pos;
    if (ZSTD_isError(ZSTD_decompressStream(stream->decoder, &to, &stream->in))) return -1;
    /* What the decoder holds back comes before more is read. */
    if (to.pos == before && stream->in.pos == stream->in.size && next_piece(stream) != 0) return -1;
  }
  return 0;
}

void stream_close(struct stream *stream) {
  ZSTD_freeDStream(stream->decoder);
  free(stream);
}
