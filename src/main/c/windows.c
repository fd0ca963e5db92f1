/*
 * The program file on Windows: this stub, and the compressed image behind it. It unpacks the image once, runs the
 * image's java as a child that dies with it, and ends with its status.
 */
#include "windows.h"

#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>

#include "payload.h"

enum { FAILED = 127 };

/* For BOINC's server tools, which look for it with `strings`. */
__attribute__((used)) static const char api_version[] = "API_VERSION_" API_VERSION;

/* Where sentences go: the C library's own stderr does not work where the process began without one. */
static FILE *stderr_txt;
static const wchar_t *name = L"docker_wrapper";
static const wchar_t *main_class = L"docker.wrapper/org.boinc.dockerwrapper.cli.DockerWrapper";

/* UTF-8, as all that java writes to stderr.txt. */
static void write_line(FILE *file, const wchar_t *line) {
  int size = WideCharToMultiByte(CP_UTF8, 0, line, -1, NULL, 0, NULL, NULL);
  char *bytes = calloc((size_t)size + 1, 1);
  if (bytes == NULL) return;
  WideCharToMultiByte(CP_UTF8, 0, line, -1, bytes, size, NULL, NULL);
  fprintf(file, "%s\n", bytes);
  free(bytes);
}

static int fail(const wchar_t *sentence) {
  write_line(stderr_txt == NULL ? stderr : stderr_txt, wide(L"%ls: %ls", name, sentence));
  return FAILED;
}

/* A client gives no handles; stderr.txt is then ours to open, and java's to inherit. */
static void open_stderr(void) {
  HANDLE error = GetStdHandle(STD_ERROR_HANDLE);
  if (error != NULL && error != INVALID_HANDLE_VALUE && GetFileType(error) != FILE_TYPE_UNKNOWN) return;
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE file = CreateFileW(L"stderr.txt", FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                            &inherited, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  if (file == INVALID_HANDLE_VALUE) return;
  SetStdHandle(STD_ERROR_HANDLE, file);
  stderr_txt = _wfopen(L"stderr.txt", L"ab");
}

static void clean_environment(void) {
  static const wchar_t *const removed[] = {L"JAVA_TOOL_OPTIONS", L"JDK_JAVA_OPTIONS",   L"_JAVA_OPTIONS",
                                           L"CLASSPATH",         L"JDK_AOT_VM_OPTIONS", L"_JAVA_LAUNCHER_DEBUG"};
  for (size_t i = 0; i < sizeof removed / sizeof *removed; i++) SetEnvironmentVariableW(removed[i], NULL);
}

static BOOL in_slot(void) { return GetFileAttributesW(L"init_data.xml") != INVALID_FILE_ATTRIBUTES; }

/* Where the client runs the job, an error of this host is no error of the job: it is to try again. */
static int host_not_ready(const wchar_t *why) {
  fail(why);
  if (!in_slot()) return FAILED;
  FILE *file = _wfopen(L"boinc_temporary_exit", L"wb");
  if (file != NULL) {
    fputs("300\n", file);
    write_line(file, why);
    fclose(file);
  }
  return 0;
}

static wchar_t *program_path(void) {
  for (DWORD size = 512; size < 65536; size *= 2) {
    wchar_t *path = calloc(size, sizeof *path);
    if (path == NULL) return NULL;
    if (GetModuleFileNameW(NULL, path, size) < size) return path;
    free(path);
  }
  return NULL;
}

static wchar_t *variable(const wchar_t *variable_name) {
  DWORD size = GetEnvironmentVariableW(variable_name, NULL, 0);
  wchar_t *value = size > 1 ? calloc(size, sizeof *value) : NULL;
  if (value != NULL) GetEnvironmentVariableW(variable_name, value, size);
  return value;
}

/* In the order in which they are tried; NULL where there is no such place. */
static wchar_t *place(int number, const wchar_t *program) {
  wchar_t *result = NULL;
  switch (number) {
    case 0:
      return variable(L"BOINC_DOCKER_CACHE");
    case 1:
      return wide(L"%.*ls", (int)(wcsrchr(program, L'\\') - program), program);
    case 2:
      result = variable(L"LOCALAPPDATA");
      if (result != NULL) {
        result = wide(L"%ls\\boinc-docker", result);
        CreateDirectoryW(result, NULL);
      }
      return result;
    default:
      if (in_slot()) {
        DWORD size = GetCurrentDirectoryW(0, NULL);
        result = calloc(size, sizeof *result);
        if (result != NULL) GetCurrentDirectoryW(size, result);
      }
      return result;
  }
}

static enum copy_result find_copy(HANDLE program, const wchar_t *path, struct copy *copy) {
  wchar_t *reasons = NULL;
  for (int number = 0; number <= 3; number++) {
    wchar_t *directory = place(number, path);
    if (directory == NULL) continue;
    enum copy_result result = copy_in(directory, program, copy);
    free(directory);
    if (result != COPY_NOWHERE) return result;
    reasons = reasons == NULL ? copy->why : wide(L"%ls; %ls", reasons, copy->why);
  }
  copy->why = wide(L"no place to unpack the program into: %ls", reasons);
  return COPY_NOWHERE;
}

/* Quotes one argument so that java reads back the same: also what it would take for a pattern of file names. */
static wchar_t *quoted(const wchar_t *argument) {
  wchar_t *result = calloc(2 * wcslen(argument) + 3, sizeof *result), *to = result;
  if (result == NULL) exit(FAILED);
  *to++ = L'"';
  size_t slashes = 0;
  for (; *argument; argument++) {
    if (*argument == L'"') {
      for (size_t i = 0; i <= slashes; i++) *to++ = L'\\';
    }
    slashes = *argument == L'\\' ? slashes + 1 : 0;
    *to++ = *argument;
  }
  while (slashes-- > 0) *to++ = L'\\';
  *to = L'"';
  return result;
}

static wchar_t *java_command(const wchar_t *java, int argc, wchar_t **argv) {
  wchar_t *command = wide(L"\"%ls\" -m %ls", java, main_class);
  for (int i = 1; i < argc; i++) {
    wchar_t *argument = quoted(argv[i]), *longer = wide(L"%ls %ls", command, argument);
    free(argument);
    free(command);
    command = longer;
  }
  return command;
}

/* Whoever ends this process ends java with it: the job object's last handle is ours. */
static HANDLE deadly_job(void) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  HANDLE job = CreateJobObjectW(NULL, NULL);
  if (job != NULL) SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  return job;
}

/* Java hears Ctrl-C itself, and its status is ours. */
static BOOL WINAPI leave_it_to_java(DWORD event) { return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT; }

static int run_java(const wchar_t *home, int argc, wchar_t **argv) {
  wchar_t *java = wide(L"%ls\\bin\\java.exe", home), *command = java_command(java, argc, argv);
  STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
  PROCESS_INFORMATION child;
  DWORD status = FAILED;
  HANDLE job = deadly_job();
  start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
  start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  SetConsoleCtrlHandler(leave_it_to_java, TRUE);
  if (!CreateProcessW(java, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &start, &child)) {
    return fail(failure(java, L"can't be run"));
  }
  if (job == NULL || !AssignProcessToJobObject(job, child.hProcess)) {
    wchar_t *why = failure(java, L"can't be tied to this process");
    TerminateProcess(child.hProcess, FAILED);
    return fail(why);
  }
  ResumeThread(child.hThread);
  WaitForSingleObject(child.hProcess, INFINITE);
  GetExitCodeProcess(child.hProcess, &status);
  return (int)status;
}

int wmain(int argc, wchar_t **argv) {
  struct copy copy = {NULL, NULL};
  LARGE_INTEGER size;
  open_stderr();
  wchar_t *path = program_path();
  if (path == NULL) return fail(L"this program can't find its own file");
  if (_wcsnicmp(wcsrchr(path, L'\\') + 1, L"boinc-docker", 12) == 0) {
    name = L"boinc-docker";
    main_class = L"docker.wrapper/org.boinc.dockerwrapper.cli.BoincDocker";
  }
  HANDLE program = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
  if (program == INVALID_HANDLE_VALUE || !GetFileSizeEx(program, &size)) return fail(failure(path, L"can't be read"));
  if ((uint64_t)size.QuadPart != PAYLOAD_OFFSET + PAYLOAD_LENGTH) {
    return fail(wide(L"%ls is not complete; download it again", path));
  }
  clean_environment();
  trust_owner_of(path);
  switch (find_copy(program, path, &copy)) {
    case COPY_READY:
      return run_java(copy.home, argc, argv);
    case COPY_NOWHERE:
      return host_not_ready(copy.why);
    case COPY_BROKEN:
      break;
  }
  return fail(wide(L"%ls: this program file is damaged; download it again", path));
}
