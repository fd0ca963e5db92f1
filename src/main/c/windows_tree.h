/* Removing what is there no longer for anybody. */
#ifndef WINDOWS_TREE_H
#define WINDOWS_TREE_H

#include <wchar.h>

/* A directory with all that is in it; links are removed, not followed. The path must be one of `long_path`. */
void remove_tree(const wchar_t *directory);

/* Versions below a place that nothing runs from and nobody started for 30 days; a path of `long_path`, too. */
void remove_old(const wchar_t *place);

#endif
