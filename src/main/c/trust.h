/* Who may have made what this process is about to run. */
#ifndef TRUST_H
#define TRUST_H

#include <sys/stat.h>

/* The owner of the program file is the BOINC client's user, also where the client runs its jobs as another one. */
void trust_owner(uid_t owner);

/* What is wrong with a file or a directory of the copy, or NULL. */
const char *trust_fault(const struct stat *status);

/* What is wrong with the directory around the copy, or NULL. Its group may write there: the client's sandbox needs it. */
const char *trust_fault_around(const struct stat *status);

#endif
