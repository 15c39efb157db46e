/*
 * What a driver asks of step: each chore is one function over the run's
 * directory, found by its name.
 */
#ifndef CHORE_H
#define CHORE_H

#include "err.h"
#include "place.h"

/*
 * A chore's arguments are templates unless its line in the table says
 * otherwise. Returns the exit status, mostly 0, or -1 with e filled. 1 is "no"
 * or "there is none"; nothing is printed then.
 */
typedef int chore_fn(const struct place *p, char **args, size_t nargs,
	struct err *e);

/* run.c: a tool, a pause; of run's arguments, one word is before them */
chore_fn chore_run, chore_sleep;
/* keep.c: variables and lists */
chore_fn chore_keep, chore_clear, chore_add, chore_clock, chore_split, chore_in,
	chore_pick, chore_same, chore_exists, chore_empty, chore_show;
/* begin.c: the run itself */
chore_fn chore_begin, chore_tools, chore_end;
/* event.c: a line of the log, and what failed */
chore_fn chore_event, chore_fail;
/* tell.c: many lines of the log; report.c: what is mailed */
chore_fn chore_warn, chore_settings, chore_decisions, chore_report;
/* names.c: whose backup, under which name */
chore_fn chore_take, chore_base;
/* room.c: BACKUP_DIR; lists.c: what is there and in the bucket */
chore_fn chore_folder, chore_newest, chore_room;
chore_fn chore_remote, chore_expired, chore_sort;
/* logfile.c: a log file of the run's own */
chore_fn chore_logfile;
/* facts.c: what gzverify tells */
chore_fn chore_facts;

/* source.c: whose backups a restore is about */
chore_fn chore_sources, chore_source;
/* found.c: the backup that is meant */
chore_fn chore_list, chore_choose, chore_asked, chore_named, chore_inspect;
/* psql.c, roles.c: what runs by psql; ask.c: a question */
chore_fn chore_psql, chore_statements, chore_roles, chore_ask;
/* prove.c: what came of a restore */
chore_fn chore_blame, chore_evidence;

/* keep.c: the text of one template, to free; NULL on failure. */
char *chore_text(const struct place *p, const char *template, struct err *e);
/* An environment variable, "" when there is none. */
const char *chore_env(const char *name);

#endif
