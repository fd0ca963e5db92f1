/* Removes what nobody needs any more; only who unpacks does that. */
#ifndef OLD_H
#define OLD_H

/* The directories that a killed process left half written. The caller holds this version's LOCK_UNPACK. */
void remove_unfinished(const char *place, const char *id);

/* Other versions that nobody runs and nobody ran for 30 days. */
void remove_old(const char *place);

#endif
