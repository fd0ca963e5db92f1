/* Stands in for java.exe where the stub is tried: says what it was started with, in UTF-8. */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static void say(const wchar_t *before, const wchar_t *text, const wchar_t *after) {
  wchar_t line[4096];
  char bytes[4 * 4096];
  _snwprintf(line, 4096, L"%ls%ls%ls\n", before, text, after);
  WideCharToMultiByte(CP_UTF8, 0, line, -1, bytes, sizeof bytes, NULL, NULL);
  fputs(bytes, stdout);
}

/* Starts a program as a BOINC client does, without console or handles; its status. */
static int spawn(wchar_t *command) {
  STARTUPINFOW start = {.cb = sizeof start};
  PROCESS_INFORMATION child;
  DWORD status = 97;
  if (!CreateProcessW(NULL, command, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &start, &child)) return 97;
  WaitForSingleObject(child.hProcess, INFINITE);
  GetExitCodeProcess(child.hProcess, &status);
  return (int)status;
}

int wmain(int argc, wchar_t **argv) {
  _setmode(_fileno(stdout), _O_BINARY);
  _setmode(_fileno(stderr), _O_BINARY);
  if (argc == 3 && wcscmp(argv[1], L"spawn") == 0) return spawn(argv[2]);
  if (argc < 3) return 99;
  say(L"", argv[2], L"");
  if (argc > 4 && wcscmp(argv[3], L"status") == 0) return _wtoi(argv[4]);
  if (argc > 4 && wcscmp(argv[3], L"sleep") == 0) {
    FILE *file = _wfopen(argv[4], L"wb");
    if (file == NULL) return 98;
    fprintf(file, "%lu\n", GetCurrentProcessId());
    fclose(file);
    while (1) {
      /* A sign of life, which ends with this process. */
      file = _wfopen(argv[4], L"ab");
      if (file != NULL) {
        fputs(".", file);
        fclose(file);
      }
      Sleep(100);
    }
  }
  if (argc > 3 && wcscmp(argv[3], L"complain") == 0) {
    fputs("java complains\n", stderr);
    return 3;
  }
  for (int i = 3; i < argc; i++) say(L"[", argv[i], L"]");
  const wchar_t *options = _wgetenv(L"JAVA_TOOL_OPTIONS");
  say(L"options: ", options == NULL ? L"none" : options, L"");
  return 0;
}
