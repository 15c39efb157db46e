/*
 * For tests of what the AWS SDKs look at: a private home directory with the
 * two files, and an environment without AWS_ variables.
 */
#ifndef AWSDIR_H
#define AWSDIR_H

/* Make it; NULL on failure. Borrowed. */
const char *awsdir_make(void);
/* Remove it with all that is in it. */
void awsdir_remove(void);

/* No AWS_ variable, no proxy; it is our home; no files in it. */
void awsdir_clear(void);

/* Write a file below it, directories included; an absolute path, borrowed
 * until the next call. */
const char *awsdir_write(const char *name, const char *text);

/* The shared files; NULL: none. */
void awsdir_files(const char *config, const char *credentials);

void awsdir_set(const char *variable, const char *value);
void awsdir_set_home(const char *path);

#endif
