/*
 * Whose backup is made, and under which name.
 */
#include <stdlib.h>
#include <string.h>

#include "bkname.h"
#include "chore.h"
#include "derive.h"
#include "names.h"
#include "num.h"
#include "os.h"
#include "words.h"

int
names_keep(const struct place *p, const char *db, const char *label,
	bool is_globals, struct err *e)
{
	struct buf name = BUF_INIT(1 << 16);
	const char *globals = is_globals ? "yes" : "";
	int rc;

	bkname_encode(&name, label);
	rc = buf_check(&name, "a name", e);
	if (rc == 0 && (place_write(p, "db", db, strlen(db), e) != 0 ||
	    place_write(p, "label", label, strlen(label), e) != 0 ||
	    place_write(p, "name", name.data, name.len, e) != 0 ||
	    place_write(p, "globals", globals, strlen(globals), e) != 0))
		rc = -1;
	buf_free(&name);
	return rc;
}

/* The databases one after the other, then the roles if they are wanted. */
static int
take(const struct place *p, const char *databases, size_t number,
	struct err *e)
{
	struct buf db = BUF_INIT(1 << 16), label = BUF_INIT(1 << 16);
	bool found = words_put_line(&db, databases, number);
	const char *line;
	size_t len, count = 0;
	int rc = buf_check(&db, "a name", e);

	while (words_next(&databases, &line, &len))
		count++;
	if (rc == 0 && found && chore_env("BACKUP_NAME")[0] != '\0')
		rc = derive_put_decoded(chore_env("BACKUP_NAME"), &label, e);
	else if (found)
		buf_puts(&label, buf_text(&db));
	if (rc == 0)
		rc = buf_check(&label, "a name", e);
	if (rc == 0 && found)
		rc = names_keep(p, buf_text(&db), buf_text(&label), false, e);
	else if (rc == 0 && number == count + 1 &&
	    strcmp(chore_env("GLOBALS"), "yes") == 0)
		rc = names_keep(p, "globals", "globals", true, e);
	else if (rc == 0)
		rc = 1;
	buf_free(&db);
	buf_free(&label);
	return rc;
}

/*
 * take N: keep {db}, {label} (a NAME for tools), {name} (as it stands in
 * names of files) and {globals} (yes or nothing) of the N-th backup; exit
 * status 1 when there are fewer
 */
int
chore_take(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf databases = BUF_INIT(PLACE_FILE_MAX);
	uint64_t number;
	int rc;

	(void)nargs;
	if (num_parse_u64(args[0], &number) != 0 || number == 0)
		return err_set(e, ERR_USAGE, "'%s' is no number", args[0]);
	rc = place_read(p, "databases", &databases, e);
	if (rc == 0)
		rc = take(p, buf_text(&databases), (size_t)number, e);
	buf_free(&databases);
	return rc;
}

/* -- one backup's name ------------------------------------------------------- */

static bool
is_program(const char *command, size_t len, const char *program)
{
	size_t n = strlen(program);

	if (len > 4 && strncmp(command + len - 4, ".exe", 4) == 0)
		len -= 4;
	return len >= n && strncmp(command + len - n, program, n) == 0 &&
	    (len == n || strchr("/\\", command[len - n - 1]) != NULL);
}

const char *
names_suffix(const char *command)
{
	bool quoted = command[0] == '"';
	size_t len;

	command += quoted;
	len = strcspn(command, quoted ? "\"" : " \t");
	if (len == 0)
		return "";
	if (is_program(command, len, "age"))
		return ".age";
	if (is_program(command, len, "gpg") || is_program(command, len, "gpg2"))
		return ".gpg";
	return ".enc";
}

/* A name stands for one backup only: the next second has another one. */
static int
wait_for_name(struct buf *base, const char *name, const char *dir,
	struct err *e)
{
	struct buf path = BUF_INIT(1 << 16);
	struct os_stat st = { .kind = OS_MISSING };
	int rc = 0;

	do {
		if (st.kind != OS_MISSING)
			rc = os_sleep_ms(200, e);
		buf_reset(base);
		buf_reset(&path);
		bkname_format(base, name, os_now(),
		    names_suffix(chore_env("ENCRYPT_CMD")));
		buf_printf(&path, "%s/%s", dir, buf_text(base));
		if (rc == 0)
			rc = buf_check(&path, "a path", e);
		if (rc == 0 && dir[0] != '\0')
			rc = os_stat(path.data, &st, e);
	} while (rc == 0 && st.kind != OS_MISSING);
	buf_free(&path);
	return rc;
}

/* base: keep the name that a backup of {name} made now has, as {base} */
int
chore_base(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf base = BUF_INIT(1 << 16);
	char *name = chore_text(p, "{name}", e);
	int rc = -1;

	(void)args;
	(void)nargs;
	if (name != NULL && wait_for_name(&base, name,
	    chore_env("BACKUP_DIR"), e) == 0)
		rc = place_write(p, "base", base.data, base.len, e);
	free(name);
	buf_free(&base);
	return rc;
}
