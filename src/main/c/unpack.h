/* Writes the image into a new directory. */
#ifndef UNPACK_H
#define UNPACK_H

#include "payload.h"

/* Reads the program file, `file` points to its descriptor. */
payload_reader read_program;

/*
 * All files, on the disk, and the manifest last. Leaves nothing where that fails; errno then says why for
 * PAYLOAD_SINK_FAILED.
 */
enum payload_result unpack(int program, const char *directory);

/* Removes a directory with all that is in it, as far as possible. */
void remove_tree(const char *directory);

#endif
