#define _GNU_SOURCE
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

char *text(const char *format, ...) {
  char *result;
  va_list arguments;
  va_start(arguments, format);
  int size = vasprintf(&result, format, arguments);
  va_end(arguments);
  if (size >= 0) return result;
  fputs("docker_wrapper: no memory\n", stderr);
  exit(127);
}
