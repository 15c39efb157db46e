/*
 * Whose backups a restore is about: those that the configuration names, or one
 * that it does not.
 */
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "derive.h"
#include "found.h"
#include "names.h"
#include "num.h"
#include "words.h"

#define NAME_BYTES (1u << 16)
#define DATE_LEN (sizeof("_YYYYMMDD_HHMMSS") - 1)

/* The database of a backup, by its name, path or URI. */
static int
put_database(const char *backup, struct buf *out, struct err *e)
{
	const char *base = found_base(backup), *ending = strstr(base, ".sql.gz");
	struct buf name = BUF_INIT(NAME_BYTES);
	size_t len = ending != NULL ? (size_t)(ending - base) : strlen(base);
	int rc;

	if (len > DATE_LEN && base[len - DATE_LEN] == '_')
		len -= DATE_LEN;
	buf_put(&name, base, len);
	rc = buf_check(&name, "a name", e);
	if (rc == 0)
		rc = derive_put_decoded(buf_text(&name), out, e);
	buf_free(&name);
	return rc;
}

/* Of several databases, a restore is into the one of the same name. */
static int
put_sources(const char *databases, struct buf *out, struct err *e)
{
	const char *asked = chore_env("OPT_BACKUP"), *name = chore_env("OPT_NAME");
	const char *target = chore_env("OPT_DBNAME");
	struct buf second = BUF_INIT(NAME_BYTES);
	bool several = words_put_line(&second, databases, 2);
	int rc = 0;

	if (asked[0] != '\0')
		rc = put_database(asked, out, e);
	else if (name[0] != '\0')
		buf_puts(out, name);
	else if (target[0] == '\0' || !several)
		buf_puts(out, databases);
	else if (words_has_line(databases, target))
		buf_puts(out, target);
	else
		rc = 1;
	buf_free(&second);
	return rc == 0 ? buf_check(out, "a list", e) : rc;
}

/*
 * sources: keep {sources}, the databases whose backups are meant, one a line;
 * exit status 1 when several might be
 */
int
chore_sources(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf databases = BUF_INIT(PLACE_FILE_MAX);
	struct buf sources = BUF_INIT(PLACE_FILE_MAX);
	int rc = place_read(p, "databases", &databases, e);

	(void)args;
	(void)nargs;
	if (rc == 0)
		rc = put_sources(buf_text(&databases), &sources, e);
	if (rc == 0)
		rc = place_write(p, "sources", buf_text(&sources), sources.len,
		    e);
	buf_free(&databases);
	buf_free(&sources);
	return rc;
}

/* One that DB_NAME lacks is called as it is, whatever BACKUP_NAME says. */
static int
put_label(const struct place *p, const char *db, struct buf *label,
	struct err *e)
{
	int known = place_has_line(p, "databases", db, e);

	if (known == 1 && chore_env("BACKUP_NAME")[0] != '\0')
		return derive_put_decoded(chore_env("BACKUP_NAME"), label, e);
	buf_puts(label, db);
	return known < 0 ? -1 : buf_check(label, "a name", e);
}

/*
 * source N: keep {db}, {label} and {name}, as take does, of the N-th of
 * {sources}, or of the roles when N is 0; exit status 1 when there are fewer
 */
int
chore_source(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf sources = BUF_INIT(PLACE_FILE_MAX);
	struct buf db = BUF_INIT(NAME_BYTES), label = BUF_INIT(NAME_BYTES);
	uint64_t number;
	int rc;

	(void)nargs;
	if (num_parse_u64(args[0], &number) != 0)
		return err_set(e, ERR_USAGE, "'%s' is no number", args[0]);
	if (number == 0)
		return names_keep(p, "globals", "globals", true, e);
	rc = place_read(p, "sources", &sources, e);
	if (rc == 0 && !words_put_line(&db, buf_text(&sources),
	    (size_t)number))
		rc = 1;
	if (rc == 0)
		rc = put_label(p, buf_text(&db), &label, e);
	if (rc == 0)
		rc = names_keep(p, buf_text(&db), buf_text(&label), false, e);
	buf_free(&sources);
	buf_free(&db);
	buf_free(&label);
	return rc;
}
