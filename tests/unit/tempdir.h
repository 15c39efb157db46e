/*
 * A directory of the test's own, one for each program.
 */
#ifndef TEMPDIR_H
#define TEMPDIR_H

#include <stdbool.h>

/* Make it; an absolute path, borrowed, or NULL. */
const char *tempdir_make(void);
/* Make it the working directory too. */
bool tempdir_enter(void);
/* Remove what is in it, or what has that name, with all that is in that. */
void tempdir_clear(void);
void tempdir_drop(const char *name);
/* Leave it, if it was entered, and remove it; false when it is not empty. */
bool tempdir_remove(void);

#endif
