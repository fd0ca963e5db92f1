/* What the parts of the Windows stub share. Paths are wide, absolute and as long as they need to be. */
#ifndef WINDOWS_STUB_H
#define WINDOWS_STUB_H

#include <wchar.h>
#include <windows.h>

/* L"text" of what a macro stands for. */
#define WIDE_TEXT(text) L##text
#define WIDE(text) WIDE_TEXT(text)

/* A new string; ends the process where memory is short. */
wchar_t *wide(const wchar_t *format, ...);

/* The same path for the calls of the system that take more than 260 characters only this way. */
wchar_t *long_path(const wchar_t *path);

/* A new sentence about the last error: "PATH: WHAT (error N)". */
wchar_t *failure(const wchar_t *path, const wchar_t *what);

/* Why something at this path must not be run, or NULL: another user owns it, or everyone may write there. */
wchar_t *trust_fault(const wchar_t *path);

/* The owner of the program file is to be trusted, too. */
void trust_owner_of(const wchar_t *program);

enum copy_result {
  COPY_READY,   /* `home` is the image, and this process holds its lock */
  COPY_NOWHERE, /* `why` has the reason */
  COPY_BROKEN   /* the program file is not what it was made as */
};

struct copy {
  wchar_t *home;
  wchar_t *why;
};

/* Finds, makes or repairs the copy of the image below a directory. */
enum copy_result copy_in(const wchar_t *place, HANDLE program, struct copy *copy);

#endif
