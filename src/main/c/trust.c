#include "trust.h"

#include <unistd.h>

static uid_t program_owner;

void trust_owner(uid_t owner) { program_owner = owner; }

static int foreign(uid_t owner) { return owner != 0 && owner != geteuid() && owner != program_owner; }

const char *trust_fault(const struct stat *status) {
  if (foreign(status->st_uid)) return "belongs to another user";
  return status->st_mode & (S_IWGRP | S_IWOTH) ? "can be written by other users" : NULL;
}

const char *trust_fault_around(const struct stat *status) {
  if (foreign(status->st_uid)) return "belongs to another user";
  return (status->st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH ? "can be written by other users" : NULL;
}
