/* Sentences and paths. */
#ifndef TEXT_H
#define TEXT_H

/* A new string; ends the process where memory is short. */
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
