/*
 * Included before every file: calls that have no safe use here don't compile.
 * The headers that declare them come first.
 */
#ifndef BANNED_H
#define BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>	/* some call strncpy() themselves */

#define BANNED(name) name##_is_banned_here

#define strcpy(a, b) BANNED(strcpy)
#define strcat(a, b) BANNED(strcat)
#define strncpy(a, b, n) BANNED(strncpy)
#define strncat(a, b, n) BANNED(strncat)
#define strtok(a, b) BANNED(strtok)
#define sprintf(...) BANNED(sprintf)
#define vsprintf(a, b, c) BANNED(vsprintf)
#define atoi(a) BANNED(atoi)
#define atol(a) BANNED(atol)
#define atoll(a) BANNED(atoll)
#define system(a) BANNED(system)
#undef popen	/* a macro in some C libraries */
#define popen(a, b) BANNED(popen)
#define tmpnam(a) BANNED(tmpnam)
#define mktemp(a) BANNED(mktemp)
#define localtime(a) BANNED(localtime)
#define gmtime(a) BANNED(gmtime)
#define ctime(a) BANNED(ctime)

#endif
