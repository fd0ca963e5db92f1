#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "windows.h"
#include "windows_tree.h"

enum { ID_LENGTH = 16 };
#define KEPT (30ULL * 24 * 3600 * 10000000) /* in units of 100 ns */

static BOOL is_unused(const WIN32_FIND_DATAW *lock_file) {
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  ULARGE_INTEGER today = {.LowPart = now.dwLowDateTime, .HighPart = now.dwHighDateTime};
  ULARGE_INTEGER last = {.LowPart = lock_file->ftLastWriteTime.dwLowDateTime,
                         .HighPart = lock_file->ftLastWriteTime.dwHighDateTime};
  return today.QuadPart > last.QuadPart && today.QuadPart - last.QuadPart > KEPT;
}

/* Whoever runs from it or unpacks it has the lock file open, and then it can't be opened for this process alone. */
static void remove_version(const wchar_t *place, const wchar_t *id) {
  wchar_t *home = wide(L"%ls\\dw_rt_%ls", place, id), *name = wide(L"%ls.lock", home);
  HANDLE file = CreateFileW(name, GENERIC_READ | GENERIC_WRITE | DELETE, FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                            FILE_FLAG_DELETE_ON_CLOSE, NULL);
  if (file != INVALID_HANDLE_VALUE) {
    remove_tree(home);
    CloseHandle(file);
  }
  free(name);
  free(home);
}

void remove_old(const wchar_t *place) {
  WIN32_FIND_DATAW found;
  wchar_t *pattern = wide(L"%ls\\dw_rt_*.lock", place), id[ID_LENGTH + 1];
  HANDLE search = FindFirstFileW(pattern, &found);
  free(pattern);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    int end = 0;
    if (swscanf(found.cFileName, L"dw_rt_%16l[0-9a-f].lock%n", id, &end) == 1 && end > 0 && found.cFileName[end] == 0 &&
        wcslen(id) == ID_LENGTH && wcscmp(id, WIDE(BUNDLE_ID)) != 0 && is_unused(&found)) {
      remove_version(place, id);
    }
  } while (FindNextFileW(search, &found));
  FindClose(search);
}
