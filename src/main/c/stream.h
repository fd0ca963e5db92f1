/* The payload's decompressed bytes. stream_zstd.c and stream_gzip.c are the two ways. */
#ifndef STREAM_H
#define STREAM_H

#include "payload.h"

struct stream;

/* NULL where memory is short. */
struct stream *stream_open(payload_reader *read, void *file);

/* Exactly so many bytes: 0, or -1 where that is not possible. */
int stream_read(struct stream *stream, unsigned char *out, size_t size);

void stream_close(struct stream *stream);

#endif
