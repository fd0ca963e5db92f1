#include "windows.h"

#include <aclapi.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static BYTE program_owner[SECURITY_MAX_SID_SIZE];

wchar_t *wide(const wchar_t *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int size = _vscwprintf(format, arguments) + 1;
  wchar_t *result = size > 0 ? calloc((size_t)size, sizeof *result) : NULL;
  if (result == NULL) exit(127);
  _vsnwprintf(result, (size_t)size, format, again);
  va_end(again);
  va_end(arguments);
  return result;
}

wchar_t *long_path(const wchar_t *path) {
  if (wcsncmp(path, L"\\\\?\\", 4) == 0) return wide(L"%ls", path);
  if (wcsncmp(path, L"\\\\", 2) == 0) return wide(L"\\\\?\\UNC\\%ls", path + 2);
  return wide(L"\\\\?\\%ls", path);
}

wchar_t *failure(const wchar_t *path, const wchar_t *what) {
  wchar_t said[257];
  DWORD error = GetLastError();
  DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, said,
                                sizeof said / sizeof *said - 1, NULL);
  while (length > 0 && wcschr(L"\r\n. ", said[length - 1]) != NULL) length--;
  said[length] = 0;
  return wide(L"%ls: %ls (%ls, error %lu)", path, what, length > 0 ? said : L"Windows does not say why", error);
}

static BOOL is_known(PSID owner, WELL_KNOWN_SID_TYPE type) { return IsWellKnownSid(owner, type); }

static BOOL is_this_user(PSID owner) {
  BYTE buffer[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
  HANDLE token;
  DWORD size;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return FALSE;
  BOOL same = GetTokenInformation(token, TokenUser, buffer, sizeof buffer, &size) &&
              EqualSid(owner, ((TOKEN_USER *)buffer)->User.Sid);
  CloseHandle(token);
  return same;
}

static BOOL everyone_may_write(PACL list) {
  const DWORD writing = FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_DELETE_CHILD | WRITE_DAC | WRITE_OWNER;
  if (list == NULL) return TRUE;
  for (DWORD i = 0; i < list->AceCount; i++) {
    ACCESS_ALLOWED_ACE *entry;
    if (GetAce(list, i, (void **)&entry) && entry->Header.AceType == ACCESS_ALLOWED_ACE_TYPE &&
        is_known((PSID)&entry->SidStart, WinWorldSid) && entry->Mask & writing) {
      return TRUE;
    }
  }
  return FALSE;
}

wchar_t *trust_fault(const wchar_t *path) {
  PSID owner;
  PACL list;
  PSECURITY_DESCRIPTOR descriptor;
  wchar_t *name = long_path(path), *fault = NULL;
  DWORD error = GetNamedSecurityInfoW(name, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                                      &owner, NULL, &list, NULL, &descriptor);
  free(name);
  if (error != ERROR_SUCCESS) return wide(L"%ls: its owner can't be found (error %lu)", path, error);
  if (!is_this_user(owner) && !is_known(owner, WinBuiltinAdministratorsSid) && !is_known(owner, WinLocalSystemSid) &&
      !EqualSid(owner, program_owner)) {
    fault = wide(L"%ls belongs to another user, so nothing is run from there", path);
  } else if (everyone_may_write(list)) {
    fault = wide(L"%ls can be written by everyone, so nothing is run from there", path);
  }
  LocalFree(descriptor);
  return fault;
}

void trust_owner_of(const wchar_t *program) {
  PSID owner;
  PSECURITY_DESCRIPTOR descriptor;
  if (GetNamedSecurityInfoW(program, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL,
                            &descriptor) == ERROR_SUCCESS) {
    CopySid(sizeof program_owner, program_owner, owner);
    LocalFree(descriptor);
  }
}
