#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payload.h"
#include "windows.h"
#include "windows_tree.h"

enum { UNPACK_PATIENCE_MS = 120000, USE_PATIENCE_MS = 2000, PERIOD_MS = 10 };
/* What java itself can find on Windows, and the longest path in the image with some to spare. */
enum { PATH_OF_JAVA = 259, PATH_IN_IMAGE = 60 };
enum lock_part { LOCK_UNPACK, LOCK_USE };

/* Every file's time, 2026-01-01: whoever writes to a file changes it. */
static const FILETIME FILE_TIME = {0x92810000, 0x01dc7ab1};

struct unpacking {
  const wchar_t *directory;
  HANDLE file;
  HANDLE manifest;
};

static int read_program(void *file, uint64_t position, unsigned char *buffer, size_t size) {
  LARGE_INTEGER at = {.QuadPart = (LONGLONG)position};
  DWORD got;
  if (!SetFilePointerEx((HANDLE)file, at, NULL, FILE_BEGIN)) return -1;
  return ReadFile((HANDLE)file, buffer, (DWORD)size, &got, NULL) && got == size ? 0 : -1;
}

/* --- locks: two bytes of one file; this process holds them until it ends, which is after java --- */

static BOOL lock(HANDLE file, enum lock_part part, DWORD exclusive, int patience_ms) {
  while (1) {
    OVERLAPPED range = {.Offset = part};
    if (LockFileEx(file, exclusive | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &range)) return TRUE;
    if (patience_ms <= 0) return FALSE;
    Sleep(PERIOD_MS);
    patience_ms -= PERIOD_MS;
  }
}

static void unlock(HANDLE file, enum lock_part part) {
  OVERLAPPED range = {.Offset = part};
  UnlockFileEx(file, 0, 1, 0, &range);
}

/* --- files --- */

/* The path of a file of the image, whose names are plain ASCII. */
static wchar_t *inside(const wchar_t *directory, const char *path) {
  wchar_t *joined = wide(L"%ls\\%hs", directory, path), *result = long_path(joined);
  for (wchar_t *c = result; *c; c++) {
    if (*c == L'/') *c = L'\\';
  }
  free(joined);
  return result;
}

void remove_tree(const wchar_t *directory) {
  WIN32_FIND_DATAW found;
  wchar_t *all = wide(L"%ls\\*", directory);
  HANDLE search = FindFirstFileW(all, &found);
  free(all);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    if (wcscmp(found.cFileName, L".") == 0 || wcscmp(found.cFileName, L"..") == 0) continue;
    wchar_t *path = wide(L"%ls\\%ls", directory, found.cFileName);
    if (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT || !(found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) {
      DeleteFileW(path);
    } else {
      remove_tree(path);
    }
    free(path);
  } while (FindNextFileW(search, &found));
  FindClose(search);
  RemoveDirectoryW(directory);
}

static int append(HANDLE file, const void *data, size_t size) {
  DWORD done;
  return WriteFile(file, data, (DWORD)size, &done, NULL) && done == size ? 0 : -1;
}

/* --- unpacking --- */

static int make_directory(void *context, const char *path) {
  struct unpacking *to = context;
  char line[300];
  if (strcmp(path, ".") == 0) return 0;
  wchar_t *name = inside(to->directory, path);
  BOOL made = CreateDirectoryW(name, NULL);
  free(name);
  snprintf(line, sizeof line, "d 0 %s\n", path);
  return made ? append(to->manifest, line, strlen(line)) : -1;
}

static int begin_file(void *context, const char *path, int executable, uint64_t size) {
  struct unpacking *to = context;
  char line[300];
  (void)executable;
  wchar_t *name = inside(to->directory, path);
  to->file = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
  free(name);
  snprintf(line, sizeof line, "f %llu %s\n", (unsigned long long)size, path);
  return to->file == INVALID_HANDLE_VALUE ? -1 : append(to->manifest, line, strlen(line));
}

static int write_data(void *context, const unsigned char *data, size_t size) {
  return append(((struct unpacking *)context)->file, data, size);
}

static int end_file(void *context) {
  struct unpacking *to = context;
  BOOL good = SetFileTime(to->file, NULL, NULL, &FILE_TIME) && FlushFileBuffers(to->file);
  good = CloseHandle(to->file) && good;
  to->file = INVALID_HANDLE_VALUE;
  return good ? 0 : -1;
}

static enum payload_result unpack(HANDLE program, const wchar_t *directory) {
  static const char mark[] = "complete " BUNDLE_ID "\n";
  struct unpacking to = {directory, INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE};
  const struct payload_sink sink = {&to, make_directory, begin_file, write_data, end_file};
  wchar_t *name = inside(directory, "manifest");
  enum payload_result result = PAYLOAD_SINK_FAILED;
  if (CreateDirectoryW(directory, NULL)) {
    to.manifest = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    if (to.manifest != INVALID_HANDLE_VALUE) result = payload_unpack(read_program, program, &sink);
  }
  if (result == PAYLOAD_GOOD && (append(to.manifest, mark, sizeof mark - 1) != 0 || !FlushFileBuffers(to.manifest))) {
    result = PAYLOAD_SINK_FAILED;
  }
  DWORD error = GetLastError();
  if (to.file != INVALID_HANDLE_VALUE) CloseHandle(to.file);
  if (to.manifest != INVALID_HANDLE_VALUE) CloseHandle(to.manifest);
  if (result != PAYLOAD_GOOD) remove_tree(directory);
  free(name);
  SetLastError(error);
  return result;
}

/* --- the copy --- */

static BOOL check_line(const wchar_t *home, const char *line) {
  WIN32_FILE_ATTRIBUTE_DATA data;
  unsigned long long size = 0;
  int at = 0;
  char kind;
  if (sscanf(line, "%c %llu %n", &kind, &size, &at) != 2 || at == 0) return FALSE;
  wchar_t *name = inside(home, line + at);
  BOOL there = GetFileAttributesExW(name, GetFileExInfoStandard, &data);
  free(name);
  if (!there) return FALSE;
  if (kind == 'd') return (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  return ((unsigned long long)data.nFileSizeHigh << 32 | data.nFileSizeLow) == size &&
         CompareFileTime(&data.ftLastWriteTime, &FILE_TIME) == 0;
}

/* Presence, size and time of each file; none is read. */
static BOOL is_complete(const wchar_t *home) {
  char line[400];
  wchar_t *name = inside(home, "manifest");
  FILE *lines = _wfopen(name, L"rb");
  BOOL good = lines != NULL, complete = FALSE;
  free(name);
  while (good && !complete && fgets(line, sizeof line, lines) != NULL) {
    line[strcspn(line, "\n")] = 0;
    complete = strcmp(line, "complete " BUNDLE_ID) == 0;
    good = complete || check_line(home, line);
  }
  if (lines != NULL) fclose(lines);
  return good && complete;
}

static void remove_unfinished(const wchar_t *place) {
  WIN32_FIND_DATAW found;
  wchar_t *pattern = wide(L"%ls\\dw_rt_%hs.tmp.*", place, BUNDLE_ID);
  HANDLE search = FindFirstFileW(pattern, &found);
  free(pattern);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    wchar_t *path = wide(L"%ls\\%ls", place, found.cFileName);
    remove_tree(path);
    free(path);
  } while (FindNextFileW(search, &found));
  FindClose(search);
}

/* Holds both locks exclusively. */
static enum copy_result make(const wchar_t *place, HANDLE program, struct copy *copy) {
  enum payload_result result = payload_check(read_program, program);
  wchar_t *from = long_path(place), *to = long_path(copy->home);
  wchar_t *fresh = wide(L"%ls.tmp.%lu", to, GetCurrentProcessId()), *damaged = wide(L"%ls.old", fresh);
  remove_unfinished(from);
  if (result == PAYLOAD_GOOD) result = unpack(program, fresh);
  if (result == PAYLOAD_GOOD) {
    if (MoveFileExW(to, damaged, 0)) remove_tree(damaged);
    if (!MoveFileExW(fresh, to, MOVEFILE_WRITE_THROUGH)) result = PAYLOAD_SINK_FAILED;
  }
  if (result == PAYLOAD_SINK_FAILED) copy->why = failure(place, L"unpacking failed");
  if (result == PAYLOAD_SINK_FAILED) remove_tree(fresh);
  if (result == PAYLOAD_GOOD) remove_old(from);
  free(from), free(to), free(fresh), free(damaged);
  if (result == PAYLOAD_GOOD) return COPY_READY;
  return result == PAYLOAD_SINK_FAILED ? COPY_NOWHERE : COPY_BROKEN;
}

static enum copy_result make_alone(const wchar_t *place, HANDLE program, HANDLE file, struct copy *copy) {
  enum copy_result result = COPY_READY;
  if (!lock(file, LOCK_UNPACK, LOCKFILE_EXCLUSIVE_LOCK, UNPACK_PATIENCE_MS)) {
    copy->why = wide(L"%ls: another process has been unpacking for %d s", place, UNPACK_PATIENCE_MS / 1000);
    return COPY_NOWHERE;
  }
  if (!is_complete(copy->home)) {
    if (!lock(file, LOCK_USE, LOCKFILE_EXCLUSIVE_LOCK, USE_PATIENCE_MS)) {
      copy->why = wide(L"%ls is damaged, and a job still runs from it", copy->home);
      result = COPY_NOWHERE;
    } else {
      result = make(place, program, copy);
      unlock(file, LOCK_USE);
    }
  }
  /* Nobody can take the other lock in between: he needs this one first. */
  if (result == COPY_READY) lock(file, LOCK_USE, 0, UNPACK_PATIENCE_MS);
  unlock(file, LOCK_UNPACK);
  return result;
}

/* Who removes an old version has its lock file alone for a moment. */
static HANDLE open_lock(const wchar_t *home) {
  wchar_t *name = wide(L"%ls.lock", home), *path = long_path(name);
  HANDLE file = INVALID_HANDLE_VALUE;
  for (int waited = 0; file == INVALID_HANDLE_VALUE && waited <= USE_PATIENCE_MS; waited += PERIOD_MS) {
    file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE && GetLastError() != ERROR_SHARING_VIOLATION) break;
    if (file == INVALID_HANDLE_VALUE) Sleep(PERIOD_MS);
  }
  free(name), free(path);
  return file;
}

/* Why nothing may be run from there, or NULL. */
static wchar_t *place_fault(const wchar_t *place, const wchar_t *home) {
  wchar_t *fault = trust_fault(place), *path = long_path(home);
  if (fault == NULL && wcslen(home) + PATH_IN_IMAGE > PATH_OF_JAVA) fault = wide(L"%ls is too long a path for Java", home);
  if (fault == NULL && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES) fault = trust_fault(home);
  free(path);
  return fault;
}

/* For remove_old. */
static void note_use(HANDLE file) {
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  SetFileTime(file, NULL, NULL, &now);
}

enum copy_result copy_in(const wchar_t *place, HANDLE program, struct copy *copy) {
  copy->home = wide(L"%ls\\dw_rt_%hs", place, BUNDLE_ID);
  copy->why = place_fault(place, copy->home);
  if (copy->why != NULL) return COPY_NOWHERE;
  HANDLE file = open_lock(copy->home);
  if (file == INVALID_HANDLE_VALUE) {
    if (is_complete(copy->home)) return COPY_READY;
    copy->why = failure(place, L"can't be written");
    return COPY_NOWHERE;
  }
  enum copy_result result = COPY_READY;
  lock(file, LOCK_USE, 0, UNPACK_PATIENCE_MS);
  if (!is_complete(copy->home)) {
    unlock(file, LOCK_USE);
    result = make_alone(place, program, file, copy);
  }
  if (result == COPY_READY) note_use(file);
  else CloseHandle(file);
  return result;
}
