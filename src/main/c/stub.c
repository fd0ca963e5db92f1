/*
 * The program file on Linux: this stub, and the compressed image behind it. It unpacks the image once, and becomes
 * the image's java: same process, handles, signals and arguments.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "copy.h"
#include "text.h"
#include "trust.h"

enum { FAILED = 127 };

/* For BOINC's server tools, which look for it with `strings`. */
__attribute__((used)) static const char api_version[] = "API_VERSION_" API_VERSION;

static const char *name = "docker_wrapper";
static const char *main_class = "docker.wrapper/org.boinc.dockerwrapper.cli.DockerWrapper";

/* Under which name it was started; argv[0] may be anything. */
static void choose_command(void) {
  const char *path = (const char *)getauxval(AT_EXECFN);
  if (path == NULL) return;
  const char *slash = strrchr(path, '/');
  if (strncmp(slash == NULL ? path : slash + 1, "boinc-docker", 12) != 0) return;
  name = "boinc-docker";
  main_class = "docker.wrapper/org.boinc.dockerwrapper.cli.BoincDocker";
}

/* A java that a client starts must not obey what stands in its environment, nor load a library from the slot. */
static void clean_environment(void) {
  static const char *const removed[] = {"JAVA_TOOL_OPTIONS",  "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH",
                                        "JDK_AOT_VM_OPTIONS", "LD_LIBRARY_PATH",  "_JAVA_LAUNCHER_DEBUG"};
  for (size_t i = 0; i < sizeof removed / sizeof *removed; i++) unsetenv(removed[i]);
  static const char *const deciding[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  const char *locale = NULL;
  for (int i = 0; i < 3 && (locale == NULL || *locale == 0); i++) locale = getenv(deciding[i]);
  /* A client that a service manager starts has no locale, and a JVM then can't form a path that is not ASCII. */
  if (locale == NULL || (strcasestr(locale, "utf-8") == NULL && strcasestr(locale, "utf8") == NULL)) {
    setenv("LC_ALL", "C.UTF-8", 1);
  }
}

/* Where the client runs the job, an error of this host is no error of the job: it is to try again. */
static int host_not_ready(const char *why) {
  fprintf(stderr, "%s: no place to unpack the program into: %s\n", name, why);
  if (access("init_data.xml", F_OK) != 0) return FAILED;
  int file = open("boinc_temporary_exit", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file >= 0) {
    dprintf(file, "300\nno place to unpack the program into: %s\n", why);
    close(file);
  }
  return 0;
}

static int open_program(char **path) {
  char real[PATH_MAX];
  struct stat status;
  if (realpath("/proc/self/exe", real) == NULL && realpath((const char *)getauxval(AT_EXECFN), real) == NULL) {
    fprintf(stderr, "%s: this program can't find its own file (%s)\n", name, strerror(errno));
    return -1;
  }
  int file = open(real, O_RDONLY | O_CLOEXEC);
  if (file < 0 || fstat(file, &status) != 0) {
    fprintf(stderr, "%s: %s can't be read (%s)\n", name, real, strerror(errno));
    return -1;
  }
  if ((uint64_t)status.st_size != PAYLOAD_OFFSET + PAYLOAD_LENGTH) {
    fprintf(stderr, "%s: %s has %lld bytes instead of %lld: it is not complete; download it again\n", name, real,
            (long long)status.st_size, (long long)(PAYLOAD_OFFSET + PAYLOAD_LENGTH));
    return -1;
  }
  trust_owner(status.st_uid);
  *path = text("%s", real);
  return file;
}

/* $XDG_CACHE_HOME/boinc-docker, or below $HOME/.cache; NULL where this user has none. */
static char *user_cache(void) {
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (cache != NULL && *cache == '/') {
    mkdir(cache, 0700);
    char *own = text("%s/boinc-docker", cache);
    mkdir(own, 0755);
    return own;
  }
  if (home == NULL || *home != '/' || home[1] == 0) return NULL;
  char *below = text("%s/.cache", home), *own = text("%s/boinc-docker", below);
  mkdir(below, 0700);
  mkdir(own, 0755);
  free(below);
  return own;
}

/* In the order in which they are tried; the slot last, since the client empties it after each job. */
static char *place(int number, const char *program) {
  const char *named = getenv("BOINC_DOCKER_CACHE");
  switch (number) {
    case 0:
      return named == NULL || *named == 0 ? NULL : text("%s", named);
    case 1:
      return text("%.*s", program == strrchr(program, '/') ? 1 : (int)(strrchr(program, '/') - program), program);
    case 2:
      return user_cache();
    default:
      return access("init_data.xml", F_OK) == 0 ? getcwd(NULL, 0) : NULL;
  }
}

static enum copy_result find_copy(int program, const char *path, struct copy *copy) {
  char *reasons = text("none is left");
  for (int number = 0; number <= 3; number++) {
    char *directory = place(number, path);
    if (directory == NULL) continue;
    if (*directory != '/') {
      fprintf(stderr, "%s: BOINC_DOCKER_CACHE=%s is not an absolute path and is not used\n", name, directory);
      continue;
    }
    enum copy_result result = copy_in(directory, program, copy);
    free(directory);
    if (result != COPY_NOWHERE) return result;
    char *more = strcmp(reasons, "none is left") == 0 ? text("%s", copy->why) : text("%s; %s", reasons, copy->why);
    free(reasons);
    reasons = more;
  }
  copy->why = reasons;
  return COPY_NOWHERE;
}

/* Only comes back where that is not possible. */
static int become_java(const char *home, int argc, char **argv) {
  char **arguments = calloc((size_t)argc + 3, sizeof *arguments);
  if (arguments == NULL) return FAILED;
  char *java = text("%s/bin/java", home);
  arguments[0] = java;
  arguments[1] = "-m";
  arguments[2] = (char *)main_class;
  for (int i = 1; i < argc; i++) arguments[i + 2] = argv[i];
  execv(java, arguments);
  if (errno == ENOENT) {
    fprintf(stderr, "%s: %s can't be run: this program needs a Linux with glibc 2.17 or newer\n", name, java);
  } else {
    fprintf(stderr, "%s: %s can't be run (%s); this program is for " PLATFORM "\n", name, java, strerror(errno));
  }
  return FAILED;
}

int main(int argc, char **argv) {
  struct copy copy = {0};
  char *path;
  choose_command();
  int program = open_program(&path);
  if (program < 0) return FAILED;
  clean_environment();
  switch (find_copy(program, path, &copy)) {
    case COPY_READY:
      return become_java(copy.home, argc, argv);
    case COPY_NOWHERE:
      return host_not_ready(copy.why);
    case COPY_BROKEN:
      break;
  }
  fprintf(stderr, "%s: %s: %s\n", name, path, copy.why);
  return FAILED;
}
