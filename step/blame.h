/*
 * Who is to blame when a backup did not come out of where it lies.
 */
#ifndef BLAME_H
#define BLAME_H

/*
 * The exit status that stands for both: of what fetched the backup (a number,
 * or "" when it never began), and of what read it. Other statuses than those
 * of our tools, crashes among them, are local failures. Pure.
 */
int blame_status(const char *fetched, const char *reader);

#endif
