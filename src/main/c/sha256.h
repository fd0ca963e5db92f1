/* SHA-256 as in FIPS 180-4, for data that comes in pieces. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
  uint32_t state[8];
  uint64_t length;
  unsigned char block[64];
};

void sha256_begin(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const unsigned char *data, size_t size);

/* Writes 64 hexadecimal digits and a zero. */
void sha256_end(struct sha256 *sha, char hex[65]);

#endif
