/*
 * Between the files of awsconf: what was read, and pieces of lines.
 */
#ifndef AWSCONF_PRIVATE_H
#define AWSCONF_PRIVATE_H

#include "awsconf.h"
#include "buf.h"

struct awsconf_property {
	struct awsconf_property *next;
	char *key;	/* in lower case */
	struct buf value;
};

struct awsconf_section {
	struct awsconf_section *next;
	enum awsconf_kind kind;
	char *name;
	bool prefixed;	/* by [profile default], which [default] yields to */
	struct awsconf_property *properties;
};

struct awsconf {
	struct awsconf_section *sections;
};

/* Part of a line. */
struct awsconf_slice {
	const char *p;
	size_t len;
};

bool awsconf_is_blank(char c);
struct awsconf_slice awsconf_trim(struct awsconf_slice s);
/* Cut a comment: "#" or ";" behind a blank. */
struct awsconf_slice awsconf_cut_comment(struct awsconf_slice s);

/* Find or make. */
struct awsconf_section *awsconf_add_section(struct awsconf *c,
	enum awsconf_kind kind, struct awsconf_slice name, struct err *e);
/* Make, or empty the one that is there. */
struct awsconf_property *awsconf_add_property(struct awsconf_section *s,
	struct awsconf_slice key, struct err *e);
void awsconf_clear(struct awsconf_section *s);

#endif
