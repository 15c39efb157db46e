/*
 * Stands in for a tool, by whose name it is called, on either system: notes how
 * it was called, and answers as the test has it.
 *
 *	STANDIN_DIR/calls	a line for each call: NAME, [PGDATABASE], [argument]...
 *	STANDIN_DIR/objects	what s3ls prints; s3put adds to it
 *	STANDIN_DIR/NAME	what it does: a line for each call, the last one
 *				for all that follow: exit status and, behind a
 *				blank, what it says on standard error
 *	STANDIN_DIR/NAME.out	what it prints
 *
 * For Windows compile it with -include io.h -DBINARY='_setmode(1, 0x8000)'.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT 4096
#ifndef MAKER
#define MAKER "pgdumpz"
#endif
#ifndef BINARY
#define BINARY (void)0
#endif

int _CRT_glob = 0;	/* mingw's library would expand "*" */

static FILE *
open_in(const char *dir, const char *name, const char *ending,
	const char *mode)
{
	char path[TEXT];

	(void)snprintf(path, sizeof(path), "%s/%s%s", dir, name, ending);
	return fopen(path, mode);
}

/* Reads a line without its end; NULL at the end of the file. */
static char *
read_line(char line[TEXT], FILE *f)
{
	if (f == NULL || fgets(line, TEXT, f) == NULL)
		return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

static void
put_name(char name[TEXT], const char *path)
{
	const char *p = path;
	char *ending;

	for (; *path != '\0'; path++)
		if (*path == '/' || *path == '\\')
			p = path + 1;
	(void)snprintf(name, TEXT, "%s", p);
	if ((ending = strstr(name, ".exe")) != NULL)
		*ending = '\0';
}

static void
note(const char *dir, const char *name, char **args)
{
	const char *db = getenv("PGDATABASE");
	FILE *f = open_in(dir, "calls", "", "ab");

	if (f == NULL)
		exit(99);
	fprintf(f, "%s", name);
	if (strcmp(name, "pgdumpz") == 0 && db != NULL)
		fprintf(f, " PGDATABASE=%s", db);
	for (; *args != NULL; args++)
		fprintf(f, " [%s]", *args);
	fprintf(f, "\n");
	fclose(f);
}

/* How often has it been called before, but for --version? */
static int
count_calls(const char *dir, const char *name)
{
	FILE *f = open_in(dir, "calls", "", "rb");
	char line[TEXT];
	size_t n = strlen(name);
	int count = 0;

	while (read_line(line, f) != NULL)
		count += strncmp(line, name, n) == 0 && line[n] <= ' ' &&
		    strstr(line, "[--version]") == NULL;
	if (f != NULL)
		fclose(f);
	return count;
}

/* Its exit status; what it says is said. */
static int
answer(const char *dir, const char *name, int count)
{
	FILE *f = open_in(dir, name, "", "rb");
	char line[TEXT], last[TEXT] = "0";
	const char *words;

	while (read_line(line, f) != NULL) {
		memcpy(last, line, sizeof(last));
		if (count-- == 0)
			break;
	}
	if (f != NULL)
		fclose(f);
	if ((words = strchr(last, ' ')) != NULL)
		fprintf(stderr, "%s: %s\n", name, words + 1);
	return (int)strtol(last, NULL, 10);
}

static void
print(const char *dir, const char *name, const char *ending)
{
	FILE *f = open_in(dir, name, ending, "rb");
	char line[TEXT];

	while (read_line(line, f) != NULL)
		printf("%s\n", line);
	if (f != NULL)
		fclose(f);
}

static const char *
value_of(char **args, const char *option)
{
	for (; *args != NULL; args++)
		if (strcmp(*args, option) == 0)
			return args[1];
	return NULL;
}

/* gzverify -o FILE makes a file of 5 bytes. */
static void
make_file(const char *path)
{
	FILE *f = path != NULL ? fopen(path, "wb") : NULL;

	if (f == NULL)
		return;
	fputs("whole", f);
	fclose(f);
}

/* The receipt of s3put, and its object: of 5 bytes, too. */
static void
store(const char *dir, char **args)
{
	const char *uri = NULL, *slash;
	FILE *f;

	for (; *args != NULL; args++)
		if (strncmp(*args, "s3://", 5) == 0)
			uri = *args;
	if (uri == NULL || (slash = strrchr(uri, '/')) == NULL ||
	    (f = open_in(dir, "objects", "", "ab")) == NULL)
		return;
	fprintf(f, "2026-01-01 02:00:00 5 %s\n", slash + 1);
	fclose(f);
	printf("%s\t5\tetag\tversion\tsum\n", uri);
}

/* A stage of a pipe is noted after the one before it. */
static void
drain(void)
{
	char block[TEXT];

	while (fread(block, 1, sizeof(block), stdin) > 0)
		;
}

static int
has(char **args, const char *word)
{
	for (; *args != NULL; args++)
		if (strcmp(*args, word) == 0)
			return 1;
	return 0;
}

static int
is_stage(const char *name, char **args)
{
	const char *last = NULL;

	if (strcmp(name, "gzverify") == 0 || strcmp(name, "pgrestorez") == 0)
		return 1;
	if (strcmp(name, "s3put") != 0 || has(args, "--check"))
		return 0;
	for (; *args != NULL; args++)
		last = *args;
	return last != NULL && strncmp(last, "s3://", 5) == 0;
}

int
main(int argc, char **argv)
{
	const char *dir = getenv("STANDIN_DIR");
	char name[TEXT], **args = argv + 1;
	int status, count;

	BINARY;
	if (dir == NULL || argc < 1)
		return 98;
	put_name(name, argv[0]);
	if (has(args, "--version")) {
		note(dir, name, args);
		printf("%s (" MAKER ") %s\n", name, getenv("STANDIN_VERSION"));
		return 0;
	}
	if (is_stage(name, args))
		drain();
	count = count_calls(dir, name);
	note(dir, name, args);
	status = answer(dir, name, count);
	print(dir, name, ".out");
	if (status != 0)
		return status;
	if (strcmp(name, "gzverify") == 0)
		make_file(value_of(args, "-o"));
	else if (strcmp(name, "s3put") == 0 && !has(args, "--check"))
		store(dir, args);
	else if (strcmp(name, "s3ls") == 0)
		print(dir, "objects", "");
	return status;
}
